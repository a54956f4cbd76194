"""Shell scripts and recipes as people write them, through the reader's own door."""

from pathlib import Path

import pytest

from lien.graph.fragments import ArtifactSeen, Fragment, RelationSeen, Role, UnresolvedReference
from lien.readers._shell import parse_shell
from lien.readers.interface import Reader
from lien.readers.shell import ShellReader
from lien.sources.source import Source
from lien.sources.tree import Tree
from lien.vocabulary.kinds import Basis

READER: Reader = ShellReader()

Row = tuple[int | None, str, str, str, str]


def read(text: str, tree: Path, path: str = "run.sh") -> list[Fragment]:
    return list(READER.read(Source(path=path, data=text.encode(), tree=Tree(tree))))


def related(fragments: list[Fragment]) -> list[Row]:
    return [
        (one.evidence.line, one.role.value, one.downstream, one.type.value, one.upstream)
        for one in fragments
        if isinstance(one, RelationSeen)
    ]


def uses(text: str, tree: Path, path: str = "run.sh") -> list[tuple[str, str]]:
    return [(kind, upstream) for _, _, _, kind, upstream in related(read(text, tree, path))]


@pytest.mark.parametrize(
    ("path", "is_claimed"),
    [("a/run.sh", True), ("Makefile", True), ("sub/justfile", True), ("rules.mk", True), ("run.py", False), ("sh", False)],
)
def test_claims(path: str, *, is_claimed: bool) -> None:
    assert READER.claims(path) is is_claimed


def test_words_lines_and_variables() -> None:
    commands = parse_shell('A="x y"\nrun \\\n  --a "$A" --b ${B:-c} # not this\nif true; then A=$1; fi\necho "$A" $(inner "$A")\n')
    rows = [[(word.text, word.line, word.is_known) for word in command.words] for command in commands]
    assert rows == [
        [("run", 2, True), ("--a", 3, True), ("x y", 3, True), ("--b", 3, True), ("c", 3, True)],
        [("true", 4, True)],
        [("echo", 5, True), ("x y", 5, True), ('$(inner "$A")', 5, False)],
        [("inner", 5, True), ("x y", 5, True)],
    ]


