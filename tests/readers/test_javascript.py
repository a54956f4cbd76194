"""JavaScript and TypeScript as people write it: each library's call, and every way to a name."""

import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lien.errors import InputError, LeftOutError
from lien.graph.fragments import PRODUCT, Fragment, RelationSeen, Role, UnresolvedReference
from lien.pipeline.scope import folder_scope
from lien.readers.interface import Reader
from lien.readers.javascript import JavaScriptReader
from lien.sources.source import Source
from lien.sources.tree import Tree
from lien.vocabulary.kinds import Scope

READER: Reader = JavaScriptReader()


def write(root: Path, files: dict[str, str]) -> Tree:
    for name, text in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return Tree(root)


def read(root: Path, text: str, path: str = "app.ts", **beside: str) -> list[Fragment]:
    tree = write(root, {path: text, **{name.replace("__", "/").replace("_", "."): content for name, content in beside.items()}})
    return list(READER.read(tree.read(path)))


def named(fragments: list[Fragment]) -> list[tuple[str, str, int | None]]:
    """How the product uses what, with the line where the name is written."""
    return [
        (one.type.value, one.upstream, one.evidence.line)
        for one in fragments
        if isinstance(one, RelationSeen) and one.downstream == PRODUCT
    ]


def used(fragments: list[Fragment]) -> set[str]:
    return {one.upstream for one in fragments if isinstance(one, RelationSeen) and one.downstream == PRODUCT}


def unresolved(fragments: list[Fragment]) -> list[tuple[str, str, int | None]]:
    return [(one.what, one.reason, one.evidence.line) for one in fragments if isinstance(one, UnresolvedReference)]


