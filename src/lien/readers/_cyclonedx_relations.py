"""Relations between the parties of one CycloneDX BOM: dependencies, lineage, and what hangs from the product.

The walk over components fills `Relations`; its generators then yield what only the whole document
can say, in this order: dependencies, exact statements, pairs, and components nobody reached.
"""

from collections.abc import Callable, Container, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, DependenciesSeen, Evidence, Fragment, RelationSeen, Role, UnresolvedReference
from lien.readers._bom_values import list_at, new_tuple, shown
from lien.readers._cyclonedx_name import NAME
from lien.readers._cyclonedx_properties import Properties
from lien.vocabulary.kinds import CODE_KINDS, Basis, Kind
from lien.vocabulary.relations import ReachClass, Relation, Said, relation_for

__all__ = ["PRODUCT_PARTY", "Party", "Relations"]


class Party(NamedTuple):
    """An end of relations: a component, a service, a dataset inside a model card, or the product.

    `here` says that the `lien:` properties without a bom-ref hold only where the party is written
    down, in somebody's pedigree or data, and not for whoever else refers to it.
    """

    id: str
    kind: Kind
    role: Role = Role.DEFAULT
    properties: Properties | None = None
    here: bool = False


_PRODUCT, _PACKAGE, _USED, _DECLARED = (
    Kind.PRODUCT,
    Kind.PACKAGE,
    Role.DEFAULT,
    Basis.DECLARED,
)  # looking a member up in its enum costs as much as a call
PRODUCT_PARTY = Party(PRODUCT, Kind.PRODUCT)


class _Sense(NamedTuple):
    """What a place in the BOM says of a pair, in the words tried in turn, and how specific it is.

    Of one pair only the most specific statements count.
    """

    words: tuple[Said, ...]
    rank: int


_OF_RUNS = frozenset({Said.GENERATED, Said.BUILDS_WITH})
_OF_BASES = frozenset({Said.BASE_MODEL, Said.ADAPTER, Said.MERGE, Said.QUANTIZED})
_DEPENDENCY = _Sense((Said.DEPENDS,), 0)
_STATED = _Sense((), 3)

_NOBODY = "names no component or service of this BOM by its bom-ref"
_LEARNED = frozenset({Kind.MODEL, Kind.DATASET})
_TAKES_PART = "took part in how this was made, and no workflow says in what; name it among the inputs of one with an output"
_ELSEWHERE = "names a component of another BOM; audit that BOM beside this one"


