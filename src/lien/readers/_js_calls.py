"""Data: which calls of JavaScript libraries name a model or a service, and in which argument. One line for each.

A key of `CALLS` is `LIBRARY:NAME`, where the library is as `library_of` gives it and `*` is any name; a class
stands for `new`. A key of `METHODS` is the end of a chain of properties on a client that a class of `CALLS`
makes. How a row is read stands in `javascript`.
"""

import re
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Final, NamedTuple

__all__ = ["CALLS", "FETCHERS", "METHODS", "MODEL_KEYS", "PROVIDERS", "PROVIDER_METHODS", "Row", "What", "library_of", "may_name_models"]


class What(Enum):
    """What an argument names."""

    HUB = "model on the Hub"
    TASK = "pipeline by its task"
    HOSTED = "hosted model"
    CLIENT = "client of a service"
    ROUTED = "model by its provider"
    OLLAMA = "Ollama model"
    FILE = "weight file"
    MLC = "model of the MLC project"
    BUNDLED = "model that a package brings"


class Row(NamedTuple):
    """One callable. The name is the argument at `position`, or the first of `keys` of an object there."""

    what: What
    owner: str = ""
    position: int = 0
    keys: tuple[str, ...] = ()


MODEL_KEYS: Final = ("model", "modelName", "modelId", "deploymentName", "azureOpenAIApiDeploymentName", "deployment", "engine")
"""Keys under which clients and wrappers take the name of a model."""


def _hosted(owner: str, *keys: str) -> Row:
    return Row(What.HOSTED, owner, keys=keys or MODEL_KEYS)


def _client(owner: str) -> Row:
    return Row(What.CLIENT, owner)


_OLLAMA = Row(What.OLLAMA, keys=("model", "modelName"))
_HUB_OPTION = Row(What.HUB, keys=("model", "modelName", "modelType"))
_BEDROCK = _hosted("aws-bedrock", "modelId", "model")