OPENAI = 'import OpenAI from "openai";\nconst client = new OpenAI();\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('import {pipeline} from "@xenova/transformers";\npipeline("x", "Xenova/clip");', {"model:xenova/clip"}),
        ('import {pipeline} from "@huggingface/transformers";\npipeline("x", "onnx-community/a");', {"model:onnx-community/a"}),
        ('const {pipeline} = await import("@xenova/transformers");\npipeline("x", "Xenova/clip");', {"model:xenova/clip"}),
        ('import * as t from "@xenova/transformers";\nt.AutoModel.from_pretrained("Xenova/a");', {"model:xenova/a"}),
        (
            'import {pipeline} from "https://cdn.jsdelivr.net/npm/@xenova/transformers@2.17.2";\npipeline("x", "Xenova/clip");',
            {"package:npm/@xenova/transformers@2.17.2", "model:xenova/clip"},
        ),
        (OPENAI + 'client.chat.completions.create({model: "gpt-4o"});', {"service:openai", "service:openai/gpt-4o"}),
        (OPENAI + 'client.beta.chat.completions.parse({model: "gpt-4o"});', {"service:openai", "service:openai/gpt-4o"}),
        ('const {OpenAI} = require("openai");\nnew OpenAI().embeddings.create({model: "text-embedding-3-small"});',
         {"service:openai", "service:openai/text-embedding-3-small"}),
        ('import Anthropic from "@anthropic-ai/sdk";\nnew Anthropic().messages.create({model: "claude-3-opus-20240229"});',
         {"service:anthropic", "service:anthropic/claude-3-opus-20240229"}),
        ('import {GoogleGenerativeAI as G} from "@google/generative-ai";\nnew G("k").getGenerativeModel({model: "gemini-1.5-pro"});',
         {"service:google-gemini", "service:google-gemini/gemini-1.5-pro"}),
        ('import {GoogleGenAI} from "@google/genai";\nconst ai = new GoogleGenAI({});\nai.models.generateContent({model: "gemini-2.0-flash"});',
         {"service:google-gemini", "service:google-gemini/gemini-2.0-flash"}),
        ('import {CohereClient} from "cohere-ai";\nconst c = new CohereClient({});\nc.rerank({model: "rerank-v3.5"});',
         {"service:cohere", "service:cohere/rerank-v3.5"}),
        ('import {Mistral} from "@mistralai/mistralai";\nconst c = new Mistral({});\nc.chat.complete({model: "mistral-small-latest"});',
         {"service:mistral", "service:mistral/mistral-small-latest"}),
        ('import Groq from "groq-sdk";\nnew Groq().chat.completions.create({model: "llama-3.3-70b-versatile"});',
         {"service:groq", "service:groq/llama-3.3-70b-versatile"}),
        ('import Replicate from "replicate";\nconst r = new Replicate();\nr.run("meta/llama-2-70b-chat:02e509", {});',
         {"service:replicate", "service:replicate/meta/llama-2-70b-chat"}),
        ('import { Agent } from "@openai/agents";\nnew Agent({name: "x", model: "gpt-4.1-mini"});', {"service:openai/gpt-4.1-mini"}),
        ('import { googleAI } from "@genkit-ai/googleai";\ngoogleAI.model("gemini-2.5-flash");', {"service:google-gemini/gemini-2.5-flash"}),
        ('import { genkit } from "genkit";\ngenkit({model: "googleai/gemini-2.0-flash"});', {"service:google-gemini/gemini-2.0-flash"}),
        ('import { snapshotDownload } from "@huggingface/hub";\nawait snapshotDownload({repo: "Acme/Model-1"});', {"model:acme/model-1"}),
        ('import * as tf from "@tensorflow/tfjs";\nawait tf.loadGraphModel("https://tfhub.dev/google/movenet/lightning/4", {});',
         {"model:tfhub:google/movenet/lightning"}),
        ('import ollama from "ollama";\nollama.chat({model: "llama3:latest"});', {"model:ollama:llama3"}),
        ('import {Ollama} from "ollama";\nconst o = new Ollama({host: "http://x:11434"});\no.generate({model: "phi3"});', {"model:ollama:phi3"}),
        ('import {ChatOpenAI} from "@langchain/openai";\nnew ChatOpenAI({modelName: "gpt-4o"});', {"service:openai/gpt-4o"}),
        ('import {ChatOpenAI} from "langchain/chat_models/openai";\nnew ChatOpenAI({temperature: 0});', {"service:openai"}),
        ('import {CloudflareWorkersAI as W} from "@langchain/cloudflare";\nnew W({model: "@cf/meta/llama-2-7b-chat-int8"});',
         {"service:cloudflare-workers-ai/@cf/meta/llama-2-7b-chat-int8"}),
        ('import {generateSpeech} from "ai";\ngenerateSpeech({model: "openai/tts-1"});', {"service:openai/tts-1"}),
        ('import {ChatOllama} from "@langchain/ollama";\nnew ChatOllama({model: "mistral"});', {"model:ollama:mistral"}),
        ('import {initChatModel} from "langchain";\ninitChatModel("llama-3.1-8b-instant", {modelProvider: "groq"});',
         {"service:groq/llama-3.1-8b-instant"}),
        (
            'import {HuggingFaceTransformersEmbeddings as E} from "@langchain/community/embeddings/hf_transformers";new E({model: "Xenova/bge-small-en-v1.5"});',
            {"model:xenova/bge-small-en-v1.5"},
        ),
        ('import {HuggingFaceEmbedding} from "llamaindex";\nnew HuggingFaceEmbedding({modelType: "BAAI/bge-small-en-v1.5"});',
         {"model:baai/bge-small-en-v1.5"}),
        ('import {openai} from "@llamaindex/openai";\nopenai({model: "gpt-4o"});', {"service:openai/gpt-4o"}),
        ('import {openai} from "@ai-sdk/openai";\nimport {generateText} from "ai";\ngenerateText({model: openai("gpt-4o")});',
         {"service:openai/gpt-4o"}),
        ('import {openai} from "@ai-sdk/openai";\nopenai.embedding("text-embedding-3-large");', {"service:openai/text-embedding-3-large"}),
        ('import {anthropic as a} from "@ai-sdk/anthropic";\na("claude-3-5-sonnet-latest");', {"service:anthropic/claude-3-5-sonnet-latest"}),
        ('import {streamText} from "ai";\nstreamText({model: "anthropic/claude-sonnet-4"});', {"service:anthropic/claude-sonnet-4"}),
        ('import {createOpenAI} from "@ai-sdk/openai";\nconst x = createOpenAI({baseURL: "https://api.x.ai/v1"});\nx("grok-2");',
         {"service:xai/grok-2"}),
        ('import {createOllama} from "ollama-ai-provider";\ncreateOllama()("llama3.2");', {"model:ollama:llama3.2"}),
        ('import {HfInference} from "@huggingface/inference";\nconst hf = new HfInference();\nhf.textGeneration({model: "a/b"});',
         {"service:huggingface", "service:huggingface/a/b"}),
        ('import {CreateMLCEngine} from "@mlc-ai/web-llm";\nCreateMLCEngine("Phi-3-mini-4k-instruct-q4f16_1-MLC");',
         {"model:mlc-ai/phi-3-mini-4k-instruct-q4f16_1-mlc"}),
        ('import * as ort from "onnxruntime-web";\nort.InferenceSession.create("./vad.onnx");', {"model:file:vad.onnx"}),
        ('import * as tf from "@tensorflow/tfjs";\ntf.loadGraphModel("https://huggingface.co/a/b/resolve/main/model.json");', {"model:a/b"}),
        ('import * as coco from "@tensorflow-models/coco-ssd";\ncoco.load();', {"model:tfjs:coco-ssd"}),
        ('import {InvokeModelCommand} from "@aws-sdk/client-bedrock-runtime";\nnew InvokeModelCommand({modelId: "anthropic.claude-v2"});',
         {"service:aws-bedrock/anthropic.claude-v2"}),
        ('fetch("https://api.deepseek.com/v1/chat", {body: JSON.stringify({model: "deepseek-chat"})});', {"service:deepseek/deepseek-chat"}),
        ('axios.post("https://api.openai.com/v1/chat/completions", {model: "gpt-4o"});', {"service:openai/gpt-4o"}),
        ("fetch(`https://api.anthropic.com/v1/${path}`);", {"service:anthropic"}),
        ('fetch("https://generativelanguage.googleapis.com/v1/models/gemini-pro:generateContent?key=abc");',
         {"service:google-gemini/gemini-pro"}),
        ('fetch("https://api-inference.huggingface.co/models/acme/chat", {method: "POST"});', {"service:huggingface/acme/chat"}),
        ('fetch("http://localhost:11434/api/chat", {body: JSON.stringify({model: "llama3"})});', {"model:ollama:llama3"}),
    ],
)  # fmt: skip
def test_libraries(tmp_path: Path, text: str, expected: set[str]) -> None:
    fragments = read(tmp_path, text)
    assert (used(fragments), unresolved(fragments)) == (expected, [])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('const M = "gpt-4o";\nclient.chat.completions.create({model: M});', 3),
        ('const M = process.env.MODEL ?? "gpt-4o";\nclient.chat.completions.create({model: M});', 3),
        ('client.chat.completions.create({model: process.env.MODEL || "gpt-4o"});', 3),
        ('client.chat.completions.create({model: import.meta.env.VITE_MODEL || "gpt-4o"});', 3),
        ('async function f(model = "gpt-4o") {\n  await client.chat.completions.create({model});\n}', 3),
        ('const f = ({model = "gpt-4o"}) => client.chat.completions.create({model});', 3),
        ('function f(o) {\n const {model = "gpt-4o"} = o;\n client.chat.completions.create({model});\n}', 4),
        ('function f(o) {\n client.chat.completions.create({model: o.model ?? "gpt-4o"});\n}', 4),
        ('const MODELS = {chat: "gpt-4o"} as const;\nclient.chat.completions.create({model: MODELS.chat});', 3),
        ('const MODELS = {chat: "gpt-4o"};\nclient.chat.completions.create({model: MODELS["chat"]});', 3),
        ('const {chat} = {chat: "gpt-4o"};\nclient.chat.completions.create({model: chat});', 3),
        ('enum Model {\n  Chat = "gpt-4o",\n}\nclient.chat.completions.create({model: Model.Chat});', 4),
        ('const S = "4o";\nclient.chat.completions.create({model: `gpt-${S}`});', 4),
        ('const S = "4o";\nclient.chat.completions.create({model: "gpt-" + S});', 4),
        ('const defaults = {\n  model: "gpt-4o" };\nclient.chat.completions.create({...defaults, stream: true});', 4),
        ('const params = {\n  model: "gpt-4o" };\nclient.chat.completions.create(params);', 4),
        ('const M = "x";\nfunction f() {\n  const M = "gpt-4o";\n  client.chat.completions.create({model: M});\n}', 5),
        ('class A {\n  model = "gpt-4o";\n  run() { return client.chat.completions.create({model: this.model}); }\n}', 4),
        ('class A {\n  constructor(o) { this.m = o.m ?? "gpt-4o"; }\n  run() { client.chat.completions.create({model: this.m}); }\n}', 4),
        ('class A {\n  constructor(private m = "gpt-4o") {}\n  run() { client.chat.completions.create({model: this.m}); }\n}', 4),
        ('class A {\n  c: OpenAI;\n  run() { this.c.chat.completions.create({model: "gpt-4o"}); }\n}', 5),
        ('const f = (c: OpenAI) =>\n  c.chat.completions.create({model: "gpt-4o"});', 4),
        ('class A {\n  static model = "gpt-4o";\n}\nclient.chat.completions.create({model: A.model});', 4),
        ('function f(m) { client.chat.completions.create({model: m}); }\nf("gpt-4o");', 4),
        ('const f = ({model}) => client.chat.completions.create({model});\nf({model: "gpt-4o"});', 4),
        ('class A {\n constructor(m) { this.m = m; }\n run() { client.chat.completions.create({model: this.m}); }\n}\nnew A("gpt-4o");', 7),
        ('make().chat.completions.create({model: "gpt-4o"});', 3),
    ],
)
def test_ways_to_a_name(tmp_path: Path, text: str, line: int) -> None:
    fragments = read(tmp_path, OPENAI + text)
    assert ("calls", "service:openai/gpt-4o", line) in named(fragments)
    assert (used(fragments), unresolved(fragments)) == ({"service:openai", "service:openai/gpt-4o"}, [])


