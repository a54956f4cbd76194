"""Places of SPDX documents whose values have lines of their own: tag-value, XML and RDF."""

from typing import Any

__all__ = ["LinePlaces", "Lines"]

Lines = dict[str, Any]
"""Lines of an element by key: "" for the element, a number for a value, a list for the values of a list."""


class LinePlaces:
    """Looks a line up; the nearest one that is known, where the very value has none."""

    def at(self, place: Lines, *keys: str | int) -> tuple[int | None, None]:
        """The line of a value, and no pointer."""
        line: Any = place
        found = place.get("")
        for key in keys:
            if isinstance(key, str):
                line = line.get(key) if isinstance(line, dict) else None
            else:
                line = line[key] if isinstance(line, list) and key < len(line) else line
            found = line if isinstance(line, int) else line[0] if isinstance(line, list) and line else found
        return found, None