CALLS: Final[Mapping[str, Row]] = {
    # transformers.js
    "transformers.js:pipeline": Row(What.TASK, position=1),
    "transformers.js:*.from_pretrained": Row(What.HUB),
    # clients of model APIs
    "openai:OpenAI": _client("openai"),
    "openai:AzureOpenAI": _client("azure-openai"),
    "openai:OpenAIApi": _client("openai"),
    "openai:OpenAIRealtimeWebSocket": _hosted("openai", "model"),
    "openai:OpenAIRealtimeWS": _hosted("openai", "model"),
    "@anthropic-ai/sdk:Anthropic": _client("anthropic"),
    "@anthropic-ai/vertex-sdk:AnthropicVertex": _client("google-vertex"),
    "@anthropic-ai/bedrock-sdk:AnthropicBedrock": _client("aws-bedrock"),
    "@google/generative-ai:GoogleGenerativeAI": _client("google-gemini"),
    "@google/genai:GoogleGenAI": _client("google-gemini"),
    "@google-cloud/vertexai:VertexAI": _client("google-vertex"),
    "cohere-ai:CohereClient": _client("cohere"),
    "cohere-ai:CohereClientV2": _client("cohere"),
    "@mistralai/mistralai:Mistral": _client("mistral"),
    "@mistralai/mistralai:MistralClient": _client("mistral"),
    "groq-sdk:Groq": _client("groq"),
    "together-ai:Together": _client("together"),
    "replicate:Replicate": _client("replicate"),
    "voyageai:VoyageAIClient": _client("voyage"),
    "@perplexity-ai/perplexity_ai:Perplexity": _client("perplexity"),
    "@cerebras/cerebras_cloud_sdk:Cerebras": _client("cerebras"),
    "assemblyai:AssemblyAI": _client("assemblyai"),
    "elevenlabs:ElevenLabsClient": _client("elevenlabs"),
    "@elevenlabs/elevenlabs-js:ElevenLabsClient": _client("elevenlabs"),
    "@deepgram/sdk:createClient": _client("deepgram"),
    "@huggingface/inference:HfInference": _client("huggingface"),
    "@huggingface/inference:InferenceClient": _client("huggingface"),
    "@huggingface/inference:*": _hosted("huggingface"),
    "@huggingface/hub:downloadFile": Row(What.HUB, keys=("repo",)),
    "@huggingface/hub:snapshotDownload": Row(What.HUB, keys=("repo",)),
    "@openai/agents:Agent": _hosted("openai", "model"),
    "@openai/agents:RealtimeSession": Row(What.HOSTED, "openai", position=1, keys=("model",)),
    "genkit:genkit": Row(What.ROUTED, keys=("model",)),
    "@genkit-ai/googleai:googleAI.model": Row(What.HOSTED, "google-gemini"),
    "@genkit-ai/google-genai:googleAI.model": Row(What.HOSTED, "google-gemini"),
    "@genkit-ai/google-genai:vertexAI.model": Row(What.HOSTED, "google-vertex"),
    "@genkit-ai/vertexai:vertexAI.model": Row(What.HOSTED, "google-vertex"),
    "@aws-sdk/client-bedrock-runtime:InvokeModelCommand": _BEDROCK,
    "@aws-sdk/client-bedrock-runtime:InvokeModelWithResponseStreamCommand": _BEDROCK,
    "@aws-sdk/client-bedrock-runtime:ConverseCommand": _BEDROCK,
    "@aws-sdk/client-bedrock-runtime:ConverseStreamCommand": _BEDROCK,
    # Vercel's AI SDK: a plain string goes to its gateway
    "ai:generateText": Row(What.ROUTED, keys=("model",)),
    "ai:streamText": Row(What.ROUTED, keys=("model",)),
    "ai:generateObject": Row(What.ROUTED, keys=("model",)),
    "ai:streamObject": Row(What.ROUTED, keys=("model",)),
    "ai:generateImage": Row(What.ROUTED, keys=("model",)),
    "ai:experimental_generateImage": Row(What.ROUTED, keys=("model",)),
    "ai:generateVideo": Row(What.ROUTED, keys=("model",)),
    "ai:experimental_generateVideo": Row(What.ROUTED, keys=("model",)),
    "ai:transcribe": Row(What.ROUTED, keys=("model",)),
    "ai:experimental_transcribe": Row(What.ROUTED, keys=("model",)),
    "ai:generateSpeech": Row(What.ROUTED, keys=("model",)),
    "ai:experimental_generateSpeech": Row(What.ROUTED, keys=("model",)),
    "ai:rerank": Row(What.ROUTED, keys=("model",)),
    "ai:embed": Row(What.ROUTED, keys=("model",)),
    "ai:embedMany": Row(What.ROUTED, keys=("model",)),
    "ai:Agent": Row(What.ROUTED, keys=("model",)),
    "ai:ToolLoopAgent": Row(What.ROUTED, keys=("model",)),
    "ai:gateway": Row(What.ROUTED),
    "@ai-sdk/gateway:gateway": Row(What.ROUTED),
    "@mastra/core:Agent": Row(What.ROUTED, keys=("model",)),
    # LangChain.js
    "langchain:ChatOpenAI": _hosted("openai"),
    "langchain:OpenAI": _hosted("openai"),
    "langchain:OpenAIEmbeddings": _hosted("openai"),
    "langchain:AzureChatOpenAI": _hosted("azure-openai"),
    "langchain:AzureOpenAI": _hosted("azure-openai"),
    "langchain:AzureOpenAIEmbeddings": _hosted("azure-openai", "azureOpenAIApiEmbeddingsDeploymentName", *MODEL_KEYS),
    "langchain:DallEAPIWrapper": _hosted("openai"),
    "langchain:ChatAnthropic": _hosted("anthropic"),
    "langchain:ChatGoogleGenerativeAI": _hosted("google-gemini"),
    "langchain:GoogleGenerativeAIEmbeddings": _hosted("google-gemini"),
    "langchain:ChatVertexAI": _hosted("google-vertex"),
    "langchain:VertexAIEmbeddings": _hosted("google-vertex"),
    "langchain:ChatMistralAI": _hosted("mistral"),
    "langchain:MistralAIEmbeddings": _hosted("mistral"),
    "langchain:ChatCohere": _hosted("cohere"),
    "langchain:CohereEmbeddings": _hosted("cohere"),
    "langchain:CohereRerank": _hosted("cohere"),
    "langchain:ChatGroq": _hosted("groq"),
    "langchain:ChatXAI": _hosted("xai"),
    "langchain:ChatDeepSeek": _hosted("deepseek"),
    "langchain:ChatTogetherAI": _hosted("together"),
    "langchain:TogetherAI": _hosted("together"),
    "langchain:TogetherAIEmbeddings": _hosted("together"),
    "langchain:ChatFireworks": _hosted("fireworks"),
    "langchain:FireworksEmbeddings": _hosted("fireworks"),
    "langchain:ChatPerplexity": _hosted("perplexity"),
    "langchain:ChatCerebras": _hosted("cerebras"),
    "langchain:ChatBedrockConverse": _BEDROCK,
    "langchain:BedrockChat": _BEDROCK,
    "langchain:Bedrock": _BEDROCK,
    "langchain:BedrockEmbeddings": _BEDROCK,
    "langchain:Replicate": _hosted("replicate"),
    "langchain:VoyageEmbeddings": _hosted("voyage"),
    "langchain:ChatCloudflareWorkersAI": _hosted("cloudflare-workers-ai"),
    "langchain:CloudflareWorkersAI": _hosted("cloudflare-workers-ai"),
    "langchain:CloudflareWorkersAIEmbeddings": _hosted("cloudflare-workers-ai"),
    "langchain:llmToolSelectorMiddleware": Row(What.ROUTED, keys=("model",)),
    "langchain:summarizationMiddleware": Row(What.ROUTED, keys=("model",)),
    "langchain:ChatOllama": _OLLAMA,
    "langchain:Ollama": _OLLAMA,
    "langchain:OllamaEmbeddings": _OLLAMA,
    "langchain:HuggingFaceInference": _hosted("huggingface"),
    "langchain:HuggingFaceInferenceEmbeddings": _hosted("huggingface"),
    "langchain:HuggingFaceTransformersEmbeddings": _HUB_OPTION,
    "langchain:initChatModel": Row(What.ROUTED),
    "langchain:createAgent": Row(What.ROUTED, keys=("model",)),
    # LlamaIndexTS
    "llamaindex:OpenAI": _hosted("openai"),
    "llamaindex:openai": _hosted("openai"),
    "llamaindex:OpenAIEmbedding": _hosted("openai"),
    "llamaindex:Anthropic": _hosted("anthropic"),
    "llamaindex:anthropic": _hosted("anthropic"),
    "llamaindex:Gemini": _hosted("google-gemini"),
    "llamaindex:gemini": _hosted("google-gemini"),
    "llamaindex:GeminiEmbedding": _hosted("google-gemini"),
    "llamaindex:MistralAI": _hosted("mistral"),
    "llamaindex:MistralAIEmbedding": _hosted("mistral"),
    "llamaindex:Groq": _hosted("groq"),
    "llamaindex:groq": _hosted("groq"),
    "llamaindex:DeepSeekLLM": _hosted("deepseek"),
    "llamaindex:TogetherLLM": _hosted("together"),
    "llamaindex:FireworksLLM": _hosted("fireworks"),
    "llamaindex:Perplexity": _hosted("perplexity"),
    "llamaindex:perplexity": _hosted("perplexity"),
    "llamaindex:Bedrock": _BEDROCK,
    "llamaindex:ReplicateLLM": _hosted("replicate"),
    "llamaindex:CohereRerank": _hosted("cohere"),
    "llamaindex:Ollama": _OLLAMA,
    "llamaindex:ollama": _OLLAMA,
    "llamaindex:OllamaEmbedding": _OLLAMA,
    "llamaindex:HuggingFaceEmbedding": _HUB_OPTION,
    "llamaindex:HuggingFaceLLM": _HUB_OPTION,
    "llamaindex:HuggingFaceInferenceAPI": _hosted("huggingface"),
    # runtimes in the browser and on the server
    "ollama:Ollama": Row(What.OLLAMA, "client"),
    "ollama:*.chat": _OLLAMA,
    "ollama:*.generate": _OLLAMA,
    "ollama:*.embed": _OLLAMA,
    "ollama:*.embeddings": _OLLAMA,
    "ollama:*.pull": _OLLAMA,
    "web-llm:CreateMLCEngine": Row(What.MLC),
    "web-llm:CreateWebWorkerMLCEngine": Row(What.MLC, position=1),
    "web-llm:CreateServiceWorkerMLCEngine": Row(What.MLC),
    "onnxruntime:InferenceSession.create": Row(What.FILE),
    "tfjs:loadGraphModel": Row(What.FILE),
    "tfjs:loadLayersModel": Row(What.FILE),
    "node-llama-cpp:*.loadModel": Row(What.FILE, keys=("modelPath",)),
    "node-llama-cpp:resolveModelFile": Row(What.FILE),
    "node-llama-cpp:LlamaModel": Row(What.FILE, keys=("modelPath",)),
    "@tensorflow-models:*.load": Row(What.BUNDLED, "tfjs"),
    "@tensorflow-models:*.createDetector": Row(What.BUNDLED, "tfjs"),
}