@pytest.mark.parametrize(
    ("text", "what", "reason"),
    [
        ("client.chat.completions.create({model: process.env.M});", "process.env.M", "comes from the environment variable M, which has no default"),
        ("const f = (m) => client.chat.completions.create({model: m});", "m", "is a parameter that callers give"),
        ("function f(m) { client.chat.completions.create({model: m}); f(m); }", "m", "is a parameter that callers give"),
        ("client.chat.completions.create({model: pick(1)});", "pick(…)", "is computed when the program runs"),
        ('import {m} from "./gone";\nclient.chat.completions.create({model: m});', "m", "comes from a file or package that lien does not read"),
        ('other.chat.completions.create({model: "acme-tune"});', "acme-tune", "is a model of a client that cannot be followed"),
        ("const a = b, b = a;\nclient.chat.completions.create({model: a});", "a", "is computed when the program runs"),
    ],
)  # fmt: skip
def test_what_cannot_be_followed_is_told(tmp_path: Path, text: str, what: str, reason: str) -> None:
    found = unresolved(read(tmp_path, OPENAI + text))
    assert [(name, why) for name, why, _ in found] in ([(what, reason)], [("b", reason)])


def test_a_pipeline_without_a_model(tmp_path: Path) -> None:
    text = 'import {pipeline} from "@xenova/transformers";\nawait pipeline("summarization");'
    reason = "takes its library's default model for the task; name a model"
    assert unresolved(read(tmp_path, text)) == [("pipeline(…)", reason, 2)]


