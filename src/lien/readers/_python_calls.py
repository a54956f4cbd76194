"""Data: which calls of Python libraries name a model, a dataset or a service, and in which argument. One line for each.

A key is `PACKAGE:NAME` (the package, however deep, and the last part of the call), a dotted name, or `.NAME` for a
method by its name alone where nobody can tell whose it is. How a row is read stands in `python_source`.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final, NamedTuple

__all__ = [
    "BUILDERS",
    "CALLS",
    "CLIENT_METHODS",
    "FAMILIES",
    "LAST_NAMES",
    "METHODS",
    "METHOD_ROWS",
    "MODEL_KEYWORDS",
    "Row",
    "What",
    "row_of",
]


class What(Enum):
    """What an argument names."""

    HUB = "model on the Hub"
    SENTENCE = "sentence-transformers model"
    ADAPTER = "adapter on the Hub"
    TASK = "pipeline by its task"
    DATASET = "dataset on the Hub"
    HOSTED = "hosted model"
    CLIENT = "client of a service"
    ROUTED = "model by its provider"
    OLLAMA = "Ollama model"
    NAMED = "model by its library's name"
    DATA = "dataset by its library's name"
    FILE = "weight file"
    SERVICE = "service"
    ADDRESS = "address"
    METRIC = "metric"
    ARGUMENTS = "models in the arguments of an evaluation"
    LANGUAGE = "model by the language that it is for"


class Row(NamedTuple):
    """One callable. `owner` is the provider or the library in whose words the name is; `assumed` is its own default."""

    what: What
    position: int | None = None
    keywords: tuple[str, ...] = ()
    owner: str = ""
    assumed: str | None = None
    needs: str = ""
    """A keyword that must be true (or a value) for weights to be loaded at all."""
    measures: bool = False
    """Is the model only run to measure with it, or measured itself?"""


MODEL_KEYWORDS: Final = (
    "model",
    "model_name",
    "model_id",
    "modelId",
    "engine",
    "deployment_id",
    "azure_deployment",
    "deployment_name",
    "deployment",
    "model_name_or_path",
    "repo_id",
)
"""Keywords by which wrappers of models take their name."""

BUILDERS: Final = frozenset(
    {
        "json",
        "csv",
        "parquet",
        "text",
        "arrow",
        "pandas",
        "imagefolder",
        "audiofolder",
        "videofolder",
        "webdataset",
        "xml",
        "sql",
        "generator",
        "hdf5",
    }
)
"""First arguments of `load_dataset` that are file formats and no dataset (datasets, `packaged_modules`)."""


def _hub(position: int | None, *keywords: str) -> Row:
    return Row(What.HUB, position, keywords)


def _dataset(position: int | None, *keywords: str) -> Row:
    return Row(What.DATASET, position, keywords)


def _hosted(owner: str, assumed: str | None = None, position: int | None = None) -> Row:
    return Row(What.HOSTED, position, MODEL_KEYWORDS, owner, assumed)


def _client(owner: str) -> Row:
    return Row(What.CLIENT, None, (), owner)


def _routed(position: int | None = 0, *keywords: str) -> Row:
    return Row(What.ROUTED, position, keywords or ("model",))


def _ollama(position: int | None = None, *keywords: str) -> Row:
    return Row(What.OLLAMA, position, keywords or ("model",))


def _named(owner: str, position: int | None, *keywords: str, assumed: str | None = None, needs: str = "") -> Row:
    return Row(What.NAMED, position, keywords, owner, assumed, needs)


def _file(position: int | None, *keywords: str) -> Row:
    return Row(What.FILE, position, keywords)


def _service(owner: str) -> Row:
    return Row(What.SERVICE, None, (), owner)


CALLS: Final[Mapping[str, Row]] = {
    # transformers, peft, trl, diffusers and their kin
    "transformers:pipeline": Row(What.TASK, 1, ("model",)),
    "transformers.pipelines.pipeline": Row(What.TASK, 1, ("model",)),
    "optimum:pipeline": Row(What.TASK, 1, ("model",)),
    "peft:PeftModel.from_pretrained": Row(What.ADAPTER, 1, ("model_id",)),
    "peft:PeftModelForCausalLM.from_pretrained": Row(What.ADAPTER, 1, ("model_id",)),
    "peft:PeftModelForSequenceClassification.from_pretrained": Row(What.ADAPTER, 1, ("model_id",)),
    "peft:PeftModelForSeq2SeqLM.from_pretrained": Row(What.ADAPTER, 1, ("model_id",)),
    "peft:PeftConfig.from_pretrained": _hub(0, "pretrained_model_name_or_path"),
    "unsloth:from_pretrained": _hub(0, "model_name"),
    "axolotl:DictDefault": _hub(None, "base_model"),
    "lm_eval:simple_evaluate": Row(What.ARGUMENTS, 1, ("model_args",), measures=True),
    "evaluate:compute": Row(What.HUB, None, ("model_type", "model_id", "model_or_pipeline"), measures=True),
    "bert_score:score": Row(What.HUB, None, ("model_type",), measures=True),
    "bert_score:BERTScorer": Row(What.HUB, None, ("model_type",), measures=True),
    "gliner:from_pretrained": _hub(0, "pretrained_model_name_or_path"),
    "setfit:from_pretrained": _hub(0, "pretrained_model_name_or_path"),
    "nemo:from_pretrained": _hub(0, "model_name"),
    "tokenizers:from_pretrained": _hub(0, "identifier"),
    "sentence_transformers:SentenceTransformer": Row(What.SENTENCE, 0, ("model_name_or_path",)),
    "sentence_transformers:CrossEncoder": _hub(0, "model_name", "model_name_or_path"),
    "sentence_transformers:SparseEncoder": _hub(0, "model_name_or_path"),
    "rerankers:Reranker": _hub(0, "model_name"),
    "FlagEmbedding:FlagModel": _hub(0, "model_name_or_path"),
    "FlagEmbedding:BGEM3FlagModel": _hub(0, "model_name_or_path"),
    "FlagEmbedding:FlagReranker": _hub(0, "model_name_or_path"),
    "FlagEmbedding:FlagLLMReranker": _hub(0, "model_name_or_path"),
    "InstructorEmbedding:INSTRUCTOR": _hub(0, "model_name_or_path"),
    "ragatouille:RAGPretrainedModel.from_pretrained": _hub(0, "pretrained_model_name_or_path"),
    "keybert:KeyBERT": Row(What.SENTENCE, 0, ("model",), assumed="all-MiniLM-L6-v2"),
    "bertopic:BERTopic": Row(What.SENTENCE, None, ("embedding_model",)),
    "diffusers:from_single_file": _file(0, "pretrained_model_link_or_path"),
    "huggingface_hub:hf_hub_download": _hub(0, "repo_id"),
    "huggingface_hub:snapshot_download": _hub(0, "repo_id"),
    "huggingface_hub:hf_hub_url": _hub(0, "repo_id"),
    "huggingface_hub:from_pretrained_keras": _hub(0, "pretrained_model_name_or_path"),
    "huggingface_hub:InferenceClient": Row(What.HOSTED, 0, ("model",), "huggingface"),
    "huggingface_hub:AsyncInferenceClient": Row(What.HOSTED, 0, ("model",), "huggingface"),
    "modelscope:snapshot_download": _named("modelscope", 0, "model_id"),
    "modelscope:model_file_download": _named("modelscope", 0, "model_id"),
    "modelscope:from_pretrained": _named("modelscope", 0, "pretrained_model_name_or_path", "model_name_or_path"),
    "modelscope:pipeline": _named("modelscope", 1, "model"),
    "modelscope:dataset_snapshot_download": Row(What.DATA, 0, ("dataset_id",), "modelscope"),
    "modelscope:MsDataset.load": Row(What.DATA, 0, ("dataset_name",), "modelscope"),
    "funasr:AutoModel": _named("funasr", None, "model"),
    # datasets
    "datasets:load_dataset": _dataset(0, "path"),
    "datasets:load_dataset_builder": _dataset(0, "path"),
    "datasets:get_dataset_split_names": _dataset(0, "path"),
    "tensorflow_datasets:load": Row(What.DATA, 0, ("name",), "tfds"),
    "sklearn:fetch_20newsgroups": Row(What.DATA, None, (), "sklearn", "20newsgroups"),
    "sklearn:fetch_openml": Row(What.DATA, 0, ("name",), "openml"),
    "sklearn:fetch_california_housing": Row(What.DATA, None, (), "sklearn", "california_housing"),
    "sklearn:fetch_lfw_people": Row(What.DATA, None, (), "sklearn", "lfw"),
    "evaluate:load": Row(What.METRIC, 0, ("path",)),
    "nltk:download": Row(What.DATA, 0, ("info_or_id",), "nltk"),
    "keras:get_file": _file(1, "origin"),
    # local runtimes
    "vllm:LLM": _hub(0, "model"),
    "vllm:AsyncEngineArgs": _hub(0, "model"),
    "vllm:EngineArgs": _hub(0, "model"),
    "sglang:Engine": _hub(None, "model_path"),
    "sglang:Runtime": _hub(None, "model_path"),
    "lmdeploy:pipeline": _hub(0, "model_path"),
    "exllamav2:ExLlamaV2Config": _hub(0, "model_dir"),
    "mlx_lm:load": _hub(0, "path_or_hf_repo"),
    "mlx_vlm:load": _hub(0, "path_or_hf_repo"),
    "mlx_whisper:transcribe": _hub(None, "path_or_hf_repo"),
    "ctranslate2:Translator": _file(0, "model_path"),
    "llama_cpp:Llama": _file(0, "model_path"),
    "llama_cpp:Llama.from_pretrained": _hub(0, "repo_id"),
    "ctransformers:from_pretrained": _hub(0, "model_path_or_repo_id"),
    "gpt4all:GPT4All": _named("gpt4all", 0, "model_name"),
    "fastembed:TextEmbedding": Row(What.HUB, 0, ("model_name",), assumed="BAAI/bge-small-en-v1.5"),
    "fastembed:SparseTextEmbedding": _hub(0, "model_name"),
    "fastembed:ImageEmbedding": _hub(0, "model_name"),
    "fastembed:LateInteractionTextEmbedding": _hub(0, "model_name"),
    "fastembed:TextCrossEncoder": _hub(0, "model_name"),
    "onnxruntime:InferenceSession": _file(0, "path_or_bytes"),
    "tensorflow:load_model": _file(0, "filepath"),
    "keras:load_model": _file(0, "filepath"),
    "torch:load": _file(0, "f"),
    "joblib:load": _file(0, "filename"),
    "cv2:readNetFromONNX": _file(0, "onnxFile"),
    "cv2:readNetFromCaffe": _file(1, "caffeModel"),
    "cv2:readNet": _file(0, "model"),
    "safetensors:load_file": _file(0, "filename"),
    "openvino:read_model": _file(0, "model"),
    "ollama:chat": _ollama(0),
    "ollama:generate": _ollama(0),
    "ollama:embeddings": _ollama(0),
    "ollama:embed": _ollama(0),
    "ollama:pull": _ollama(0),
    "ollama:Client().chat": _ollama(0),
    "ollama:Client().generate": _ollama(0),
    "ollama:Client().embeddings": _ollama(0),
    "ollama:Client().embed": _ollama(0),
    "ollama:Client().pull": _ollama(0),
    "ollama:AsyncClient().chat": _ollama(0),
    "ollama:AsyncClient().generate": _ollama(0),
    # vision, speech and language libraries with model names of their own
    "timm:create_model": _named("timm", 0, "model_name", needs="pretrained"),
    "torch.hub:load": Row(What.NAMED, 1, ("model",), "torch.hub"),
    "open_clip:create_model_and_transforms": _named("open_clip", 0, "model_name", needs="pretrained"),
    "open_clip:create_model": _named("open_clip", 0, "model_name", needs="pretrained"),
    "open_clip:create_model_from_pretrained": _named("open_clip", 0, "model_name", needs="pretrained"),
    "torchvision:get_model": _named("torchvision", 0, "name", needs="weights"),
    "torchtext:GloVe": _named("torchtext", None, assumed="glove"),
    "torchtext:FastText": _named("torchtext", None, assumed="fasttext"),
    "keras_hub:from_preset": _named("keras-hub", 0, "preset"),
    "keras_nlp:from_preset": _named("keras-hub", 0, "preset"),
    "keras_cv:from_preset": _named("keras-hub", 0, "preset"),
    "tensorflow_hub:load": _hub(0, "handle"),
    "tensorflow_hub:KerasLayer": _hub(0, "handle"),
    "tensorflow_hub:Module": _hub(0, "spec"),
    "tensorflow_hub:resolve": _hub(0, "handle"),
    "kagglehub:model_download": _named("kaggle", 0, "handle"),
    "kagglehub:dataset_download": Row(What.DATA, 0, ("handle",), "kaggle"),
    "paddlenlp:from_pretrained": _named("paddlenlp", 0, "pretrained_model_name_or_path"),
    "paddlenlp:Taskflow": _named("paddlenlp", None, "model"),
    "paddlehub:Module": _named("paddlehub", None, "name"),
    "paddlex:create_model": _named("paddlex", 0, "model_name"),
    "fasttext:download_model": _named("fasttext", 0, "lang_id"),
    "fasttext:load_model": _named("fasttext", 0, "path"),
    "clip:load": _named("openai-clip", 0, "name"),
    "ultralytics:YOLO": _named("ultralytics", 0, "model", assumed="yolo11n"),
    "ultralytics:YOLOWorld": _named("ultralytics", 0, "model", assumed="yolov8s-world"),
    "ultralytics:RTDETR": _named("ultralytics", 0, "model", assumed="rtdetr-l"),
    "ultralytics:SAM": _named("ultralytics", 0, "model", assumed="sam_b"),
    "ultralytics:FastSAM": _named("ultralytics", 0, "model", assumed="FastSAM-x"),
    "whisper:load_model": _named("openai-whisper", 0, "name"),
    "faster_whisper:WhisperModel": _named("faster-whisper", 0, "model_size_or_path"),
    "whisperx:load_model": _named("faster-whisper", 0, "whisper_arch"),
    "gensim.downloader:load": _named("gensim", 0, "name"),
    "spacy:load": _named("spacy", 0, "name"),
    "whisperx:load_align_model": Row(What.LANGUAGE, 0, ("language_code",), "whisperx"),
    "whisperx:DiarizationPipeline": Row(What.HUB, 0, ("model_name",), assumed="pyannote/speaker-diarization-community-1"),
    "stanza:Pipeline": _named("stanza", 0, "lang", assumed="en"),
    "stanza:download": _named("stanza", 0, "lang", assumed="en"),
    **{
        f"flair:{name}.load": _named("flair", 0, "model_path", "model_name")
        for name in (
            *("Classifier", "TextClassifier", "SequenceTagger", "MultiTagger", "TARSClassifier", "TARSTagger", "RelationExtractor"),
            *("RelationClassifier", "EntityMentionLinker", "TextPairClassifier", "TextRegressor", "PrefixedSequenceTagger"),
        )
    },
    "flair:TransformerWordEmbeddings": Row(What.HUB, 0, ("model",), assumed="bert-base-uncased"),
    "flair:TransformerDocumentEmbeddings": Row(What.HUB, 0, ("model",), assumed="bert-base-uncased"),
    "flair:SentenceTransformerDocumentEmbeddings": Row(What.SENTENCE, 0, ("model",), assumed="bert-base-nli-mean-tokens"),
    "flair:FlairEmbeddings": _named("flair", 0, "model"),
    "flair:WordEmbeddings": _named("flair", 0, "embeddings"),
    "insightface:FaceAnalysis": _named("insightface", 0, "name", assumed="buffalo_l"),
    "rembg:new_session": _named("rembg", 0, "model_name", assumed="u2net"),
    "rembg:remove": _named("rembg", None, assumed="u2net"),
    "TTS:TTS": _named("coqui", 0, "model_name"),
    "pyannote:from_pretrained": _hub(0, "checkpoint_path"),
    "speechbrain:from_hparams": _hub(None, "source"),
    "facenet_pytorch:InceptionResnetV1": _named("facenet-pytorch", None, "pretrained", needs="pretrained"),
    "opennsfw2:make_open_nsfw_model": Row(What.HUB, None, (), assumed="bhky/opennsfw2"),
    "opennsfw2:predict_image": Row(What.HUB, None, (), assumed="bhky/opennsfw2"),
    "opennsfw2:predict_images": Row(What.HUB, None, (), assumed="bhky/opennsfw2"),
    "opennsfw2:predict_video_frames": Row(What.HUB, None, (), assumed="bhky/opennsfw2"),
    "easyocr:Reader": _named("easyocr", None, assumed="easyocr"),
    "paddleocr:PaddleOCR": _named("paddleocr", None, assumed="paddleocr"),
    "deepface:DeepFace.verify": _named("deepface", None, "model_name", assumed="VGG-Face"),
    "deepface:DeepFace.represent": _named("deepface", None, "model_name", assumed="VGG-Face"),
    "deepface:DeepFace.find": _named("deepface", None, "model_name", assumed="VGG-Face"),
    "detoxify:Detoxify": _named("detoxify", 0, "model_type", assumed="original"),
    "segment_anything:sam_model_registry": _file(None, "checkpoint"),
    "sam2:from_pretrained": _hub(0, "model_id"),
    "kokoro:KPipeline": Row(What.HUB, None, ("repo_id",), assumed="hexgrad/Kokoro-82M"),
    "bark:preload_models": Row(What.HUB, None, (), assumed="suno/bark"),
    "bark:generate_audio": Row(What.HUB, None, (), assumed="suno/bark"),
    "laion_clap:load_ckpt": _file(0, "ckpt"),
    "audiocraft:get_pretrained": _hub(0, "name"),
    "demucs:get_model": _named("demucs", 0, "name"),
    # hosted models: clients
    "openai:OpenAI": _client("openai"),
    "openai:AsyncOpenAI": _client("openai"),
    "openai:AzureOpenAI": _client("azure-openai"),
    "openai:AsyncAzureOpenAI": _client("azure-openai"),
    "openai:ChatCompletion.create": _hosted("openai"),
    "openai:ChatCompletion.acreate": _hosted("openai"),
    "openai:Completion.create": _hosted("openai"),
    "openai:Completion.acreate": _hosted("openai"),
    "openai:Embedding.create": _hosted("openai"),
    "openai:Embedding.acreate": _hosted("openai"),
    "openai:Image.create": _hosted("openai"),
    "openai:Moderation.create": _hosted("openai"),
    "openai:Audio.transcribe": _hosted("openai", position=0),
    "openai:chat.completions.create": _hosted("openai"),
    "openai:completions.create": _hosted("openai"),
    "openai:embeddings.create": _hosted("openai"),
    "openai:responses.create": _hosted("openai"),
    "openai:images.generate": _hosted("openai"),
    "anthropic:Anthropic": _client("anthropic"),
    "anthropic:AsyncAnthropic": _client("anthropic"),
    "anthropic:AnthropicBedrock": _client("aws-bedrock"),
    "anthropic:AnthropicVertex": _client("google-vertex"),
    "anthropic:Client": _client("anthropic"),
    "google.generativeai:GenerativeModel": _hosted("google-gemini", position=0),
    "google.generativeai:embed_content": _hosted("google-gemini"),
    "google.generativeai:generate_text": _hosted("google-gemini"),
    "google.genai:Client": _client("google-gemini"),
    "google.cloud.aiplatform:init": _client("google-vertex"),
    "vertexai:init": _client("google-vertex"),
    "vertexai:GenerativeModel": _hosted("google-vertex", position=0),
    "vertexai:TextGenerationModel.from_pretrained": _hosted("google-vertex", position=0),
    "vertexai:TextEmbeddingModel.from_pretrained": _hosted("google-vertex", position=0),
    "vertexai:ChatModel.from_pretrained": _hosted("google-vertex", position=0),
    "vertexai:ImageGenerationModel.from_pretrained": _hosted("google-vertex", position=0),
    "mistralai:Mistral": _client("mistral"),
    "mistralai:MistralClient": _client("mistral"),
    "cohere:Client": _client("cohere"),
    "cohere:ClientV2": _client("cohere"),
    "cohere:AsyncClient": _client("cohere"),
    "cohere:AsyncClientV2": _client("cohere"),
    "groq:Groq": _client("groq"),
    "groq:AsyncGroq": _client("groq"),
    "together:Together": _client("together"),
    "together:AsyncTogether": _client("together"),
    **{f"replicate:{name}": Row(What.HOSTED, 0, ("ref",), "replicate") for name in ("run", "async_run", "stream", "async_stream")},
    "replicate:create": Row(What.HOSTED, None, ("model",), "replicate"),
    "replicate:Client": _client("replicate"),
    "fireworks:Fireworks": _client("fireworks"),
    "cerebras:Cerebras": _client("cerebras"),
    "voyageai:Client": _client("voyage"),
    "ai21:AI21Client": _client("ai21"),
    "zhipuai:ZhipuAI": _client("zhipuai"),
    "dashscope:Generation.call": _hosted("alibaba-cloud"),
    "dashscope:TextEmbedding.call": _hosted("alibaba-cloud"),
    "xai_sdk:Client": _client("xai"),
    "ibm_watsonx_ai:ModelInference": _hosted("ibm-watsonx"),
    "ibm_watsonx_ai:APIClient": _client("ibm-watsonx"),
    "ibm_watson_machine_learning:Model": _hosted("ibm-watsonx"),
    "elevenlabs:ElevenLabs": _client("elevenlabs"),
    "deepgram:DeepgramClient": _client("deepgram"),
    "assemblyai:Transcriber": _service("assemblyai"),
    "azure.ai.inference:ChatCompletionsClient": _client("azure-ai"),
    # routers
    "litellm:completion": _routed(0),
    "litellm:acompletion": _routed(0),
    "litellm:text_completion": _routed(0),
    "litellm:embedding": _routed(0),
    "litellm:aembedding": _routed(0),
    "litellm:image_generation": _routed(None, "model"),
    **{f"litellm:{way}{name}": _routed(0, "model") for way in ("", "a") for name in ("rerank", "transcription", "speech", "responses")},
    "litellm:Router": _routed(0, "model_list"),
    "instructor:patch": _routed(None, "model"),
    "dspy:LM": _routed(0),
    "dspy:OpenAI": _hosted("openai", position=0),
    "dspy:OllamaLocal": _ollama(0),
    "instructor:from_provider": _routed(0, "model"),
    "aisuite:create": _routed(None, "model"),
    "pydantic_ai:Agent": _routed(0, "model"),
    "pydantic_ai:Embedder": _routed(0, "model"),
    "pydantic_ai:infer_model": _routed(0, "model"),
    **{f"pydantic_ai:Agent().{name}": _routed(None, "model") for name in ("run", "run_sync", "run_stream", "iter")},
    "pydantic_ai:OpenAIResponsesModel": _hosted("openai", position=0),
    "pydantic_ai:BedrockConverseModel": _hosted("aws-bedrock", position=0),
    "pydantic_ai:CohereModel": _hosted("cohere", position=0),
    "pydantic_ai:CerebrasModel": _hosted("cerebras", position=0),
    "pydantic_ai:HuggingFaceModel": _hosted("huggingface", position=0),
    "pydantic_ai:OpenRouterModel": _hosted("openrouter", position=0),
    "pydantic_ai:XaiModel": _hosted("xai", position=0),
    "pydantic_ai:OpenAIModel": _hosted("openai", position=0),
    "pydantic_ai:OpenAIChatModel": _hosted("openai", position=0),
    "pydantic_ai:AnthropicModel": _hosted("anthropic", position=0),
    "pydantic_ai:GeminiModel": _hosted("google-gemini", position=0),
    "pydantic_ai:GoogleModel": _hosted("google-gemini", position=0),
    "pydantic_ai:GroqModel": _hosted("groq", position=0),
    "pydantic_ai:MistralModel": _hosted("mistral", position=0),
    "crewai:LLM": _routed(0, "model"),
    "crewai:Agent": _routed(None, "llm", "function_calling_llm"),
    "crewai:Crew": _routed(None, "manager_llm", "planning_llm", "function_calling_llm", "chat_llm", "embedder"),
    "smolagents:LiteLLMModel": _routed(0, "model_id"),
    "smolagents:InferenceClientModel": Row(What.HOSTED, 0, ("model_id",), "huggingface"),
    "smolagents:HfApiModel": Row(What.HOSTED, 0, ("model_id",), "huggingface"),
    "smolagents:OpenAIServerModel": Row(What.HOSTED, 0, ("model_id",), "openai"),
    "smolagents:OpenAIModel": Row(What.HOSTED, 0, ("model_id",), "openai"),
    "smolagents:AzureOpenAIServerModel": Row(What.HOSTED, 0, ("model_id",), "azure-openai"),
    "smolagents:AzureOpenAIModel": Row(What.HOSTED, 0, ("model_id",), "azure-openai"),
    "smolagents:AmazonBedrockServerModel": Row(What.HOSTED, 0, ("model_id",), "aws-bedrock"),
    "smolagents:AmazonBedrockModel": Row(What.HOSTED, 0, ("model_id",), "aws-bedrock"),
    "smolagents:LiteLLMRouterModel": _routed(None, "model_list"),
    "smolagents:MLXModel": _hub(0, "model_id"),
    "smolagents:VLLMModel": _hub(0, "model_id"),
    "smolagents:TransformersModel": _hub(0, "model_id"),
    "agents:Agent": _hosted("openai"),
    "agents:ModelSettings": _hosted("openai"),
    "autogen:OpenAIWrapper": _hosted("openai"),
    **{
        f"autogen:{name}": _routed(None, "llm_config")
        for name in ("AssistantAgent", "ConversableAgent", "UserProxyAgent", "GroupChatManager", "GPTAssistantAgent")
    },
    "autogen:LLMConfig": _routed(None, "model", "config_list"),
    "autogen_ext:AnthropicChatCompletionClient": _hosted("anthropic"),
    "autogen_ext:AnthropicBedrockChatCompletionClient": _hosted("aws-bedrock"),
    "autogen_ext:OllamaChatCompletionClient": _ollama(None, "model"),
    "autogen_ext:AzureAIChatCompletionClient": _hosted("azure-ai"),
    "autogen_ext:LlamaCppChatCompletionClient": _hub(None, "repo_id"),
    "autogen_ext:OpenAIChatCompletionClient": _hosted("openai"),
    "autogen_ext:AzureOpenAIChatCompletionClient": _hosted("azure-openai"),
    "mem0:from_config": _routed(0, "config_dict"),
    "langgraph:create_react_agent": _routed(0, "model"),
    "google.adk:Agent": _hosted("google-gemini"),
    "google.adk:LlmAgent": _hosted("google-gemini"),
    "google.adk:LiteLlm": _routed(None, "model"),
    **{
        f"{package}:{name}": Row(What.HOSTED, None, ("id", "model"), owner)
        for package in ("agno", "phi")
        for name, owner in {
            "OpenAIChat": "openai",
            "OpenAIResponses": "openai",
            "Claude": "anthropic",
            "Gemini": "google-gemini",
            "Groq": "groq",
            "MistralChat": "mistral",
            "DeepSeek": "deepseek",
            "AwsBedrock": "aws-bedrock",
            "OpenRouter": "openrouter",
        }.items()
    },
    "agno:Ollama": _ollama(None, "id"),
    "phi:Ollama": _ollama(None, "id", "model"),
    "strands:Agent": _hosted("aws-bedrock"),
    "strands:BedrockModel": _hosted("aws-bedrock"),
    "strands:AnthropicModel": _hosted("anthropic"),
    "strands:OpenAIModel": _hosted("openai"),
    "strands:OllamaModel": _ollama(None, "model_id"),
    "strands:LiteLLMModel": _routed(None, "model_id"),
    "semantic_kernel:OpenAIChatCompletion": Row(What.HOSTED, None, ("ai_model_id",), "openai"),
    "semantic_kernel:OpenAITextEmbedding": Row(What.HOSTED, None, ("ai_model_id",), "openai"),
    "semantic_kernel:AzureChatCompletion": Row(What.HOSTED, None, ("deployment_name",), "azure-openai"),
    "guidance:OpenAI": _hosted("openai", position=0),
    "guidance:Transformers": _hub(0, "model"),
    "guidance:LlamaCpp": _file(0, "model"),
    "guidance:AzureOpenAI": _hosted("azure-openai", position=0),
    "guidance:VertexAI": _hosted("google-vertex", position=0),
    "guidance:Anthropic": _hosted("anthropic", position=0),
    "outlines:transformers": _hub(0, "model_name"),
    "outlines:transformers_vision": _hub(0, "model_name"),
    "outlines:mlxlm": _hub(0, "model_name"),
    "outlines:vllm": _hub(0, "model_name"),
    "outlines:exl2": _hub(0, "model_path"),
    "outlines:llamacpp": _hub(0, "repo_id"),
    "outlines:openai": _hosted("openai", position=0),
    "outlines:azure_openai": _hosted("azure-openai", position=0),
    # What a client of one's own is wrapped in takes the name of the model beside it.
    "outlines:from_openai": _hosted("openai", position=1),
    "outlines:from_anthropic": _hosted("anthropic", position=1),
    "outlines:from_gemini": _hosted("google-gemini", position=1),
    "outlines:from_mistral": _hosted("mistral", position=1),
    "outlines:from_ollama": _ollama(1, "model_name"),
    # LangChain
    "langchain:init_chat_model": _routed(0, "model"),
    "langchain:init_embeddings": _routed(0, "model"),
    "langchain:create_agent": _routed(0, "model"),
    "langchain:OpenAI": _hosted("openai", position=None),
    "langchain:ChatOpenAI": _hosted("openai"),
    "langchain:OpenAIEmbeddings": _hosted("openai", "text-embedding-ada-002"),
    "langchain:OpenAIChat": _hosted("openai"),
    "langchain:AzureOpenAI": _hosted("azure-openai"),
    "langchain:AzureChatOpenAI": _hosted("azure-openai"),
    "langchain:AzureOpenAIEmbeddings": _hosted("azure-openai"),
    "langchain:DallEAPIWrapper": _hosted("openai"),
    "langchain:ChatAnthropic": _hosted("anthropic"),
    "langchain:Anthropic": _hosted("anthropic"),
    "langchain:AnthropicLLM": _hosted("anthropic"),
    "langchain:ChatGoogleGenerativeAI": _hosted("google-gemini"),
    "langchain:GoogleGenerativeAI": _hosted("google-gemini"),
    "langchain:GoogleGenerativeAIEmbeddings": _hosted("google-gemini"),
    "langchain:GooglePalm": _hosted("google-gemini"),
    "langchain:ChatGooglePalm": _hosted("google-gemini"),
    "langchain:ChatVertexAI": _hosted("google-vertex"),
    "langchain:VertexAI": _hosted("google-vertex"),
    "langchain:VertexAIEmbeddings": _hosted("google-vertex"),
    "langchain:ChatBedrock": _hosted("aws-bedrock"),
    "langchain:ChatBedrockConverse": _hosted("aws-bedrock"),
    "langchain:BedrockChat": _hosted("aws-bedrock"),
    "langchain:BedrockLLM": _hosted("aws-bedrock"),
    "langchain:Bedrock": _hosted("aws-bedrock"),
    "langchain:BedrockEmbeddings": _hosted("aws-bedrock"),
    "langchain:ChatMistralAI": _hosted("mistral"),
    "langchain:MistralAIEmbeddings": _hosted("mistral"),
    "langchain:ChatCohere": _hosted("cohere"),
    "langchain:Cohere": _hosted("cohere"),
    "langchain:CohereEmbeddings": _hosted("cohere"),
    "langchain:CohereRerank": _hosted("cohere"),
    "langchain:ChatGroq": _hosted("groq"),
    "langchain:ChatTogether": _hosted("together"),
    "langchain:Together": _hosted("together"),
    "langchain:TogetherEmbeddings": _hosted("together"),
    "langchain:ChatFireworks": _hosted("fireworks"),
    "langchain:Fireworks": _hosted("fireworks"),
    "langchain:ChatDeepSeek": _hosted("deepseek"),
    "langchain:ChatXAI": _hosted("xai"),
    "langchain:ChatPerplexity": _hosted("perplexity"),
    "langchain:ChatNVIDIA": _hosted("nvidia-nim"),
    "langchain:NVIDIAEmbeddings": _hosted("nvidia-nim"),
    "langchain:ChatWatsonx": _hosted("ibm-watsonx"),
    "langchain:WatsonxLLM": _hosted("ibm-watsonx"),
    "langchain:ChatTongyi": _hosted("alibaba-cloud"),
    "langchain:ChatZhipuAI": _hosted("zhipuai"),
    "langchain:Replicate": Row(What.HOSTED, None, ("model",), "replicate"),
    "langchain:VoyageAIEmbeddings": _hosted("voyage"),
    "langchain:ChatLiteLLM": _routed(None, "model", "model_name"),
    "langchain:HuggingFaceEmbeddings": Row(What.SENTENCE, None, ("model_name", "model"), assumed="sentence-transformers/all-mpnet-base-v2"),
    "langchain:HuggingFaceBgeEmbeddings": Row(What.SENTENCE, None, ("model_name",), assumed="BAAI/bge-large-en"),
    "langchain:HuggingFaceInstructEmbeddings": Row(What.SENTENCE, None, ("model_name",), assumed="hkunlp/instructor-large"),
    "langchain:SentenceTransformerEmbeddings": Row(What.SENTENCE, None, ("model_name",), assumed="sentence-transformers/all-mpnet-base-v2"),
    "langchain:HuggingFaceCrossEncoder": _hub(None, "model_name"),
    "langchain:HuggingFacePipeline.from_model_id": _hub(0, "model_id"),
    "boto3:client": Row(What.CLIENT, None, (), "aws-bedrock", needs="bedrock"),
    "langchain:HuggingFaceHub": Row(What.HOSTED, None, ("repo_id",), "huggingface"),
    "langchain:HuggingFaceEndpoint": Row(What.HOSTED, None, ("repo_id", "model"), "huggingface"),
    "langchain:HuggingFaceHubEmbeddings": Row(What.HOSTED, None, ("repo_id", "model"), "huggingface"),
    "langchain:HuggingFaceInferenceAPIEmbeddings": Row(What.HOSTED, None, ("model_name",), "huggingface"),
    "langchain:FastEmbedEmbeddings": Row(What.HUB, None, ("model_name",), assumed="BAAI/bge-small-en-v1.5"),
    "langchain:Ollama": _ollama(None, "model"),
    "langchain:OllamaLLM": _ollama(None, "model"),
    "langchain:ChatOllama": _ollama(None, "model"),
    "langchain:OllamaEmbeddings": _ollama(None, "model"),
    "langchain:LlamaCpp": _file(None, "model_path"),
    "langchain:ChatLlamaCpp": _file(None, "model_path"),
    "langchain:LlamaCppEmbeddings": _file(None, "model_path"),
    "langchain:GPT4All": _file(None, "model"),
    "langchain:CTransformers": _hub(None, "model"),
    "langchain:VLLM": _hub(None, "model"),
    "langchain:SerpAPIWrapper": _service("serpapi"),
    "langchain:GoogleSerperAPIWrapper": _service("serper"),
    "langchain:GoogleSearchAPIWrapper": _service("google-search"),
    "langchain:TavilySearchResults": _service("tavily"),
    "langchain:TavilySearch": _service("tavily"),
    "langchain:DuckDuckGoSearchRun": _service("duckduckgo"),
    "langchain:WikipediaLoader": _service("wikipedia"),
    "langchain:WikipediaAPIWrapper": _service("wikipedia"),
    "langchain:WikipediaRetriever": _service("wikipedia"),
    "langchain:ArxivLoader": _service("arxiv"),
    "langchain:ArxivRetriever": _service("arxiv"),
    "langchain:YoutubeLoader.from_youtube_url": _service("youtube"),
    # LlamaIndex
    "llama_index:OpenAI": _hosted("openai", position=0),
    "llama_index:OpenAIEmbedding": _hosted("openai", "text-embedding-ada-002"),
    "llama_index:OpenAILike": _hosted("openai", position=0),
    "llama_index:AzureOpenAI": _hosted("azure-openai"),
    "llama_index:AzureOpenAIEmbedding": _hosted("azure-openai"),
    "llama_index:Anthropic": _hosted("anthropic", position=0),
    "llama_index:Gemini": _hosted("google-gemini", position=0),
    "llama_index:GoogleGenAI": _hosted("google-gemini", position=0),
    "llama_index:GeminiEmbedding": _hosted("google-gemini"),
    "llama_index:Vertex": _hosted("google-vertex", position=0),
    "llama_index:Bedrock": _hosted("aws-bedrock", position=0),
    "llama_index:BedrockConverse": _hosted("aws-bedrock", position=0),
    "llama_index:MistralAI": _hosted("mistral", position=0),
    "llama_index:MistralAIEmbedding": _hosted("mistral"),
    "llama_index:Cohere": _hosted("cohere", position=0),
    "llama_index:CohereEmbedding": _hosted("cohere"),
    "llama_index:CohereRerank": _hosted("cohere"),
    "llama_index:Groq": _hosted("groq", position=0),
    "llama_index:TogetherLLM": _hosted("together", position=0),
    "llama_index:DeepSeek": _hosted("deepseek", position=0),
    "llama_index:Fireworks": _hosted("fireworks", position=0),
    "llama_index:Replicate": Row(What.HOSTED, 0, ("model",), "replicate"),
    "llama_index:LiteLLM": _routed(0, "model"),
    "llama_index:Ollama": _ollama(0, "model"),
    "llama_index:OllamaEmbedding": _ollama(0, "model_name"),
    "llama_index:HuggingFaceEmbedding": Row(What.SENTENCE, 0, ("model_name",), assumed="BAAI/bge-small-en"),
    "llama_index:HuggingFaceLLM": _hub(None, "model_name"),
    "llama_index:HuggingFaceInferenceAPI": Row(What.HOSTED, None, ("model_name",), "huggingface"),
    "llama_index:FastEmbedEmbedding": _hub(0, "model_name"),
    "llama_index:SentenceTransformerRerank": _hub(None, "model"),
    "llama_index:FlagEmbeddingReranker": _hub(None, "model"),
    "llama_index:LlamaCPP": _file(None, "model_path", "model_url"),
    "llama_index:WikipediaReader": _service("wikipedia"),
    # Haystack
    "haystack:OpenAIGenerator": _hosted("openai", "gpt-4o-mini"),
    "haystack:OpenAIChatGenerator": _hosted("openai", "gpt-4o-mini"),
    "haystack:OpenAITextEmbedder": _hosted("openai", "text-embedding-ada-002"),
    "haystack:OpenAIDocumentEmbedder": _hosted("openai", "text-embedding-ada-002"),
    "haystack:AzureOpenAIGenerator": _hosted("azure-openai"),
    "haystack:AzureOpenAIChatGenerator": _hosted("azure-openai"),
    "haystack:HuggingFaceLocalGenerator": _hub(0, "model"),
    "haystack:HuggingFaceLocalChatGenerator": _hub(0, "model"),
    "haystack:HuggingFaceAPIGenerator": Row(What.HOSTED, None, (), "huggingface"),
    "haystack:SentenceTransformersTextEmbedder": Row(What.SENTENCE, 0, ("model",), assumed="sentence-transformers/all-mpnet-base-v2"),
    "haystack:SentenceTransformersDocumentEmbedder": Row(What.SENTENCE, 0, ("model",), assumed="sentence-transformers/all-mpnet-base-v2"),
    "haystack:TransformersSimilarityRanker": Row(What.HUB, 0, ("model",), assumed="cross-encoder/ms-marco-MiniLM-L-6-v2"),
    "haystack:ExtractiveReader": Row(What.HUB, 0, ("model",), assumed="deepset/roberta-base-squad2-distilled"),
    "haystack:FARMReader": _hub(0, "model_name_or_path"),
    "haystack:PromptNode": _hub(0, "model_name_or_path"),
    "haystack_integrations:OllamaGenerator": _ollama(0, "model"),
    "haystack_integrations:OllamaChatGenerator": _ollama(0, "model"),
    "haystack_integrations:OllamaTextEmbedder": _ollama(0, "model"),
    "haystack_integrations:OllamaDocumentEmbedder": _ollama(0, "model"),
    "haystack_integrations:CohereTextEmbedder": _hosted("cohere"),
    "haystack_integrations:CohereDocumentEmbedder": _hosted("cohere"),
    "haystack_integrations:CohereChatGenerator": _hosted("cohere"),
    "haystack_integrations:CohereRanker": _hosted("cohere"),
    "haystack_integrations:MistralChatGenerator": _hosted("mistral"),
    "haystack_integrations:MistralTextEmbedder": _hosted("mistral"),
    "haystack_integrations:GoogleAIGeminiGenerator": _hosted("google-gemini"),
    "haystack_integrations:GoogleAIGeminiChatGenerator": _hosted("google-gemini"),
    "haystack_integrations:GoogleGenAIChatGenerator": _hosted("google-gemini"),
    "haystack_integrations:AmazonBedrockChatGenerator": _hosted("aws-bedrock", position=0),
    "haystack_integrations:AmazonBedrockGenerator": _hosted("aws-bedrock", position=0),
    "haystack_integrations:FastembedTextEmbedder": Row(What.HUB, 0, ("model",), assumed="BAAI/bge-small-en-v1.5"),
    "haystack_integrations:AnthropicChatGenerator": _hosted("anthropic"),
    "haystack_integrations:CohereGenerator": _hosted("cohere"),
    # vector stores with an embedder of their own
    "chromadb:SentenceTransformerEmbeddingFunction": Row(What.SENTENCE, 0, ("model_name",), assumed="all-MiniLM-L6-v2"),
    "chromadb:OpenAIEmbeddingFunction": _hosted("openai", "text-embedding-ada-002"),
    "chromadb:DefaultEmbeddingFunction": Row(What.SENTENCE, None, (), assumed="all-MiniLM-L6-v2"),
    # other services
    "serpapi:GoogleSearch": _service("serpapi"),
    "tavily:TavilyClient": _service("tavily"),
    "exa_py:Exa": _service("exa"),
    "wikipedia:page": _service("wikipedia"),
    "wikipedia:summary": _service("wikipedia"),
    "wikipedia:search": _service("wikipedia"),
    "wandb:init": _service("wandb"),
    "wandb:login": _service("wandb"),
    "langsmith:Client": _service("langsmith"),
    "langfuse:Langfuse": _service("langfuse"),
    # plain requests
    "requests:post": Row(What.ADDRESS, 0, ("url",)),
    "requests:get": Row(What.ADDRESS, 0, ("url",)),
    "requests:request": Row(What.ADDRESS, 1, ("url",)),
    "httpx:post": Row(What.ADDRESS, 0, ("url",)),
    "httpx:get": Row(What.ADDRESS, 0, ("url",)),
    "httpx:stream": Row(What.ADDRESS, 1, ("url",)),
    "aiohttp:post": Row(What.ADDRESS, 0, ("url",)),
    "urllib:urlopen": Row(What.ADDRESS, 0, ("url",)),
    "urllib:Request": Row(What.ADDRESS, 0, ("url",)),
    "http:HTTPSConnection": Row(What.ADDRESS, 0, ("host",)),
}
"""By package and name."""

FAMILIES: Final[Mapping[str, Row]] = {
    "torchvision.models": Row(What.NAMED, None, (), "torchvision", needs="weights"),
    "torchvision.datasets": Row(What.DATA, None, (), "torchvision"),
    "torchaudio.pipelines": Row(What.NAMED, None, (), "torchaudio", "bundle", needs="weights"),
    "torchaudio.datasets": Row(What.DATA, None, (), "torchaudio"),
    "torchtext.datasets": Row(What.DATA, None, (), "torchtext"),
    "torchtext.models": Row(What.NAMED, None, (), "torchtext", "bundle", needs="weights"),
    "keras.applications": Row(What.NAMED, None, (), "keras", "imagenet", needs="weights"),
    "tensorflow.keras.applications": Row(What.NAMED, None, (), "keras", "imagenet", needs="weights"),
    "keras.datasets": Row(What.DATA, None, (), "keras"),
    "tensorflow.keras.datasets": Row(What.DATA, None, (), "keras"),
}
"""Modules in which every callable is a model or a dataset of that name. With `assumed`, weights are loaded unless told otherwise."""

METHODS: Final[Mapping[str, Row]] = {
    "from_pretrained": _hub(0, "pretrained_model_name_or_path"),
    "load_lora_weights": Row(What.ADAPTER, 0, ("pretrained_model_name_or_path_or_dict",)),
    "load_ip_adapter": Row(What.ADAPTER, 0, ("pretrained_model_name_or_path_or_dict",)),
    "load_adapter": Row(What.ADAPTER, 0, ("peft_model_id",)),
    "load_dataset": _dataset(0, "path"),
    "hf_hub_download": _hub(0, "repo_id"),
    "snapshot_download": _hub(0, "repo_id"),
    "chat.completions.create": Row(What.HOSTED, None, ("model",)),
    "chat.completions.parse": Row(What.HOSTED, None, ("model",)),
    "completions.create": Row(What.HOSTED, None, ("model",)),
    "embeddings.create": Row(What.HOSTED, None, ("model",)),
    "responses.create": Row(What.HOSTED, None, ("model",)),
    "responses.parse": Row(What.HOSTED, None, ("model",)),
    "messages.create": Row(What.HOSTED, None, ("model",)),
    "messages.stream": Row(What.HOSTED, None, ("model",)),
    "images.generate": Row(What.HOSTED, None, ("model",)),
    "moderations.create": Row(What.HOSTED, None, ("model",)),
    "audio.transcriptions.create": Row(What.HOSTED, None, ("model",)),
    "audio.speech.create": Row(What.HOSTED, None, ("model",)),
    "models.generate_content": Row(What.HOSTED, None, ("model",)),
    "invoke_model": Row(What.HOSTED, None, ("modelId",), "aws-bedrock"),
    "converse": Row(What.HOSTED, None, ("modelId",), "aws-bedrock"),
    "converse_stream": Row(What.HOSTED, None, ("modelId",), "aws-bedrock"),
    "invoke_model_with_response_stream": Row(What.HOSTED, None, ("modelId",), "aws-bedrock"),
    "post": Row(What.ADDRESS, 0, ("url",)),
    "load_state_dict_from_url": _file(0, "url"),
    "load_file_from_url": _file(0, "url"),
}
"""By method alone, where whose it is cannot be followed."""


CLIENT_METHODS: Final = frozenset(
    {
        *("complete", "complete_async", "stream", "stream_async", "process", "process_async", "rerank", "embed", "chat", "chat_stream"),
        *("generate", "classify", "summarize", "generate_content_stream", "embed_content", "generate_images", "generate_videos"),
        *("edit_image", "upscale_image", "count_tokens", "connect", "create_async", "edit", "create_and_poll", "create_and_run", "convert"),
    }
)
"""Methods that take a model's name from whoever knows that it is a client of a service that they belong to."""

LAST_NAMES: Final = (
    frozenset(
        {key.partition(":")[2].rpartition(".")[2] for key in CALLS if ":" in key} | {key.rpartition(".")[2] for key in (*CALLS, *METHODS)}
    )
    | CLIENT_METHODS
)
"""The last parts of all callables: a call of anything else is passed over."""


METHOD_ROWS: Final[Mapping[str, Row]] = {key.rpartition(".")[2]: row for key, row in METHODS.items()}
"""By the last part of a method's name."""


def row_of(name: str) -> Row | None:
    """The row of a call by its full name, such as `openai.OpenAI().chat.completions.create`.

    >>> row_of("langchain_openai.chat_models.ChatOpenAI").owner
    'openai'
    """
    parts = name.split(".")
    root = parts[0]
    if root.startswith("langchain"):
        parts[0] = "langchain"
    elif root.startswith("llama_index"):
        parts[0] = "llama_index"
    for depth in range(min(3, len(parts) - 1), 0, -1):
        package = ".".join(parts[:depth])
        for length in (3, 2, 1):
            if len(parts) - depth >= length:
                found = CALLS.get(f"{package}:{'.'.join(parts[-length:])}")
                if found is not None:
                    return found
    return CALLS.get(name)
