"""Views of a supply graph for other tools: networkx for rich questions, Arrow for columns.

Licences are nodes only here: a `stands-under` edge leads from an artifact to each licence it has.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from lien.graph.supply import SupplyGraph

if TYPE_CHECKING:
    import networkx as nx
    import pyarrow as pa

__all__ = ["ArrowTables", "to_arrow", "to_networkx"]

STANDS_UNDER = "stands-under"


class ArrowTables(NamedTuple):
    """`artifacts`, one row each, and `relations`, one row each; both in the order of the graph."""

    artifacts: "pa.Table"
    relations: "pa.Table"


def to_networkx(graph: SupplyGraph, licenses: Mapping[str, Iterable[str]] | None = None) -> "nx.MultiDiGraph":
    """Artifacts as nodes, relations as edges from downstream to upstream, keyed by their type.

    `licenses` gives licence ids by artifact id; they become nodes `license:ID` of kind `license`.
    """
    import networkx as nx  # noqa: PLC0415  # a quarter of a second that audits need not pay

    view = nx.MultiDiGraph()
    for artifact in graph.artifacts.values():
        view.add_node(artifact.id, kind=artifact.kind.value, name=artifact.name, version=artifact.version, scope=artifact.scope.value)
    for link in graph.links:
        view.add_edge(link.downstream, link.upstream, key=link.type.value, type=link.type.value, reach=link.type.reach.value)
    for identifier, names in (licenses or {}).items():
        for name in names:
            view.add_node(f"license:{name}", kind="license", name=name)
            view.add_edge(identifier, f"license:{name}", key=STANDS_UNDER, type=STANDS_UNDER)
    return view


def to_arrow(graph: SupplyGraph) -> ArrowTables:
    """The graph as columns. Ids and types are dictionary-encoded, `released` and `date` are date32.

    Needs the extra `lien[arrow]`; raises ImportError without it.
    """
    import pyarrow as pa  # noqa: PLC0415  # an optional extra, and slow to import

    artifacts = list(graph.artifacts.values())
    coded = pa.dictionary(pa.int32(), pa.string())

    def column(values: Iterable[object], type_: "pa.DataType") -> "pa.Array":
        return pa.array(list(values), type=type_)

    return ArrowTables(
        pa.table(
            {
                "id": column((one.id for one in artifacts), pa.string()),
                "kind": column((one.kind.value for one in artifacts), coded),
                "name": column((one.name for one in artifacts), pa.string()),
                "version": column((one.version for one in artifacts), pa.string()),
                "publisher": column((one.publisher for one in artifacts), coded),
                "scope": column((one.scope.value for one in artifacts), coded),
                "released": column((one.released for one in artifacts), pa.date32()),
                "made_here": column((one.made_here for one in artifacts), pa.bool_()),
            }
        ),
        pa.table(
            {
                "from": column((link.downstream for link in graph.links), coded),
                "to": column((link.upstream for link in graph.links), coded),
                "type": column((link.type.value for link in graph.links), coded),
                "reach": column((link.type.reach.value for link in graph.links), coded),
                "scope": column((link.scope.value if link.scope else None for link in graph.links), coded),
                "date": column((link.date for link in graph.links), pa.date32()),
                "inferred": column((link.is_inferred for link in graph.links), pa.bool_()),
            }
        ),
    )
