"""Reads .env files: which models and services their variables name. No other value is ever taken, least of all a secret."""

import re
from collections.abc import Iterator

from lien.errors import InputError
from lien.graph.fragments import Fragment, Role
from lien.readers._dotenv import MAX_LINES, dotenv_lines
from lien.readers._environment import setting_facts
from lien.readers._site import Site
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source

__all__ = ["EnvFileReader"]

_EXAMPLE = re.compile(r"example|sample|template|dist|defaults?", re.IGNORECASE)
_TESTS = frozenset({"test", "tests", "testing", "ci"})
_DEVELOPMENT = frozenset({".devcontainer", ".github", "ci", ".ci"})


class EnvFileReader:
    """.env, .env.example, prod.env, env.example and their like."""

    name = "env-file"
    owed = False
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """By name. Programs that are called env.py or env.sh are none."""
        name = path.rpartition("/")[2].lower()
        return (
            name.endswith(".env")
            or name.startswith(".env.")
            or re.fullmatch(r"\.?env[._-](?:example|sample|template|dist)(?:\..*)?", name) is not None
        )

    def accepts(self, head: bytes) -> bool:
        """Text, and no script."""
        return b"\0" not in head and not head.startswith(b"#!")

    def read(self, source: Source) -> Iterator[Fragment]:
        """What its variables name. An example is to be copied and edited: what it names is an option."""
        folder, _, name = source.path.rpartition("/")
        role = Role.OPTION if _EXAMPLE.search(name) else Role.DEFAULT
        if set(folder.lower().split("/")) & _DEVELOPMENT or _TESTS & set(re.findall(r"[a-z]+", name.lower())):
            role = Role.DEVELOPMENT
        site = Site(path=source.path, tree=source.tree, reader=self.name, role=role)
        text = source.data.decode("utf-8-sig", "replace")
        yield from setting_facts(dotenv_lines(text), site)
        if len(text.splitlines()) > MAX_LINES:
            raise InputError(f"has more than {MAX_LINES} lines, of which lien read the first", path=source.path)
