"""Forms: what an artifact has of the licensed thing, and how it has it (DESIGN section 4)."""

from enum import IntEnum

__all__ = ["FORMS", "Content", "Form", "How"]


class Content(IntEnum):
    """What the artifact has: the work (or a modified form), its output, or learning from either."""

    WORK = 0
    OUTPUT = 1
    LEARNED = 2


class How(IntEnum):
    """How it has that: it is one, an aggregate that holds one, or a program that calls one."""

    IS = 0
    HOLDS = 1
    CALLS = 2


class Form(IntEnum):
    """Content and how in one small integer, so that a term's position is (artifact, form)."""

    WORK_IS = 0
    WORK_HOLDS = 1
    WORK_CALLS = 2
    OUTPUT_IS = 3
    OUTPUT_HOLDS = 4
    OUTPUT_CALLS = 5
    LEARNED_IS = 6
    LEARNED_HOLDS = 7
    LEARNED_CALLS = 8

    @property
    def content(self) -> Content:
        """What of the licensed thing is had."""
        return Content(self // 3)

    @property
    def how(self) -> How:
        """In which way it is had."""
        return How(self % 3)

    @classmethod
    def of(cls, content: Content, how: How) -> "Form":
        """The form of a content and a way of having it."""
        return cls(content * 3 + how)

    def __str__(self) -> str:
        return f"{self.content.name.lower()}, {self.how.name.lower()}"


FORMS: tuple[Form, ...] = tuple(Form)
