"""What the reader of CycloneDX is called in evidence, whichever of its parts has seen something."""

from typing import Final

__all__ = ["NAME"]

NAME: Final = "cyclonedx-json"