_CREATE = Row(What.HOSTED, keys=("model",))

METHODS: Final[Mapping[str, Row]] = {
    "chat.completions.create": _CREATE,
    "chat.completions.parse": _CREATE,
    "chat.completions.stream": _CREATE,
    "chat.completions.runTools": _CREATE,
    "completions.create": _CREATE,
    "responses.create": _CREATE,
    "responses.parse": _CREATE,
    "responses.stream": _CREATE,
    "embeddings.create": _CREATE,
    "images.generate": _CREATE,
    "images.edit": _CREATE,
    "audio.transcriptions.create": _CREATE,
    "audio.translations.create": _CREATE,
    "audio.speech.create": _CREATE,
    "moderations.create": _CREATE,
    "assistants.create": _CREATE,
    "threads.runs.create": _CREATE,
    "createChatCompletion": _CREATE,
    "createCompletion": _CREATE,
    "createEmbedding": _CREATE,
    "messages.create": _CREATE,
    "messages.stream": _CREATE,
    "getGenerativeModel": _CREATE,
    "models.generateContent": _CREATE,
    "models.generateContentStream": _CREATE,
    "models.generateImages": _CREATE,
    "models.embedContent": _CREATE,
    "chats.create": _CREATE,
    "chat.complete": _CREATE,
    "chat.stream": _CREATE,
    "chat": _CREATE,
    "chatStream": _CREATE,
    "generate": _CREATE,
    "embed": _CREATE,
    "rerank": _CREATE,
    "run": Row(What.HOSTED),
    "stream": Row(What.HOSTED),
    "predictions.create": _CREATE,
    "chatCompletion": _CREATE,
    "chatCompletionStream": _CREATE,
    "textGeneration": _CREATE,
    "textGenerationStream": _CREATE,
    "featureExtraction": _CREATE,
    "sentenceSimilarity": _CREATE,
    "summarization": _CREATE,
    "translation": _CREATE,
    "questionAnswering": _CREATE,
    "fillMask": _CREATE,
    "textClassification": _CREATE,
    "tokenClassification": _CREATE,
    "zeroShotClassification": _CREATE,
    "conversational": _CREATE,
    "textToImage": _CREATE,
    "imageToText": _CREATE,
    "imageToImage": _CREATE,
    "imageClassification": _CREATE,
    "objectDetection": _CREATE,
    "automaticSpeechRecognition": _CREATE,
    "textToSpeech": _CREATE,
    "textToVideo": _CREATE,
}
"""Methods of clients. Those of three or more words, and the few of `TELLING`, tell even if nobody knows whose they are."""

