"""The networkx and Arrow views hold everything that the supply graph holds."""

from collections import Counter
from pathlib import Path

import pytest

from lien import api
from lien.graph.views import to_arrow, to_networkx

_EXAMPLE = Path(__file__).parents[2] / "examples" / "alpaca-assistant"


@pytest.fixture(scope="module", name="audited")
def _audited() -> api.Audit:
    return api.audit([_EXAMPLE])


def test_networkx_view_has_every_artifact_relation_and_licence(audited: api.Audit) -> None:
    graph = audited.graph
    licenses = {identifier: [one.id for one in audited.case.standings.of(identifier).licenses] for identifier in graph.artifacts}
    view = to_networkx(graph, licenses)
    nodes = {identifier for identifier, kind in view.nodes(data="kind") if kind != "license"}
    assert nodes == set(graph.artifacts)
    edges = Counter((down, up, type_) for down, up, type_ in view.edges(keys=True) if type_ != "stands-under")
    assert edges == Counter((link.downstream, link.upstream, link.type.value) for link in graph.links)
    assert view.has_edge("model:meta/llama-7b", "license:llama-1", key="stands-under")


def test_arrow_view_has_a_row_for_every_artifact_and_relation(audited: api.Audit) -> None:
    graph = audited.graph
    tables = to_arrow(graph)
    assert tables.artifacts["id"].to_pylist() == list(graph.artifacts)
    assert tables.artifacts["scope"].to_pylist() == [one.scope.value for one in graph.artifacts.values()]
    rows = list(zip(*(tables.relations[name].to_pylist() for name in ("from", "type", "to")), strict=True))
    assert rows == [(link.downstream, link.type.value, link.upstream) for link in graph.links]
    assert tables.relations["date"].to_pylist() == [link.date for link in graph.links]
