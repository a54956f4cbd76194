"""The transitive closure of Python requirements with its licences, from the package index that pip is configured for.

Only with `--online`, and without building anything: a resolve must not run somebody's `setup.py`, so what is only to
be had as source stays unresolved and is said. `uv pip compile` resolves where uv is installed, else pip's own report
does. Of each wheel only METADATA is read, by range requests into its archive, and laid into a folder as an installer
would, so that what installed packages tell is read by the same code.
"""

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lien.errors import NetworkError
from lien.sources.web import Answer, Web, cache_folder, write_whole

__all__ = ["Resolved", "resolve_requirements"]

_TIMEOUT = 600.0
_MAX_ALONE = 50
_MAX_METADATA = 4 * 1024 * 1024
_MAX_DIRECTORY = 8 * 1024 * 1024
_TAIL = 16 * 1024
_BLOCK = 64 * 1024
_THREADS = 8
_DRAWING = " \u00d7\u2570\u2500\u25b6\u2502\u251c"
"""What uv draws beside its words."""
_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


@dataclass(slots=True)
class Resolved:
    """A folder laid out as site-packages, with the metadata of what was resolved, and what was not: (what, reason)."""

    site_packages: Path
    problems: list[tuple[str, str]] = field(default_factory=list)


def resolve_requirements(requirements: Sequence[str], folder: Path, progress: Callable[[str], None]) -> Resolved:
    """Resolve PEP 508 requirements into metadata below `folder`, which is made a package folder of this Python version."""
    site = folder / "lib" / f"python{_PYTHON}" / "site-packages"
    site.mkdir(parents=True)
    resolved = Resolved(site)
    progress(f"resolving {len(requirements)} requirements")
    resolver = _Uv.find() or _Pip()
    try:
        found = resolver.resolve(requirements)
    except _UnresolvedError as error:
        if len(requirements) == 1:
            resolved.problems.append((requirements[0], str(error)))
            return resolved
        found = _one_by_one(resolver, requirements, resolved, progress)
    _lay_out(found, resolved, progress)
    return resolved


def _one_by_one(
    resolver: "_Uv | _Pip", requirements: Sequence[str], resolved: Resolved, progress: Callable[[str], None]
) -> dict[str, "_Wheel"]:
    """One requirement that cannot be had must not hide the others: each is resolved by itself, the first version of a package counts."""
    found: dict[str, _Wheel] = {}
    for number, requirement in enumerate(requirements, start=1):
        if number > _MAX_ALONE:
            resolved.problems.append(
                (requirement, f"was not tried: the requirements do not resolve together, and there are more than {_MAX_ALONE}")
            )
            continue
        progress(f"resolving {number} of {len(requirements)} by itself")
        try:
            for name, wheel in resolver.resolve([requirement]).items():
                found.setdefault(name, wheel)
        except _UnresolvedError as error:
            resolved.problems.append((requirement, str(error)))
    return found


class _UnresolvedError(Exception):
    """The resolver's own words, in one line."""


@dataclass(frozen=True, slots=True)
class _Wheel:
    """A resolved package: where its wheel stands, or its metadata where the resolver told them."""

    name: str
    version: str
    url: str | None = None
    metadata: str | None = None


@dataclass(frozen=True, slots=True)
class _Uv:
    """`uv pip compile` into a lock: fast, and it never builds."""

    program: str

    @classmethod
    def find(cls) -> "_Uv | None":
        if os.environ.get("LIEN_RESOLVER") == "pip":
            return None
        beside = Path(sys.executable).with_name("uv")
        program = str(beside) if beside.is_file() else shutil.which("uv")
        return cls(program) if program else None

    def resolve(self, requirements: Sequence[str]) -> dict[str, _Wheel]:
        command = [self.program, "--no-config", "pip", "compile", "-", "--format", "pylock.toml", "--no-header", "--quiet", "--no-progress"]
        command += ["--no-build", "--python-version", _PYTHON]
        out = _run(command, "\n".join(requirements), {**os.environ, **_uv_settings()})
        try:
            packages = tomllib.loads(out)["packages"]
        except (tomllib.TOMLDecodeError, KeyError) as error:
            raise _UnresolvedError("uv wrote no lock that can be read") from error
        return {package["name"]: _locked(package) for package in packages}