def test_a_table_of_models_is_a_choice(tmp_path: Path) -> None:
    text = (
        OPENAI
        + 'const MODELS = {a: "gpt-4o", b: "gpt-4o-mini"};\nexport const f = (k) => client.chat.completions.create({model: MODELS[k]});'
    )
    roles = {one.upstream: one.role for one in read(tmp_path, text) if isinstance(one, RelationSeen)}
    assert roles == {"service:openai": Role.DEFAULT, "service:openai/gpt-4o": Role.OPTION, "service:openai/gpt-4o-mini": Role.OPTION}


@pytest.mark.parametrize(
    ("specifier", "path", "text"),
    [
        ("./config", "src/config.ts", 'export const M = "gpt-4o";'),
        ("./config.js", "src/config.ts", 'export const M = "gpt-4o";'),
        ("@/config", "src/config.ts", 'export const M = "gpt-4o";'),
        ("../lib", "lib/index.js", 'const M = "gpt-4o";\nexport { M };'),
        ("../lib/c", "lib/c.cjs", 'module.exports = { M: "gpt-4o" };'),
        ("../lib/c", "lib/c.js", 'exports.M = "gpt-4o";'),
    ],
)
def test_constants_of_sibling_files(tmp_path: Path, specifier: str, path: str, text: str) -> None:
    app = f'import {{ M }} from "{specifier}";\nimport OpenAI from "openai";\nnew OpenAI().chat.completions.create({{ model: M }});\n'
    tree = write(tmp_path, {"src/app.ts": app, path: text})
    fragments = list(READER.read(tree.read("src/app.ts")))
    places = [
        (one.evidence.path, one.evidence.line) for one in fragments if isinstance(one, RelationSeen) and one.upstream.endswith("gpt-4o")
    ]
    assert places == [(path, 1), ("src/app.ts", 3)]


