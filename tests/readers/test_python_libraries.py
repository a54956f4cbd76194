"""Calls of Python libraries, as their own documentation writes them, and what each of them names."""

from pathlib import Path

import pytest

from lien.graph.fragments import RelationSeen, UnresolvedReference
from lien.readers.interface import Reader
from lien.readers.python_source import PythonReader
from lien.sources.tree import Tree

READER: Reader = PythonReader()


def used(folder: Path, code: str) -> list[str]:
    (folder / "app.py").write_text(code, encoding="utf-8")
    relations = [one for one in READER.read(Tree(folder).read("app.py")) if isinstance(one, RelationSeen) and one.downstream == "product"]
    return sorted({f"{one.upstream} {one.role}" for one in relations})


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('from lm_eval import simple_evaluate\nsimple_evaluate(model="hf", model_args="pretrained=a/b,dtype=float32", tasks=["x"])', "model:a/b evaluation"),
        ('import lm_eval\nlm_eval.simple_evaluate("hf", {"pretrained": "a/b"})', "model:a/b evaluation"),
        ('import evaluate\nevaluate.load("bertscore").compute(predictions=p, references=r, model_type="a/b")', "model:a/b evaluation"),
        ('import nltk\nnltk.download(["punkt", "wordnet"])', "dataset:nltk:punkt default, dataset:nltk:wordnet default"),
        ('import torchtext\ntorchtext.datasets.IMDB(split="train")', "dataset:torchtext:imdb default"),
        ("from torchtext.models import XLMR_BASE_ENCODER\nXLMR_BASE_ENCODER.get_model()", "model:torchtext:xlmr_base_encoder default"),
        ('import torchvision\ntorchvision.models.get_model("resnet50", weights="DEFAULT")', "model:torchvision:resnet50 default"),
        ('import torchvision\ntorchvision.models.get_model("resnet50", weights=None)', ""),
        ("from torchvision.models._utils import IntermediateLayerGetter\nIntermediateLayerGetter(net, return_layers={})", ""),
        ('import keras_hub\nkeras_hub.models.GemmaCausalLM.from_preset("gemma_2b_en")', "model:keras-hub:gemma_2b_en default"),
        ('import keras_nlp\nkeras_nlp.models.Llama3CausalLM.from_preset("hf://meta-llama/Llama-3.2-1B")', "model:meta-llama/llama-3.2-1b default"),
        ('import keras_hub\nkeras_hub.models.Backbone.from_preset("kaggle://keras/llama3/keras/llama3_8b_en")', "model:kaggle:keras/llama3 default"),
        ('import tensorflow_hub as hub\nhub.load("https://tfhub.dev/google/universal-sentence-encoder/4")', "model:tfhub:google/universal-sentence-encoder default"),
        ('import tensorflow_hub as hub\nhub.KerasLayer("https://www.kaggle.com/models/google/mobilenet-v2/tensorFlow2/x/2")', "model:kaggle:google/mobilenet-v2 default"),
        ('import kagglehub\nkagglehub.model_download("google/gemma/pyTorch/2b")\nkagglehub.dataset_download("owner/name")', "dataset:kaggle:owner/name default, model:kaggle:google/gemma default"),
        ('import open_clip\nopen_clip.create_model_and_transforms("ViT-B-32", pretrained="laion2b_s34b_b79k")', "model:open_clip:vit-b-32/laion2b_s34b_b79k default"),
        ('import open_clip\nopen_clip.create_model_from_pretrained("hf-hub:laion/CLIP-ViT-g-14")', "model:laion/clip-vit-g-14 default"),
        ('import open_clip\nopen_clip.create_model("ViT-B-32")', ""),
        ('import timm\ntimm.create_model("hf-hub:timm/vit_base.augreg", pretrained=True)', "model:timm/vit_base.augreg default"),
        ('from flair.models import SequenceTagger\nSequenceTagger.load("flair/ner-english-large")', "model:flair/ner-english-large default"),
        ('from flair.nn import Classifier\nClassifier.load("ner")', "model:flair:ner default"),
        ('from flair.embeddings import FlairEmbeddings, TransformerWordEmbeddings\nFlairEmbeddings("news-forward")\nTransformerWordEmbeddings("a/b")', "model:a/b default, model:flair:news-forward default"),
        ('import stanza\nstanza.download("de")\nstanza.Pipeline("de")', "model:stanza:de default"),
        ('import fasttext\nfasttext.load_model("lid.176.bin")', "model:fasttext:lid.176 default"),
        ('import fasttext.util\nfasttext.util.download_model("en", if_exists="ignore")', "model:fasttext:cc.en.300 default"),
        ('from paddlenlp.transformers import AutoModel\nAutoModel.from_pretrained("ernie-3.0-base-zh")', "model:paddlenlp:ernie-3.0-base-zh default"),
        ('from modelscope import snapshot_download\nsnapshot_download("Qwen/Qwen2-7B")', "model:qwen/qwen2-7b default"),
        ('from modelscope.hub.snapshot_download import snapshot_download\nsnapshot_download("iic/SenseVoiceSmall")', "model:modelscope:iic/sensevoicesmall default"),
        ('from modelscope.msdatasets import MsDataset\nMsDataset.load("AI-ModelScope/alpaca")', "dataset:modelscope:ai-modelscope/alpaca default"),
        ('from faster_whisper import WhisperModel\nWhisperModel("large-v2")', "model:systran/faster-whisper-large-v2 default"),
        ('from faster_whisper import WhisperModel\nWhisperModel("distil-large-v3")', "model:systran/faster-distil-whisper-large-v3 default"),
        ('from faster_whisper import WhisperModel\nWhisperModel("turbo")', "model:mobiuslabsgmbh/faster-whisper-large-v3-turbo default"),
        ('import whisperx\nwhisperx.load_model("large", "cuda")\nwhisperx.load_align_model("en", "cpu")', "model:systran/faster-whisper-large-v3 default, model:torchaudio:wav2vec2_asr_base_960h default"),
        ('import whisperx\nwhisperx.load_align_model("xx", "cpu", model_name="a/b")', "model:a/b default"),
        ("import whisperx\nwhisperx.DiarizationPipeline(device='cpu')", "model:pyannote/speaker-diarization-community-1 default"),
        ('import whisper\nwhisper.load_model("turbo")', "model:openai/whisper-large-v3-turbo default"),
        ("from fastembed import TextEmbedding\nTextEmbedding()", "model:baai/bge-small-en-v1.5 default"),
        ('import outlines\noutlines.models.transformers("a/b")', "model:a/b default"),
        ('from guidance import models\nmodels.LlamaCpp("./weights/a.gguf")', "model:file:weights/a.gguf default"),
        ('from smolagents import VLLMModel\nVLLMModel(model_id="a/b")', "model:a/b default"),
        ('from functools import partial\nfrom transformers import AutoModel\nload = partial(AutoModel.from_pretrained, "a/b")', "model:a/b default"),
        ('from autogen_ext.models.ollama import OllamaChatCompletionClient\nOllamaChatCompletionClient(model="qwen2.5:7b")', "model:ollama:qwen2.5:7b default"),
    ],
)  # fmt: skip
def test_models_and_data(tmp_path: Path, code: str, expected: str) -> None:
    assert ", ".join(used(tmp_path, code)) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('import outlines, openai\noutlines.from_openai(openai.OpenAI(), "gpt-4.1")', "openai/gpt-4.1"),
        ('import instructor, openai\nc = instructor.from_openai(openai.OpenAI())\nc.chat.completions.create(model="gpt-4-turbo")', "openai/gpt-4-turbo"),
        ('import instructor\ninstructor.from_provider("anthropic/claude-3-5-sonnet-20240620")', "anthropic/claude-3-5-sonnet-20240620"),
        ('import litellm\nlitellm.rerank(model="cohere/rerank-english-v3.0", query="", documents=[])', "cohere/rerank-english-v3.0"),
        ('import litellm\nlitellm.completion("huggingface/together/deepseek-ai/DeepSeek-R1")', "huggingface/deepseek-ai/deepseek-r1"),
        ('from litellm import Router\nRouter(model_list=[{"model_name": "a", "litellm_params": {"model": "groq/llama3-8b-8192"}}])', "groq/llama3-8b-8192"),
        ('from smolagents import OpenAIModel\nOpenAIModel(model_id="gpt-4o")', "openai/gpt-4o"),
        ('from smolagents import AmazonBedrockModel\nAmazonBedrockModel(model_id="us.amazon.nova-pro-v1:0")', "aws-bedrock/us.amazon.nova-pro-v1:0"),
        ('from pydantic_ai.models.openai import OpenAIResponsesModel\nOpenAIResponsesModel("gpt-4.1-nano")', "openai/gpt-4.1-nano"),
        ('from pydantic_ai.models.cohere import CohereModel\nCohereModel("command-r-plus")', "cohere/command-r-plus"),
        ('from crewai import Crew\nCrew(agents=[], manager_llm="gpt-4")', "openai/gpt-4"),
        ('from crewai import Crew\nCrew(embedder={"provider": "openai", "config": {"model": "text-embedding-3-small"}})', "openai/text-embedding-3-small"),
        ('from autogen import AssistantAgent\nAssistantAgent("a", llm_config={"config_list": [{"model": "gpt-4-0613"}]})', "openai/gpt-4-0613"),
        ('from autogen_ext.models.anthropic import AnthropicChatCompletionClient as C\nC(model="claude-3-opus-20240229")', "anthropic/claude-3-opus-20240229"),
        ('from google import genai\nc = genai.Client()\nc.models.generate_content_stream(model="gemini-2.5-pro")', "google-gemini/gemini-2.5-pro"),
        ('from google import genai\nc = genai.Client()\nc.models.generate_images(model="imagen-4.0-generate-001")', "google-gemini/imagen-4.0-generate-001"),
        ('import cohere\nco = cohere.ClientV2()\nco.rerank(model="rerank-v3.5")', "cohere/rerank-v3.5"),
        ('from mistralai import Mistral\nm = Mistral()\nm.chat.complete(model="mistral-small-latest")', "mistral/mistral-small-latest"),
        ('from mistralai import Mistral\nm = Mistral()\nm.ocr.process(model="mistral-ocr-latest")', "mistral/mistral-ocr-latest"),
        ('import groq\nc = groq.Groq()\nc.audio.transcriptions.create(model="whisper-large-v3")', "groq/whisper-large-v3"),
        ("from llama_index.embeddings.openai import OpenAIEmbedding\nOpenAIEmbedding()", "openai/text-embedding-ada-002"),
        ('from langgraph.prebuilt import create_react_agent\ncreate_react_agent("openai:gpt-4.1-mini", tools=[])', "openai/gpt-4.1-mini"),
        ('from google.adk.agents import LlmAgent\nLlmAgent(model="gemini-2.5-pro", name="y")', "google-gemini/gemini-2.5-pro"),
        ('from agno.models.anthropic import Claude\nClaude(id="claude-3-7-sonnet-20250219")', "anthropic/claude-3-7-sonnet-20250219"),
        ('from strands.models import BedrockModel\nBedrockModel(model_id="us.amazon.nova-micro-v1:0")', "aws-bedrock/us.amazon.nova-micro-v1:0"),
        ('from mem0 import Memory\nMemory.from_config({"llm": {"provider": "openai", "config": {"model": "gpt-4.1-nano"}}})', "openai/gpt-4.1-nano"),
        ('from elevenlabs.client import ElevenLabs\nElevenLabs().text_to_speech.convert(model_id="eleven_multilingual_v2")', "elevenlabs/eleven_multilingual_v2"),
        ('import replicate\nreplicate.stream("meta/meta-llama-3-70b-instruct")', "replicate/meta/meta-llama-3-70b-instruct"),
    ],
)  # fmt: skip
def test_hosted_models(tmp_path: Path, code: str, expected: str) -> None:
    service = expected.partition("/")[0]
    assert used(tmp_path, code) == [f"service:{service} default", f"service:{expected} default"]