def _locked(package: Mapping[str, Any]) -> _Wheel:
    # Wheels of one release differ by platform, and nearly never in what they say of their licence.
    wheels = sorted(
        package.get("wheels", ()), key=lambda one: ("-none-any" not in _file_of(one), "linux" not in _file_of(one), _file_of(one))
    )
    place = wheels[0] if wheels else {}
    url = place.get("url") or (Path(place["path"]).absolute().as_uri() if "path" in place else None)
    return _Wheel(package["name"], str(package.get("version", "")), url)


def _file_of(wheel: Mapping[str, Any]) -> str:
    return str(wheel.get("name") or wheel.get("url") or wheel.get("path") or "")


def _uv_settings() -> dict[str, str]:
    """Pip's configuration in uv's words: uv does not read it, and the index that people configured is the one to ask."""
    try:
        listed = _run([sys.executable, "-m", "pip", "config", "list"], "", dict(os.environ))
    except _UnresolvedError:
        return {}
    told = {}
    for line in listed.splitlines():
        key, _, value = line.partition("=")
        told[key.rpartition(".")[2]] = value.strip().strip("'\"").replace("\\n", " ")
    names = {
        "index-url": "UV_DEFAULT_INDEX",
        "extra-index-url": "UV_INDEX",
        "find-links": "UV_FIND_LINKS",
        "cert": "SSL_CERT_FILE",
        "no-index": "UV_NO_INDEX",
    }
    settings = {ours: told[theirs] for theirs, ours in names.items() if told.get(theirs) and ours not in os.environ}
    return {**settings, "UV_INDEX_STRATEGY": os.environ.get("UV_INDEX_STRATEGY", "unsafe-best-match")}