class Relations:
    """The parties of one BOM by bom-ref, and what is said between two of them.

    A pair may be named by pedigree, a model card, a property and `dependsOn` at once: such statements
    are kept until all are read, since the order of keys in a JSON object is free.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self.follow: Callable[[str], Party | None] = lambda _: None
        """Looks up a BOM-Link."""
        self._silent: dict[str, Party] = {}
        self._taking_part: list[tuple[Party, str, str]] = []
        self._listed: dict[str, Party] = {}
        self._mentioned: dict[str, Party] = {}
        self._telling: list[Party] = []
        self._hanging: list[tuple[Party, str, str]] = []
        self._pairs: dict[str, dict[str, list[tuple[int, RelationSeen]]]] = {}
        self._upstream: dict[str, list[str]] = {}
        self._open: list[UnresolvedReference] = []
        self._stated_for: set[tuple[str, str]] = set()
        self.subject: Party | None = None

    def list_plain(self, ref: object, party: Party, pointer: str, name: str) -> None:
        """`register` and `owe` in one, for a listed component without properties."""
        if ref.__class__ is str and ref:
            self._listed.setdefault(ref, party)
        self._hanging.append((party, pointer, name))

    def register(self, ref: object, party: Party, *, listed: bool) -> None:
        """Let a bom-ref stand for a party. The first of a name counts, one that the BOM lists before one it mentions."""
        if party.properties is not None and party.properties.exact:
            self._telling.append(party)
        if isinstance(ref, str) and ref:
            (self._listed if listed else self._mentioned).setdefault(ref, party)

    def stand_in(self, ref: object, holder: Party) -> None:
        """Let a bom-ref name what is no artifact, such as a file: it has no upstream side, and downstream it is its holder."""
        if isinstance(ref, str) and ref:
            self._silent.setdefault(ref, holder)

    def owe(self, party: Party, pointer: str, name: str) -> None:
        """A listed party must be reached from the product in the end."""
        self._hanging.append((party, pointer, name))

    def take_part(self, party: Party, pointer: str, name: str) -> None:
        """Something of a formula, which took part in how the subject was made, must be told of in the end."""
        self._taking_part.append((party, pointer, name))

    def nested(self, parent: Party, child: Party, evidence: Evidence) -> RelationSeen | None:
        """What holding a component in another's `components` or `services` means; None if nothing."""
        relation = relation_for(parent.kind, Said.CONTAINS, child.kind) or relation_for(parent.kind, Said.DEPENDS, child.kind)
        if relation is None:
            return None
        self._upstream.setdefault(parent.id, []).append(child.id)
        return RelationSeen(parent.id, relation, child.id, evidence, _role(relation, parent, child))

    def lineage(self, down: Party, ref: str, up: Party, said: Said, evidence: Evidence, *, here: bool = True) -> None:
        """A statement of pedigree, model card or data: `down`, whose bom-ref is `ref`, came from `up`."""
        words = (said, Said.BUILDS_WITH) if said in _OF_RUNS else (said, Said.DEPENDS)
        sense = _Sense(words, 2 if said in _OF_BASES else 1)
        self._state(down, ref, up, sense, evidence, here=here)

    def unresolved(self, down: str, what: str, reason: str, evidence: Evidence) -> None:
        """Something that could not be followed; shown in the end."""
        self._open.append(UnresolvedReference(down, what, reason, evidence))

    def find(self, ref: str, down: str, evidence: Evidence) -> Party | None:
        """The party of a bom-ref; a dangling one is noted as unresolved."""
        party = self.known(ref)
        if party is None and ref not in self._silent:
            self.unresolved(down, ref, _ELSEWHERE if ref.startswith("urn:cdx:") else _NOBODY, evidence)
        return party

    def known(self, ref: str) -> Party | None:
        """The party of a bom-ref or BOM-Link, if there is one."""
        return self.named(ref) or (self.follow(ref) if ref.startswith("urn:cdx:") else None)

    def named(self, ref: str) -> Party | None:
        """The party of a bom-ref alone."""
        return self._listed.get(ref) or self._mentioned.get(ref)

    def finish(self, dependencies: object, found: list[Fragment], lists: list[DependenciesSeen] | None) -> None:
        """Add all relations that are not nesting, and everything that stayed open."""
        self._dependencies(dependencies, found, lists)
        self._exact_statements()
        found.extend(self._chosen())
        found.extend(self._hung())
        found.extend(self._taken_part())
        found.extend(self._open)

    def _dependencies(self, dependencies: object, found: list[Fragment], lists: list[DependenciesSeen] | None) -> None:
        """`dependsOn` between kinds. Most of a large BOM is here: the loop asks as little as it can."""
        path, new, add = self._path, new_tuple, found.append
        parties = {**self._mentioned, **self._listed}
        down_kind = up_kind = None
        relation: Relation | None = None
        for number, entry in enumerate(list_at(dependencies, path, "/dependencies", '{"ref": …, "dependsOn": […]}')):
            ref, items = _dependency(entry, number, path)
            down = (
                parties.get(ref)
                or self._silent.get(ref)
                or self.find(ref, PRODUCT, Evidence(path, None, f"/dependencies/{number}/ref", ref, NAME))
            )
            if down is None or not items:
                continue
            down_id, kind, _, _, _ = down
            prefix = f"/dependencies/{number}/dependsOn/"
            plain = kind is _PACKAGE or kind in CODE_KINDS
            of_product = kind is _PRODUCT
            pairs = self._pairs.get(down_id, ())
            upstream = self._upstream.setdefault(down_id, [])
            if lists is not None and plain and not of_product:
                whole = _whole_list(items, parties, pairs)
                type_ = None if whole is None else relation_for(kind, Said.DEPENDS, _PACKAGE)
                if whole is not None and type_ is not None:
                    upstream += whole
                    lists.append(new(DependenciesSeen, (down_id, type_, whole, tuple(items), path, prefix[:-1], NAME)))
                    continue
            for index, item in enumerate(items):
                up = parties.get(item) if item.__class__ is str else None
                if up is None or not plain:
                    self._depends(down, ref, up, item, f"{prefix}{index}")
                    continue
                up_id, found_kind, role, properties, _ = up
                if kind is not down_kind or found_kind is not up_kind:
                    down_kind, up_kind = kind, found_kind
                    relation = relation_for(kind, Said.DEPENDS, found_kind)
                if relation is None or properties is not None or up_id in pairs:
                    self._depends(down, ref, up, item, f"{prefix}{index}")
                    continue
                upstream.append(up_id)
                evidence = new(Evidence, (path, None, f"{prefix}{index}", item, NAME, _DECLARED, None))
                add(new(RelationSeen, (down_id, relation, up_id, evidence, role if of_product else _USED, None, None)))

    def _depends(self, down: Party, ref: str, up: Party | None, item: Any, pointer: str) -> None:  # noqa: ANN401  # any JSON value
        """One item of `dependsOn` that is more than a library of a library."""
        if not isinstance(item, str):
            raise InputError(
                f"is {shown(item)}, not a bom-ref; write the bom-ref of a component as a string", path=self._path, pointer=pointer
            )
        evidence = Evidence(self._path, None, pointer, item, NAME)
        up = up or self.find(item, down.id, evidence)
        if up is not None:
            self._state(down, ref, up, _DEPENDENCY, evidence, here=not up.here)

    def _state(self, down: Party, ref: str, up: Party, sense: _Sense, evidence: Evidence, *, here: bool) -> None:
        """Keep what is said of a pair: the upstream's own statement, else what the place means between the kinds."""
        told = up.properties
        relations = told.relations_of(ref, anybody=here) if told else []
        day = told.date_of(ref, anybody=here) if told else None
        if relations:
            sense = _STATED
            self._stated_for.add((ref, up.id))
        else:
            meant = next(filter(None, (relation_for(down.kind, word, up.kind) for word in sense.words)), None)
            if meant is None:
                reason = f"lien knows no relation from a {down.kind} to a {up.kind}; state one with lien:relation"
                self.unresolved(down.id, evidence.as_written or up.id, reason, evidence)
                return
            relations = [meant]
        self._upstream.setdefault(down.id, []).append(up.id)
        pair = self._pairs.setdefault(down.id, {}).setdefault(up.id, [])
        pair.extend(
            (sense.rank, RelationSeen(down.id, relation, up.id, evidence, _role(relation, down, up), day)) for relation in relations
        )

    def _exact_statements(self) -> None:
        """A `lien:relation:BOMREF` names both ends: it holds even where no list of the BOM pairs them."""
        for up in self._telling:
            for ref, statement in up.properties.exact.items() if up.properties else ():
                if (ref, up.id) not in self._stated_for:
                    evidence = Evidence(self._path, None, statement.pointer, statement.value, NAME)
                    down = self.find(ref, PRODUCT, evidence)
                    if down is not None:
                        self._state(down, ref, up, _STATED, evidence, here=False)

    def _chosen(self) -> Iterator[RelationSeen]:
        """Of each pair the most specific statement, once for each relation; a date that any of them gives."""
        for ups in self._pairs.values():
            for statements in ups.values():
                best = max(rank for rank, _ in statements)
                dates: list[date] = [seen.date for _, seen in statements if seen.date is not None]
                chosen = {seen.type: seen for rank, seen in reversed(statements) if rank == best}
                for seen in reversed(chosen.values()):
                    yield seen if seen.date is not None or not dates else seen._replace(date=dates[0])

    def _hung(self) -> Iterator[RelationSeen]:
        """One relation for each listed party that the product does not reach, so that nothing listed is lost.

        Parties that are nobody's upstream come first; what is left then are rings without a way in.
        """
        reached: set[str] = set()
        self._reach(PRODUCT, reached)
        if self.subject is not None:
            self._reach(self.subject.id, reached)
        lost = [one for one in self._hanging if one[0][0] not in reached]
        if not lost:
            return
        has_downstream = {up for down, ups in self._upstream.items() if down not in reached for up in ups if up != down}
        roots = [one for one in lost if one[0].id not in has_downstream]
        for party, pointer, name in (*roots, *lost):
            if party.id not in reached:
                self._reach(party.id, reached)
                yield self._hang(party, Evidence(self._path, None, pointer, name, NAME))

    def _taken_part(self) -> Iterator[RelationSeen]:
        """What a formula lists and no run ties to an outcome: tools of the subject, and models and data of which more should be told."""
        down = self.subject or PRODUCT_PARTY
        reached = {up for ups in self._upstream.values() for up in ups}
        for party, pointer, name in self._taking_part:
            evidence = Evidence(self._path, None, pointer, name, NAME)
            if party.id in reached:
                continue
            if party.kind in _LEARNED:
                self.unresolved(down.id, name, _TAKES_PART, evidence)
            else:
                yield RelationSeen(down.id, Relation.BUILT_WITH, party.id, evidence, Role.BUILD)

    def _hang(self, party: Party, evidence: Evidence) -> RelationSeen:
        """Packages beside a model are what it was built with; everything else is the product's."""
        down, relation = PRODUCT_PARTY, None
        if self.subject is not None and self.subject.kind is not Kind.PRODUCT and party.kind in CODE_KINDS:
            down, relation = self.subject, relation_for(self.subject.kind, Said.DEPENDS, party.kind)
        if relation is None:
            down, relation = PRODUCT_PARTY, relation_for(Kind.PRODUCT, Said.DEPENDS, party.kind) or Relation.DEPENDS_ON
        return RelationSeen(down.id, relation, party.id, evidence, party.role)

    def _reach(self, start: str, reached: set[str]) -> None:
        pending = [start]
        reached.add(start)
        while pending:
            for up in self._upstream.get(pending.pop(), ()):
                if up not in reached:
                    reached.add(up)
                    pending.append(up)


