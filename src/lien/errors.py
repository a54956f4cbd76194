"""The one family of errors, by who must act.

LienError
├── InputError      an input cannot be read as what it claims to be: its owner
│   ├── LeftOutError  it could be read, and there is a reason not to
│   └── PolicyError   lien.toml, [tool.lien] or --policy: who wrote the policy
├── KnowledgeError  a knowledge file or the compiled catalogue: who edits the knowledge
├── UsageError      the call asks for what is not there: who called
└── NetworkError    somebody else's server: try again, or work offline
"""

from collections.abc import Iterable

__all__ = ["InputError", "KnowledgeError", "LeftOutError", "LienError", "NetworkError", "PolicyError", "UsageError"]


class LienError(Exception):
    """Anything lien raises on purpose. The message says where, what, and what to do about it."""


class UsageError(LienError):
    """The call names a path, term or artifact that is not there."""


class NetworkError(LienError):
    """A server did not answer, or not as documented."""


class _PlacedError(LienError):
    """An error with a place: path, and line (1-based) or JSON pointer."""

    def __init__(self, message: str, *, path: str | None = None, line: int | None = None, pointer: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line
        self.pointer = pointer

    @property
    def where(self) -> str:
        """`path:line`, `path#/pointer` or `path`; empty where nothing is known."""
        place = self.path or ""
        if self.line is not None:
            place += f":{self.line}"
        elif self.pointer:
            place += f"#{self.pointer}"
        return place

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class InputError(_PlacedError):
    """An input is not what it claims to be, or breaks a limit on hostile input."""


class LeftOutError(InputError):
    """An input is of a known format and is left out on purpose, such as a bundle that a build wrote."""


class PolicyError(InputError):
    """A policy or project file says what no policy can say."""


class KnowledgeError(_PlacedError):
    """A knowledge file breaks the schema, the vocabulary or a reference; or the catalogue is stale.

    `problems` holds every problem found, so that a file is mended in one go.
    """

    def __init__(
        self,
        message: str,
        *,
        path: str | None = None,
        line: int | None = None,
        pointer: str | None = None,
        problems: Iterable["KnowledgeError"] = (),
    ) -> None:
        super().__init__(message, path=path, line=line, pointer=pointer)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems) if self.problems else super().__str__()
