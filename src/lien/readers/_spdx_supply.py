"""What an SPDX document of any version says, gathered, and turned into fragments once all of it is known.

A relationship may name elements that come later, a licence text may stand at the end, and what the document
describes is often said last: so readers add what they meet, and `finish` yields it.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple, Protocol

from lien.graph.fragments import (
    PRODUCT,
    ArtifactSeen,
    CustomText,
    Evidence,
    Fragment,
    LicenseClaim,
    RelationSeen,
    Role,
    Subject,
    UnresolvedReference,
)
from lien.readers._bom_values import new_tuple
from lien.readers._spdx_ids import PackageIdentity
from lien.readers._spdx_meanings import LINEAGE, Meaning
from lien.vocabulary.kinds import CODE_KINDS, Kind
from lien.vocabulary.licenses import Scheme
from lien.vocabulary.relations import ReachClass, Relation, Said, relation_for

__all__ = ["Elsewhere", "Part", "Stated", "Supply"]

_MODEL, _DATASET = Kind.MODEL, Kind.DATASET  # looking a member up in its enum costs as much as a call
_LEARNED = frozenset({_MODEL, _DATASET})
_DESCENT = frozenset({ReachClass.DERIVE, ReachClass.TRAIN})
_ADAPTER_NOTE = "it descends from that model and depends on it, so it is read as an adapter"


_UNCLEAR = "is related in a way that does not say which came from the other; state a relation in lien.toml under [[relation]]"


class Part(NamedTuple):
    """A package of the document: which artifact it is, and what else is said of it."""

    identity: PackageIdentity
    evidence: Evidence
    publisher: str | None = None
    released: date | None = None
    aliases: tuple[str, ...] = ()
    attributes: tuple[tuple[str, object], ...] = ()


class _Party(NamedTuple):
    """An end of relations."""

    id: str
    kind: Kind


class Stated(NamedTuple):
    """What a document says of one licence: an expression, a text, a title or an address, with what its own names stand for."""

    text: str
    scheme: Scheme
    as_written: str
    custom: tuple[CustomText, ...] = ()


_Claim = tuple[str, Stated, str, Evidence, str | None]
"""Of which element, what, who says so, where, and of which part."""

_Statement = tuple[str, str, Meaning, Evidence]
"""Downstream and upstream by their ids in the document, what is said of them, and where. A large document has very many."""

_PRODUCT = _Party(PRODUCT, Kind.PRODUCT)


class Elsewhere(Protocol):
    """Looks an element up in another document. `is_global`: an id means the same in every document, wherever it comes from."""

    is_global: bool

    def find(self, address: str, ref: str) -> tuple[str, Kind] | None:
        """The id and kind of the artifact that it is; None if it is not found."""
        ...


class Supply:
    """One document's packages, files, licences and relationships, by the ids that it gives its elements."""

    def __init__(self, evidence: Evidence, links: Elsewhere | None = None) -> None:
        self._evidence = evidence
        self._links = links
        self._parts: dict[str, Part] = {}
        self._owner: dict[str, str] = {}
        self._files: dict[str, str] = {}
        self._described: dict[str, Evidence] = {}
        self._claims: list[_Claim] = []
        self._statements: list[_Statement] = []
        self._open: list[tuple[str, str, str, Evidence]] = []
        self._elsewhere: dict[str, str] = {}
        self._others: set[str] = set()
        self._dangling: dict[tuple[str, str], tuple[str, Evidence, list[str]]] = {}
        self._parties: dict[str, _Party] = {}
        self._upstream: dict[str, list[str]] = {}

    # What readers add.

    def add_part(self, ref: str, part: Part) -> str:
        """A package. Returns the key by which it is known: its id in the document, or one of our own where it has none."""
        key = ref if ref and ref not in self._parts else f"\0{len(self._parts)}"
        self._parts[key] = part
        return key

    def add_file(self, ref: str, name: str) -> None:
        """A file or snippet. It is no artifact: what is said of it is said of the package that holds it."""
        self._files.setdefault(ref, name)

    def own(self, ref: str, owner: str) -> None:
        """An element lies in another; the first owner of a file counts."""
        self._owner.setdefault(ref, owner)

    def describe(self, ref: str, evidence: Evidence) -> None:
        """The document is about this element."""
        self._described.setdefault(ref, evidence)

    def claim(self, ref: str, stated: Stated, said_by: str, evidence: Evidence, part: str | None = None) -> None:
        """A licence of a package, of a part of it, or of a file, as somebody states it."""
        self._claims.append((ref, stated, said_by, evidence, part))

    def relate(self, one: str, meaning: Meaning, other: str, evidence: Evidence) -> None:
        """A relationship, in the order in which the document names its ends."""
        self._statements.append((other, one, meaning, evidence) if meaning.inverted else (one, other, meaning, evidence))

    def leave_open(self, ref: str, what: str, reason: str, evidence: Evidence) -> None:
        """Something said of an element that could not be followed."""
        self._open.append((ref, what, reason, evidence))

    def import_document(self, prefix: str, address: str) -> None:
        """Ids that begin with `prefix` belong to the document at `address`."""
        self._elsewhere[prefix] = address

    def pass_over(self, ref: str) -> None:
        """An element from which no licence comes: the document itself, a person, a tool, a vulnerability."""
        self._others.add(ref)

    def holds(self, ref: str) -> bool:
        """Is there a package of this id?"""
        return ref in self._parts

    # What comes of it.

    def finish(self) -> Iterator[Fragment]:
        """Everything, in this order: artifacts, the subject, claims, relations, what hangs from the product, what stayed open."""
        subjects = self._subjects()
        product = next((key for key in subjects if self._parts[key].identity.kind in CODE_KINDS), None)
        if sum(self._parts[key].identity.kind in CODE_KINDS for key in subjects) > 1:
            product = None  # a document about several programs is about what they make up
        yield from self._artifacts(product)
        yield from self._about(subjects, product)
        yield from self._license_claims()
        yield from self._relations()
        yield from self._hung(subjects)
        for (ref, reason), (what, evidence, all_) in self._dangling.items():
            more = len(set(all_)) - 1
            self._open.append((ref, f"{what} and {more} more" if more else what, reason, evidence))
        for ref, what, reason, evidence in self._open:
            party = self._party(ref)
            yield UnresolvedReference(party.id if party is not None else PRODUCT, what, reason, evidence)

    def _subjects(self) -> list[str]:
        found = [ref for ref in self._described if ref in self._parts]
        if not found and not self._described and len(self._parts) == 1:
            return list(self._parts)  # SPDX 2.3, 11.1: a lone package is described without saying so
        return found

    def _artifacts(self, product: str | None) -> Iterator[Fragment]:
        parties, new = self._parties, new_tuple
        for key, part in self._parts.items():
            (identifier, kind, name, version, purl), evidence, publisher, released, aliases, attributes = part
            party = parties[key] = _PRODUCT if key == product else new(_Party, (identifier, kind))
            yield new(
                ArtifactSeen,
                (*party, evidence, name, version, publisher, purl, () if party is _PRODUCT else aliases, attributes, released, False),
            )

    def _about(self, subjects: list[str], product: str | None) -> Iterator[Fragment]:
        """The subject: a program is the product itself, a model or dataset one that the product ships."""
        about = [key for key in subjects if self._parts[key].identity.kind in _LEARNED]
        if product is not None or not about:
            # A document that names no subject is about the product; even an empty one says that it is there.
            yield Subject(PRODUCT, self._described.get(product or "", self._evidence))
        for key in about:
            party, evidence = self._parties[key], self._described.get(key, self._evidence)
            yield from self._link(_PRODUCT, Relation.SHIPS, party, evidence)
            yield Subject(party.id, evidence)
        for key in subjects:
            party = self._parties[key]
            if key != product and party.kind in CODE_KINDS:
                relation = relation_for(Kind.PRODUCT, Said.CONTAINS, party.kind) or Relation.BUNDLES
                yield from self._link(_PRODUCT, relation, party, self._described[key])

    def _license_claims(self) -> Iterator[LicenseClaim]:
        """Claims about packages; of a file only what its package does not say anyway, once for each licence."""
        said: dict[str, set[str]] = {}
        parties, new = self._parties, new_tuple
        of_files: dict[tuple[str, str], _Claim] = {}
        lifted: list[_Claim] = []
        for claim in self._claims:
            ref, stated, said_by, evidence, part = claim
            party = parties.get(ref)
            if party is None:
                lifted.append(claim)
                continue
            artifact = party.id
            text, scheme, _, custom = stated
            if self._files:
                said.setdefault(artifact, set()).add(text)
            yield new(LicenseClaim, (artifact, text, scheme, evidence, said_by, part, None, custom))
        for claim in lifted:
            ref = claim[0]
            if ref in self._files:
                key = (self._holder(ref).id, claim[1].text)
                known = of_files.get(key)
                # The first by name, so that every serialisation of one document names the same file.
                if key[1] not in said.get(key[0], ()) and (known is None or self._files[ref] < self._files[known[0]]):
                    of_files[key] = claim
        for (artifact, text), (ref, stated, _, evidence, _) in of_files.items():
            yield LicenseClaim(artifact, text, stated.scheme, evidence, "files", self._files[ref], None, stated.custom)

    def artifact(self, ref: str) -> tuple[str, Kind] | None:
        """The artifact that an element is, or lies in, once `finish` is done."""
        party = self._party(ref)
        return (party.id, party.kind) if party is not None else None

    def _party(self, ref: str) -> _Party | None:
        party = self._parties.get(ref)
        return party if party is not None or ref not in self._files else self._holder(ref)

    def _holder(self, ref: str) -> _Party:
        """The package that a file lies in, through folders and archives; the product where none is told."""
        visited = {ref}
        while (ref := self._owner.get(ref, "")) and ref not in visited:
            visited.add(ref)
            if ref in self._parties:
                return self._parties[ref]
        return _PRODUCT

    def _relations(self) -> Iterator[Fragment]:
        """Most of a large document is here: the loop asks as little as it can."""
        learned: dict[tuple[_Party, _Party], list[_Statement]] = {}
        parties, upstream, new = self._parties, self._upstream, new_tuple
        relations: dict[tuple[Kind, Meaning, Kind], Relation | None] = {}
        down_kind = up_kind = last = None
        relation: Relation | None = None
        for statement in self._statements:
            down_ref, up_ref, meaning, evidence = statement
            down, up = parties.get(down_ref), parties.get(up_ref)
            if down is None or up is None:
                down = down or self._find(down_ref, up_ref, evidence)
                up = up or self._find(up_ref, down_ref, evidence)
                if down is None or up is None or (up_ref in self._files and _says_nothing(meaning, up)):
                    continue
                if down_ref in self._files:
                    meaning = meaning.of_a_file()
            down_id, kind = down
            up_id, found_kind = up
            if down_id == up_id:
                continue
            words, _, role, _ = meaning
            if kind is _MODEL or kind is _DATASET or not words:
                if words:
                    learned.setdefault((down, up), []).append((down_ref, up_ref, meaning, evidence))
                elif kind in _LEARNED or found_kind in _LEARNED:
                    self._open.append((down_ref, evidence.as_written or up_id, _UNCLEAR, evidence))
                continue
            if kind is not down_kind or found_kind is not up_kind or meaning is not last:
                down_kind, up_kind, last = kind, found_kind, meaning
                key = (kind, meaning, found_kind)
                if key not in relations:
                    relations[key] = _relation(*key)
                relation = relations[key]
            if relation is None:
                self._no_relation(down, up, evidence)
                continue
            ups = upstream.get(down_id)
            if ups is None:
                upstream[down_id] = [up_id]
            else:
                ups.append(up_id)
            yield new(RelationSeen, (down_id, relation, up_id, evidence, role, None, None))
        for (down, up), statements in learned.items():
            yield from self._lineage(down, up, statements)

    def _lineage(self, down: _Party, up: _Party, statements: list[_Statement]) -> Iterator[Fragment]:
        """Of what is said of a model or dataset and one upstream, the most specific; each relation once."""
        words = {word for _, _, meaning, _ in statements for word in meaning.words[:1]}
        if down.kind is up.kind is Kind.MODEL and {Said.ANCESTOR, Said.DEPENDS} <= words:
            yield from self._link(down, Relation.ADAPTER_OF, up, statements[0][3], note=_ADAPTER_NOTE)
            return
        best = max(meaning.rank for _, _, meaning, _ in statements)
        seen: set[Relation] = set()
        for _, _, meaning, evidence in statements:
            if meaning.rank < best:
                continue
            relation = _relation(down.kind, meaning, up.kind)
            if relation is None:
                self._no_relation(down, up, evidence)
            elif relation not in seen:
                seen.add(relation)
                yield from self._link(down, relation, up, evidence, role=_role(relation, meaning))

    def _no_relation(self, down: _Party, up: _Party, evidence: Evidence) -> None:
        reason = f"lien knows no relation from a {down.kind} to a {up.kind} of this type; state one in lien.toml under [[relation]]"
        self._open.append(("", evidence.as_written or up.id, reason, evidence))

    def _find(self, ref: str, other: str, evidence: Evidence) -> _Party | None:
        """The party of an id that is no package's. What leads nowhere is noted, unless there is nothing to follow."""
        if ref in self._files:
            return self._holder(ref)
        if ref == "NOASSERTION":
            party = self._parties.get(other)
            if party is not None and (party is _PRODUCT or party.kind in _LEARNED):
                self._open.append((other, ref, "there may be more of this that the document's author does not know of", evidence))
        elif ref != "NONE" and ref not in self._others and other not in self._others:
            prefix = next((prefix for prefix in self._elsewhere if ref.startswith(prefix)), None)
            if self._links is not None and (prefix is not None or self._links.is_global):
                found = self._links.find(self._elsewhere.get(prefix or "", ""), ref)
                if found is not None:
                    return _Party(*found)
            where = f"an element of the document {self._elsewhere[prefix]}; audit that one beside this" if prefix is not None else None
            reason = f"names {where}" if where else "names no element of this document by its id"
            # Trimmed documents keep thousands of relationships with files that they no longer list.
            known = self._dangling.setdefault((other, reason), (ref, evidence, []))
            known[2].append(ref)
        return None

    def _link(
        self, down: _Party, relation: Relation, up: _Party, evidence: Evidence, *, role: Role = Role.DEFAULT, note: str | None = None
    ) -> Iterator[RelationSeen]:
        self._upstream.setdefault(down.id, []).append(up.id)
        yield RelationSeen(down.id, relation, up.id, evidence, role, None, note)

    def _hung(self, subjects: list[str]) -> Iterator[RelationSeen]:
        """One relation for each package that the product does not reach, so that nothing listed is lost.

        Packages that are nobody's upstream come first; what is left then are rings without a way in.
        """
        reached = {PRODUCT}
        self._reach(PRODUCT, reached)
        about = next((self._parties[key] for key in subjects if self._parties[key].kind in _LEARNED), None)
        lost = [key for key in self._parts if self._parties[key].id not in reached]
        has_downstream = {up for down, ups in self._upstream.items() if down not in reached for up in ups if up != down}
        roots = [key for key in lost if self._parties[key].id not in has_downstream]
        for key in (*roots, *lost):
            party = self._parties[key]
            if party.id in reached:
                continue
            reached.add(party.id)
            self._reach(party.id, reached)
            down, relation = _PRODUCT, None
            if about is not None and party.kind in CODE_KINDS:
                # Packages beside a model are what it was built with.
                down, relation = about, relation_for(about.kind, Said.DEPENDS, party.kind)
            if relation is None:
                down, relation = _PRODUCT, relation_for(Kind.PRODUCT, Said.DEPENDS, party.kind) or Relation.DEPENDS_ON
            yield RelationSeen(down.id, relation, party.id, self._parts[key].evidence)

    def _reach(self, start: str, reached: set[str]) -> None:
        pending = [start]
        while pending:
            for up in self._upstream.get(pending.pop(), ()):
                if up not in reached:
                    reached.add(up)
                    pending.append(up)


def _says_nothing(meaning: Meaning, holder: _Party) -> bool:
    """Is an upstream file no upstream: only held, or the product's own, or a script beside a model or its data?"""
    return holder.kind not in CODE_KINDS or holder is _PRODUCT or meaning.words[:1] == (Said.CONTAINS,)


def _relation(down: Kind, meaning: Meaning, up: Kind) -> Relation | None:
    """The relation that a type means between two kinds: the first of its words that means something."""
    return next(filter(None, (relation_for(down, word, up) for word in meaning.words)), None)


def _role(relation: Relation, meaning: Meaning) -> Role:
    """The role that a relation says goes before what its type says of products."""
    if relation.reach is ReachClass.TRAIN:
        return Role.TRAINING
    if relation is Relation.EVALUATED_ON:
        return Role.EVALUATION
    return meaning.role if meaning.rank < LINEAGE or relation.reach not in _DESCENT else Role.DEFAULT