def test_names_that_only_a_run_tells(tmp_path: Path) -> None:
    code = (
        "import json, sys\nimport streamlit as st\nfrom transformers import AutoModel\nfrom elsewhere import settings\n"
        'AutoModel.from_pretrained(input("which?"))\n'
        'AutoModel.from_pretrained(json.load(open("x.json"))["model"])\n'
        "AutoModel.from_pretrained(sys.argv[1])\n"
        'AutoModel.from_pretrained(st.selectbox("x", choices))\n'
        "AutoModel.from_pretrained(settings.model)\n"
        "from openai import OpenAI\nOpenAI().chat.completions.create(model=settings.hosted, messages=[])\n"
    )
    (tmp_path / "app.py").write_text(code, encoding="utf-8")
    lost = [one.evidence.line for one in READER.read(Tree(tmp_path).read("app.py")) if isinstance(one, UnresolvedReference)]
    assert lost == [5, 6, 7, 8, 9, 11]


def test_an_aligner_of_another_language_is_said_to_be_unknown(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text('import whisperx\nwhisperx.load_align_model("ja", "cpu")\n', encoding="utf-8")
    lost = [(one.what, one.reason) for one in READER.read(Tree(tmp_path).read("app.py")) if isinstance(one, UnresolvedReference)]
    assert lost == [("ja", 'is the language "ja", for which the library chooses a model; name it (model_name)')]
