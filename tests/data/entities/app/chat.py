"""Answers: a base model, and on it the tone of this shop."""

from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

from app.settings import CHAT_MODEL


def answerer():
    """The example `AutoModel.from_pretrained("nobody/uses-this")` stands in every manual."""
    base = AutoModelForCausalLM.from_pretrained(CHAT_MODEL, device_map="auto")
    return PeftModel.from_pretrained(base, "shopdesk/tone-lora"), AutoTokenizer.from_pretrained(CHAT_MODEL)
