"""Settings of applications: what is sure is taken, and noise is not."""

from pathlib import Path

import pytest

from lien.errors import InputError
from lien.graph.fragments import LicenseClaim, RelationSeen
from lien.readers.app_settings import AppSettingsReader
from lien.readers.interface import Reader
from lien.sources.source import Source
from lien.sources.tree import Tree

READER: Reader = AppSettingsReader()

Row = tuple[int | str | None, str, str, str]


def read(text: str, tree: Path, path: str = "settings.yaml") -> list[Row]:
    fragments = READER.read(Source(path=path, data=text.encode(), tree=Tree(tree)))
    return [
        (one.evidence.line or one.evidence.pointer, one.role.value, one.type.value, one.upstream)
        for one in fragments
        if isinstance(one, RelationSeen)
    ]


@pytest.mark.parametrize(
    ("path", "is_claimed"),
    [
        ("settings.yaml", True),
        ("app/settings-local.yml", True),
        ("config.json", True),
        ("presets/anime.json", True),
        ("config.py", False),
        (".continue/config.json", False),
        ("values.yaml", False),
        ("package.json", False),
    ],
)
def test_claims(path: str, *, is_claimed: bool) -> None:
    assert READER.claims(path) is is_claimed


def test_sections_of_providers(tmp_path: Path) -> None:
    text = """\
llm:
  mode: ${MODE:ollama}
ollama:
  llm_model: llama3.1
  embedding_model: nomic-embed-text
huggingface:
  embedding_hf_model_name: BAAI/bge-small-en-v1.5
openai:
  api_base: ${OPENAI_API_BASE:https://api.openai.com/v1}
  api_key: ${OPENAI_API_KEY:}
  model: gpt-4o
reranker:
  rerank_model: cross-encoder/ms-marco-MiniLM-L-2-v2
"""
    assert read(text, tmp_path) == [
        (4, "default", "loads", "model:ollama:llama3.1"),
        (5, "default", "loads", "model:ollama:nomic-embed-text"),
        (7, "option", "loads", "model:baai/bge-small-en-v1.5"),
        (9, "option", "calls", "service:openai"),
        (11, "option", "calls", "service:openai/gpt-4o"),
        (13, "option", "loads", "model:cross-encoder/ms-marco-minilm-l-2-v2"),
    ]


def test_noise(tmp_path: Path) -> None:
    text = """\
model: fast
model_name: ${MODEL}
llm:
  default_model: ""
  model_dir: acme/bot
  model_type: acme/bot
data_model: acme/bot
models: []
ocr_model: easyocr
model_id: your-org/your-model
model_path: models/bot
"""
    assert read(text, tmp_path) == []


def test_presets_beside_a_default(tmp_path: Path) -> None:
    (tmp_path / "presets").mkdir()
    (tmp_path / "presets" / "default.json").write_text("{}")
    text = (
        '{"default_model": "a.safetensors",\n "checkpoint_downloads": {\n'
        '  "a.safetensors": "https://huggingface.co/keeper/fav_models/resolve/main/PaintXL_v8.fp16.safetensors",\n'
        '  "b.safetensors": "https://huggingface.co/stabilityai/sdxl-turbo/resolve/main/b.safetensors"}}'
    )
    expected = [
        ("/default_model", "loads", "model:paintxl_v8"),
        ("/checkpoint_downloads/a.safetensors", "loads", "model:paintxl_v8"),
        ("/checkpoint_downloads/b.safetensors", "loads", "model:stabilityai/sdxl-turbo"),
    ]
    assert read(text, tmp_path, "presets/default.json") == [(place, "default", *rest) for place, *rest in expected]
    assert read(text, tmp_path, "presets/anime.json") == [(place, "option", *rest) for place, *rest in expected]


def test_toml_and_profiles(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("")
    text = '[llm]\nprovider = "anthropic"\nmodel = "claude-sonnet-4"\n'
    assert read(text, tmp_path, "config.toml") == [(3, "default", "calls", "service:anthropic/claude-sonnet-4")]
    assert read(text, tmp_path, "config-fast.toml") == [(3, "option", "calls", "service:anthropic/claude-sonnet-4")]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("config.json", '{"architectures": ["X"], "model": "acme/bot"}'),
        ("config.json", '["model"]'),
        ("config.yaml", "model: {{ .Values.model }}\n"),
        ("config.yaml", "learning_rate: 1\nmodel: acme/bot\n"),
        ("config.yaml", "x: 1\n"),
    ],
)
def test_files_of_others(path: str, text: str, tmp_path: Path) -> None:
    assert read(text, tmp_path, path) == []


def test_malformed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^config\.json:2: is not JSON"):
        read('{"model":\n x}', tmp_path, "config.json")


def test_tables_to_choose_from(tmp_path: Path) -> None:
    rows = "".join(f"  m{number}: {{model_name: acme/m{number}}}\n" for number in range(3))
    assert {role for _, role, _, _ in read(f"models:\n{rows}", tmp_path, "models.yaml")} == {"option"}


def test_configurations_of_training(tmp_path: Path) -> None:
    assert read("model:\n  model_name: acme/bot\noptim:\n  lr: 1\n", tmp_path, "config.yaml") == []


def test_keys_in_camel_case(tmp_path: Path) -> None:
    text = "# ids of the Hugging Face Hub\nextras:\n  prompt: 'Hello {{user}}'\n  captioningModel: acme/vit-caption\n  embeddingModel: acme/embed\n"
    assert read(text, tmp_path, "default/config.yaml") == [
        (4, "default", "loads", "model:acme/vit-caption"),
        (5, "default", "loads", "model:acme/embed"),
    ]
    # A key of no known meaning counts only where the file speaks of the Hub.
    assert read(text.replace("the Hugging Face Hub", "paths"), tmp_path, "config.yaml") == [(5, "default", "loads", "model:acme/embed")]
    assert read("a: {{ value }}\n" + text, tmp_path, "config.yaml") == []


def test_a_list_of_models_to_download(tmp_path: Path) -> None:
    text = """[
  {"name": "Small", "url": "https://huggingface.co/acme/small-GGUF/resolve/main/small.Q4_0.gguf", "homepage": "https://example.org"},
  {"name": "Misc", "url": "https://example.org/models/misc.gguf"}
]"""
    assert read(text, tmp_path, "metadata/models3.json") == [
        ("/0/url", "option", "loads", "model:acme/small-gguf"),
        ("/1/url", "option", "loads", "model:url:example.org/models/misc.gguf"),
    ]


def test_models_by_name_with_their_licences(tmp_path: Path) -> None:
    (tmp_path / "speak").mkdir()
    (tmp_path / "speak" / "run.py").write_text(
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--model', default='en/small')\n"
    )
    text = """{"en": {"small": {"url": ["https://example.org/a/model.pth"], "license": "MIT"},
 "large": {"github_rls_url": "https://github.com/acme/speak/releases/download/v1/large.zip", "license": "CC BY-NC-ND 4.0"}}}"""
    source = Source(path="speak/.models.json", data=text.encode(), tree=Tree(tmp_path))
    assert READER.claims(source.path)
    found = list(READER.read(source))
    assert [(one.upstream, one.role.value) for one in found if isinstance(one, RelationSeen)] == [
        ("model:speak:en/small", "default"),
        ("model:speak:en/large", "option"),
    ]
    assert [(one.artifact, one.text, one.evidence.pointer) for one in found if isinstance(one, LicenseClaim)] == [
        ("model:speak:en/small", "MIT", "/en/small/license"),
        ("model:speak:en/large", "CC BY-NC-ND 4.0", "/en/large/license"),
    ]
