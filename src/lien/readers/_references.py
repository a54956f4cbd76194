"""Names of models, datasets and services as code and configuration write them, to ids; what is no name stays none.

Readers of source, configuration and commands share this page. A name that is a local path, a placeholder
or anything else that cannot be followed gives no id: an invented one would be worse than none.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from lien.graph.fragments import ArtifactSeen, Evidence, Fragment, RelationSeen, Role, UnresolvedReference
from lien.sources.tree import Tree
from lien.vocabulary.ids import dataset_id, hub_id, kind_of, model_id, service_id
from lien.vocabulary.kinds import Kind
from lien.vocabulary.relations import Relation

__all__ = [
    "DATA_FORMATS",
    "SERVICE_HOSTS",
    "WEIGHT_ENDINGS",
    "Reference",
    "WeightFile",
    "data_file",
    "dataset_reference",
    "has_no_owner",
    "hosted_model",
    "is_placeholder",
    "model_reference",
    "modelscope_reference",
    "ollama_reference",
    "routed_model",
    "seen",
    "service_of_address",
    "used",
    "weight_file",
]

WEIGHT_ENDINGS = (
    ".gguf",
    ".ggml",
    ".safetensors",
    ".onnx",
    ".pt",
    ".pth",
    ".ckpt",
    ".h5",
    ".tflite",
    ".pb",
    ".mlmodel",
    ".bin",
    ".pkl",
    ".joblib",
)
"""Endings of files that hold weights."""

SERVICE_HOSTS: Mapping[str, str] = {
    "api.openai.com": "openai",
    "api.anthropic.com": "anthropic",
    "generativelanguage.googleapis.com": "google-gemini",
    "aiplatform.googleapis.com": "google-vertex",
    "api.deepseek.com": "deepseek",
    "api.mistral.ai": "mistral",
    "codestral.mistral.ai": "mistral",
    "api.cohere.ai": "cohere",
    "api.cohere.com": "cohere",
    "api.x.ai": "xai",
    "api.groq.com": "groq",
    "api.together.xyz": "together",
    "api.together.ai": "together",
    "api.fireworks.ai": "fireworks",
    "api.perplexity.ai": "perplexity",
    "api.replicate.com": "replicate",
    "api.deepinfra.com": "deepinfra",
    "openrouter.ai": "openrouter",
    "api.ai21.com": "ai21",
    "api.moonshot.ai": "moonshotai",
    "api.moonshot.cn": "moonshotai",
    "api.minimax.chat": "minimax",
    "open.bigmodel.cn": "zhipuai",
    "api.z.ai": "zhipuai",
    "dashscope.aliyuncs.com": "alibaba-cloud",
    "dashscope-intl.aliyuncs.com": "alibaba-cloud",
    "integrate.api.nvidia.com": "nvidia-nim",
    "api.cerebras.ai": "cerebras",
    "api.sambanova.ai": "sambanova",
    "api.upstage.ai": "upstage",
    "api.reka.ai": "reka",
    "api.stability.ai": "stability-ai",
    "api.elevenlabs.io": "elevenlabs",
    "api.deepgram.com": "deepgram",
    "api.assemblyai.com": "assemblyai",
    "api-inference.huggingface.co": "huggingface",
    "router.huggingface.co": "huggingface",
    "models.inference.ai.azure.com": "github",
    "models.github.ai": "github",
    "api.novita.ai": "novita-ai",
    "api.ppinfra.com": "ppio",
    "api.siliconflow.com": "siliconflow",
    "api.siliconflow.cn": "siliconflow",
    "api.tokenfactory.nebius.com": "nebius",
    "llm.chutes.ai": "chutes",
    "inference.baseten.co": "baseten",
    "api.friendli.ai": "friendli",
    "api.intelligence.io.solutions": "io-net",
    "api-inference.modelscope.cn": "modelscope",
    "nano-gpt.com": "nano-gpt",
    "api.poe.com": "poe",
    "router.requesty.ai": "requesty",
    "api.scaleway.ai": "scaleway",
    "api.stepfun.com": "stepfun",
    "api.minimax.io": "minimax",
    "api.minimaxi.com": "minimax",
    "api.cometapi.com": "cometapi",
    "apipie.ai": "apipie",
    "api.hyperbolic.xyz": "hyperbolic",
    "ark.cn-beijing.volces.com": "volcengine-ark",
    "api.voyageai.com": "voyage",
    "api.jina.ai": "jina-ai",
}
"""Hosts of model APIs, by the address that their documentation gives, to the provider's id."""

