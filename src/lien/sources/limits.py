"""Limits on what is read. Inputs are hostile; every limit has one place and one reason."""

from typing import Final

__all__ = [
    "MAX_BOM_BYTES",
    "MAX_DEPTH",
    "MAX_FILE_BYTES",
    "MAX_HEADER_BYTES",
    "MAX_INCLUDES",
    "MAX_LOCK_BYTES",
    "MAX_LOCK_NODES",
    "MAX_WEIGHT_BYTES",
    "MAX_XML_DEPTH",
    "MAX_YAML_NODES",
]

MAX_FILE_BYTES: Final = 16 * 1024 * 1024
"""A file that people write by hand is smaller than this."""

MAX_LOCK_BYTES: Final = 128 * 1024 * 1024
"""A lock of 100,000 packages is some 50 MB."""

MAX_BOM_BYTES: Final = 1024 * 1024 * 1024
"""A BOM of a million components is about 600 MB."""

MAX_DEPTH: Final = 200
"""Nesting of components or containers; deeper documents are made to break readers."""

MAX_INCLUDES: Final = 200
"""Files that one requirements file may pull in with `-r`."""

MAX_YAML_NODES: Final = 200_000
"""Nodes after aliases are followed: a "billion laughs" document stays small on disk."""

MAX_LOCK_NODES: Final = 2_000_000
"""Nodes of a lock file in YAML: 20,000 packages have some 600,000."""

MAX_WEIGHT_BYTES: Final = 1 << 62
"""Weight files have no limit of their own: only their headers are read."""

MAX_HEADER_BYTES: Final = 64 * 1024 * 1024
"""What is read of one weight file: a vocabulary of 250,000 tokens with its merges stands in some 15 MB of a GGUF header,
and libraries refuse the header of a safetensors file above 100 MB, which would hold a million tensors.
"""

MAX_XML_DEPTH: Final = 1000
"""Nesting of elements; a level of nested components takes two or three of them."""