def test_what_other_files_pass_on(tmp_path: Path) -> None:
    tree = write(
        tmp_path,
        {
            "app.js": 'import { client } from "./lib";\nimport models from "./models.json";\n'
            "client.chat.completions.create({ model: models.chat });\n",
            "lib/index.js": 'export * from "./client";\n',
            "lib/client.js": 'import OpenAI from "openai";\nexport const client = new OpenAI({ baseURL: "https://api.groq.com/openai/v1" });\n',
            "models.json": '{\n "chat": "llama3-70b-8192"\n}',
            "loop.js": 'import { a } from "./loop";\nexport { a } from "./loop";\nimport OpenAI from "openai";\n'
            "new OpenAI().chat.completions.create({ model: a });\n",
        },
    )
    fragments = list(READER.read(tree.read("app.js")))
    assert named(fragments) == [("calls", "service:groq/llama3-70b-8192", 2), ("calls", "service:groq/llama3-70b-8192", 3)]
    assert unresolved(list(READER.read(tree.read("loop.js")))) == [("a", "comes from a file or package that lien does not read", 4)]


@pytest.mark.parametrize(
    ("address", "model", "expected"),
    [
        ('"https://api.groq.com/openai/v1"', "llama3-70b-8192", {"service:groq", "service:groq/llama3-70b-8192"}),
        ("`https://${process.env.R}.openai.azure.com/`", "chat", {"service:azure-openai", "service:azure-openai/chat"}),
        ('"http://localhost:11434/v1"', "llama3", {"model:ollama:llama3"}),
        ('"http://localhost:8000/v1"', "Qwen/Qwen2.5-7B-Instruct", {"model:qwen/qwen2.5-7b-instruct"}),
        ('"http://localhost:8000/v1"', "gpt-3.5-turbo", set()),
        ("`${address}/v1`", "chat", set()),
        ('"https://llm.example.com/v1"', "gpt-4o", {"service:openai/gpt-4o"}),
        ("process.env.OPENAI_BASE_URL", "gpt-4o", {"service:openai", "service:openai/gpt-4o"}),
    ],
)
def test_an_address_tells_whose_model_it_is(tmp_path: Path, address: str, model: str, expected: set[str]) -> None:
    text = f'import OpenAI from "openai";\nconst c = new OpenAI({{baseURL: {address}}});\nc.chat.completions.create({{model: "{model}"}});'
    if "openai.azure" in address:
        text = text.replace("${process.env.R}", "acme")
    assert used(read(tmp_path, text)) == expected


