"""The support assistant: a small HTTP service around a fine-tuned model."""
