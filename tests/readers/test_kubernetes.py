"""Kubernetes manifests and Helm templates."""

from pathlib import Path

import pytest

from lien.errors import InputError
from lien.graph.fragments import Fragment, RelationSeen, UnresolvedReference
from lien.readers.interface import Reader
from lien.readers.kubernetes import KubernetesReader
from lien.sources.source import Source
from lien.sources.tree import Tree

READER: Reader = KubernetesReader()

MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      initContainers:
        - name: get
          image: python:3.11
          command: [sh, -c, "pip install huggingface_hub && hf download acme/kept"]
      containers:
        - name: server
          image: vllm/vllm-openai:v0.6
          args: ["--model", "$(BASE)", "--port", "80"]
          env:
            - {name: BASE, value: Qwen/Qwen2-7B}
            - name: MODEL_TOKEN
              value: secret
---
apiVersion: v1
kind: ConfigMap
data:
  EMBEDDING_MODEL: BAAI/bge-m3
---
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
spec: {predictor: {model: {storageUri: "hf://meta-llama/Llama-3.1-8B-Instruct"}}}
"""

TEMPLATE = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "chart.name" . }}
  {{- with .Values.labels }}
  labels: {}
  {{- end }}
spec:
  containers:
    - name: {{ .Chart.Name }}
      image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
      args: [--model-id, {{ .Values.model.id | quote }}]
      env:
        - name: EMBEDDING_MODEL
          value: {{ .Values.embedding | default "BAAI/bge-m3" }}
        - name: LLM
          value: {{ .Values.nothing }}
"""


def read(text: str, tree: Path, path: str = "k8s.yaml") -> list[Fragment]:
    source = Source(path=path, data=text.encode(), tree=Tree(tree))
    return list(READER.read(source)) if READER.accepts(source.data) else []


def related(fragments: list[Fragment]) -> list[tuple[int | None, str, str]]:
    return [(one.evidence.line, one.type.value, one.upstream) for one in fragments if isinstance(one, RelationSeen)]


def test_manifest(tmp_path: Path) -> None:
    assert related(read(MANIFEST, tmp_path)) == [
        (8, "contains", "image:python"),
        (9, "depends-on", "package:pypi/huggingface-hub"),
        (9, "loads", "model:acme/kept"),
        (12, "contains", "image:vllm/vllm-openai"),
        (13, "loads", "model:qwen/qwen2-7b"),
        (22, "loads", "model:baai/bge-m3"),
        (26, "loads", "model:meta-llama/llama-3.1-8b-instruct"),
    ]


def test_template_with_its_values(tmp_path: Path) -> None:
    (tmp_path / "chart").mkdir()
    values = "image: {repository: ghcr.io/huggingface/text-generation-inference}\nmodel: {id: bigcode/starcoder}\n"
    (tmp_path / "chart" / "values.yaml").write_text(values)
    expected = [
        (11, "contains", "image:ghcr.io/huggingface/text-generation-inference"),
        (15, "loads", "model:baai/bge-m3"),
        (12, "loads", "model:bigcode/starcoder"),
    ]
    assert related(read(TEMPLATE, tmp_path, "chart/templates/deployment.yaml")) == expected
    fragments = read(TEMPLATE, tmp_path, "other/templates/deployment.yaml")
    assert related(fragments) == [(15, "loads", "model:baai/bge-m3")]
    assert not [one for one in fragments if isinstance(one, UnresolvedReference)]


@pytest.mark.parametrize("text", ["a: b\n", "apiVersion: v1\nkind: Pod\nimage: 3\n", "apiVersion: v1\nkind: [image]\n", "image: x\n"])
def test_other_files(text: str, tmp_path: Path) -> None:
    assert read(text, tmp_path) == []


def test_malformed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^k8s\.yaml:4: is not YAML"):
        read("apiVersion: v1\nkind: Pod\nimage: [\nx: }", tmp_path)
    with pytest.raises(InputError, match=r"^k8s\.yaml:4: is a Helm template that makes YAML only when it is run"):
        read("apiVersion: v1\nkind: Pod\nimage: [\n{{ .Values.x }}: }", tmp_path)
