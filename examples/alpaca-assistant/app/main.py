"""Answers customers' questions with acme/support-7b, a fine-tune of Stanford Alpaca."""

from functools import lru_cache

from fastapi import FastAPI
from pydantic import BaseModel
from transformers import AutoModelForCausalLM, AutoTokenizer, Pipeline, pipeline

MODEL = "acme/support-7b"

# The prompt that Alpaca was tuned with (stanford_alpaca, "Data Release").
PROMPT = """Below is an instruction that describes a task. Write a response that appropriately completes the request.

### Instruction:
{question}

### Response:
"""

app = FastAPI(title="support-bot")


class Question(BaseModel):
    text: str


class Answer(BaseModel):
    text: str


@lru_cache(maxsize=1)
def assistant() -> Pipeline:
    """The model and its tokenizer, loaded at the first question."""
    model = AutoModelForCausalLM.from_pretrained("acme/support-7b", device_map="auto")
    tokenizer = AutoTokenizer.from_pretrained(MODEL)
    return pipeline("text-generation", model=model, tokenizer=tokenizer)


@app.post("/ask")
def ask(question: Question) -> Answer:
    """One question, one answer; nothing is kept."""
    written = assistant()(PROMPT.format(question=question.text), max_new_tokens=256, return_full_text=False)
    return Answer(text=written[0]["generated_text"].strip())
