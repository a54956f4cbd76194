"""Weight files with real headers, made here byte by byte: what they say, and what broken and hostile ones do."""

import json
import struct
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Fragment, LicenseClaim, RelationSeen, UnresolvedReference
from lien.readers.interface import Reader
from lien.readers.weights import WeightsReader
from lien.sources.limits import MAX_WEIGHT_BYTES
from lien.sources.source import Source
from lien.sources.tree import Tree
from lien.vocabulary.licenses import Scheme

READER: Reader = WeightsReader()

Pair = tuple[str, object]


def text(value: str) -> bytes:
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def gguf_value(value: object) -> bytes:
    match value:
        case bool():
            return struct.pack("<I?", 7, value)
        case int():
            return struct.pack("<II", 4, value)
        case float():
            return struct.pack("<If", 6, value)
        case str():
            return struct.pack("<I", 8) + text(value)
        case [str(), *_]:
            return struct.pack("<IIQ", 9, 8, len(value)) + b"".join(text(str(one)) for one in value)
        case [*numbers]:
            return struct.pack("<IIQ", 9, 5, len(numbers)) + b"".join(struct.pack("<i", one) for one in numbers)
        case _:
            raise AssertionError(value)


def gguf(*pairs: Pair, keys: int | None = None, version: int = 3, tensors: int = 0) -> bytes:
    head = b"GGUF" + struct.pack("<IQQ", version, tensors, len(pairs) if keys is None else keys)
    return head + b"".join(text(key) + gguf_value(value) for key, value in pairs)