_HOST_ENDINGS = {
    ".openai.azure.com": "azure-openai",
    ".cognitiveservices.azure.com": "azure-openai",
    "-aiplatform.googleapis.com": "google-vertex",
    ".ml.cloud.ibm.com": "ibm-watsonx",
    ".endpoints.huggingface.cloud": "huggingface",
    ".cloud.databricks.com": "databricks",
}

_ROUTES: Mapping[str, str] = {
    "openai": "openai",
    "text-completion-openai": "openai",
    "azure": "azure-openai",
    "azure_openai": "azure-openai",
    "azure_ai": "azure-openai",
    "anthropic": "anthropic",
    "bedrock": "aws-bedrock",
    "bedrock_converse": "aws-bedrock",
    "sagemaker": "aws-sagemaker",
    "vertex_ai": "google-vertex",
    "google_vertexai": "google-vertex",
    "vertex_ai_beta": "google-vertex",
    "gemini": "google-gemini",
    "google": "google-gemini",
    "google_genai": "google-gemini",
    "google-gla": "google-gemini",
    "googleai": "google-gemini",
    "vertexai": "google-vertex",
    "generative-ai": "google-gemini",
    "google-vertex": "google-vertex",
    "palm": "google-gemini",
    "mistral": "mistral",
    "mistralai": "mistral",
    "codestral": "mistral",
    "cohere": "cohere",
    "cohere_chat": "cohere",
    "groq": "groq",
    "together": "together",
    "together_ai": "together",
    "deepseek": "deepseek",
    "xai": "xai",
    "grok": "xai",
    "openrouter": "openrouter",
    "replicate": "replicate",
    "perplexity": "perplexity",
    "fireworks": "fireworks",
    "fireworks_ai": "fireworks",
    "deepinfra": "deepinfra",
    "nvidia": "nvidia-nim",
    "nvidia_nim": "nvidia-nim",
    "ai21": "ai21",
    "watsonx": "ibm-watsonx",
    "ibm": "ibm-watsonx",
    "databricks": "databricks",
    "cerebras": "cerebras",
    "sambanova": "sambanova",
    "moonshot": "moonshotai",
    "dashscope": "alibaba-cloud",
    "zai": "zhipuai",
    "huggingface": "huggingface",
    "github": "github",
    "upstage": "upstage",
}
"""First parts of names such as `groq/llama3-70b-8192` or `bedrock:…`, as routers of model APIs write them, to providers."""

