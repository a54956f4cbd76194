"""The walk over components and services of one CycloneDX BOM: artifacts and claims, in file order.

What needs the whole document (references, dependencies) is handed to `Relations`. Not read: `tools`
(what wrote the BOM), `metadata.licenses` (the licence of the BOM itself), and what tells of no upstream,
such as vulnerabilities, declarations and annotations.
"""

from collections.abc import Iterator
from enum import Enum, auto
from typing import Any

from lien.errors import InputError
from lien.graph.fragments import (
    PRODUCT,
    ArtifactSeen,
    DependenciesSeen,
    Evidence,
    Fragment,
    LicenseClaim,
    RelationSeen,
    Role,
    Subject,
    UnresolvedReference,
)
from lien.readers._bom_ids import (
    Identity,
    data_identity,
    hub_aliases,
    hub_dataset,
    hub_owner,
    identify,
    owner_of,
    provider_of,
    publisher_of,
)
from lien.readers._bom_values import Json, iso_date, list_at, new_tuple, object_at, shown, text
from lien.readers._cyclonedx_compositions import note_incomplete
from lien.readers._cyclonedx_facts import FACTS, facts_of, tells_a_contract
from lien.readers._cyclonedx_formulation import workflow_facts
from lien.readers._cyclonedx_licenses import claims_of, stated_license
from lien.readers._cyclonedx_links import BomLinks
from lien.readers._cyclonedx_name import NAME
from lien.readers._cyclonedx_properties import Properties, Statement, base_models, properties_of
from lien.readers._cyclonedx_relations import PRODUCT_PARTY, Party, Relations
from lien.sources.limits import MAX_DEPTH
from lien.sources.source import Source
from lien.vocabulary.kinds import Basis, Kind
from lien.vocabulary.relations import Relation, Said

__all__ = ["read_bom"]

_PACKAGE, _USED, _DECLARED = Kind.PACKAGE, Role.DEFAULT, Basis.DECLARED  # looking a member up in its enum costs as much as a call
_ROLES = {"optional": Role.OPTION, "excluded": Role.DEVELOPMENT}
_INTERESTING = frozenset({"components", "pedigree", "modelCard", "data", "properties", "releaseNotes", "evidence"})
_MORE_THAN_PLAIN = _INTERESTING | FACTS | {"scope"}
_LEARNED = frozenset({Kind.MODEL, Kind.DATASET})
_PACKAGES = frozenset({"library", "framework", "application"})
_PARTS = frozenset({"file", "cryptographic-asset"})
"""Types of components that are no packages: parts of something, and algorithms, keys and certificates."""
_NOT_DATA = frozenset({"source-code", "configuration", "definition", "other"})


class _Place(Enum):
    """Where a component stands in the BOM."""

    SUBJECT = auto()
    LISTED = auto()
    MENTIONED = auto()
    ANCESTOR = auto()
    DESCENDANT = auto()
    FORMULA = auto()


_LISTED = _Place.LISTED

_Node = tuple[Any, str, _Place, int, Party | None, str]
"""A component or service still to be read: its value, pointer, place, depth, and whose it is with that one's bom-ref."""


def read_bom(bom: Json, source: Source, found: list[Fragment], lists: list[DependenciesSeen] | None = None) -> None:
    """Add all fragments of a parsed BOM; dependencies that can be kept as lists go into `lists`, if there is one. Raises InputError with the pointer of what cannot be read; what came before is there.

    BOM-Links lead to the other BOMs of the source's tree. A list is filled, since a large BOM has hundreds of thousands
    of fragments, and handing each through generators costs as much as making it.
    """
    path = source.path
    relations = Relations(path)
    relations.follow = BomLinks(bom, source, relations).follow
    metadata = object_at(bom.get("metadata"), path, "/metadata", '{"component": …}')
    walk = _Walk(path, relations, found)
    if metadata.get("component") is not None:
        walk.components([(metadata["component"], "/metadata/component", _Place.SUBJECT, 1, None, "")])
    else:
        # A BOM that names no subject is about the product; even an empty one says that it is there.
        found.append(Subject(PRODUCT, Evidence(path, None, "/bomFormat", None, NAME)))
    listed = list_at(bom.get("components"), path, "/components", "components")
    walk.listed(listed)
    found.extend(walk.services(bom.get("services")))
    formulas = list_at(bom.get("formulation"), path, "/formulation", "formulas")
    for index, formula in enumerate(formulas):
        walk.formula(formula, f"/formulation/{index}")
    walk.resolve_data()
    if formulas:
        found.extend(workflow_facts(formulas, relations, path))
    note_incomplete(bom.get("compositions"), relations, path)
    relations.finish(bom.get("dependencies"), found, lists)


