"""Limits on what is read. Inputs are hostile; every limit has one place and one reason."""

from typing import Final

__all__ = ["MAX_BOM_BYTES", "MAX_DEPTH", "MAX_FILE_BYTES", "MAX_INCLUDES", "MAX_YAML_NODES"]

MAX_FILE_BYTES: Final = 16 * 1024 * 1024
"""A file that people write by hand is smaller than this."""

MAX_BOM_BYTES: Final = 1024 * 1024 * 1024
"""A BOM of a million components is about 600 MB."""

MAX_DEPTH: Final = 200
"""Nesting of components or containers; deeper documents are made to break readers."""

MAX_INCLUDES: Final = 200
"""Files that one requirements file may pull in with `-r`."""

MAX_YAML_NODES: Final = 200_000
"""Nodes after aliases are followed: a "billion laughs" document stays small on disk."""