_HOSTED = (
    (re.compile(r"(?:ft:)?(?:gpt-[345]|chatgpt-|o[1345](?:-|$)|text-(?:embedding-(?:ada|3)|davinci|curie|babbage|ada)|davinci|curie\b|babbage|dall-e|gpt-image|gpt-4o|tts-1|whisper-1|omni-moderation|text-moderation|code-(?:davinci|cushman)|codex-|computer-use-preview|sora)"), "openai"),
    (re.compile(r"claude-(?:\d|instant|v\d|sonnet|opus|haiku|fable)"), "anthropic"),
    (re.compile(r"(?:models/)?(?:gemini-|text-bison|chat-bison|code-bison|textembedding-gecko|text-embedding-00[45]|embedding-001|imagen-|veo-)"), "google-gemini"),
    (re.compile(r"(?:mistral-(?:tiny|small|medium|large|embed|ocr|saba)|open-mi[sx]tral|ministral-\d+b-latest|codestral-(?:latest|\d{4}|embed)|pixtral-(?:large|12b-2409)|magistral-(?:small|medium)-|devstral-)"), "mistral"),
    (re.compile(r"(?:command(?:-r|-a|-light|-nightly)?(?:-|$)|embed-(?:english|multilingual|v\d)|rerank-(?:english|multilingual|v\d))"), "cohere"),
    (re.compile(r"deepseek-(?:chat|reasoner|coder)$"), "deepseek"),
    (re.compile(r"grok-(?:\d|beta|code|vision)"), "xai"),
    (re.compile(r"(?:qwen-(?:max|plus|turbo|long|vl-max|vl-plus)|text-embedding-v[1-4])"), "alibaba-cloud"),
    (re.compile(r"(?:glm-4(?:$|-plus|-air|-flash|-long))"), "zhipuai"),
    (re.compile(r"(?:moonshot-v1|kimi-latest)"), "moonshotai"),
    (re.compile(r"sonar(?:-|$)"), "perplexity"),
    (re.compile(r"jamba-(?:large|mini|instruct|1\.5)"), "ai21"),
    (re.compile(r"voyage-"), "voyage"),
)  # fmt: skip
"""Names that only one provider gives to its hosted models; tried in this order, on lower case, from the first letter."""

_MODELSCOPE = frozenset({"ai-modelscope", "llm-research", "swift", "modelscope", "iic", "damo", "zhipuai"})
"""Owners on ModelScope that are not the makers, or that the Hugging Face Hub does not have under this name."""

_HUB_HOSTS = frozenset({"huggingface.co", "www.huggingface.co", "hf.co", "hf-mirror.com"})
_HUB_PAGES = frozenset(
    {
        *("spaces", "docs", "blog", "papers", "collections", "organizations", "models", "tasks", "join", "login", "pricing", "settings"),
        *("api", "chat", "learn", "posts", "new", "enterprise", "support", "inference", "inference-endpoints", "welcome", "front"),
        *("course", "discussions", "kernels", "buckets", "storage", "assets", "terms-of-service", "privacy", "license", "brand", "about"),
    }
)
"""First parts of addresses on the Hub that are no owner of models."""

_HUB_VIEWS = frozenset({"resolve", "tree", "blob", "raw", "commit", "commits", "discussions", "edit", "viewer"})
_STORES = frozenset(
    {
        *("annotators", "archive", "assets", "backup", "backups", "checkpoint", "checkpoints", "ckpt", "ckpts", "collection", "dump"),
        *("extra", "fav", "favorites", "favourites", "files", "mirror", "mirrors", "misc", "model", "models", "my", "other", "others"),
        *("pretrained", "preprocessors", "release", "releases", "resources", "storage", "store", "stuff", "test", "upscalers", "weights"),
    }
)
"""Words of repositories that only keep what others made: `OWNER/fav_models`, `OWNER/misc`."""

_PLACEHOLDER = re.compile(
    r"[<>{}$*?|\"'`\s]"
    r"|^(?:your|my)(?:$|[-_/])"
    r"|^(?:xxx+|todo|none|null|auto|default|model|model_name|model_id|local)(?:$|/)"
    r"|(?:^|/)(?:your[-_/]|path[-_/]to(?:$|[-_/]))",
    re.IGNORECASE,
)
_BLANK_OWNER = re.compile(r"(?:user|username|user_name|hf_user|hf_username|org|org_name|organization|owner|namespace)/", re.IGNORECASE)
_LOCAL_FOLDERS = frozenset(
    {
        *("assets", "cache", "checkpoint", "checkpoints", "ckpt", "ckpts", "data", "dataset", "datasets", "exp", "experiments"),
        *("exps", "finetuned", "home", "log", "logs", "merged", "mnt", "model", "models", "out", "output", "outputs", "playground"),
        *("pretrained", "pretrained-models", "pretrained_models", "result", "results", "root", "run", "runs", "save", "saved"),
        *("saved_models", "saves", "scripts", "src", "tmp", "trained_models", "weights", "work_dirs", "workspace"),
    }
)
"""First parts of paths that programs write to: `outputs/zephyr` has the shape of a Hub id, and is a folder."""

