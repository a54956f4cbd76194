"""Shell text to commands: words with their lines, variables followed where the text itself sets them. Nothing is run.

A variable has the value that was last assigned above it; an assignment inside a condition, loop or
function only counts where nothing else was assigned. Loops, arrays and arithmetic are not followed:
what depends on them stays as written, and its word says that it is not known. Bodies of here-documents
are not commands.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = ["MAX_COMMANDS", "Command", "Word", "expand", "parse_shell"]

MAX_COMMANDS = 5_000
"""People write no longer scripts; what stands behind is passed over."""

_MAX_WORD = 8_192
"""Characters of an expanded word: `B=$A$A; C=$B$B; …` doubles with every step."""
_MAX_NESTING = 4
"""Substitutions within substitutions whose commands are still listed."""

_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)\+?=", re.ASCII)
_PLAIN = re.compile(r"[^\s\\'\"`$#;&|<>(){}]+")
_IN_DOUBLE = re.compile(r'[^"\\$]+')
_OPENING = frozenset({"if", "for", "while", "until", "case", "select", "function", "{"})
_CLOSING = frozenset({"fi", "done", "esac", "}"})
_INNER = frozenset({"then", "else", "elif", "do", "!", "time"})
_DECLARING = frozenset({"export", "declare", "local", "readonly", "typeset"})


class Word(NamedTuple):
    """One word: its value as far as it is known, and as it was written. What is not known stays as written in `text`."""

    text: str
    line: int
    written: str
    is_known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One simple command: `settings` are the variables set for it alone (`MODEL_ID=x launcher`), `given` what `<<EOF` hands it."""

    words: tuple[Word, ...]
    settings: Mapping[str, Word] = field(default_factory=dict)
    given: Word | None = None

    @property
    def line(self) -> int:
        """Where the command begins."""
        return self.words[0].line


class _Variable(NamedTuple):
    name: str
    written: str
    default: str | None = None
    """The text after `:-` or `-`, itself unexpanded."""


_Part = str | _Variable | None
"""Literal text, a variable, or (None) something that only a shell can tell."""


@dataclass(slots=True)
class _Token:
    """A word (`parts`) or an operator."""

    line: int
    operator: str = ""
    parts: list[_Part] = field(default_factory=list)
    start: int = 0
    end: int = 0
    is_quoted: bool = False
    is_given: bool = False
    """Is this the text behind `<<EOF`?"""


def parse_shell(text: str, *, first_line: int = 1, variables: Mapping[str, str] | None = None) -> list[Command]:
    """The simple commands of a script in their order, those of substitutions behind the command that holds them.

    `variables` are known from outside (a Dockerfile's ENV, a compose file's environment). Text that is no
    shell gives commands that mean nothing to whoever reads them; nothing is raised.
    """
    commands: list[Command] = []
    _Script(dict(variables or {}), commands).run(text, first_line, 0)
    return commands


def expand(text: str, variables: Mapping[str, str | None]) -> tuple[str, bool]:
    """A text with `$NAME`, `${NAME}` and `${NAME:-default}` followed, and whether all of it is known.

    >>> expand("${LLM:-llama2}", {}), expand("$HOME/x", {})
    (('llama2', True), ('$HOME/x', False))
    """
    return _expanded(_parts(text), text, variables)


def _parts(text: str) -> list[_Part]:
    parts: list[_Part] = []
    position = 0
    while (dollar := text.find("$", position)) >= 0:
        parts.append(text[position:dollar])
        part, position = _dollar(text, dollar)
        parts.append(part)
    parts.append(text[position:])
    return parts


def _dollar(text: str, position: int) -> tuple[_Part, int]:
    """What stands at a dollar sign, and the position behind it."""
    following = text[position + 1 : position + 2]
    if following == "{":
        end = _closing(text, position + 1, "{", "}")
        inner = text[position + 2 : end - 1]
        name = _NAME.match(inner)
        rest = inner[name.end() :] if name else ""
        if name is None or (rest and not rest.startswith((":-", "-", ":=", "="))):
            return None, end
        default = rest[2:] if rest.startswith(":") else rest[1:] if rest else None
        return _Variable(name[0], text[position:end], default), end
    if following == "(":
        return None, _closing(text, position + 1, "(", ")")
    name = _NAME.match(text, position + 1)
    if name is not None:
        return _Variable(name[0], text[position : name.end()]), name.end()
    if following and (following.isdigit() or following in "@*#?$!-"):
        return None, position + 2
    return "$", position + 1


def _closing(text: str, position: int, opening: str, closing: str) -> int:
    """The position behind the bracket that closes the one at `position`; quoted brackets do not count. The end if none does."""
    depth = 0
    quote = ""
    while position < len(text):
        character = text[position]
        if character == "\\":
            position += 2
            continue
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == opening:
            depth += 1
        elif character == closing:
            depth -= 1
            if not depth:
                return position + 1
        position += 1
    return len(text)