@dataclass(frozen=True, slots=True)
class _Pip:
    """pip's installation report: slower, and it tells the metadata itself."""

    def resolve(self, requirements: Sequence[str]) -> dict[str, _Wheel]:
        with tempfile.TemporaryDirectory() as scratch:
            file = Path(scratch, "requirements.txt")
            file.write_text("\n".join(requirements), encoding="utf-8")
            command = [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--ignore-installed", "--only-binary", ":all:"]
            out = _run([*command, "--report", "-", "-r", str(file)], "", dict(os.environ))
        try:
            installs = json.loads(out)["install"]
            return {one["metadata"]["name"]: _reported(one) for one in installs}
        except (ValueError, KeyError, TypeError) as error:
            raise _UnresolvedError("pip wrote no report that can be read") from error


def _reported(install: Mapping[str, Any]) -> _Wheel:
    """Where the wheel is, and what pip tells of its metadata, back in headers: older versions leave fields out."""
    metadata = install["metadata"]
    lines = [f"Metadata-Version: {metadata.get('metadata_version', '2.1')}", f"Name: {metadata['name']}", f"Version: {metadata['version']}"]
    for key, header in (("license_expression", "License-Expression"), ("license", "License")):
        if metadata.get(key):
            lines.append(f"{header}: " + "\n        ".join(str(metadata[key]).splitlines()))
    for key, header in (("classifier", "Classifier"), ("requires_dist", "Requires-Dist"), ("license_file", "License-File")):
        lines += [f"{header}: {one}" for one in metadata.get(key) or ()]
    return _Wheel(metadata["name"], metadata["version"], install.get("download_info", {}).get("url"), "\n".join(lines) + "\n")


def _run(command: Sequence[str], given: str, environment: dict[str, str]) -> str:
    # In an empty folder: no configuration of the audited tree is read, and nothing is written into it.
    with tempfile.TemporaryDirectory() as scratch:
        try:
            done = subprocess.run(  # noqa: S603  # our own arguments; requirements go in by standard input or file
                command, input=given, capture_output=True, text=True, cwd=scratch, env=environment, timeout=_TIMEOUT, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise _UnresolvedError(f"{Path(command[0]).name} did not finish ({type(error).__name__})") from error
    if done.returncode:
        raise _UnresolvedError(_reason(done.stderr))
    return done.stdout


def _reason(stderr: str) -> str:
    """What a resolver complains of, without its drawing."""
    lines = [" ".join(line.strip(_DRAWING).split()) for line in stderr.splitlines()]
    told = [
        line.removeprefix("ERROR: ").removeprefix("error: ")
        for line in lines
        if line and not line.lower().startswith(("warning", "hint", "[notice"))
    ]
    return " ".join(told)[:300] or "the resolver failed without a word"


# --- metadata -----------------------------------------------------------------------------------------


def _lay_out(found: Mapping[str, _Wheel], resolved: Resolved, progress: Callable[[str], None]) -> None:
    """Write `NAME-VERSION.dist-info/METADATA` of every package; what cannot be had is a problem with its reason."""
    web = Web(hosts=None)
    wheels = [found[name] for name in sorted(found)]
    done = 0
    with ThreadPoolExecutor(_THREADS) as pool:
        for wheel, metadata in zip(wheels, pool.map(lambda one: _metadata(web, one), wheels), strict=True):
            done += 1
            progress(f"reading licences: {done} of {len(wheels)}")
            if isinstance(metadata, Exception):
                resolved.problems.append((f"{wheel.name} {wheel.version}".strip(), str(metadata)))
                continue
            place = resolved.site_packages / f"{wheel.name.replace('-', '_')}-{wheel.version}.dist-info"
            place.mkdir(exist_ok=True)
            (place / "METADATA").write_text(metadata, encoding="utf-8")


def _metadata(web: Web, wheel: _Wheel) -> str | Exception:
    if wheel.url is None:
        return wheel.metadata or NetworkError("is only to be had as source, which lien does not build")
    kept = cache_folder() / "metadata" / f"{unquote(wheel.url.rpartition('/')[2].partition('#')[0])}.txt"
    # The name of a wheel of an index never changes its content; a file on disk may.
    if not wheel.url.startswith("file:"):
        with contextlib.suppress(OSError, UnicodeDecodeError):
            return kept.read_text(encoding="utf-8")
    try:
        text = _member(_File(wheel.url) if wheel.url.startswith("file:") else _Ranges(web, wheel.url))
    except (NetworkError, OSError, ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        return wheel.metadata or (error if isinstance(error, NetworkError) else NetworkError(f"its wheel cannot be read ({error})"))
    if not wheel.url.startswith("file:"):
        write_whole(kept, text.encode())
    return text


def _member(file: "io.RawIOBase") -> str:
    """METADATA out of the archive, whose directory stands at its end."""
    with zipfile.ZipFile(io.BufferedReader(file, _TAIL)) as archive:
        for info in archive.infolist():
            folder, _, name = info.filename.partition("/")
            if name == "METADATA" and folder.endswith(".dist-info"):
                if info.file_size > _MAX_METADATA:
                    raise ValueError(f"METADATA of {info.file_size} bytes")
                return archive.read(info).decode("utf-8", "replace")
    raise ValueError("no METADATA in it")


def _File(url: str) -> io.RawIOBase:  # noqa: N802  # stands beside _Ranges
    return io.FileIO(unquote(urlsplit(url).path))


class _Ranges(io.RawIOBase):
    """A file on a server as one that can be sought in: each read is a range request, and their sum has a limit."""

    def __init__(self, web: Web, url: str) -> None:
        self._web = web
        self._url = url.partition("#")[0]
        self._position = 0
        self._left = _MAX_DIRECTORY
        self._tail = b""
        answer = web.get(self._url, headers={"Range": f"bytes=-{_TAIL}"}, max_bytes=_MAX_DIRECTORY, cached=False)
        self._size = self._begin(answer)

    def _begin(self, answer: Answer) -> int:
        if answer.status == 200:  # a server without ranges sent the whole, and it was small enough
            self._tail = answer.body
            return len(answer.body)
        if answer.status != 206:
            raise NetworkError(f"the index answered {answer.status} for its wheel")
        self._tail = answer.body
        total = answer.headers.get("content-range", "").rpartition("/")[2]
        if not total.isdigit():
            raise NetworkError("the index does not say how long its wheel is")
        return int(total)

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """As files do."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  # any writable buffer
        """Bytes of the end that is here already; what stands before it is fetched, and kept if it joins on."""
        length = max(0, min(len(buffer), self._size - self._position))
        start = self._size - len(self._tail)
        if length and start - _BLOCK <= self._position < start:
            first = max(0, start - _BLOCK)
            self._tail = self._fetch(first, start - first) + self._tail
            start = first
        is_here = self._position >= start
        data = (
            self._tail[self._position - start :][:length] if is_here else self._fetch(self._position, min(length, start - self._position))
        )
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def _fetch(self, first: int, length: int) -> bytes:
        self._left -= length
        if self._left < 0:
            raise NetworkError("its wheel's directory is longer than lien reads")
        answer = self._web.get(self._url, headers={"Range": f"bytes={first}-{first + length - 1}"}, max_bytes=length, cached=False)
        if answer.status != 206 or len(answer.body) != length:
            raise NetworkError(f"the index answered {answer.status} for a part of its wheel")
        return answer.body