_FIRST_MODELS = re.compile(
    r"(?:distil)?(?:bert|roberta|gpt2)(?:-|$)|xlm-|xlnet-|albert-|t5-(?:small|base|large|3b|11b)$|camembert-base|openai-gpt$|ctrl$|transfo-xl-"
)
DATA_FORMATS = frozenset(
    {"json", "csv", "text", "parquet", "arrow", "pandas", "xml", "imagefolder", "audiofolder", "videofolder", "webdataset"}
)
"""Names that `load_dataset` takes for a format of local files, and not for a dataset."""

_OLLAMA_NAME = re.compile(r"(?:[\w.-]+(?::\d+)?/)*[\w.-]+(?::[\w.-]+)?", re.ASCII)


class Reference(NamedTuple):
    """A name followed as far as it goes: `id`, or `reason` why there is none."""

    id: str | None
    reason: str | None = None


class WeightFile(NamedTuple):
    """A file of weights by its address: the artifact that it is, its own name, and the Hub repository that holds it."""

    id: str
    name: str
    repository: str | None = None


def is_placeholder(text: str) -> bool:
    """Is this a blank to be filled in, such as `<model>`, `your-model`, `path/to/model` or `${MODEL}`?

    >>> is_placeholder("your-org/your-model"), is_placeholder("meta-llama/Llama-2-7b-hf")
    (True, False)
    >>> is_placeholder("path/to/model"), is_placeholder("flaviagiammarino/path-vqa"), is_placeholder("model-garden/x")
    (True, False, False)
    """
    text = text.strip()
    return not text or _PLACEHOLDER.search(text) is not None or _BLANK_OWNER.match(text) is not None


def model_reference(text: str, tree: Tree | None = None, base: str = "") -> Reference:
    """A model by its Hub id, an address on the Hub, or the path of a weight file.

    `tree` and `base` (the file that names it) tell local folders from Hub ids of the same shape.

    >>> model_reference("https://huggingface.co/TheBloke/Llama-2-7B-GGUF/resolve/main/x.gguf").id
    'model:thebloke/llama-2-7b-gguf'
    >>> model_reference("./out/checkpoint-500").reason
    'is a local path'
    """
    return _hub_reference(text, Kind.MODEL, tree, base)


def dataset_reference(text: str, tree: Tree | None = None, base: str = "") -> Reference:
    """A dataset by its Hub id or an address on the Hub.

    >>> dataset_reference("tatsu-lab/alpaca").id
    'dataset:tatsu-lab/alpaca'
    >>> dataset_reference("json").reason
    'is a format of local files'
    """
    if text.strip().lower() in DATA_FORMATS:
        return Reference(None, "is a format of local files")
    return _hub_reference(text, Kind.DATASET, tree, base)


def has_no_owner(name: str) -> bool:
    """Is this a bare name that is as likely a folder: no owner, and none of the Hub's first models, which have none?

    >>> has_no_owner("merged"), has_no_owner("gpt2-xl"), has_no_owner("openai-community/gpt2")
    (True, False, False)
    """
    return "/" not in name and _FIRST_MODELS.match(name.lower()) is None