def _expanded(parts: list[_Part], written: str, variables: Mapping[str, str | None], depth: int = 0) -> tuple[str, bool]:
    values: list[str] = []
    is_known = True
    for part in parts:
        if part is None:
            return written, False
        if isinstance(part, str):
            values.append(part)
            continue
        value = variables.get(part.name)
        if not value and part.default is not None and part.name not in variables and depth < _MAX_NESTING:
            value, known = _expanded(_parts(part.default), part.default, variables, depth + 1)
            value, is_known = value.strip("\"'"), is_known and known
        if value is None:
            value, is_known = part.written, False
        values.append(value)
    text = "".join(values)
    return (text, is_known) if len(text) <= _MAX_WORD else (written[:_MAX_WORD], False)


class _Script:
    """Reads one text; `variables` and `commands` are shared with the texts of its substitutions."""

    def __init__(self, variables: dict[str, str | None], commands: list[Command]) -> None:
        self._variables = variables
        self._commands = commands

    def run(self, text: str, first_line: int, nesting: int) -> None:
        tokens, nested = _tokens(text, first_line)
        depth = 0
        current: list[_Token] = []
        for token in [*tokens, _Token(0, "\n")]:
            if not token.operator:
                current.append(token)
                continue
            depth = max(0, depth + self._simple(current, text, depth))
            current = []
            if len(self._commands) > MAX_COMMANDS:
                return
        if nesting < _MAX_NESTING:
            for inner, line in nested:
                self.run(inner, line, nesting + 1)

    def _simple(self, tokens: list[_Token], text: str, depth: int) -> int:
        """Take one simple command; return by how much it changes the depth of blocks."""
        change = 0
        given = next((Word(str(token.parts[0]), token.line, "<<") for token in tokens if token.is_given), None)
        tokens = [token for token in tokens if not token.is_given]
        split = [(word, token.is_quoted) for token in tokens for word in self._words(token, text)]
        words = [word for word, _ in split]
        quoted = [is_quoted for _, is_quoted in split]
        at = 0
        while at < len(words) and not quoted[at]:
            word = words[at].text
            if word in _OPENING:
                change += 1
                if word in {"for", "case", "select", "function"}:
                    if word == "for" and at + 1 < len(words):
                        self._variables[words[at + 1].text] = None  # the value of a loop is many values
                    return change
            elif word in _CLOSING:
                change -= 1
            elif word not in _INNER:
                break
            at += 1
        words = words[at:]
        settings, words = _split(words)
        if words and words[0].text in _DECLARING:
            settings, words = _split([word for word in words[1:] if not word.text.startswith("-")])
            words = []
        if not words:
            for name, value in settings.items():
                self._assign(name, value, is_certain=depth + change <= 0)
        else:
            self._commands.append(Command(words=tuple(words), settings=settings, given=given))
        return change

    def _assign(self, name: str, value: Word, *, is_certain: bool) -> None:
        if is_certain or self._variables.get(name) is None:
            self._variables[name] = value.text if value.is_known else None

    def _words(self, token: _Token, text: str) -> list[Word]:
        """The words that a token stands for: a variable outside quotes may hold none or several."""
        written = text[token.start : token.end]
        value, is_known = _expanded(token.parts, written, self._variables)
        is_split = is_known and not token.is_quoted and any(isinstance(part, _Variable) for part in token.parts)
        if is_split and not _ASSIGNMENT.match(value):
            return [Word(one, token.line, written[:_MAX_WORD], is_known) for one in value.split()]
        return [Word(value, token.line, written[:_MAX_WORD], is_known)]


def _split(words: list[Word]) -> tuple[dict[str, Word], list[Word]]:
    """The assignments before a command, and the rest."""
    settings: dict[str, Word] = {}
    for number, word in enumerate(words):
        match = _ASSIGNMENT.match(word.text)
        if match is None:
            return settings, words[number:]
        settings[match[1]] = word._replace(text=word.text[match.end() :])
    return settings, []


def _tokens(text: str, first_line: int) -> tuple[list[_Token], list[tuple[str, int]]]:
    """Words and operators, and the texts of command substitutions with their lines."""
    return _Lexer(text, first_line).run()


