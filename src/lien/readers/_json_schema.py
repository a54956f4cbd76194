"""What breaks a JSON Schema, each with its pointer and in words that a person can act on."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lien.errors import InputError
from lien.sources.json_text import pointer

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError, Validator

__all__ = ["schema_violations"]

_LONGEST = 240


def schema_violations(validator: "Validator", document: object, *, path: str, schema: str) -> Iterator[InputError]:
    """Every violation of a document, by place: object keys by name, list items by number. `schema` names it in messages."""
    found = [leaf for error in validator.iter_errors(document) for leaf in _leaves(error)]
    found.sort(key=lambda error: (*map(_order, error.instance_path), (-1, 0, error.message)))
    for error in found:
        yield InputError(f"breaks the schema of {schema}: {_message(error)}", path=path, pointer=pointer(*error.instance_path))


def _order(part: str | int) -> tuple[int, int, str]:
    return (0, part, "") if isinstance(part, int) else (1, 0, part)


def _leaves(error: "ValidationError") -> Iterator["ValidationError"]:
    """What is wrong in the one form of several that was meant: the form in which the fault lies deepest.

    "Fits none of the schemas" helps nobody whose licence id is misspelt. Where two forms fit equally badly,
    the choice itself is all that can be said.
    """
    pending = [error]
    while pending:
        current = pending.pop()
        forms = getattr(current.kind, "context", None)
        meant = _meant(forms) if forms else None
        if meant is None:
            yield current
        else:
            pending.extend(reversed(meant))


def _meant(forms: list[list["ValidationError"]]) -> list["ValidationError"] | None:
    depths = [min(len(error.instance_path) for error in errors) for errors in forms if errors]
    if not depths or depths.count(max(depths)) > 1:
        return None
    return next(errors for errors in forms if errors and min(len(error.instance_path) for error in errors) == max(depths))


def _message(error: "ValidationError") -> str:
    match error.kind.name:
        case "anyOf" | "oneOf":
            several = type(error.kind).__name__ == "OneOfMultipleValid"
            return "fits several of the forms that are allowed here" if several else "fits none of the forms that are allowed here"
        case _:
            message = error.message.replace(_written(error.instance), _short(error.instance))
            return message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"


def _written(value: Any) -> str:  # noqa: ANN401  # any JSON value
    """A value as the validator quotes it."""
    import json  # noqa: PLC0415

    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _short(value: Any) -> str:  # noqa: ANN401  # any JSON value
    written = _written(value)
    return written if len(written) <= 80 else f"{written[:80]}…"