class _Walk:
    """Reads components one after another; nesting waits on a stack, never on Python's own."""

    def __init__(self, path: str, relations: Relations, found: list[Fragment]) -> None:
        self._path = path
        self._found = found
        self._relations = relations
        self._data: list[tuple[Party, str, str, str, Said]] = []
        self._flows: list[tuple[Party, str, Any, str]] = []
        self._subject_name: tuple[object, str | None] | None = None

    def components(self, pending: list[_Node]) -> None:
        """Add everything that components say, in file order; `pending` holds them last first."""
        path, relations, subject_name, found = self._path, self._relations, self._subject_name, self._found
        while pending:
            node = pending.pop()
            component, pointer, place, _, owner, _ = node
            if not isinstance(component, dict):
                raise InputError(f"is {shown(component)}, not an object; write a component with type and name", path=path, pointer=pointer)
            name, identity = self._identity(component, pointer)
            evidence = new_tuple(Evidence, (path, None, pointer, name, NAME, _DECLARED, None))
            if component["type"] in _PARTS and place is not _Place.SUBJECT and identity[2] is None:
                owner = owner or relations.subject or PRODUCT_PARTY
                if _is_no_artifact(component, identity, owner):
                    relations.stand_in(component.get("bom-ref"), owner)
                    inside = self._nodes(component.get("components"), f"{pointer}/components", place, node[3], owner=owner)
                    pending.extend(reversed(inside))
                    continue
                node = (component, pointer, place, node[3], owner, node[5])
            plain = _INTERESTING.isdisjoint(component)
            properties = None if plain else self._properties(component, pointer)
            party = self._party(component, identity, place, properties)
            ref = component.get("bom-ref")
            if subject_name is not None and ref == subject_name[0] and name == subject_name[1] and relations.subject is not None:
                # Some tools list the subject among its own components, too.
                party = relations.subject
            else:
                found.append(self._seen(component, identity, party, evidence, properties))
                relations.register(ref, party, listed=not party.here)
                if place is _LISTED:
                    relations.owe(party, pointer, name)
                elif place is _Place.FORMULA:
                    relations.take_part(party, pointer, name)
                elif place is _Place.SUBJECT:
                    found.extend(self._subject(party, ref, evidence))
                if owner is not None:
                    found.extend(self._attach(node, party, evidence))
            licenses = component.get("licenses")
            if licenses is not None:
                found += claims_of(party.id, licenses, path, f"{pointer}/licenses")
            if not plain:
                found.extend(self._rest(component, pointer, party, properties))
                pending.extend(reversed(self._below(component, node, party)))

    def listed(self, components: list[Any]) -> None:
        """Add everything that the components of the BOM say; what is more than plain goes the longer way, one by one."""
        for index, component in enumerate(components):
            pointer = f"/components/{index}"
            if not self._plain(component, pointer):
                self.components([(component, pointer, _LISTED, 1, None, "")])

    def _plain(self, component: Any, pointer: str) -> bool:  # noqa: ANN401  # any JSON value
        """Add a package of which the BOM says no more than its name, version, purl and licences: most components of a large one."""
        if not isinstance(component, dict) or not _MORE_THAN_PLAIN.isdisjoint(component):
            return False
        licenses = component.get("licenses")
        if licenses is not None and tells_a_contract(licenses):
            return False
        type_, written = component.get("type"), component.get("name")
        if type_ not in _PACKAGES or not isinstance(written, str) or not (name := written.strip()):
            return False
        ref = component.get("bom-ref")
        identity = identify(component, name, type_)
        if identity is None or identity[1] is not _PACKAGE or (self._subject_name is not None and self._subject_name[0] == ref):
            return False
        identifier, _, purl, version = identity
        evidence = new_tuple(Evidence, (self._path, None, pointer, name, NAME, _DECLARED, None))
        self._found.append(new_tuple(ArtifactSeen, (identifier, _PACKAGE, evidence, name, version, None, purl, (), (), None, False)))
        party = new_tuple(Party, (identifier, _PACKAGE, _USED, None, False))
        self._relations.list_plain(ref, party, pointer, name)
        if licenses is not None:
            self._found += claims_of(identifier, licenses, self._path, f"{pointer}/licenses")
        return True

    def _identity(self, component: Json, pointer: str) -> tuple[str, Identity]:
        type_ = component.get("type")
        if not isinstance(type_, str) or not type_:
            raise InputError('has no type; write one, such as "library" or "machine-learning-model"', path=self._path, pointer=pointer)
        written = component.get("name")
        name = text(written)
        identity = identify(component, name, type_) if isinstance(written, str) else None
        if identity is None:
            raise InputError("has no name; write the name of the component", path=self._path, pointer=pointer)
        return name or identity[0].partition(":")[2], identity

    @staticmethod
    def _party(component: Json, identity: Identity, place: _Place, properties: Properties | None) -> Party:
        identifier, kind, _, _ = identity
        scope = component.get("scope")
        role = _USED if scope is None else _ROLES.get(str(scope), _USED)
        if place is _LISTED:
            return new_tuple(Party, (identifier, kind, role, properties, False))
        if place is _Place.SUBJECT:
            return Party(identifier, kind, _USED, properties) if kind in _LEARNED else PRODUCT_PARTY._replace(properties=properties)
        if place is _Place.FORMULA:
            return Party(identifier, kind, Role.BUILD, properties)
        return Party(identifier, kind, role, properties, here=True)

    @staticmethod
    def _seen(component: Json, identity: Identity, party: Party, evidence: Evidence, properties: Properties | None) -> ArtifactSeen:
        identifier, kind, _, _, _ = party
        _, _, purl, version = identity
        released = properties.released if properties is not None else None
        notes = component.get("releaseNotes")
        if released is None and isinstance(notes, dict):
            released = iso_date(notes.get("timestamp"))
        told = facts_of(component)
        seen = new_tuple(ArtifactSeen, (identifier, kind, evidence, evidence.as_written, version, None, purl, (), told, released, False))
        if kind is _PACKAGE or kind not in _LEARNED:
            return seen
        card = component.get("modelCard")
        parameters = card.get("modelParameters") if isinstance(card, dict) else None
        task = text(parameters.get("task")) if isinstance(parameters, dict) else None
        aliases = hub_aliases(component, identity)
        attributes = (*told, ("task", task)) if task else told
        return seen._replace(publisher=publisher_of(component, identity), aliases=aliases, attributes=attributes)

    def _subject(self, party: Party, ref: object, evidence: Evidence) -> Iterator[RelationSeen | Subject]:
        self._relations.subject = party
        self._subject_name = (ref, evidence.as_written) if isinstance(ref, str) and ref else None
        if party.id != PRODUCT:
            yield RelationSeen(PRODUCT, Relation.SHIPS, party.id, evidence)
        yield Subject(party.id, evidence)

    def _attach(self, node: _Node, party: Party, evidence: Evidence) -> Iterator[RelationSeen]:
        """Say how a component stands to the one that holds it or names it in its pedigree."""
        component, _, place, _, owner, owner_ref = node
        if owner is None:
            return
        if place is _Place.ANCESTOR:
            self._relations.lineage(owner, owner_ref, party, Said.ANCESTOR, evidence)
        elif place is _Place.DESCENDANT:
            # What the owner's properties say to whoever lists it is not said to one that it lists itself.
            self._relations.lineage(party, _ref(component), owner, Said.ANCESTOR, evidence, here=False)
        else:
            holding = self._relations.nested(owner, party, evidence)
            if holding is not None:
                yield holding

    def _properties(self, component: Json, pointer: str) -> Properties | None:
        found = properties_of(component.get("properties"), self._path, f"{pointer}/properties")
        card = component.get("modelCard")
        if isinstance(card, dict):
            found = properties_of(card.get("properties"), self._path, f"{pointer}/modelCard/properties", found)
        return found

    def _rest(self, component: Json, pointer: str, party: Party, properties: Properties | None) -> Iterator[Fragment]:
        """What most components do not have: licences said elsewhere, base models, data."""
        if not component.get("licenses"):
            for stated in properties.licenses if properties is not None else ():
                yield stated_license(party.id, stated.value, self._path, stated.pointer)
            evidence = component.get("evidence")
            if isinstance(evidence, dict) and evidence.get("licenses") is not None:
                yield from claims_of(party.id, evidence["licenses"], self._path, f"{pointer}/evidence/licenses")
        ref = _ref(component)
        card = object_at(component.get("modelCard"), self._path, f"{pointer}/modelCard", '{"modelParameters": …}')
        parameters = object_at(card.get("modelParameters"), self._path, f"{pointer}/modelCard/modelParameters", '{"datasets": …}')
        stated_bases = [*(properties.base_models if properties is not None else ()), *_unofficial_bases(parameters, pointer)]
        if stated_bases:
            how = properties.base_relation if properties is not None else Said.BASE_MODEL
            yield from self._base_models(party, ref, stated_bases, how)
        yield from self._datasets(party, ref, parameters.get("datasets"), f"{pointer}/modelCard/modelParameters/datasets")
        yield from self._component_data(component, party, ref, f"{pointer}/data")

    def _base_models(self, party: Party, ref: str, stated: list[Statement], how: Said) -> Iterator[Fragment]:
        found = [(*named, one.pointer) for one in stated for named in base_models(one.value)]
        # A bare name beside the address of the same model is that model.
        full = {identifier.rpartition("/")[2] for _, identifier, _ in found if identifier is not None and "/" in identifier}
        for name, identifier, pointer in found:
            evidence = Evidence(self._path, None, pointer, name, NAME)
            if identifier is None:
                reason = "is no Hub id, so the base model stays unknown; write ORG/NAME"
                yield UnresolvedReference(party.id, name, reason, evidence)
            elif identifier.removeprefix("model:") not in full:
                yield ArtifactSeen(identifier, Kind.MODEL, evidence, name, publisher=hub_owner(identifier))
                self._relations.lineage(party, ref, Party(identifier, Kind.MODEL), how, evidence)

    def _datasets(self, party: Party, ref: str, datasets: object, pointer: str) -> Iterator[Fragment]:
        """What a model card says that the model learned from: references, data objects, or bare names."""
        for index, data in enumerate(list_at(datasets, self._path, pointer, 'data objects or {"ref": …}')):
            yield from self._data_object(party, ref, data, f"{pointer}/{index}", Said.DATA)

    def _component_data(self, component: Json, party: Party, ref: str, pointer: str) -> Iterator[Fragment]:
        """The data of a model, or the contents of a dataset; an object that only describes the dataset is no content."""
        said = Said.CONTAINS if party.kind is Kind.DATASET else Said.DATA
        for index, data in enumerate(list_at(component.get("data"), self._path, pointer, "data objects")):
            kind = data.get("type") if isinstance(data, dict) else None
            if isinstance(kind, str) and kind in _NOT_DATA:
                continue
            if said is Said.CONTAINS and _is_itself(component, data):
                evidence = Evidence(self._path, None, f"{pointer}/{index}", text(component.get("name")), NAME)
                page = hub_dataset(data)
                if page is not None and page != party.id:
                    yield ArtifactSeen(party.id, party.kind, evidence, aliases=(page,))
                continue
            yield from self._data_object(party, ref, data, f"{pointer}/{index}", said)

    def _data_object(self, owner: Party, owner_ref: str, data: Any, pointer: str, said: Said) -> Iterator[Fragment]:  # noqa: ANN401
        if isinstance(data, str):
            data = {"name": data}
        if not isinstance(data, dict):
            raise InputError(
                f'is {shown(data)}, not a data object; write {{"ref": …}} or {{"type": "dataset", "name": …}}',
                path=self._path,
                pointer=pointer,
            )
        if isinstance(data.get("ref"), str):
            self._data.append((owner, owner_ref, data["ref"], pointer, said))
            return
        identifier = data_identity(data)
        if identifier is None:
            return
        contents = data.get("contents")
        held = contents.get("properties") if isinstance(contents, dict) else None
        properties = properties_of(held, self._path, f"{pointer}/contents/properties")
        properties = properties_of(data.get("properties"), self._path, f"{pointer}/properties", properties)
        name = text(data.get("name")) or identifier.partition(":")[2]
        evidence = Evidence(self._path, None, pointer, name, NAME)
        yield ArtifactSeen(identifier, Kind.DATASET, evidence, name, publisher=hub_owner(identifier) or owner_of(data))
        party = Party(identifier, Kind.DATASET, _USED, properties, here=True)
        self._relations.register(data.get("bom-ref"), party, listed=False)
        self._relations.lineage(owner, owner_ref, party, said, evidence)

    def resolve_data(self) -> None:
        """Follow the references of model cards, which may point forward."""
        for owner, owner_ref, ref, pointer, said in self._data:
            evidence = Evidence(self._path, None, pointer, ref, NAME)
            party = self._relations.find(ref, owner.id, evidence)
            if party is not None:
                self._relations.lineage(owner, owner_ref, party, said, evidence, here=not party.here)
        for service, service_ref, flow, pointer in self._flows:
            for index, ref in enumerate(_sources(flow)):
                # Most ends of a flow are addresses; data of this BOM that a service is given, it opens.
                party = self._relations.known(ref)
                if party is not None and party.kind is Kind.DATASET:
                    evidence = Evidence(self._path, None, f"{pointer}/source/{index}", ref, NAME)
                    self._relations.lineage(service, service_ref, party, Said.LOADS, evidence, here=not party.here)

    def _below(self, component: Json, node: _Node, party: Party) -> list[_Node]:
        """Components inside a component. Variants are siblings, from which nothing came: they are not read."""
        ref = _ref(component)
        _, pointer, _, depth, _, _ = node
        inside = _Place.MENTIONED if party.here else _LISTED
        found = self._nodes(component.get("components"), f"{pointer}/components", inside, depth, owner=party, ref=ref)
        pedigree = object_at(component.get("pedigree"), self._path, f"{pointer}/pedigree", '{"ancestors": […]}')
        for key, place in (("ancestors", _Place.ANCESTOR), ("descendants", _Place.DESCENDANT)):
            found += self._nodes(pedigree.get(key), f"{pointer}/pedigree/{key}", place, depth, owner=party, ref=ref)
        return found

    def _nodes(self, value: object, pointer: str, place: _Place, depth: int, *, owner: Party, ref: str = "") -> list[_Node]:
        of = "services" if owner.kind is Kind.SERVICE else "components"
        if value and depth >= MAX_DEPTH:
            raise InputError(f"is nested more than {MAX_DEPTH} levels deep; flatten the {of}", path=self._path, pointer=pointer)
        return [
            (one, f"{pointer}/{index}", place, depth + 1, owner, ref) for index, one in enumerate(list_at(value, self._path, pointer, of))
        ]

    def formula(self, formula: object, pointer: str) -> None:
        """The components and services that took part in making something; its workflows are read when all are known."""
        held = object_at(formula, self._path, pointer, '{"workflows": […]}')
        place = f"{pointer}/components"
        listed = list_at(held.get("components"), self._path, place, "components")
        nodes: list[_Node] = [(one, f"{place}/{at}", _Place.FORMULA, 1, None, "") for at, one in enumerate(listed)]
        self.components(nodes[::-1])
        self._found.extend(self.services(held.get("services"), f"{pointer}/services", _Place.FORMULA))

    def services(
        self, services: object, at: str = "/services", place: _Place = _LISTED
    ) -> Iterator[ArtifactSeen | LicenseClaim | RelationSeen]:
        """Hosted services; the product calls those that nobody else is said to call."""
        path, relations = self._path, self._relations
        nodes: list[_Node] = [
            (one, f"{at}/{index}", place, 1, None, "") for index, one in enumerate(list_at(services, path, at, "services"))
        ]
        pending = nodes[::-1]
        while pending:
            service, pointer, _, depth, owner, _ = pending.pop()
            name = text(service.get("name")) if isinstance(service, dict) else None
            if name is None:
                raise InputError("is no service with a name; write an object with name", path=path, pointer=pointer)
            evidence = Evidence(path, None, pointer, name, NAME)
            properties = properties_of(service.get("properties"), path, f"{pointer}/properties")
            party = Party(provider_of(service, name), Kind.SERVICE, _USED, properties)
            flows = list_at(service.get("data"), path, f"{pointer}/data", "data flows")
            yield ArtifactSeen(party.id, Kind.SERVICE, evidence, name, text(service.get("version")), attributes=_flow_attributes(flows))
            self._flows.extend((party, _ref(service), flow, f"{pointer}/data/{index}") for index, flow in enumerate(flows))
            relations.register(service.get("bom-ref"), party, listed=True)
            (relations.owe if place is _LISTED else relations.take_part)(party, pointer, name)
            if owner is not None:
                holding = relations.nested(owner, party, evidence)
                if holding is not None:
                    yield holding
            if service.get("licenses") is not None:
                yield from claims_of(party.id, service["licenses"], path, f"{pointer}/licenses")
            pending.extend(reversed(self._nodes(service.get("services"), f"{pointer}/services", place, depth, owner=party)))


