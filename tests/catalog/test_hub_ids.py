"""Every licence id of the Hub (model cards, `license:`) means an entry, a set of candidates, or on purpose nothing."""

import pytest

from lien.api import Catalog
from lien.graph.fragments import LicenseClaim
from lien.resolvers.licenses import LicenseResolver, Standing
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import Scheme
from resolvers_support import claim_of

BUNDLED = Catalog.bundled()

ENTRIES = """
    apache-2.0 mit bigscience-openrail-m creativeml-openrail-m bigscience-bloom-rail-1.0 bigcode-openrail-m afl-3.0 artistic-2.0
    bsl-1.0 bsd-2-clause bsd-3-clause bsd-3-clause-clear cc0-1.0 cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-sa-3.0 cc-by-sa-4.0
    cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nd-4.0 cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0
    cc-by-nc-sa-4.0 cdla-sharing-1.0 cdla-permissive-1.0 cdla-permissive-2.0 wtfpl ecl-2.0 epl-1.0 epl-2.0 etalab-2.0 eupl-1.1
    eupl-1.2 agpl-3.0 gpl-2.0 gpl-3.0 lgpl-2.1 lgpl-3.0 isc h-research intel-research lppl-1.3c ms-pl apple-ascl apple-amlr mpl-2.0
    openmdw-1.0 openmdw-1.1 osl-3.0 postgresql ofl-1.1 ncsa unlicense zlib tii-falcon-llm
""".split()
"""Ids that are also the ids of their entries."""
