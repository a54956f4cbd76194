"""The version, alone in a module that everything may import."""

__all__ = ["VERSION"]

VERSION = "0.1.0"
