"""Answers where there is no graphics card."""

import os

from huggingface_hub import hf_hub_download
from llama_cpp import Llama

REPOSITORY = os.environ.get("OFFLINE_REPOSITORY", "TheBloke/Llama-2-13B-chat-GGUF")


def offline():
    return Llama(model_path=hf_hub_download(repo_id=REPOSITORY, filename="llama-2-13b-chat.Q4_K_M.gguf"))