def test_keys_are_not_shown(tmp_path: Path) -> None:
    text = (
        OPENAI + 'const c = new OpenAI({apiKey: "sk-secret", baseURL: find()});\nc.chat.completions.create({model: pick("sk-secret")});\n'
    )
    text += (
        'fetch("https://api.deepseek.com/v1/chat?key=sk-secret");\nimport {pipeline} from "@xenova/transformers";\npipeline("sk-secret");'
    )
    assert "sk-secret" not in repr(read(tmp_path, text))


def test_an_unknown_address_is_told(tmp_path: Path) -> None:
    text = 'import OpenAI from "openai";\nconst make = (url) => new OpenAI({baseURL: url});'
    assert unresolved(read(tmp_path, text)) == [("new OpenAI(…)", "goes to an address of no service that lien knows", 2)]


def test_components(tmp_path: Path) -> None:
    vue = '<template>\n  <p>openai</p>\n</template>\n<script setup lang="ts">\nimport OpenAI from "openai";\nconst c = new OpenAI();\n'
    vue += 'c.chat.completions.create({ model: "gpt-4o" });\n</script>\n<style>\n.a { b: c }\n</style>\n'
    assert ("calls", "service:openai/gpt-4o", 7) in named(read(tmp_path, vue, "App.vue"))
    assert ("calls", "service:openai/gpt-4o", 7) in named(read(tmp_path, vue, "App.svelte"))
    jsx = OPENAI + 'export const A = () => <b onClick={() => client.chat.completions.create({model: "gpt-4o"})}>x</b>;'
    assert ("calls", "service:openai/gpt-4o", 3) in named(read(tmp_path, jsx, "A.jsx"))


def packages(fragments: list[Fragment]) -> list[tuple[str, int | None]]:
    return [(one.upstream, one.evidence.line) for one in fragments if isinstance(one, RelationSeen) and one.type.value == "depends-on"]


def test_pages(tmp_path: Path) -> None:
    page = """<!doctype html>
<p>openai "https://unpkg.com/not-loaded</p>
<script src="https://d3js.org/d3.v7.min.js"></script>
<script src="https://cdn.jsdelivr.net/npm/chart.js@4.4.1/dist/chart.umd.js"></script>
<script type="module">
import { pipeline } from 'https://cdn.jsdelivr.net/npm/@xenova/transformers@2';
const p = await pipeline('summarization', 'Xenova/distilbart-cnn-6-6');
</script>
"""
    fragments = read(tmp_path, page, "public/index.html")
    assert packages(fragments) == [("package:npm/d3", 3), ("package:npm/chart.js@4.4.1", 4), ("package:npm/@xenova/transformers", 6)]
    assert ("loads", "model:xenova/distilbart-cnn-6-6", 7) in named(fragments)
    assert read(tmp_path, "<p>openai</p>" * 2000, "docs/index.html") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('import d3 from "https://esm.sh/d3@7.9.0?bundle";', ["package:npm/d3@7.9.0"]),
        ('import r from "https://esm.sh/v135/react@18/es2022/react.mjs";', ["package:npm/react"]),
        ('importScripts("//unpkg.com/@mlc-ai/web-llm@0.2.46/lib/index.js");', ["package:npm/@mlc-ai/web-llm@0.2.46"]),
        ('import x from "https://esm.sh/gh/owner/repo";', []),
        ("// https://unpkg.com/d3", []),
        ('const url = "https://example.com/unpkg.com/d3";', []),
    ],
)
def test_packages_at_addresses(tmp_path: Path, text: str, found: list[str]) -> None:
    assert [name for name, _ in packages(read(tmp_path, text))] == found