def safetensors(metadata: object) -> bytes:
    header = json.dumps({"__metadata__": metadata, "w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    return struct.pack("<Q", len(header)) + header + b"\0\0\0\0"


def varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(number: int, data: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(data)) + data


def onnx(metadata: dict[str, str], graph: bytes = b"\x0a\x03abc" * 100) -> bytes:
    props = b"".join(field(14, field(1, key.encode()) + field(2, value.encode())) for key, value in metadata.items())
    return varint(1 << 3) + varint(8) + field(2, b"pytorch") + varint(5 << 3) + varint(300) + field(7, graph) + props


LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n"


def read(root: Path, files: dict[str, bytes | str], path: str | None = None) -> list[Fragment]:
    """What the reader says of the first file, or of `path`, with the others beside it."""
    for name, data in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data.encode() if isinstance(data, str) else data)
    wanted = path or next(iter(files))
    source = Tree(root).read(wanted, limit=MAX_WEIGHT_BYTES, lazy=True)
    assert READER.claims(wanted)
    return list(READER.read(source)) if READER.accepts(source.head(4096)) else []


def shipped(fragments: list[Fragment]) -> list[str]:
    return [one.upstream for one in fragments if isinstance(one, RelationSeen) and one.downstream == PRODUCT]


def related(fragments: list[Fragment]) -> list[tuple[str, str, str, str | None]]:
    return [
        (one.downstream, one.type.value, one.upstream, one.evidence.pointer)
        for one in fragments
        if isinstance(one, RelationSeen) and one.downstream != PRODUCT
    ]


def claimed(fragments: list[Fragment]) -> list[tuple[str, str, Scheme]]:
    return [(one.artifact, one.text, one.scheme) for one in fragments if isinstance(one, LicenseClaim)]


def unresolved(fragments: list[Fragment]) -> list[tuple[str, str]]:
    return [(one.what, one.reason) for one in fragments if isinstance(one, UnresolvedReference)]


def problem(root: Path, data: bytes, path: str) -> str:
    with pytest.raises(InputError) as raised:
        read(root, {path: data})
    return str(raised.value)


def test_gguf(tmp_path: Path) -> None:
    data = gguf(
        ("general.architecture", "llama"),
        ("general.name", "Support 8B"),
        ("general.organization", "Acme"),
        ("general.license", "llama3.1"),
        ("general.license.link", "https://example.com/LICENSE"),
        ("general.base_model.count", 2),
        ("general.base_model.0.name", "Llama 3.1 8B"),
        ("general.base_model.0.repo_url", "https://huggingface.co/meta-llama/Llama-3.1-8B"),
        ("general.base_model.1.name", "Our private one"),
        ("general.source.repo_url", "https://huggingface.co/acme/support-8b"),
        ("general.dataset.0.repo_url", "https://huggingface.co/datasets/tatsu-lab/alpaca"),
        ("general.datasets", ["HuggingFaceH4/ultrachat_200k"]),
        ("general.file_type", 15),
        ("general.quantization_version", 2),
        ("tokenizer.ggml.tokens", ["a"] * 2000),
        ("tokenizer.ggml.token_type", [1] * 2000),
        ("tokenizer.ggml.add_bos_token", True),
        ("llama.rope.freq_base", 500000.0),
    )
    fragments = read(tmp_path, {"weights/Support-8B.Q4_K_M.gguf": data})
    model = "model:file:weights/support-8b.q4_k_m.gguf"
    assert shipped(fragments) == [model]
    named = [one for one in fragments if isinstance(one, ArtifactSeen) and one.id == model]
    assert [(one.name, one.publisher) for one in named] == [("Support-8B.Q4_K_M.gguf", None), ("Support 8B", "Acme")]
    assert claimed(fragments) == [(model, "llama3.1", Scheme.HUGGING_FACE)]
    assert related(fragments) == [
        (model, "quantized-from", "model:acme/support-8b", "/general.source.repo_url"),
        (model, "derived-from", "model:meta-llama/llama-3.1-8b", "/general.base_model.0.repo_url"),
        (model, "trained-on", "dataset:tatsu-lab/alpaca", "/general.dataset.0.repo_url"),
        (model, "trained-on", "dataset:huggingfaceh4/ultrachat_200k", "/general.datasets"),
    ]
    assert unresolved(fragments) == [
        ("Our private one", "is named in the header without a repository; declare what it is in lien.toml"),
    ]


def test_a_large_vocabulary_is_passed_over_quickly(tmp_path: Path) -> None:
    tokens = [f"token-{number}" for number in range(150_000)]
    data = gguf(("tokenizer.ggml.tokens", tokens), ("tokenizer.ggml.merges", tokens), ("general.license", "mit"))
    start = time.process_time()
    fragments = read(tmp_path, {"a.gguf": data})
    assert time.process_time() - start < 3
    assert claimed(fragments) == [("model:file:a.gguf", "mit", Scheme.HUGGING_FACE)]


def test_a_model_of_five_gigabytes_is_read_by_its_header(tmp_path: Path) -> None:
    (tmp_path / "huge.gguf").write_bytes(gguf(("general.license", "apache-2.0"), tensors=300))
    with (tmp_path / "huge.gguf").open("r+b") as file:
        file.truncate(5_000_000_000)
    source = Tree(tmp_path).read("huge.gguf", limit=MAX_WEIGHT_BYTES, lazy=True)
    assert claimed(list(READER.read(source))) == [("model:file:huge.gguf", "apache-2.0", Scheme.HUGGING_FACE)]
    assert not source.is_loaded


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"GGML" + bytes(20), "a.gguf: does not begin with GGUF; get the file again or leave it out"),
        (gguf(version=1), "a.gguf: is GGUF version 1, and lien reads 2 and 3; get the file again or leave it out"),
        (gguf(keys=1 << 60), f"a.gguf: says that it has {1 << 60} keys; get the file again or leave it out"),
        (gguf(keys=1), "a.gguf: ends after 24 bytes, in the middle of its header; get the whole file"),
        (gguf(("general.license", "mit"), keys=9), "a.gguf: ends after 62 bytes, in the middle of its header; get the whole file"),
        (
            gguf(keys=1) + text("k") + struct.pack("<IQ", 8, 1 << 62),
            f"a.gguf: has a text of {1 << 62} bytes, over the limit of 1048576; get the file again or leave it out",
        ),
        (
            gguf(keys=1) + text("tokenizer.x") + struct.pack("<IIQ", 9, 8, 1 << 62),
            f'a.gguf: says that "tokenizer.x" has {1 << 62} items, more than fit into the file; get the file again or leave it out',
        ),
        (
            gguf(keys=1) + text("k") + struct.pack("<IIQ", 9, 5, 1 << 62),
            "a.gguf: ends after 49 bytes, in the middle of its header; get the whole file",
        ),
        (
            gguf(keys=1) + text("k") + struct.pack("<IIQ", 9, 9, 5),
            'a.gguf: has an array of type 9 under "k", which lien does not read; get the file again or leave it out',
        ),
        (
            gguf(keys=1) + text("k") + struct.pack("<I", 77),
            'a.gguf: has a value of type 77 under "k", which there is not; get the file again or leave it out',
        ),
    ],
)
def test_broken_gguf(tmp_path: Path, data: bytes, message: str) -> None:
    assert problem(tmp_path, data, "a.gguf") == message