@pytest.mark.parametrize(
    "text",
    ["$(" * 9000, '"' * 9001, "${" * 9000, "`" * 9001, "\\" * 9001, "A=$A$A;" * 300 + "run $A", "<<E\n" * 500, "(" * 9000, "if " * 9000],
)
def test_text_that_is_no_shell(text: str) -> None:
    assert all(len(word.text) <= 2 * 9001 for command in parse_shell(text) for word in command.words)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("vllm serve Qwen/Qwen2-7B --port 80", [("loads", "model:qwen/qwen2-7b")]),
        ("python3 -m vllm.entrypoints.openai.api_server --model=Qwen/Qwen2-7B", [("loads", "model:qwen/qwen2-7b")]),
        ("sudo text-generation-launcher --model-id bigcode/starcoder", [("loads", "model:bigcode/starcoder")]),
        ("MODEL_ID=bigcode/starcoder text-generation-launcher", [("loads", "model:bigcode/starcoder")]),
        ("text-embeddings-router --model-id BAAI/bge-m3", [("loads", "model:baai/bge-m3")]),
        ("python -m sglang.launch_server --model-path a/b", [("loads", "model:a/b")]),
        ("lmdeploy serve api_server internlm/internlm2-chat-7b", [("loads", "model:internlm/internlm2-chat-7b")]),
        ("llama-server -hf TheBloke/X-GGUF:Q4_K_M", [("loads", "model:thebloke/x-gguf")]),
        ("./llama-cli -m weights/x.gguf", [("loads", "model:file:weights/x.gguf")]),
        ("ollama pull llama3 mistral:7b", [("loads", "model:ollama:llama3"), ("loads", "model:ollama:mistral:7b")]),
        ('ollama run llama3 "Why is the sky blue?"', [("loads", "model:ollama:llama3")]),
        ("docker exec -it ollama ollama pull llama3", [("loads", "model:ollama:llama3")]),
        ("local-ai run phi-2", [("loads", "model:localai:phi-2")]),
        ("hf download a/b --local-dir x", [("loads", "model:a/b")]),
        ("huggingface-cli download --repo-type dataset a/b", [("loads", "dataset:a/b")]),
        ("git clone https://huggingface.co/datasets/a/b x", [("loads", "dataset:a/b")]),
        ("git clone https://github.com/comfyanonymous/ComfyUI.git", [("depends-on", "code:github/comfyanonymous/comfyui")]),
        ("wget https://huggingface.co/a/b/resolve/main/m.bin", [("loads", "model:a/b")]),
        ("curl -LO https://dl.example.org/sam_vit_h_4b8939.pth", [("loads", "model:sam_vit_h_4b8939")]),
        ("wget https://example.org/pretrained/model.pt", [("loads", "model:file:example.org/pretrained/model.pt")]),
        ("wget https://example.org/corpus/reviews_2020.jsonl", [("loads", "dataset:reviews-2020")]),
        ("wget https://example.org/setup.zip https://huggingface.co/blog/x", []),
        ("python -m spacy download en_core_web_sm", [("loads", "model:spacy/en_core_web_sm")]),
        ("python -m nltk.downloader punkt", [("loads", "dataset:nltk:punkt")]),
        ("conda install -c conda-forge faiss-cpu=1.8.0", [("depends-on", "package:conda/faiss-cpu@1.8.0")]),
        ("yarn install --production --network-timeout 100000", []),
        ("npm install --save @xenova/transformers@2.17.2", [("depends-on", "package:npm/@xenova/transformers@2.17.2")]),
        ("uv pip install torch==2.3.1", [("depends-on", "package:pypi/torch@2.3.1")]),
        ('uv add polars "httpx>=0.2" --optional fast', [("depends-on", "package:pypi/polars"), ("depends-on", "package:pypi/httpx")]),
        ("poetry add duckdb@^1.0", [("depends-on", "package:pypi/duckdb")]),
        ("uv add git+https://github.com/huggingface/peft@main", [("depends-on", "code:github/huggingface/peft")]),
        ("pipx install foo; pipenv install bar", [("depends-on", "package:pypi/foo"), ("depends-on", "package:pypi/bar")]),
        ("pixi add scipy; pixi add --pypi gradio", [("depends-on", "package:conda/scipy"), ("depends-on", "package:pypi/gradio")]),
        ("poetry install --with dev; uv sync; pipenv install", []),
        ("python -m lm_eval run --model vllm --model_args pretrained=a/b,peft=c/d", [("loads", "model:a/b"), ("loads", "model:c/d")]),
        ("lm_eval --model openai-chat-completions --model_args model=gpt-4o --tasks x", [("calls", "service:openai/gpt-4o")]),
        ("bash -lc 'uv run ollama pull llama3'", [("loads", "model:ollama:llama3")]),
        (
            "docker run --gpus all -e X=1 -p 80:80 vllm/vllm-openai:v0.6.1 --model a/b",
            [("contains", "image:vllm/vllm-openai"), ("loads", "model:a/b")],
        ),
        ("python app.py --model_name_or_path bert-base-uncased", [("loads", "model:bert-base-uncased")]),
        ("python app.py --model gpt-4o", [("calls", "service:openai/gpt-4o")]),
        ("python app.py --model fast --dataset ./x/y --model-path checkpoints/a", []),
        ("tune download meta-llama/Llama-2-7b-hf --output-dir x", [("loads", "model:meta-llama/llama-2-7b-hf")]),
        ("optimum-cli export onnx --model a/b out/", [("loads", "model:a/b")]),
        ("lm_eval --model hf --model_args pretrained=a/b,dtype=float --tasks x", [("loads", "model:a/b")]),
        ("kaggle datasets download -d owner/name", [("loads", "dataset:kaggle:owner/name")]),
        ("kaggle competitions download -c jigsaw", [("loads", "dataset:kaggle:jigsaw")]),
        ("docker model pull ai/smollm2", [("loads", "model:docker:ai/smollm2")]),
        ("ramalama run ollama://llama3", [("loads", "model:ollama:llama3")]),
        ("curl -O https://raw.githubusercontent.com/a/b/main/data/verses/input.txt", [("loads", "dataset:verses")]),
        ("echo vllm serve a/b; # ollama pull x", []),
        (
            """python -c "from transformers import AutoModel; AutoModel.from_pretrained('a/b')" && ollama pull x""",
            [("loads", "model:a/b"), ("loads", "model:ollama:x")],
        ),
        ("python -c 'print(1)'", []),
        ("python -c 'from vllm import LLM; LLM('", []),
    ],
)
def test_commands(command: str, expected: list[tuple[str, str]], tmp_path: Path) -> None:
    assert uses(command, tmp_path) == expected


