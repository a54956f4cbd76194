"""Filling gaps: one source of knowledge about named artifacts per file."""