@pytest.mark.parametrize(
    "text",
    [
        'import {chat} from "./chat";\nchat({model: "gpt-4o"});  // openai',
        'twilio.messages.create({body: "openai"});',
        '// import OpenAI from "openai"; new OpenAI()',
        'const openai = "a word";\nopenai.length;',
        'import {OpenAI} from "./my-openai";\nnew OpenAI();',
        'import OpenAI from "openai";\nconst models = ["gpt-4o"];',
        'import type OpenAI from "openai";',
        'import {tool} from "@langchain/core/tools";\ntool(() => 1, {});',
    ],
)
def test_what_says_nothing(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == []


def test_which_files() -> None:
    claimed = {path for path in ("a.js", "a.MJS", "a.tsx", "a.vue", "a.d.ts", "a.json", "a.py", "a.html") if READER.claims(path)}
    assert claimed == {"a.js", "a.MJS", "a.tsx", "a.vue", "a.html"}
    assert not READER.accepts(b"\x47\x40\x00")  # a video
    assert {folder_scope(path) for path in ("src/a.test.ts", "src/__tests__/a.js", "a.spec.jsx", "a.stories.tsx")} == {Scope.TEST}
    assert folder_scope("src/latest.ts") is Scope.USED


@pytest.mark.parametrize(("path", "text"), [("app.min.js", "openai"), ("dist/index.js", "var a=openai;" * 2000)])
def test_bundles_are_left_out_with_a_reason(tmp_path: Path, path: str, text: str) -> None:
    with pytest.raises(LeftOutError) as raised:
        read(tmp_path, text, path)
    assert str(raised.value) == f"{path}: is minified or bundled code, which lien does not read; audit what it is built from"


def test_what_is_no_script(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        read(tmp_path, "const a = 1;\n{% openai %} {{ <<< ??? ((( @@@ %%% &&& }}\n" * 3)
    assert str(raised.value) == "app.ts:2: is not JavaScript or TypeScript; mend the file or leave it out"


def test_a_small_mistake_costs_only_its_place(tmp_path: Path) -> None:
    text = OPENAI + 'client.chat.completions.create({model: "gpt-4o"});\nconst = 5;\n' + "const b = 1;\n" * 20
    assert "service:openai/gpt-4o" in used(read(tmp_path, text))


HOSTILE = {
    "deep": 'const a = "openai" + ' + "(" * 20_000 + "1" + ")" * 20_000 + ";",
    "calls": 'import OpenAI from "openai";\n' + "f(" * 20_000 + ")" * 20_000,
    "chain": 'import OpenAI from "openai";\nnew OpenAI()' + ".a" * 20_000 + "();",
    "spread": OPENAI + "const a = {" + "...a," * 3000 + "};\nclient.chat.completions.create({model: a.m});",
    "sum": OPENAI + "client.chat.completions.create({model: " + "x + " * 20_000 + "y});",
    "names": OPENAI + "".join(f"const a{n} = a{n + 1};\n" for n in range(5000)) + "client.chat.completions.create({model: a0});",
    "wide": OPENAI + "const t = {" + "".join(f"k{n}: t2[k]," for n in range(300)) + "}, t2 = {" + "".join("q: t[k]," for _ in range(300)) + "};\n"
    + "client.chat.completions.create({model: t[k]});" * 20,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_code_ends(tmp_path: Path, name: str) -> None:
    text = HOSTILE[name]
    text += "\n" * (len(text) // 100)  # or it looks like a bundle
    start = time.process_time()
    with suppress(InputError):
        read(tmp_path, text, "app.js")
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    "text", ["<script" * 200_000, "<script>" * 200_000, "<script>openai" + "</script" * 100_000, '"//unpkg.com/' * 100_000]
)
def test_hostile_pages_end(tmp_path: Path, text: str) -> None:
    start = time.process_time()
    with suppress(InputError):
        read(tmp_path, text, "index.html")
    assert time.process_time() - start < 10


@given(st.text(alphabet="openai(){}[]`$'\"\\/<>=;,.:?new imort\n ", max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    source = Source(path="a.ts", data=f'import OpenAI from "openai";{text}'.encode(), tree=Tree(Path(__file__).parent))
    try:
        list(READER.read(source))
    except InputError as error:
        assert error.path == "a.ts"  # noqa: PT017  # most texts raise, some do not


def test_an_audit_tells_what_it_left_out(tmp_path: Path) -> None:
    write(tmp_path, {"app.ts": OPENAI, "vendor.min.js": "openai", "other.js": "var a = 1;"})
    done = subprocess.run(
        [sys.executable, "-m", "lien", "audit", "--format", "json"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert '"is minified or bundled code, which lien does not read; audit what it is built from"' in done.stdout


def test_without_tree_sitter_scripts_are_unread(tmp_path: Path) -> None:
    write(tmp_path, {"app.ts": OPENAI})
    code = "import sys; sys.modules['tree_sitter'] = None; sys.argv = ['lien', 'audit']; from lien.__main__ import main; main()"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    said = " ".join(done.stdout.split())
    assert (
        "app.ts: needs tree-sitter, which is not installed here; pip install tree-sitter tree-sitter-typescript, or leave the file out"
        in said
    )


@pytest.mark.parametrize(("text", "loaded"), [("var a = 1;", set()), (OPENAI, {"tree_sitter", "tree_sitter_typescript"})])
def test_the_parser_is_loaded_where_it_is_needed(tmp_path: Path, text: str, loaded: set[str]) -> None:
    write(tmp_path, {"app.ts": text, "requirements.txt": ""})
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "lien", "audit"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    modules = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert {one for one in modules if one.startswith("tree_sitter")} == loaded


def test_a_model_kept_in_a_field_and_loaded_by_what_was_brought_in_late(tmp_path: Path) -> None:
    text = """class Reranker {
  static #lib = null;
  static defaultModel = "acme/embed-small";
  constructor() { this.model = "acme/rerank-small"; this.other = this.choose(); }
  choose() {
    if (process.env.X) return "acme/embed-large";
    return process.env.Y ?? Reranker.defaultModel;
  }
  async load() {
    const { AutoModel } = await import("@xenova/transformers");
    Reranker.#lib = { AutoModel };
    await Reranker.#lib.AutoModel.from_pretrained(this.model);
    const pipeline = (...args) => import("@xenova/transformers").then(({ pipeline }) => pipeline(...args));
    return pipeline("feature-extraction", this.other);
  }
}
"""
    found = [(one.upstream, one.role) for one in read(tmp_path, text, "rank.js") if isinstance(one, RelationSeen)]
    assert sorted(set(found)) == [
        ("model:acme/embed-large", Role.OPTION),
        ("model:acme/embed-small", Role.DEFAULT),
        ("model:acme/rerank-small", Role.DEFAULT),
    ]


def test_a_field_of_any_entry_of_a_table(tmp_path: Path) -> None:
    text = """import { pipeline } from "chat-transformers";
const TASKS = { caption: { model: "acme/caption" }, speech: { model: "acme/speech" } };
function modelFor(task) { const found = TASKS[task].model; try { return config(task) || found; } catch (e) { return found; } }
export const load = (task) => pipeline(task, modelFor(task));
"""
    found = {(one.upstream, one.role) for one in read(tmp_path, text, "tasks.mjs") if isinstance(one, RelationSeen)}
    assert found == {("model:acme/caption", Role.OPTION), ("model:acme/speech", Role.OPTION)}


def test_a_model_at_an_api_that_nobody_knows_is_none_of_the_hub(tmp_path: Path) -> None:
    text = """import OpenAI from "openai";
const client = new OpenAI({ baseURL: "https://api.example.ai/v1" });
client.chat.completions.create({ model: "deepseek/deepseek-r1" });
"""
    assert not used(read(tmp_path, text))
    assert used(read(tmp_path, text.replace("api.example.ai", "api.novita.ai"))) == {
        "service:novita-ai",
        "service:novita-ai/deepseek/deepseek-r1",
    }
