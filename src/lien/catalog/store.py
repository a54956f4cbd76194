"""Looking things up: a read-only view of the compiled catalogue, with overlays in front of it."""

import json
import os.path
import sqlite3
from collections.abc import Iterator, Sequence
from functools import cached_property

from lien.errors import KnowledgeError

# Most of what a look-up from cold costs is importing types and paths: who asks for artifacts alone does without.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from lien.catalog.recognise import Fingerprints, Recognition
    from lien.vocabulary.licenses import License, Scheme

__all__ = ["Catalog", "bundled_file", "bundled_sources"]

_FORMAT = "3"
_MANY = 500
_BUILD = "run `lien catalog build`"


_FOLDER = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120  # see above
_FILE = os.path.join(_FOLDER, "catalog.sqlite")  # noqa: PTH118  # see above
_ROOT = os.path.normpath(os.path.join(_FOLDER, *[os.path.pardir] * 3))  # noqa: PTH118  # see above


def bundled_file() -> "Path":
    """Where the compiled catalogue stands, inside the package."""
    from pathlib import Path  # noqa: PLC0415

    return Path(_FILE)


def bundled_sources() -> "Path | None":
    """The `graphs/` folder of the checkout that this package runs from; None in an installed wheel."""
    graphs = os.path.join(_ROOT, "graphs")  # noqa: PTH118  # see above
    is_checkout = os.path.isdir(os.path.join(graphs, "licenses")) and os.path.isfile(os.path.join(_ROOT, "pyproject.toml"))  # noqa: PTH112, PTH113, PTH118
    if not is_checkout:
        return None
    from pathlib import Path  # noqa: PLC0415

    return Path(graphs)


