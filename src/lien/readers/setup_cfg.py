"""Reads setup.cfg as setuptools does: name, licence and classifiers, and what the product requires for which purpose."""

import re
from collections.abc import Iterator, Mapping

from lien.errors import InputError
from lien.graph.fragments import Fragment, Role
from lien.readers._requirement import summary
from lien.readers._setuptools import ROLES, Metadata, role_of_extra
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source

__all__ = ["SetupCfgReader"]

_SECTION = re.compile(r"\[([^\]]+)\]")
_KEY = re.compile(r"([^\s=:#;\[][^=:]*?)\s*[=:]")


class SetupCfgReader:
    """setup.cfg. Tables of other tools in it are passed over."""

    name = "setup-cfg"
    owed = True
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """The one file name."""
        return path.rpartition("/")[2].lower() == "setup.cfg"

    def accepts(self, head: bytes) -> bool:  # noqa: ARG002  # sections stand in any order
        """Yes: the name alone tells."""
        return True

    def read(self, source: Source) -> Iterator[Fragment]:
        """The product, its licence claims, then its requirements.

        All that can be read comes first; then InputError names every requirement that cannot.
        """
        sections = _sections(source)
        lines = _Lines(source.text)
        about, options = sections.get("metadata", {}), sections.get("options", {})
        metadata = Metadata(source, self.name, about.get("name"))
        if about.get("name"):
            yield from metadata.product(about["name"], _plain(about.get("version")), lines.of("metadata", "name"))
        yield from metadata.license(_plain(about.get("license")) or "", lines.of("metadata", "license"))
        for key in ("classifiers", "classifier"):
            for text, line in lines.items(about.get(key, ""), "metadata", key):
                yield from metadata.classifier(text, line)
        for key, role in ROLES.items():
            yield from _required(metadata, lines, options.get(key, ""), role, "options", key)
        for extra, value in sections.get("options.extras_require", {}).items():
            yield from _required(metadata, lines, value, role_of_extra(extra), "options.extras_require", extra)
        if metadata.problems:
            raise summary(source.path, metadata.problems)


def _sections(source: Source) -> Mapping[str, Mapping[str, str]]:
    """Values by section and key. Raises InputError with the line if the file is no INI file."""
    from configparser import Error, MissingSectionHeaderError, ParsingError, RawConfigParser  # noqa: PLC0415

    parser = RawConfigParser(strict=False, default_section="\0")
    # As in setuptools, keys are taken as written: an extra may have capitals.
    parser.optionxform = lambda optionstr: optionstr  # type: ignore[method-assign]
    try:
        parser.read_string(source.text)
    except MissingSectionHeaderError as error:
        raise InputError("is no setup.cfg: a value stands before the first [section]", path=source.path, line=error.lineno) from error
    except ParsingError as error:
        raise InputError("is no setup.cfg: a line is no KEY = VALUE", path=source.path, line=error.errors[0][0]) from error
    except Error as error:
        raise InputError(f"is no setup.cfg: {error}", path=source.path) from error
    return {section: dict(parser.items(section)) for section in parser.sections()}


def _plain(value: str | None) -> str | None:
    """A value that is text; `attr:` and `file:` lead elsewhere."""
    text = (value or "").strip()
    return text if text and not text.startswith(("attr:", "file:")) else None


def _required(metadata: Metadata, lines: "_Lines", value: str, role: Role, section: str, key: str) -> Iterator[Fragment]:
    if value.strip().startswith("file:"):
        for name in re.split(r"[,\n]", value.strip()[len("file:") :]):
            if name.strip():
                yield from metadata.from_file(name, role, lines.of(section, key))
    elif "\n" in value:
        yield from metadata.required(lines.items(value, section, key), role)
    else:
        # On one line, semicolons part the requirements (setuptools, "list-semi").
        yield from metadata.required(((text, lines.of(section, key)) for text in value.split(";")), role)


class _Lines:
    """Lines of sections, keys and of the lines of values, in one pass, since configparser gives no places."""

    def __init__(self, text: str) -> None:
        self._keys: dict[tuple[str, str], int] = {}
        self._texts: dict[tuple[str, str], int] = {}
        section = key = ""
        for number, line in enumerate(text.splitlines(), start=1):
            header, named = _SECTION.match(line), _KEY.match(line)
            if header:
                section = header[1]
            elif named:
                key = named[1]
                self._keys.setdefault((section, key), number)
            elif line.strip():
                self._texts.setdefault((f"{section}\n{key}", line.strip()), number)

    def of(self, section: str, key: str) -> int | None:
        return self._keys.get((section, key))

    def items(self, value: str, section: str, key: str) -> Iterator[tuple[str, int | None]]:
        """The lines of a value with their places."""
        continued, line = "", None
        for text in value.splitlines():
            line = line or self._texts.get((f"{section}\n{key}", text.strip())) or self.of(section, key)
            continued += text.strip()
            # A backslash joins a line with the next (setuptools, `join_continuation`).
            if continued.endswith("\\"):
                continued = continued[:-1]
                continue
            yield continued, line
            continued, line = "", None