def _hub_reference(text: str, kind: Kind, tree: Tree | None, base: str) -> Reference:
    text = text.strip()
    name, is_address = _without_host(text)
    if is_address and name is None and kind is Kind.MODEL and (handle := _tensorflow_hub(text)) is not None:
        return Reference(model_id(handle))
    if is_address and name is None:
        return Reference(None, "is an address outside the Hub")
    name = name or text
    if name.startswith("datasets/") and is_address:
        kind, name = Kind.DATASET, name.removeprefix("datasets/")
    if is_address:
        parts = name.split("/")
        if parts[0].lower() in _HUB_PAGES or (len(parts) == 1 and kind is Kind.MODEL and "://" in text):
            return Reference(None, "is a page of the Hub that is no repository")
        work = _work_of_file(parts) if kind is Kind.MODEL else None
        if work is not None:
            return Reference(model_id(work))
        name = parts[0] if len(parts) > 1 and parts[1] in _HUB_VIEWS else "/".join(parts[:2])
    elif is_placeholder(name):
        return Reference(None, "is a placeholder")
    elif _is_local(name, tree, base):
        return _file(name, kind, tree, base)
    name = name.partition("@")[0]
    if is_address or name.count(":") == 1:  # hf.co/OWNER/NAME:QUANT and OWNER/NAME:REVISION
        name = name.partition(":")[0]
    found = hub_id(name)
    if found is None or re.fullmatch(r".*/\d{1,2}", found):  # `ViT-B/32` and `DiT-XL/2` are architectures
        return Reference(None, "is no Hub id")
    return Reference(model_id(found) if kind is Kind.MODEL else dataset_id(found))


def _work_of_file(parts: Sequence[str]) -> str | None:
    """What a file of weights is called, where its repository is a store of many works, as its name says.

    >>> _work_of_file("lllyasviel/misc/resolve/main/sdxl_lcm_lora.safetensors".split("/"))
    'sdxl_lcm_lora'
    >>> _work_of_file("TheBloke/Llama-2-7B-GGUF/resolve/main/llama-2-7b.Q4_K_M.gguf".split("/")) is None
    True
    """
    if len(parts) < 5 or parts[2] not in {"resolve", "blob", "raw"} or not parts[-1].lower().endswith(WEIGHT_ENDINGS):
        return None
    stem = re.sub(r"[.-](?:fp16|fp32|fp8|bf16|int8)$", "", parts[-1].rpartition(".")[0].lower())
    is_store = _STORES.issuperset(re.findall(r"[a-z]+", parts[1].lower()))
    return stem if is_store and re.fullmatch(r"[\w.+-]+", stem, re.ASCII) and stem not in _STORES else None


def _without_host(text: str) -> tuple[str | None, bool]:
    """The path of an address on the Hub (None for another host), and whether the text is an address at all."""
    if text.startswith("hf://"):
        path = text.removeprefix("hf://")
        return path.removeprefix("models/"), True
    if "://" in text:
        try:
            parts = urlsplit(text)
        except ValueError:
            return None, True
        return (parts.path.strip("/") or None, True) if parts.hostname in _HUB_HOSTS else (None, True)
    head, slash, rest = text.partition("/")
    return (rest.strip("/"), True) if slash and head.lower() in _HUB_HOSTS else (None, False)


_TFHUB = re.compile(r"https?://(?:www\.)?(tfhub\.dev|kaggle\.com/models)/([\w.-]+/[\w.-]+)((?:/[\w.-]+)*)", re.ASCII)


def _tensorflow_hub(address: str) -> str | None:
    """A model of TensorFlow Hub, or of Kaggle where it moved to, by its address; the number at its end is a version.

    >>> _tensorflow_hub("https://tfhub.dev/google/universal-sentence-encoder/4")
    'tfhub:google/universal-sentence-encoder'
    """
    found = _TFHUB.match(address)
    if found is None:
        return None
    rest = "" if found[1].startswith("kaggle") else re.sub(r"/\d+$", "", found[3])
    return ("kaggle:" if found[1].startswith("kaggle") else "tfhub:") + (found[2] + rest).lower()


