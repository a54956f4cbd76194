"""What readers and the catalogue yield: sightings of artifacts, relations and licence claims.

A sighting is a fact with its evidence; merging sightings into artifacts is `graph.supply`'s work.
Sightings are named tuples, not dataclasses: a large BOM yields several hundred thousand of them,
and a frozen dataclass costs some five times as much to make.
"""

import datetime as dt
from enum import StrEnum
from typing import NamedTuple

from lien.vocabulary.kinds import Basis, Kind
from lien.vocabulary.licenses import Scheme
from lien.vocabulary.relations import Relation

__all__ = [
    "PRODUCT",
    "ArtifactSeen",
    "CustomText",
    "DependenciesSeen",
    "Evidence",
    "Fragment",
    "LicenseClaim",
    "RelationSeen",
    "Role",
    "Subject",
    "UnresolvedReference",
]

PRODUCT = "product"
"""The id that a reader gives the audited product; the pipeline knows its name."""


LICENSE_FILES = "license-file"
"""The reader of licence files, of which a folder may hold several that together are one statement."""

SPDX_HEADERS = "spdx-header"
"""The reader of licence comments, of which thousands of files say the same few."""


class Role(StrEnum):
    """How an input says that something takes part, before folders are looked at."""

    DEFAULT = "default"
    OPTION = "option"
    TRAINING = "training"
    OUTPUT = "output"
    BUILD = "build"
    DEVELOPMENT = "development"
    EVALUATION = "evaluation"
    DOCUMENTATION = "documentation"


class Evidence(NamedTuple):
    """Where a fact was seen, and who says so.

    `path` is relative to the audited root (None for catalogued facts); `line` is 1-based; a JSON
    input gives `pointer` (RFC 6901) and its line is found when it is shown. `source` is the address
    or title behind a catalogued or inferred fact.
    """

    path: str | None = None
    line: int | None = None
    pointer: str | None = None
    as_written: str | None = None
    reader: str = ""
    basis: Basis = Basis.DECLARED
    source: str | None = None


class ArtifactSeen(NamedTuple):
    """An artifact was named. `id` is canonical in form, not yet resolved through aliases."""

    id: str
    kind: Kind
    evidence: Evidence
    name: str | None = None
    version: str | None = None
    publisher: str | None = None
    purl: str | None = None
    aliases: tuple[str, ...] = ()
    attributes: tuple[tuple[str, object], ...] = ()
    released: dt.date | None = None
    made_here: bool = False


class RelationSeen(NamedTuple):
    """`downstream` came from, contains or uses `upstream`. `date` is when that happened, if told."""

    downstream: str
    type: Relation
    upstream: str
    evidence: Evidence
    role: Role = Role.DEFAULT
    date: dt.date | None = None
    note: str | None = None


class DependenciesSeen(NamedTuple):
    """A list of an input names what `downstream` depends on: many relations in one, for inputs with hundreds of thousands.

    Item n is the relation to `upstreams[n]`, written `as_written[n]`, at the JSON pointer `pointer`/n. It is in the
    role of default, without a date, and never the product's own. Making a sighting, its evidence and its pointer for
    each would be most of the work of reading a large BOM, and nobody looks at more than a few of them.
    """

    downstream: str
    type: Relation
    upstreams: tuple[str, ...]
    as_written: tuple[str, ...]
    path: str
    pointer: str
    reader: str

    def evidence(self, item: int) -> Evidence:
        """Where one of the relations was seen."""
        return Evidence(self.path, None, f"{self.pointer}/{item}", self.as_written[item], self.reader)

    def relation(self, item: int) -> RelationSeen:
        """One of the relations by itself."""
        return RelationSeen(self.downstream, self.type, self.upstreams[item], self.evidence(item))


class CustomText(NamedTuple):
    """What a custom licence of an expression (`LicenseRef-…`) is, as the same input tells: its text, title or address."""

    name: str
    text: str
    scheme: Scheme


class LicenseClaim(NamedTuple):
    """Somebody says under which licence an artifact stands: the text as written, uninterpreted.

    `said_by` is who says so: the artifact's own card, a BOM, an index. Several claims with
    different `part`s (code, weights, data) stand beside each other; of the same part they disagree.
    `custom` tells what names of an expression stand for that mean something in this input alone.
    """

    artifact: str
    text: str
    scheme: Scheme
    evidence: Evidence
    said_by: str = ""
    part: str | None = None
    date: dt.date | None = None
    custom: tuple[CustomText, ...] = ()


class Subject(NamedTuple):
    """What a BOM is about, as it says itself (CycloneDX `metadata.component`)."""

    artifact: str
    evidence: Evidence


class UnresolvedReference(NamedTuple):
    """Something is used here that could not be followed to an artifact.

    A reader that knows says which relation it would be, and to what kind: another file of the tree may tell.
    """

    downstream: str
    what: str
    reason: str
    evidence: Evidence
    type: Relation | None = None
    kind: Kind | None = None
    role: Role = Role.DEFAULT


Fragment = ArtifactSeen | RelationSeen | LicenseClaim | Subject | UnresolvedReference