def test_what_stands_before_a_break_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a.gguf").write_bytes(gguf(("general.license", "mit"), keys=9))
    seen: list[Fragment] = []
    with pytest.raises(InputError):
        seen.extend(READER.read(Tree(tmp_path).read("a.gguf", lazy=True)))
    assert claimed(seen) == [("model:file:a.gguf", "mit", Scheme.HUGGING_FACE)]


@given(st.binary(max_size=200))
def test_any_bytes_behind_the_magic_are_read_or_refused(data: bytes) -> None:
    for path, start in (("a.gguf", b"GGUF\x03\0\0\0"), ("a.onnx", b""), ("a.safetensors", b"")):
        source = Source(path=path, data=start + data, tree=Tree(Path(__file__).parent))
        try:
            list(READER.read(source))
        except InputError as error:
            assert error.path == path  # noqa: PT017  # most bytes raise, some do not


def test_safetensors(tmp_path: Path) -> None:
    data = safetensors(
        {
            "format": "pt",
            "modelspec.title": "Painter",
            "modelspec.author": "Acme",
            "modelspec.license": "CreativeML Open RAIL++-M",
            "modelspec.architecture": "stable-diffusion-xl-v1-base/lora",
            "ss_sd_model_name": "stabilityai/stable-diffusion-xl-base-1.0",
            "ss_network_module": "networks.lora",
            "modelspec.merged_from": "first.safetensors, second.safetensors",
        }
    )
    fragments = read(tmp_path, {"loras/painter.safetensors": data})
    model = "model:file:loras/painter.safetensors"
    assert claimed(fragments) == [(model, "CreativeML Open RAIL++-M", Scheme.FREE_TEXT)]
    assert related(fragments) == [(model, "adapter-of", "model:stabilityai/stable-diffusion-xl-base-1.0", "/ss_sd_model_name")]
    reason = "is named in the header by a file name alone; declare what it is in lien.toml"
    assert unresolved(fragments) == [("first.safetensors", reason), ("second.safetensors", reason)]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xff\xff", "a.safetensors: ends after 2 bytes, in the middle of its header; get the whole file"),
        (struct.pack("<Q", 1 << 63), f"a.safetensors: says that its header has {1 << 63} bytes, and lien reads 33554432 at most"),
        (struct.pack("<Q", 100) + b"\0{}", "a.safetensors: ends after 11 bytes, in the middle of its header; get the whole file"),
        (struct.pack("<Q", 3) + b"{\0}", "a.safetensors: has a header that is not JSON; get the file again or leave it out"),
        (
            struct.pack("<Q", 200_000) + b"[" * 200_000,
            "a.safetensors: has a header that is not JSON; get the file again or leave it out",
        ),
    ],
)
def test_broken_safetensors(tmp_path: Path, data: bytes, message: str) -> None:
    assert problem(tmp_path, data, "a.safetensors") == message


@pytest.mark.parametrize("metadata", [None, 3, [], {"license": 5}, {"modelspec.license": ""}])
def test_metadata_of_other_shapes_say_nothing(tmp_path: Path, metadata: object) -> None:
    fragments = read(tmp_path, {"a.safetensors": safetensors(metadata)})
    assert (shipped(fragments), claimed(fragments)) == (["model:file:a.safetensors"], [])


def test_onnx(tmp_path: Path) -> None:
    data = onnx({"author": "Ultralytics", "license": "AGPL-3.0 License (https://ultralytics.com/license)", "stride": "32"})
    fragments = read(tmp_path, {"detector/yolo.onnx": data})
    assert claimed(fragments) == [("model:file:detector/yolo.onnx", "AGPL-3.0 License (https://ultralytics.com/license)", Scheme.FREE_TEXT)]
    assert [one.publisher for one in fragments if isinstance(one, ArtifactSeen)] == [None, "Ultralytics"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            varint(7 << 3 | 2) + varint(1 << 40) + b"\0",
            "a.onnx: ends after 8 bytes, in the middle of its header; get the whole file",
        ),
        (b"\xff" * 30, "a.onnx: is not ONNX: its bytes are no protobuf message; get it again or leave it out"),
        (b"\x0b", "a.onnx: is not ONNX: its bytes are no protobuf message; get it again or leave it out"),
        (b"\x08\x01" * 100_001, "a.onnx: has more than 100000 fields, which no ONNX model has; get it again or leave it out"),
    ],
)
def test_broken_onnx(tmp_path: Path, data: bytes, message: str) -> None:
    assert problem(tmp_path, data, "a.onnx") == message


