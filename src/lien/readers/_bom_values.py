"""Values of a BOM, CycloneDX or SPDX: what is absent, what is sloppy and let pass, and what is an error.

Where a fact would be lost by passing over a value of the wrong shape, that is an InputError; where
only decoration would be lost, the value counts as absent. `null` always counts as absent.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from lien.errors import InputError
from lien.graph.fragments import Fragment
from lien.sources.json_text import collector_at_rest

__all__ = ["Json", "gathered", "in_batches", "iso_date", "list_at", "new_tuple", "object_at", "shown", "text"]

new_tuple = tuple.__new__
"""Makes a named tuple from all of its fields, in half the time of calling its class.

For the few places that a large BOM passes hundreds of thousands of times; a test holds them to the
fields of the fragments.
"""

Json = dict[str, Any]

_SHOWN = 80
_KINDS = {dict: "an object", list: "a list", str: "a string", bool: "a truth value", int: "a number", float: "a number", type(None): "null"}


def text(value: object) -> str | None:
    """A string that says something, without the spaces around it; None for anything else."""
    return value.strip() or None if isinstance(value, str) else None


def iso_date(value: object) -> date | None:
    """The day of an ISO 8601 date or timestamp; None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value.strip()[:10])
    except ValueError:
        return None


def shown(value: object) -> str:
    """A value as a message quotes it: a string in quotes and never long, another value by its kind."""
    if not isinstance(value, str):
        return _KINDS[type(value)]
    return f'"{value}"' if len(value) <= _SHOWN else f'"{value[:_SHOWN]}…"'


def list_at(value: object, path: str, pointer: str, of: str) -> list[Any]:
    """A list, or an empty one where there is none. Raises InputError with the place for another value."""
    if isinstance(value, list):
        return value
    if value is None:
        return []
    raise InputError(f"is {shown(value)}, not a list; write a list of {of}, or leave it out", path=path, pointer=pointer)


def object_at(value: object, path: str, pointer: str, of: str) -> Json:
    """An object, or an empty one where there is none. Raises InputError with the place for another value."""
    if isinstance(value, dict):
        return value
    if value is None:
        return {}
    raise InputError(f"is {shown(value)}, not an object; write {of}, or leave it out", path=path, pointer=pointer)


def gathered(fill: Callable[[list[Fragment]], None]) -> Iterator[Fragment]:
    """What `fill` puts into a list, made with the garbage collector at rest.

    All of it stays alive, and so does the document: without this, half of the time goes into looking for
    garbage. The collector never rests while the consumer is at work. What came before an error is yielded
    before it is raised.
    """
    found: list[Fragment] = []
    failure: InputError | None = None
    with collector_at_rest():
        try:
            fill(found)
        except InputError as error:
            failure = error
    yield from found
    if failure is not None:
        raise failure


def in_batches(fragments: Iterator[Fragment]) -> Iterator[Fragment]:
    """The same fragments, made as `gathered` has them made."""
    return gathered(lambda found: found.extend(fragments))
