"""The official example document of SPDX 2, which its tools carry in every serialisation: all of them say the same."""

import os
from pathlib import Path

import pytest

from lien.graph.fragments import Evidence, Fragment, LicenseClaim
from lien.readers.interface import Reader
from lien.readers.spdx import SpdxReader, SpdxYamlReader
from lien.readers.spdx_rdf import SpdxRdfReader
from lien.readers.spdx_tag_value import SpdxTagValueReader
from lien.readers.spdx_xml import SpdxXmlReader
from lien.sources.source import Source
from lien.sources.tree import Tree

FOLDER = os.environ.get("LIEN_SPDX_DOCUMENTS")
JSON: Reader = SpdxReader()
SERIALISATIONS: dict[str, Reader] = {
    "SPDXYAMLExample-{}.spdx.yaml": SpdxYamlReader(),
    "SPDXTagExample-{}.spdx": SpdxTagValueReader(),
    "SPDXXMLExample-{}.spdx.xml": SpdxXmlReader(),
    "SPDXRdfExample-{}.spdx.rdf.xml": SpdxRdfReader(),
}

pytestmark = pytest.mark.skipif(FOLDER is None, reason="LIEN_SPDX_DOCUMENTS names no folder; .ci/run downloads them")


def said(reader: Reader, name: str) -> set[str]:
    """What a document says, without its places; an expression by its words, since RDF keeps no order of its members."""
    folder = Path(FOLDER or "")
    source = Source(path=name, data=(folder / name).read_bytes(), tree=Tree(folder))
    assert reader.claims(name)
    assert reader.accepts(source.head(4096))
    return {repr(_plain(one)) for one in reader.read(source)}


def _plain(one: Fragment) -> Fragment:
    bare = one._replace(evidence=Evidence())
    if not isinstance(bare, LicenseClaim) or bare.text.count("\n"):
        return bare
    words = " ".join(sorted(bare.text.replace("(", "").replace(")", "").split()))
    return bare._replace(text=words, custom=tuple(sorted(bare.custom)))


@pytest.mark.parametrize("version", ["v2.2", "v2.3", "UTF-16"])
@pytest.mark.parametrize("name", SERIALISATIONS)
def test_every_serialisation_says_the_same(name: str, version: str) -> None:
    expected = said(JSON, f"SPDXJSONExample-{version}.spdx.json")
    assert len(expected) == 16
    assert said(SERIALISATIONS[name], name.format(version)) == expected
