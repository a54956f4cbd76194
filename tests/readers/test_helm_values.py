"""Values of Helm charts."""

from pathlib import Path

import pytest

from lien.errors import InputError
from lien.graph.fragments import RelationSeen, UnresolvedReference
from lien.readers.helm_chart import HelmChartReader
from lien.readers.helm_values import HelmValuesReader
from lien.readers.interface import Reader
from lien.readers.kubernetes import KubernetesReader
from lien.sources.source import Source
from lien.sources.tree import Tree

READER: Reader = HelmValuesReader()

TEXT = """\
image:
  repository: vllm/vllm-openai
  tag: v0.6
sidecarImage: redis:7
servingEngineSpec:
  modelSpec:
    - modelURL: "meta-llama/Llama-3.1-8B-Instruct"
reranker:
  enabled: false
  model: BAAI/bge-reranker-v2-m3
extraEnv:
  - {name: EMBEDDING_MODEL, value: BAAI/bge-m3}
openai: {model: gpt-4o}
modelType: llm
"""


def read(text: str, tree: Path, path: str = "chart/values.yaml") -> list[tuple[int | None, str, str]]:
    fragments = READER.read(Source(path=path, data=text.encode(), tree=Tree(tree)))
    return [(one.evidence.line, one.role.value, one.upstream) for one in fragments if isinstance(one, RelationSeen)]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "chart").mkdir()
    (tmp_path / "chart" / "Chart.yaml").write_text("name: x\n")
    return tmp_path


@pytest.mark.parametrize(("path", "is_claimed"), [("values.yaml", True), ("a/values-prod.yml", True), ("my-values.yaml", False)])
def test_claims(path: str, *, is_claimed: bool) -> None:
    assert READER.claims(path) is is_claimed


def test_values(tree: Path) -> None:
    expected = [
        (2, "default", "image:vllm/vllm-openai"),
        (4, "default", "image:redis"),
        (7, "default", "model:meta-llama/llama-3.1-8b-instruct"),
        (10, "option", "model:baai/bge-reranker-v2-m3"),
        (12, "default", "model:baai/bge-m3"),
        (13, "default", "service:openai/gpt-4o"),
    ]
    assert read(TEXT, tree) == expected
    assert {role for _, role, _ in read(TEXT, tree, "chart/values-gpu.yaml")} == {"option"}
    assert read(TEXT, tree, "values.yaml") == []


def test_malformed(tree: Path) -> None:
    assert read("- image: x\n", tree) == []
    with pytest.raises(InputError, match=r"^chart/values\.yaml:2: is not YAML"):
        read("a: [\nb: }", tree)


SUB_CHARTS = {
    "Chart.yaml": (
        "name: app\ndependencies:\n- {name: llm, version: 1.x, alias: chat, repository: 'file://charts/llm'}\n"
        "- {name: guard, condition: guard.enabled}\n- {name: redis, version: 18.x, repository: 'https://charts.example/redis'}\n"
        "- {name: off, repository: 'https://charts.example', condition: off.on}\n"
    ),
    "values.yaml": "chat:\n  model: acme/ours\noff: {on: false}\nguard:\n  enabled: false\nglobal: {image: {tag: '1'}}\n",
    "charts/llm/Chart.yaml": "name: llm\n",
    "charts/llm/values.yaml": "model: acme/theirs\nembeddingModel: acme/embed\n",
    "charts/llm/templates/pod.yaml": (
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: vllm/vllm-openai:{{ .Values.global.image.tag }}\n"
        "    args: [--model, '{{ .Values.model }}']\n"
    ),
    "charts/guard/Chart.yaml": "name: guard\n",
    "charts/guard/values.yaml": "model: acme/guard\n",
}


def test_sub_charts(tmp_path: Path) -> None:
    for name, text in SUB_CHARTS.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    tree = Tree(tmp_path)
    told = {
        path: [(one.role.value, one.upstream) for one in reader.read(tree.read(path)) if isinstance(one, RelationSeen)]
        for reader, path in [
            (READER, "values.yaml"),
            (READER, "charts/llm/values.yaml"),
            (READER, "charts/guard/values.yaml"),
            (KubernetesReader(), "charts/llm/templates/pod.yaml"),
        ]
    }
    assert told == {
        "values.yaml": [("default", "model:acme/ours")],
        "charts/llm/values.yaml": [("option", "model:acme/theirs"), ("default", "model:acme/embed")],
        "charts/guard/values.yaml": [("option", "model:acme/guard")],
        "charts/llm/templates/pod.yaml": [("default", "image:vllm/vllm-openai"), ("default", "model:acme/ours")],
    }
    lost = [one for one in HelmChartReader().read(tree.read("Chart.yaml")) if isinstance(one, UnresolvedReference)]
    assert [(one.what, one.evidence.line) for one in lost] == [("redis", 5)]
    with pytest.raises(InputError, match=r"^Chart\.yaml:2: is not YAML"):
        list(HelmChartReader().read(Source(path="Chart.yaml", data=b"dependencies: [", tree=tree)))