def _is_local(name: str, tree: Tree | None, base: str) -> bool:
    if name.startswith((".", "/", "~", "\\")) or name.endswith("/") or "\\" in name or name.count("/") > 1 or name[1:2] == ":":
        return True
    if name.lower().endswith((*WEIGHT_ENDINGS, ".json", ".jsonl", ".csv", ".parquet", ".txt", ".yaml", ".yml", ".py", ".zip")):
        return True
    if "/" not in name:
        return False
    if name.partition("/")[0].lower() in _LOCAL_FOLDERS:
        return True
    if tree is None:
        return False
    beside = tree.join(base, name) if base else None
    return tree.holds(name) or (beside is not None and tree.holds(beside))


def _file(name: str, kind: Kind, tree: Tree | None, base: str) -> Reference:
    """A weight file, or the folder of a model, is an artifact if it lies in the tree; a weight file also by its name alone."""
    if kind is not Kind.MODEL:
        return Reference(None, "is a local path")
    is_weights = name.lower().endswith(WEIGHT_ENDINGS)
    path = name.replace("\\", "/")
    while path.startswith(("./", "../", "/")):
        path = path.partition("/")[2]
    if tree is not None:
        beside = tree.join(base, name) if base else None
        for place in (beside, path.rstrip("/")):
            found = _in_tree(tree, place, is_weights=is_weights) if place else None
            if found is not None:
                return Reference(found)
    if not is_weights or is_placeholder(path) or path[1:2] == ":":
        return Reference(None, "is a local path")
    return Reference(f"model:file:{path.lower()}")


def _in_tree(tree: Tree, path: str, *, is_weights: bool) -> str | None:
    """The model at a place in the tree: what is beside a card or a model's configuration is one artifact with it."""
    if tree.has(path) if is_weights else tree.files_in(path):
        from lien.readers._model_folder import model_folder  # noqa: PLC0415  # which asks this page for endings

        found = model_folder(tree, path if is_weights else f"{path}/")
        return found.id if found is not None else f"model:file:{path.lower()}" if is_weights else None
    return None


def modelscope_reference(text: str, tree: Tree | None = None, base: str = "") -> Reference:
    """A model by its name on ModelScope: the Hub's of the same name, unless the Hub has no such owner.

    >>> modelscope_reference("Qwen/Qwen2-7B").id, modelscope_reference("iic/SenseVoiceSmall").id
    ('model:qwen/qwen2-7b', 'model:modelscope:iic/sensevoicesmall')
    """
    if text.partition("/")[0].lower() in _MODELSCOPE and hub_id(text) is not None:
        return Reference(model_id(f"modelscope:{text}"))
    return model_reference(text, tree, base)


def ollama_reference(text: str) -> Reference:
    """A model by the name that `ollama pull` takes; `hf.co/…` names a Hub repository.

    The default registry, namespace and tag are left out, so that one model has one id.

    >>> ollama_reference("registry.ollama.ai/library/llama3:latest").id, ollama_reference("hf.co/bartowski/X-GGUF:Q4_K_M").id
    ('model:ollama:llama3', 'model:bartowski/x-gguf')
    """
    name = text.strip().partition("@")[0]
    if name.partition("/")[0].lower() in _HUB_HOSTS:
        return model_reference(name)
    if is_placeholder(name) or not _OLLAMA_NAME.fullmatch(name):
        return Reference(None, "is no name of an Ollama model")
    name = name.lower().removeprefix("registry.ollama.ai/").removeprefix("ollama.com/").removeprefix("library/").removesuffix(":latest")
    return Reference(f"model:ollama:{name}")


def hosted_model(name: str, provider: str | None = None) -> str | None:
    """The id of a hosted model by a name that only one provider uses, or under the provider that is told.

    >>> hosted_model("gpt-4o-mini"), hosted_model("my-model"), hosted_model("llama3-70b-8192", "groq")
    ('service:openai/gpt-4o-mini', None, 'service:groq/llama3-70b-8192')
    """
    plain = name.strip().lower()
    if is_placeholder(plain):
        return None
    if provider is None:
        provider = next((owner for pattern, owner in _HOSTED if pattern.match(plain)), None)
    return service_id(provider, plain.removeprefix("models/")) if provider else None