def _is_no_artifact(component: Json, identity: Identity, owner: Party) -> bool:
    """Whether a file or cryptographic asset is nothing of its own.

    A file is, if it states a licence, or if it is weights or data in something that is neither: weights in
    a model and records in a dataset are that model and dataset.
    """
    if component["type"] != "file":
        return True
    return owner.kind is identity[1] or (identity[1] is Kind.CODE and not component.get("licenses"))


def _unofficial_bases(parameters: Json, pointer: str) -> Iterator[Statement]:
    """Base models in keys that no schema has and generators write all the same, as a name or as {"name", "source"}."""
    for key in ("baseModel", "parentModel"):
        written = parameters.get(key)
        named = text(written.get("source")) or text(written.get("name")) if isinstance(written, dict) else text(written)
        if named is not None:
            yield Statement(named, f"{pointer}/modelCard/modelParameters/{key}")


def _flow_attributes(flows: list[Any]) -> tuple[tuple[str, object], ...]:
    """What kinds of data go into a service and come out of it, as the BOM classifies them."""
    ways: dict[str, set[str]] = {"data_in": set(), "data_out": set()}
    for flow in flows:
        kind = text(flow.get("classification")) or text(flow.get("name")) if isinstance(flow, dict) else None
        if kind is not None:
            if flow.get("flow") in ("inbound", "bi-directional"):
                ways["data_in"].add(kind)
            if flow.get("flow") in ("outbound", "bi-directional"):
                ways["data_out"].add(kind)
    return tuple((way, tuple(sorted(kinds))) for way, kinds in ways.items() if kinds)


def _sources(flow: object) -> list[str]:
    ends = flow.get("source") if isinstance(flow, dict) else None
    return [one if isinstance(one, str) else "" for one in ends] if isinstance(ends, list) else []


def _ref(component: Json) -> str:
    """A component's bom-ref; empty if it has none."""
    ref = component.get("bom-ref")
    return ref if isinstance(ref, str) else ""


def _is_itself(component: Json, data: object) -> bool:
    """Whether a data object in a data component describes that component, rather than a part of it."""
    if not isinstance(data, dict):
        return False
    name, own = text(data.get("name")), text(component.get("name"))
    return name is None or (own is not None and name.lower() == own.lower())