def _whole_list(items: list[Any], parties: Mapping[str, Party], pairs: Container[str]) -> tuple[str, ...] | None:
    """The ids of items that are all packages of which nothing else is said; None if one is more than that, or no bom-ref at all."""
    ids = []
    for item in items:
        up = parties.get(item) if item.__class__ is str else None
        if up is None or up[1] is not _PACKAGE or up[3] is not None or up[0] in pairs:
            return None
        ids.append(up[0])
    return tuple(ids)


def _dependency(entry: Any, number: int, path: str) -> tuple[str, list[Any]]:  # noqa: ANN401  # any JSON value
    """Ref and dependsOn of one entry; `provides` says what a component implements, which is no dependency."""
    if not isinstance(entry, dict):
        raise InputError(
            f'is {shown(entry)}, not an object; write {{"ref": …, "dependsOn": […]}}', path=path, pointer=f"/dependencies/{number}"
        )
    ref = entry.get("ref")
    if not isinstance(ref, str):
        problem = f"ref is {shown(ref)}" if "ref" in entry else "has no ref"
        raise InputError(
            f"{problem}; write the bom-ref of the component whose dependencies these are", path=path, pointer=f"/dependencies/{number}"
        )
    items = entry.get("dependsOn")
    if items.__class__ is not list:
        items = list_at(items, path, f"/dependencies/{number}/dependsOn", "bom-refs")
    return ref, items


def _role(relation: Relation, down: Party, up: Party) -> Role:
    """The role that a relation says; a component's `scope` speaks of its part in the product alone."""
    if relation.reach is ReachClass.TRAIN:
        return Role.TRAINING
    if relation is Relation.EVALUATED_ON:
        return Role.EVALUATION
    if down.kind is not Kind.PRODUCT:
        return Role.DEFAULT
    return Role.BUILD if relation is Relation.BUILT_WITH else up.role