def routed_model(name: str) -> str | None:
    """The id of `PROVIDER/MODEL` or `PROVIDER:MODEL` as routers (LiteLLM, LangChain's init_chat_model, …) write it.

    >>> routed_model("groq/llama3-70b-8192"), routed_model("ollama/llama3"), routed_model("meta-llama/Llama-3-8B")
    ('service:groq/llama3-70b-8192', 'model:ollama:llama3', None)
    """
    found = re.match(r"([\w-]+)[/:](.+)", name.strip(), re.ASCII)
    if found is None:
        return hosted_model(name)
    route, model = found[1].lower(), found[2]
    if route in {"ollama", "ollama_chat"}:
        return ollama_reference(model).id
    if route == "huggingface" and model.count("/") > 1:
        model = model.partition("/")[2]  # LiteLLM names the provider behind Hugging Face's router first
    return hosted_model(model, _ROUTES[route]) if route in _ROUTES else None


def service_of_address(address: str) -> str | None:
    """The service at an address, by its host.

    >>> service_of_address("https://api.deepseek.com/v1/chat/completions")
    'service:deepseek'
    """
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    except ValueError:
        return None
    provider = SERVICE_HOSTS.get(host) or next((owner for ending, owner in _HOST_ENDINGS.items() if host.endswith(ending)), None)
    return service_id(provider) if provider else None


def seen(identifier: str, evidence: Evidence, name: str | None = None) -> ArtifactSeen:
    """The sighting of an artifact by its id, with the name as it was written."""
    return ArtifactSeen(identifier, kind_of(identifier), evidence, name=name)


def used(
    downstream: str, type_: Relation, reference: Reference, written: str, evidence: Evidence, role: Role = Role.DEFAULT
) -> list[Fragment]:
    """The sighting and the relation that a reference gives; what could not be followed is said with its reason."""
    if reference.id is None:
        return [UnresolvedReference(downstream, written, reference.reason or "cannot be followed", evidence, type_, Kind.MODEL, role)]
    return [seen(reference.id, evidence, written), RelationSeen(downstream, type_, reference.id, evidence, role)]


_PLAIN_WORDS = frozenset(
    {"pytorch", "model", "models", "weights", "diffusion", "adapter", "checkpoint", "main", "release", "best", "final", "of", "full"}
)
_MORE_WEIGHTS = (".task", ".pdparams", ".caffemodel", ".weights", ".npz", ".patch", ".engine", ".mlpackage", ".pickle")
_HASH = re.compile(r"[-_](?=[a-f]*\d)[0-9a-f]{6,8}$")


def weight_file(address: str) -> WeightFile | None:
    """The model that an address of a weight file means; None for other addresses.

    A repository of the Hub that shares a word with the file is the model. One that shares none is somebody's
    collection, and each of its files a model of its own.

    >>> weight_file("https://huggingface.co/TheBloke/Llama-2-7B-GGUF/resolve/main/llama-2-7b.Q4_K_M.gguf").id
    'model:thebloke/llama-2-7b-gguf'
    >>> weight_file("https://huggingface.co/acme/misc/resolve/main/upscaler.bin").id
    'model:acme/misc/upscaler.bin'
    >>> weight_file("https://github.com/acme/net/releases/download/v1/net-4fb1.pth").id
    'model:github:acme/net/net-4fb1.pth'
    >>> weight_file("hf://acme/voice/base/voice_v1.safetensors").id
    'model:acme/voice'
    """
    if address.startswith("hf://"):  # as huggingface_hub's file system and cached_path write it
        owner, name, *rest = [*address.removeprefix("hf://").split("/"), "", ""]
        address = f"https://huggingface.co/{owner}/{name}/resolve/main/{'/'.join(part for part in rest if part)}"
    if len(address) > 1000 or not address.startswith(("https://", "http://")):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    host, path = (parts.hostname or "").lower(), [part for part in parts.path.split("/") if part]
    if not path or not path[-1].lower().endswith((*WEIGHT_ENDINGS, *_MORE_WEIGHTS)) or _UNFIT.search(parts.path):
        return None
    file = path[-1].lower()
    stem = file.rpartition(".")[0]
    name = _HASH.sub("", stem)
    if host in _HUB_HOSTS:
        return _hub_file(path, file, name) if len(path) > 4 and path[0] not in {"datasets", "spaces"} else None
    if host in {"github.com", "raw.githubusercontent.com", "media.githubusercontent.com"} and len(path) > 3:
        return WeightFile(f"model:github:{path[0].lower()}/{path[1].lower()}/{file}", name)
    return WeightFile(f"model:url:{host}/{'/'.join(path).lower()}", name)


