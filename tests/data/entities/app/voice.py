"""Reads answers out."""

from TTS.api import TTS

from app import settings

speaker = TTS(model_name=settings.VOICE)