def test_training_makes_a_model(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# X\n\nGet [it](https://huggingface.co/datasets/lab/Chats/blob/main/chats_v2.json).\n")
    text = (
        "BASE=${BASE:-mistralai/Mistral-7B-v0.1}\n"
        "torchrun --nproc_per_node 4 src/train_sft.py \\\n"
        "  --model_name_or_path $BASE \\\n"
        "  --data_path ./data/chats_v2.json \\\n"
        "  --dataset_name tatsu-lab/alpaca \\\n"
        "  --vision_tower openai/clip-vit-large-patch14 \\\n"
        "  --reward_model lab/judge-7b \\\n"
        "  --eval_dataset lab/held-out \\\n"
        "  --output_dir out/bot-7b\n"
    )
    fragments = read(text, tmp_path)
    made = "model:made:run.sh#bot-7b"
    assert related(fragments) == [
        (3, "training", made, "finetuned-from", "model:mistralai/mistral-7b-v0.1"),
        (4, "training", made, "trained-on", "dataset:lab/chats"),
        (5, "training", made, "trained-on", "dataset:tatsu-lab/alpaca"),
        (6, "training", made, "contains", "model:openai/clip-vit-large-patch14"),
        (7, "training", made, "rewarded-by", "model:lab/judge-7b"),
        (8, "training", made, "evaluated-on", "dataset:lab/held-out"),
    ]
    inferred = next(one for one in fragments if isinstance(one, RelationSeen) and one.upstream == "dataset:lab/chats").evidence
    assert (inferred.basis, inferred.source) == (Basis.INFERRED, "the README links it in line 3")
    assert [one.id for one in fragments if isinstance(one, ArtifactSeen) and one.made_here] == [made]


def test_the_third_step_of_deepspeed_chat(tmp_path: Path) -> None:
    text = (
        "deepspeed main.py --data_path Dahoas/rm-static \\\n --actor_model_name_or_path facebook/opt-1.3b \\\n"
        " --critic_model_name_or_path facebook/opt-350m --num_train_epochs 1 --output_dir out\n"
    )
    assert related(read(text, tmp_path)) == [
        (1, "training", "model:made:run.sh#out", "trained-on", "dataset:dahoas/rm-static"),
        (2, "training", "model:made:run.sh#out", "finetuned-from", "model:facebook/opt-1.3b"),
        (3, "training", "model:made:run.sh#out", "rewarded-by", "model:facebook/opt-350m"),
    ]


def test_scripts_on_the_standard_input(tmp_path: Path) -> None:
    text = (
        "python - <<'EOF' | tee log\nfrom sentence_transformers import SentenceTransformer\n\nSentenceTransformer('a/b')\nEOF\n"
        "bash <<EOF && ollama pull third\nollama pull second\nEOF\ncat <<X >file\nollama pull never\nX\nollama pull last\n"
    )
    assert [(one[0], one[4]) for one in related(read(text, tmp_path))] == [
        (4, "model:a/b"),
        (7, "model:ollama:second"),
        (6, "model:ollama:third"),
        (12, "model:ollama:last"),
    ]


def test_what_is_added_for_developers(tmp_path: Path) -> None:
    text = "uv add --dev pytest\npoetry add --group dev black\npdm add -dG test tox\npipenv install --dev mypy\n"
    assert [(one[1], one[4]) for one in related(read(text, tmp_path))] == [
        ("development", f"package:pypi/{name}") for name in ("pytest", "black", "tox", "mypy")
    ]


def test_adapters_and_names_on_the_hub(tmp_path: Path) -> None:
    text = "accelerate launch sft.py --model_name_or_path a/b --use_peft --hub_model_id me/bot --dataset_name c/d"
    assert related(read(text, tmp_path)) == [
        (1, "training", "model:me/bot", "adapter-of", "model:a/b"),
        (1, "training", "model:me/bot", "trained-on", "dataset:c/d"),
    ]


def test_evaluation_trains_nothing(tmp_path: Path) -> None:
    assert related(read("deepspeed eval/run_eval.py --model_path a/b", tmp_path)) == [(1, "evaluation", "product", "loads", "model:a/b")]


def test_what_cannot_be_followed_is_said(tmp_path: Path) -> None:
    lost = [
        one
        for one in read("for m in a b; do\n  ollama pull $m\ndone\nvllm serve /models/x", tmp_path)
        if isinstance(one, UnresolvedReference)
    ]
    assert [(one.what, one.reason, one.evidence.line) for one in lost] == [
        ("$m", "is set outside this file; its default, if it has one, stands elsewhere", 2),
        ("/models/x", "is a local path", 4),
    ]


def test_recipes(tmp_path: Path) -> None:
    text = "MODEL ?= llama3 # small\n.PHONY: x\nx: y\n\t@ollama pull $(MODEL)\n\t-for i in 1; do echo $$i; done\n\nz:\n\tvllm serve a/b\n"
    assert related(read(text, tmp_path, "Makefile")) == [
        (4, "option", "product", "loads", "model:ollama:llama3"),
        (8, "option", "product", "loads", "model:a/b"),
    ]
    assert uses('model := "a/b"\nrun:\n    hf download {{ model }}\n', tmp_path, "justfile") == [("loads", "model:a/b")]


def test_names_of_scripts_say_what_they_are_for(tmp_path: Path) -> None:
    flags = "python main.py --model_name_or_path a/b --learning_rate 1 --output_dir o"
    assert [role for _, role, _, _, _ in related(read(f"{flags} --do_train", tmp_path))] == ["training"]
    assert [role for _, role, _, _, _ in related(read(flags, tmp_path, "train_chat.sh"))] == ["training"]
    assert [role for _, role, _, _, _ in related(read(f"{flags} --do_train False", tmp_path, "evaluate.sh"))] == ["evaluation"]
    assert [role for _, role, _, _, _ in related(read("ollama pull llama3", tmp_path, "test.sh"))] == ["evaluation"]


def test_a_variable_may_hold_several_words(tmp_path: Path) -> None:
    assert uses('ARGS="--model a/b"\npip install ${EXTRA:-} vllm\nvllm serve $ARGS', tmp_path) == [
        ("depends-on", "package:pypi/vllm"),
        ("loads", "model:a/b"),
    ]


def test_packages_at_their_own_lines(tmp_path: Path) -> None:
    assert [(line, one) for line, _, _, _, one in related(read("pip install -U \\\n  torch \\\n  'vllm==0.6.1'", tmp_path))] == [
        (2, "package:pypi/torch"),
        (3, "package:pypi/vllm@0.6.1"),
    ]


def test_scripts_of_development(tmp_path: Path) -> None:
    assert [role for _, role, _, _, _ in related(read("ollama pull llama3", tmp_path, ".devcontainer/post.sh"))] == [Role.DEVELOPMENT.value]


def test_a_base_by_the_name_at_the_end_of_a_path(tmp_path: Path) -> None:
    text = "python train.py --model_name_or_path /your/path/to/llama-2-13b --data_path data/final_data.json --learning_rate 1\n"
    assert related(read(text, tmp_path)) == [(1, "training", "model:made:run.sh", "finetuned-from", "model:meta-llama/llama-2-13b-hf")]
    [relation] = [one for one in read(text, tmp_path) if isinstance(one, RelationSeen)]
    assert relation.evidence.basis is Basis.INFERRED
    assert related(read(text.replace("llama-2-13b", "model"), tmp_path)) == []
    assert related(read(text.replace("/your/path/to", "./output"), tmp_path)) == []


def test_names_of_files_that_say_nothing(tmp_path: Path) -> None:
    text = "python train.py --model_name_or_path acme/m --data_path a/xxx.json,b/your_sft_data.jsonl,c/chats_v2.json --learning_rate 1\n"
    assert [upstream for kind, upstream in uses(text, tmp_path) if kind == "trained-on"] == ["dataset:chats-v2"]


def test_an_image_whose_name_is_cut_is_none(tmp_path: Path) -> None:
    assert uses("docker run .../chat:1\n", tmp_path) == []


def test_data_by_the_short_name_that_the_script_gives_it(tmp_path: Path) -> None:
    code = 'if name == "talks":\n    return load_dataset("lab/talks-v2")\nSETS = {"chats": "lab/chats"}\n'
    (tmp_path / "train.py").write_text(code, encoding="utf-8")
    text = "python train.py --model_name_or_path acme/m --dataset talks,chats,other --learning_rate 1\n"
    found = [one for one in read(text, tmp_path, "scripts/run.sh") if isinstance(one, RelationSeen) and one.upstream != "model:acme/m"]
    assert [(one.type.value, one.upstream, one.evidence.basis) for one in found] == [
        ("trained-on", "dataset:lab/talks-v2", Basis.INFERRED),
        ("trained-on", "dataset:lab/chats", Basis.INFERRED),
    ]
    assert found[0].evidence.source == "train.py loads it by this name in line 2"


def test_what_is_handed_on_to_run_elsewhere(tmp_path: Path) -> None:
    text = (
        "uv run python submit.py --gpus 8 --image acme/img -- source env.sh \\&\\& uv run train.py \\\n"
        " --model_name_or_path acme/m --learning_rate 1\n"
        "torchrun --nproc 2 -- train.py --model_name_or_path acme/n --learning_rate 1\nnpm run x -- --model a/b\n"
    )
    assert related(read(text, tmp_path)) == [
        (2, "training", "model:made:run.sh", "finetuned-from", "model:acme/m"),
        (3, "training", "model:made:run.sh", "finetuned-from", "model:acme/n"),
    ]