_UNFIT = re.compile(r"[\s{}<>*$]|%[sd]")


def _hub_file(path: Sequence[str], file: str, name: str) -> WeightFile | None:
    found = hub_id("/".join(path[:2]))
    if found is None or path[2] not in {"resolve", "blob", "raw"}:
        return None
    repository = model_id(found)
    own = _words(name)
    if not own or own & _words(found.partition("/")[2]):
        return WeightFile(repository, name)
    return WeightFile(f"{repository}/{file}", name, repository)


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]{2,}", text.lower())) - _PLAIN_WORDS


_DATA_FILES = (
    ".csv",
    ".tsv",
    ".jsonl",
    ".parquet",
    ".arrow",
    ".txt",
    ".jsonl.gz",
    ".csv.gz",
    ".txt.gz",
    ".tar.gz",
    ".tgz",
    ".zip",
    ".json",
    ".json.gz",
)
_PLAIN_FILES = frozenset({"input", "data", "train", "test", "dataset", "all", "full", "main", "raw", "corpus", "download", "archive"})

_NO_DATA = frozenset(
    {"license", "licence", "copying", "notice", "readme", "requirements", "changelog", "version", "robots", "llms", "package"}
    | {"config", "configs", "configuration", "params", "hparams", "preprocessor_config", "generation_config", "model_index"}
    | {"tokenizer", "tokenizer_config", "special_tokens_map", "added_tokens", "vocab", "merges"}
)
"""Stems of files that every repository holds, or that stand beside weights, and that are no data."""


_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".ico", ".mp4", ".webm", ".wav", ".mp3", ".md", ".html", ".css", ".js")


def data_file(address: str) -> WeightFile | None:
    """The dataset that an address of a data file means; None for other addresses.

    >>> data_file("https://raw.githubusercontent.com/acme/texts/main/letters/input.txt")
    WeightFile(id='dataset:github:acme/texts/letters/input.txt', name='letters', repository=None)
    >>> data_file("https://huggingface.co/datasets/acme/chat/resolve/main/train.jsonl").id
    'dataset:acme/chat'
    >>> data_file("https://example.org/acme/LICENSE.txt") is None
    True
    """
    if len(address) > 1000 or not address.startswith(("https://", "http://")):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    host, path = (parts.hostname or "").lower(), [part.lower() for part in parts.path.split("/") if part]
    if host in _HUB_HOSTS:
        if path and path[-1].endswith(_PICTURES):
            return None  # kept with a dataset to be shown, as often as not
        found = hub_id("/".join(path[1:3])) if len(path) > 4 and path[0] == "datasets" and path[3] in {"resolve", "raw", "blob"} else None
        return WeightFile(dataset_id(found), found) if found is not None else None
    if len(path) < 2 or not path[-1].endswith(_DATA_FILES) or _UNFIT.search(parts.path):
        return None
    stem = path[-1].partition(".")[0]
    if stem in _NO_DATA:
        return None
    name = path[-2] if stem in _PLAIN_FILES else stem
    if host == "raw.githubusercontent.com" and len(path) > 3:
        return WeightFile(dataset_id(f"github:{'/'.join((*path[:2], *path[3:]))}"), name)
    return WeightFile(dataset_id(f"url:{host}/{'/'.join(path)}"), name)