@pytest.mark.parametrize(
    ("path", "data", "is_model"),
    [
        ("best.pt", b"PK\x03\x04" + bytes(100), True),
        ("epoch=3.ckpt", b"\x80\x02}" + bytes(100), True),
        ("clf.pkl", b"\x80\x04\x95", True),
        ("pipeline.joblib", b"\x80\x04\x95\x00csklearn.pipeline\nPipeline\n", True),
        ("cache.pkl", b"\x80\x04\x95\x00cpandas.core.frame\nDataFrame\n", False),
        ("photos.h5", b"\x89HDF\r\n\x1a\n" + bytes(300), False),
        ("net.h5", b"\x89HDF\r\n\x1a\n" + bytes(300) + b"keras_version", True),
        ("lid.176.bin", b"\xba\x16\x4f\x2f" + bytes(20), True),
        ("firmware.bin", bytes(100), False),
        ("pytorch_model.bin", b"PK\x03\x04" + bytes(100), True),
        ("ggml-base.en.bin", b"lmgg" + bytes(100), True),
        ("detect.tflite", b"\x1c\0\0\0TFL3", True),
        ("site.pth", b"import sys; sys.path.append('x' * 10)\n" * 4, False),
        ("model.bin", b"", False),
        ("training_args.bin", b"PK\x03\x04 archive/data.pkl", False),
        ("optimizer.pt", b"PK\x03\x04", False),
        ("weights.pt", LFS, True),
        ("blob.bin", LFS, False),
    ],
)
def test_which_files_are_weights(tmp_path: Path, path: str, data: bytes, *, is_model: bool) -> None:
    assert shipped(read(tmp_path, {f"a/{path}": data})) == ([f"model:file:a/{path}"] if is_model else [])


def test_a_git_lfs_pointer_counts_as_the_file(tmp_path: Path) -> None:
    assert shipped(read(tmp_path, {"a.gguf": LFS, "b.safetensors": LFS})) == ["model:file:a.gguf"]


def test_a_sharded_set_is_one_model(tmp_path: Path) -> None:
    shards: dict[str, bytes | str] = {f"m/model-0000{n}-of-00003.safetensors": safetensors({}) for n in (1, 2, 3)}
    assert [shipped(read(tmp_path, shards, path)) for path in shards] == [["model:file:m/model-00001-of-00003.safetensors"], [], []]


@pytest.mark.parametrize(
    ("beside", "path", "model"),
    [
        ({"m/config.json": '{"model_type": "llama"}'}, "m/model.safetensors", "model:file:m"),
        ({"m/config.json": '{"debug": true}'}, "m/model.safetensors", "model:file:m/model.safetensors"),
        ({"m/README.md": "---\nlicense: mit\nlibrary_name: gguf\n---\n# acme/chat-GGUF\n"}, "m/a.safetensors", "model:acme/chat-gguf"),
        ({"m/adapter_config.json": "{}"}, "m/adapter_model.safetensors", "model:file:m"),
        ({"m/model_index.json": "{}", "m/unet/config.json": '{"_diffusers_version": "1"}'}, "m/unet/d.safetensors", "model:file:m"),
        (
            {"m/modules.json": "[]", "m/0_Transformer/config.json": '{"model_type": "bert"}'},
            "m/0_Transformer/a.safetensors",
            "model:file:m",
        ),
        ({"m/config.json": '{"architectures": []}'}, "m/onnx/model.onnx", "model:file:m"),
        ({"m/config.json": '{"architectures": []}'}, "m/other/model.onnx", "model:file:m/other/model.onnx"),
        ({"config.json": '{"model_type": "llama"}'}, "model.safetensors", "model:file:."),
        ({"README.md": "---\nsdk: gradio\n---\n"}, "yolo.pt", "model:file:yolo.pt"),
    ],
)
def test_the_model_of_a_folder(tmp_path: Path, beside: dict[str, bytes | str], path: str, model: str) -> None:
    data = onnx({}) if path.endswith(".onnx") else safetensors({}) if path.endswith(".safetensors") else b"PK\x03\x04" + bytes(100)
    assert shipped(read(tmp_path, {path: data, **beside})) == [model]


def test_an_audit_of_weights_shows_where_they_stand(tmp_path: Path) -> None:
    import subprocess
    import sys

    (tmp_path / "x.gguf").write_bytes(gguf(("general.license", "cc-by-nc-4.0")))
    (tmp_path / "broken.gguf").write_bytes(b"GGUF" + bytes(30))
    done = subprocess.run([sys.executable, "-m", "lien", "audit"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert "x.gguf" in done.stdout
    assert "is GGUF version 0, and lien reads 2 and 3" in " ".join(done.stdout.split())