PROVIDERS: Final[Mapping[str, str]] = {
    "@ai-sdk/openai": "openai",
    "@ai-sdk/azure": "azure-openai",
    "@ai-sdk/anthropic": "anthropic",
    "@ai-sdk/google": "google-gemini",
    "@ai-sdk/google-vertex": "google-vertex",
    "@ai-sdk/mistral": "mistral",
    "@ai-sdk/cohere": "cohere",
    "@ai-sdk/groq": "groq",
    "@ai-sdk/xai": "xai",
    "@ai-sdk/deepseek": "deepseek",
    "@ai-sdk/perplexity": "perplexity",
    "@ai-sdk/togetherai": "together",
    "@ai-sdk/fireworks": "fireworks",
    "@ai-sdk/deepinfra": "deepinfra",
    "@ai-sdk/huggingface": "huggingface",
    "@ai-sdk/cerebras": "cerebras",
    "@ai-sdk/replicate": "replicate",
    "@ai-sdk/amazon-bedrock": "aws-bedrock",
    "@ai-sdk/elevenlabs": "elevenlabs",
    "@ai-sdk/deepgram": "deepgram",
    "@ai-sdk/assemblyai": "assemblyai",
    "workers-ai-provider": "cloudflare-workers-ai",
    "@ai-sdk/openai-compatible": "",
    "@openrouter/ai-sdk-provider": "openrouter",
    "ollama-ai-provider": "ollama",
    "ollama-ai-provider-v2": "ollama",
}
"""Packages whose functions take a model's name and give a model (Vercel's AI SDK), to the provider; empty: an address tells."""