class _Lexer:
    """One pass over a text. Redirections and their targets are left out, and so are bodies of here-documents."""

    def __init__(self, text: str, first_line: int) -> None:
        self._text = text
        self._line = first_line
        self._at = 0
        self._tokens: list[_Token] = []
        self._nested: list[tuple[str, int]] = []
        self._word: _Token | None = None
        self._drops = False
        """Is the next word the target of a redirection?"""
        self._heredocs: list[tuple[str, int]] = []
        """Words that end the texts to come, and where in the tokens the command stands that each is given to."""
        self._awaits_heredoc = False

    def run(self) -> tuple[list[_Token], list[tuple[str, int]]]:
        text = self._text
        while self._at < len(text):
            plain = _PLAIN.match(text, self._at)
            if plain is not None:
                self._add(plain[0], plain.end())
                continue
            self._special(text[self._at])
        self._end_word()
        return self._tokens, self._nested

    def _special(self, character: str) -> None:
        text = self._text
        match character:
            case "\n":
                self._operator("\n", 1)
                self._line += 1
                self._skip_heredocs()
            case "\\":
                self._backslash()
            case "'":
                end = text.find("'", self._at + 1)
                end = len(text) if end < 0 else end
                self._quoted([text[self._at + 1 : end]], end + 1)
            case '"':
                self._double()
            case "`":
                end = text.find("`", self._at + 1)
                end = len(text) if end < 0 else end
                self._nested.append((text[self._at + 1 : end], self._line))
                self._add(None, min(end + 1, len(text)))
            case "$":
                self._variable()
            case "#":
                self._hash()
            case ";" | "&" | "|" | "(" | ")":
                if text.startswith("&>", self._at):
                    self._redirect(2)
                else:
                    self._operator(character, 1)
            case "<" | ">":
                self._angle()
            case "{" | "}":
                self._add(character, self._at + 1)
            case _:
                self._end_word()
                self._at += 1

    def _backslash(self) -> None:
        following = self._text[self._at + 1 : self._at + 3]
        if following.startswith(("\n", "\r\n")):
            self._line += 1
            self._at += 2 if following.startswith("\n") else 3
        else:
            self._add(following[:1], min(self._at + 2, len(self._text)))

    def _hash(self) -> None:
        """A comment at the beginning of a word, a character like any other within one."""
        if self._word is None:
            end = self._text.find("\n", self._at)
            self._at = len(self._text) if end < 0 else end
        else:
            self._add("#", self._at + 1)

    def _variable(self) -> None:
        if self._text.startswith("$(", self._at):
            end = _closing(self._text, self._at + 1, "(", ")")
            if not self._text.startswith("$((", self._at):
                self._nested.append((self._text[self._at + 2 : end - 1], self._line))
            self._add(None, end)
            return
        part, end = _dollar(self._text, self._at)
        self._add(part, end)

    def _double(self) -> None:
        text, position = self._text, self._at + 1
        parts: list[_Part] = [""]
        while position < len(text) and text[position] != '"':
            if text[position] == "\\":
                escaped = text[position + 1 : position + 2]
                parts.append("" if escaped == "\n" else escaped if escaped in '"$`\\' else "\\" + escaped)
                position += 2
            elif text[position] == "$":
                part, end = _dollar(text, position)
                if text.startswith("$(", position) and not text.startswith("$((", position):
                    line = self._line + text.count("\n", self._at, position)
                    self._nested.append((text[position + 2 : end - 1], line))
                parts.append(part)
                position = end
            else:
                plain = _IN_DOUBLE.match(text, position)
                end = plain.end() if plain else len(text)
                parts.append(text[position:end])
                position = end
        self._quoted(parts, position + 1)

    def _quoted(self, parts: list[_Part], end: int) -> None:
        for part in parts:
            self._add(part, self._at)
        if self._word is not None:
            self._word.is_quoted = True
            self._word.end = min(end, len(self._text))
        self._line += self._text.count("\n", self._at, end)
        self._at = min(end, len(self._text))

    def _add(self, part: _Part, end: int) -> None:
        if self._word is None:
            self._word = _Token(self._line, start=self._at)
        self._word.parts.append(part)
        if end > self._at and isinstance(part, _Variable | None):
            self._line += self._text.count("\n", self._at, end)
        self._word.end = end
        self._at = end

    def _end_word(self) -> None:
        word, self._word = self._word, None
        if word is None:
            return
        if self._awaits_heredoc:
            self._heredocs.append(("".join(part for part in word.parts if isinstance(part, str)), len(self._tokens)))
            self._awaits_heredoc = False
        elif self._drops:
            self._drops = False
        else:
            self._tokens.append(word)

    def _operator(self, operator: str, length: int) -> None:
        self._end_word()
        self._drops = False
        self._tokens.append(_Token(self._line, operator))
        self._at += length

    def _angle(self) -> None:
        text = self._text
        if text.startswith("<<<", self._at):
            self._redirect(3)
        elif text.startswith("<<", self._at):
            self._redirect(3 if text.startswith("<<-", self._at) else 2)
            self._drops, self._awaits_heredoc = False, True
        else:
            length = 2 if text[self._at + 1 : self._at + 2] in {">", "&", "|"} else 1
            self._redirect(length)

    def _redirect(self, length: int) -> None:
        word = self._word
        if word is not None and not word.is_quoted and "".join(str(part) for part in word.parts).isdigit():
            self._word = None  # the number of the descriptor: `2>&1`
        self._end_word()
        self._drops = True
        self._at += length

    def _skip_heredocs(self) -> None:
        for inserted, (delimiter, place) in enumerate(self._heredocs):
            first, lines = self._line, []
            while self._at < len(self._text):
                end = self._text.find("\n", self._at)
                end = len(self._text) if end < 0 else end
                line = self._text[self._at : end]
                self._at = min(end + 1, len(self._text))
                self._line += 1
                if line.strip() == delimiter:
                    break
                lines.append(line)
            self._tokens.insert(place + inserted, _Token(first, parts=["\n".join(lines)], is_given=True))
        self._heredocs.clear()