class Catalog:
    """The knowledge by id, name and alias. Overlays are asked first, in the order given."""

    def __init__(self, connection: sqlite3.Connection, *, overlays: Sequence[tuple[str, sqlite3.Connection]] = ()) -> None:
        self._layers = [*(overlay for _, overlay in overlays), connection]
        self.overlay_names = tuple(name for name, _ in overlays)
        self._licenses: dict[str, License | None] = {}
        self._aliases: dict[str, str] | None = None
        self._ids: frozenset[str] | None = None
        self._fingerprints: Fingerprints | None = None

    @classmethod
    def bundled(cls, *, overlays: Sequence[tuple[str, sqlite3.Connection]] = ()) -> "Catalog":
        """The catalogue of this installation. Raises KnowledgeError if it is missing, stale or of another format."""
        name = os.path.basename(_FILE)  # noqa: PTH119  # see above
        if not os.path.isfile(_FILE):  # noqa: PTH113  # see above
            raise KnowledgeError(f"the catalogue is not built; {_BUILD}", path=name)
        place = _FILE.replace("%", "%25").replace("?", "%3f").replace("#", "%23").replace(os.path.sep, "/")
        connection = sqlite3.connect(f"file:///{place.lstrip('/')}?mode=ro&immutable=1", uri=True)
        catalog = cls(connection, overlays=overlays)
        if catalog.meta("format") != _FORMAT:
            raise KnowledgeError(f"the catalogue has another format than this version reads; {_BUILD}", path=name)
        _refuse_stale(catalog)
        return catalog

    def meta(self, key: str) -> str | None:
        """A fact about the bundled catalogue: `format`, `digest`, `files`."""
        row = self._layers[-1].execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the rows of the bundled catalogue."""
        return self.meta("digest") or ""

    def _first(self, query: str, *values: str) -> "Any":  # noqa: ANN401
        for layer in self._layers:
            row = layer.execute(query, values).fetchone()
            if row is not None:
                return row[0]
        return None

    def license(self, identifier: str) -> "License | None":
        """The licence of an id of `graphs/licenses/`."""
        if identifier not in self._licenses:
            data = self._first("SELECT data FROM license WHERE id = ?", identifier)
            from lien.catalog.decode import license_from_plain  # noqa: PLC0415

            self._licenses[identifier] = license_from_plain(json.loads(data)) if data else None
        return self._licenses[identifier]

    def family(self, family: str) -> "tuple[License, ...]":
        """The versions of a family, oldest first."""
        found = {row[0] for layer in self._layers for row in layer.execute("SELECT id FROM license WHERE family = ?", (family,))}
        licenses = [one for one in map(self.license, sorted(found)) if one is not None]
        return tuple(sorted(licenses, key=lambda one: (str(one.in_force_from or ""), one.id)))

    def named(self, scheme: "Scheme", name: str) -> "tuple[License, ...]":
        """The licences that a name means in a scheme: none, one, or several if it is ambiguous."""
        from lien.catalog.names import fold_name  # noqa: PLC0415

        folded = fold_name(scheme, name)
        for layer in self._layers:
            rows = layer.execute(
                "SELECT license FROM name WHERE scheme = ? AND name = ? ORDER BY license", (scheme.value, folded)
            ).fetchall()
            if rows:
                return tuple(one for (identifier,) in rows if (one := self.license(identifier)) is not None)
        return ()

    def recognise(self, text: str) -> "Recognition":
        """Which known text a text is, exactly or nearly; the texts known are those of the bundled licences."""
        from lien.catalog.fingerprints import StoredFingerprints  # noqa: PLC0415  # only whole texts need it
        from lien.catalog.recognise import recognise  # noqa: PLC0415

        if self._fingerprints is None:
            self._fingerprints = StoredFingerprints(self._layers[-1])
        return recognise(text, self._fingerprints)

    def exception(self, identifier: str) -> str | None:
        """The title of an exception of the SPDX list (what WITH adds); known by name only."""
        title = self._first("SELECT name FROM exception WHERE id = ?", _fold_spdx(identifier))
        return str(title) if title is not None else None

    def exceptions(self) -> int:
        """How many exceptions are known by name."""
        return len({row[0] for layer in self._layers for row in layer.execute("SELECT id FROM exception")})

    def replacement(self, identifier: str) -> str | None:
        """The expression that the SPDX list puts in the place of a deprecated id."""
        expression = self._first("SELECT expression FROM replaced WHERE id = ?", _fold_spdx(identifier))
        return str(expression) if expression is not None else None

    def canonical(self, identifier: str) -> str:
        """The id of the artifact that an id or alias names; the id itself if nothing is known.

        A hosted model is known by its provider's id, whatever the provider was called: `service:ALIAS/MODEL`.
        """
        found = self._named_by_alias(identifier)
        if found is not None:
            return found
        provider, slash, model = identifier.partition("/")
        if slash and identifier.startswith("service:") and (known := self._named_by_alias(provider)) is not None:
            hosted = f"{known}/{model}"
            return self._named_by_alias(hosted) or hosted
        return identifier

    def _named_by_alias(self, alias: str) -> str | None:
        if self._aliases is not None:
            return self._aliases.get(alias)
        found = self._first("SELECT artifact FROM alias WHERE alias = ?", alias)
        return str(found) if found is not None else None

    def prime(self, lookups: int) -> None:
        """Before very many look-ups, fetch all ids and aliases at once: a BOM's 50,000 packages are mostly unknown here."""
        if lookups > _MANY and self._aliases is None:
            self._aliases = {
                alias: artifact
                for layer in reversed(self._layers)
                for alias, artifact in layer.execute("SELECT alias, artifact FROM alias")
            }
            self._ids = frozenset(self.artifact_ids())

    def artifact(self, identifier: str) -> "dict[str, Any] | None":
        """The entry of an artifact by its canonical id, as plain data (see `graphs/README.md`)."""
        if self._ids is not None and identifier not in self._ids:
            return None
        data = self._first("SELECT data FROM artifact WHERE id = ?", identifier)
        return json.loads(data) if data else None

    @cached_property
    def conventions(self) -> "tuple[dict[str, Any], ...]":
        """Conventions of publishers' names (`graphs/conventions.yaml`), by key; overlays first."""
        found = (row[0] for layer in self._layers for row in layer.execute("SELECT data FROM convention ORDER BY key"))
        return tuple(json.loads(data) for data in found)

    def models_named(self, name: str) -> tuple[str, ...]:
        """Ids of the models that have this name at any owner, sorted."""
        found = {
            row[0] for layer in self._layers for row in layer.execute("SELECT artifact FROM model_name WHERE name = ?", (name,)).fetchall()
        }
        return tuple(sorted(found))

    def license_ids(self) -> Iterator[str]:
        """Ids of all licences, sorted."""
        yield from sorted({row[0] for layer in self._layers for row in layer.execute("SELECT id FROM license")})

    def artifact_ids(self) -> Iterator[str]:
        """Ids of all artifacts, sorted."""
        yield from sorted({row[0] for layer in self._layers for row in layer.execute("SELECT id FROM artifact")})


def _fold_spdx(identifier: str) -> str:
    from lien.catalog.names import fold_name  # noqa: PLC0415
    from lien.vocabulary.licenses import Scheme  # noqa: PLC0415

    return fold_name(Scheme.SPDX, identifier)


def _refuse_stale(catalog: Catalog) -> None:
    """In a checkout, knowledge that was edited after the last build must not be passed over."""
    sources = bundled_sources()
    if sources is None:
        return
    from lien.catalog.compile import digest_of_files, source_files  # noqa: PLC0415  # only in a checkout

    file = bundled_file()
    built = file.stat().st_mtime_ns
    # A deleted file changes its folder's time, an edited one its own.
    places = [*source_files(sources), sources, *(folder for folder in sources.iterdir() if folder.is_dir())]
    newest = max((path.stat().st_mtime_ns for path in places), default=0)
    if newest > built and digest_of_files(sources) != catalog.meta("files"):
        raise KnowledgeError(f"the knowledge in graphs/ was edited since the catalogue was built; {_BUILD}", path=file.name)