PROVIDER_METHODS: Final = frozenset(
    {"", "chat", "responses", "completion", "languageModel", "embedding", "textEmbedding", "textEmbeddingModel", "embeddingModel"}
    | {"image", "imageModel", "transcription", "speech", "messages", "chatModel", "completionModel"}
)

FETCHERS: Final = frozenset(
    {"fetch", "axios", "axios.post", "axios.get", "axios.request", "ky", "ky.post", "got", "got.post", "$fetch", "request"}
)
"""Functions that go to an address."""

_HINTS: Final = (
    *(b"openai", b"anthropic", b"claude", b"gpt-", b"transformers", b"generative-ai", b"google/genai", b"vertexai", b"gemini", b"cohere"),
    *(b"mistral", b"groq", b"together", b"ollama", b"replicate", b"langchain", b"llamaindex", b"ai-sdk", b"'ai'", b'"ai"', b"huggingface"),
    *(b"web-llm", b"onnxruntime", b"tfjs", b"tensorflow", b"bedrock", b"completions", b"deepseek", b"openrouter", b"perplexity"),
    *(b"llama-cpp", b"elevenlabs", b"deepgram", b"assemblyai", b"voyageai", b"cerebras", b"fireworks", b"api.x.ai", b":11434", b"genkit"),
)


def may_name_models(data: bytes) -> bool:
    """A file without any word of these libraries names no model that this table knows, and need not be parsed."""
    lower = data.lower()
    return any(word in lower for word in _HINTS)


_CDN = re.compile(r"https?://(?:cdn\.jsdelivr\.net/npm/|esm\.sh/|unpkg\.com/|cdn\.skypack\.dev/|esm\.run/|ga\.jspm\.io/npm:)(.+)")
_NAME = re.compile(r"(@[\w.-]+/[\w.-]+|[\w.-]+)(?:@[^/]*)?(/.*)?")
_LIBRARIES = (
    (re.compile(r"@(?:xenova|huggingface)/transformers|[a-z]+-transformers"), "transformers.js"),
    (re.compile(r"(?:@langchain/[\w.-]+|langchain)"), "langchain"),
    (re.compile(r"(?:@llamaindex/[\w.-]+|llamaindex)"), "llamaindex"),
    (re.compile(r"@mlc-ai/web-llm"), "web-llm"),
    (re.compile(r"onnxruntime-(?:web|node|common|react-native)"), "onnxruntime"),
    (re.compile(r"@tensorflow/tfjs(?:-[\w-]+)?"), "tfjs"),
    (re.compile(r"@ai-sdk/google-vertex"), "@ai-sdk/google-vertex"),
)


@cache
def library_of(specifier: str) -> str:
    """The library that an import names, without version and path, its family as one; `npm:` and CDN addresses too.

    >>> library_of("npm:openai@4.2.0"), library_of("@langchain/openai"), library_of("langchain/chat_models/openai")
    ('openai', 'langchain', 'langchain')
    >>> library_of("https://cdn.jsdelivr.net/npm/@xenova/transformers@2.17.2"), library_of("./config")
    ('transformers.js', '')
    """
    address = _CDN.match(specifier)
    name = address[1] if address else specifier.removeprefix("npm:")
    found = _NAME.fullmatch(name) if not name.startswith(".") else None
    if found is None:
        return ""
    package = found[1]
    if package.startswith("@tensorflow-models/"):
        return package
    return next((library for pattern, library in _LIBRARIES if pattern.fullmatch(package)), package)
