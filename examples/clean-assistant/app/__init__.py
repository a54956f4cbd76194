"""The help desk: a small HTTP service around a fine-tuned model."""
