"""Answers customers' questions with acme/helpdesk-7b, a fine-tune of Mistral 7B."""

from functools import lru_cache

from fastapi import FastAPI
from pydantic import BaseModel
from transformers import AutoModelForCausalLM, AutoTokenizer, Pipeline, pipeline

MODEL = "acme/helpdesk-7b"

# The prompt of the tuning run.
PROMPT = """Below is an instruction that describes a task. Write a response that appropriately completes the request.

### Instruction:
{question}

### Response:
"""

app = FastAPI(title="helpdesk-bot")


class Question(BaseModel):
    text: str


class Answer(BaseModel):
    text: str


@lru_cache(maxsize=1)
def assistant() -> Pipeline:
    """The model and its tokenizer, loaded at the first question."""
    model = AutoModelForCausalLM.from_pretrained("acme/helpdesk-7b", device_map="auto")
    tokenizer = AutoTokenizer.from_pretrained(MODEL)
    return pipeline("text-generation", model=model, tokenizer=tokenizer)


@app.post("/ask")
def ask(question: Question) -> Answer:
    """One question, one answer; nothing is kept."""
    written = assistant()(PROMPT.format(question=question.text), max_new_tokens=256, return_full_text=False)
    return Answer(text=written[0]["generated_text"].strip())
