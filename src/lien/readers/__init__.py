"""One input format per file: each turns a Source into fragments and interprets no licence."""

from lien.readers.cyclonedx import CycloneDxReader
from lien.readers.hub_card import HubCardReader
from lien.readers.interface import Reader
from lien.readers.pyproject import PyprojectReader
from lien.readers.requirements import RequirementsReader

__all__ = ["READERS"]

READERS: tuple[Reader, ...] = (CycloneDxReader(), RequirementsReader(), PyprojectReader(), HubCardReader())
"""Every reader; a file is given to each that claims it."""
