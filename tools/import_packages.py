"""Writes graphs/packages/STAGE.yaml: the packages of `packages.toml` with the licences that their own metadata declare.

    python tools/import_packages.py FOLDER|REPORT...

An argument is a folder of wheels (their METADATA and licence files are read), a folder of git repositories named
`owner+name/repo` (the newest commit is read with `git show`, at the paths of `[manifests]`), or a report that
`pip install --dry-run --no-deps --report` wrote. The wheels were those of an index mirror of October 2026, the repositories
snapshots of GitHub, most of August 2026; each entry names the version or commit that it was read from.

A licence is taken as it is written, in this order (FORMATS 5.2): the SPDX expression; the `License` field, if its words
mean one licence; a classifier that means one licence; the licence file, if it is the plain text of a well-known one. What
comes later is kept beside it only where it names another licence. Nothing is concluded from a repository's reputation.

Left out: licences of code that a package vendors, of extras, of models that it downloads (see weights.yaml), and older
versions: a licence that changed from version to version is told in a note.
"""

import email.parser
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from import_hub_sample import GRAPHS, Entry, report, write
from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from lien.catalog.names import fold_name
from lien.vocabulary.ids import package_id
from lien.vocabulary.licenses import Scheme

_READ_ON = "2026-11-20"
_SELECTION = Path(__file__).with_name("packages.toml")
_LONG = 100
"""Longer `License` fields hold a whole text, not a name."""

COMMENT = """\
Written by tools/import_packages.py from the packages' own metadata, for the selection in tools/packages.toml. Do not edit:
mend the selection, or write a file of your own. A claim is what the package declares of itself in the version named by the
source; what it vendors or downloads stands under licences of its own."""


_LICENCE_FILE = re.compile(r"(?:licen[cs]e|copying)(?:[-._](?:lesser|md|txt|rst|code))?$", re.IGNORECASE)
_NVIDIA_TEXTS = {
    "End User License Agreement": "nvidia-cuda-eula-2018-08-16",
    "cuDNN SUPPLEMENT": "nvidia-cudnn-sla-2020-01-28",
    "cuSPARSELt SUPPLEMENT": "nvidia-cusparselt-sla-2020-10-12",
}
"""What tells the agreements that NVIDIA's wheels carry apart, with the date below."""
_NVIDIA_DATES = ("Release date: August 16, 2018", "(v. January 28, 2020)", "(v. October 12, 2020)")
_NVIDIA_WORDS = frozenset({"LicenseRef-NVIDIA-Proprietary", "NVIDIA Proprietary Software"})


@dataclass(slots=True, kw_only=True)
class Metadata:
    """What a package says of its licence, and where."""

    name: str
    source: dict[str, str]
    expression: str | None = None
    words: str | None = None
    classifiers: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


# --- what well-known licence files look like ------------------------------------------------------

_BEGINNINGS = {
    "Apache-2.0": r"(?:\W*copyright .{0,200}?)?\W*apache license version 2\.0, january 2004",
    "AGPL-3.0": r"\W*gnu affero general public license version 3",
    "GPL-3.0": r"\W*gnu general public license version 3",
    "GPL-2.0": r"\W*gnu general public license version 2",
    "LGPL-3.0": r"\W*gnu lesser general public license version 3",
    "LGPL-2.1": r"\W*gnu lesser general public license version 2\.1",
    "MPL-2.0": r"\W*mozilla public license,? version 2\.0",
    "CC0-1.0": r"\W*(?:creative commons legal code )?cc0 1\.0 universal",
    "CC-BY-NC-4.0": r"\W*attribution-noncommercial 4\.0 international",
}


def license_of_text(text: str) -> str | None:
    """The SPDX id of a licence file that is nothing but one well-known text; None for any other.

    >>> license_of_text("Permission is hereby granted, free of charge, to any person")
    """
    # Behind a ruled line stand the texts of what the package vendors.
    folded = " ".join(re.sub(r"[#*>]+", " ", re.split(r"\n[-=]{4,}[ \t]*\n\s*\n", text.strip())[0]).split()).casefold()
    for identifier, beginning in _BEGINNINGS.items():
        if re.match(beginning, folded):
            return identifier if folded.count("terms and conditions for use") < 4 and len(folded) < 60_000 else None
    if len(folded) > 2500:
        return None
    if "permission is hereby granted, free of charge, to any person obtaining a copy" in folded and "redistribution and use" not in folded:
        return None if "advertising" in folded else "MIT"
    if "redistribution and use in source and binary forms, with or without modification, are permitted" in folded:
        if "all advertising materials" in folded or folded.count("redistribution and use") > 1:
            return None
        return (
            "BSD-3-Clause"
            if re.search(r"neither the names? of|may not be used to endorse|names? of .{0,80}may be used to endorse", folded)
            else "BSD-2-Clause"
        )
    if (
        "permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided"
        in folded
    ):
        return "ISC"
    return None


# --- reading --------------------------------------------------------------------------------------


def _of_headers(headers: Mapping[str, Any], source: dict[str, str], files: list[str]) -> Metadata:
    return Metadata(
        name=canonicalize_name(headers["name"]),
        source=source,
        expression=headers.get("license_expression"),
        words=headers.get("license"),
        classifiers=[one for one in headers.get("classifier", ()) if one.startswith("License ::")],
        files=files,
    )


def _on_pypi(name: str, version: str) -> dict[str, str]:
    return {"title": f"Metadata of {name} {version}", "url": f"https://pypi.org/project/{name}/{version}/", "on": _READ_ON}


def read_wheels(folder: Path) -> Iterator[tuple[Version, Metadata]]:
    """The metadata of each wheel, with its version: a folder may hold several of one package."""
    for path in sorted(folder.glob("*.whl")):
        with zipfile.ZipFile(path) as archive:
            inside = [one for one in archive.namelist() if ".dist-info/" in one]
            place = next(one for one in inside if one.count("/") == 1 and one.endswith("/METADATA"))
            message = email.parser.Parser().parsestr(archive.read(place).decode("utf-8", "replace"), headersonly=True)
            places = inside if any(_LICENCE_FILE.match(one.rpartition("/")[2]) for one in inside) else archive.namelist()
            texts = [one for one in places if _LICENCE_FILE.match(one.rpartition("/")[2])]
            outermost = min((one.count("/") for one in texts), default=0)
            files = [archive.read(one).decode("utf-8", "replace") for one in sorted(texts) if one.count("/") == outermost]
        headers: dict[str, Any] = {key.lower().replace("-", "_"): value for key, value in message.items()}
        headers["classifier"] = message.get_all("Classifier") or []
        try:
            version = Version(headers["version"])
        except InvalidVersion:
            continue
        yield version, _of_headers(headers, _on_pypi(headers["name"], headers["version"]), files)


def read_report(path: Path) -> Iterator[tuple[Version, Metadata]]:
    """The metadata that a report of pip repeats."""
    for one in json.loads(path.read_text(encoding="utf-8"))["install"]:
        headers = one["metadata"]
        yield Version(headers["version"]), _of_headers(headers, _on_pypi(headers["name"], headers["version"]), [])


@dataclass(frozen=True, slots=True)
class Repositories:
    """A folder of snapshots, each `owner+name/repo` a git directory."""

    folder: Path

    def _git(self, repository: str, *arguments: str) -> str:
        place = self.folder / repository.replace("/", "+") / "repo"
        done = subprocess.run(["git", "-C", str(place), *arguments], capture_output=True, check=False)
        return done.stdout.decode("utf-8", "replace")

    def read(self, package: str, manifest: str) -> Metadata | None:
        """What the manifest at `REPOSITORY PATH [COMMIT]` says; None if there is none."""
        repository, path, *commits = manifest.split()
        commit, _, day = self._git(repository, "log", "-1", "--format=%H %cs", *(commits or ["HEAD"])).strip().partition(" ")
        text = self._git(repository, "show", f"{commit}:{path}") if commit else ""
        if not text:
            return None
        source = {
            "title": f"{path} of {repository}, commit of {day}",
            "url": f"https://github.com/{repository}/blob/{commit[:12]}/{path}",
            "on": _READ_ON,
        }
        found = Metadata(name=package, source=source)
        _FORMS[path.rpartition("/")[2]](text, found)
        for folder in dict.fromkeys((path.rpartition("/")[0], "")):
            names = self._git(repository, "ls-tree", "--name-only", commit, *([f"{folder}/"] if folder else [])).split()
            texts = [one for one in names if _LICENCE_FILE.match(one.rpartition("/")[2])]
            found.files = [self._git(repository, "show", f"{commit}:{one}") for one in sorted(texts)]
            if found.files:
                break
        return found


def _pyproject(text: str, found: Metadata) -> None:
    plain = tomllib.loads(text)
    project = plain.get("project") or plain.get("tool", {}).get("poetry", {})
    words = project.get("license")
    if isinstance(words, dict):
        words = words.get("text")
    found.words = words if isinstance(words, str) else None
    found.classifiers = [one for one in project.get("classifiers", ()) if one.startswith("License ::")]


def _setup_py(text: str, found: Metadata) -> None:
    words = re.search(r"\blicense[\"']?\s*[=:]\s*[\"']([^\"']+)[\"']", text) or re.search(
        r"^LICENSE\s*=\s*[\"']([^\"']+)", text, re.MULTILINE
    )
    found.words = words[1] if words else None
    found.classifiers = re.findall(r"[\"'](License ::[^\"'{}]+)[\"']", text)


def _setup_cfg(text: str, found: Metadata) -> None:
    words = re.search(r"^license\s*=\s*(.+)$", text, re.MULTILINE)
    found.words = words[1].strip() if words else None
    found.classifiers = re.findall(r"^\s*(License ::.+?)\s*$", text, re.MULTILINE)


def _package_json(text: str, found: Metadata) -> None:
    words = json.loads(text).get("license")
    found.words = words if isinstance(words, str) else None


_FORMS = {"pyproject.toml": _pyproject, "setup.py": _setup_py, "setup.cfg": _setup_cfg, "package.json": _package_json}


# --- claims ---------------------------------------------------------------------------------------


class Licences:
    """Which licences of the catalogue a name means, in its scheme."""

    def __init__(self) -> None:
        self._names: dict[tuple[Scheme, str], set[str]] = {}
        for path in sorted((GRAPHS / "licenses").glob("*.yaml")):
            plain = yaml.safe_load(path.read_text(encoding="utf-8"))
            for scheme, spellings in plain.get("names", {}).items():
                for one in spellings:
                    self._names.setdefault((Scheme(scheme), fold_name(Scheme(scheme), str(one))), set()).add(plain["id"])

    def _named(self, scheme: Scheme, name: str) -> set[str]:
        return self._names.get((scheme, fold_name(scheme, name)), set())

    def claim(self, scheme: Scheme, text: str) -> tuple[dict[str, str], set[str]]:
        """A claim as written, and what it means: one licence, several (ambiguous, or an expression), or none."""
        if scheme is Scheme.CLASSIFIER:
            return {"claim": text, "scheme": scheme.value}, self._named(scheme, text)
        if text.startswith(("http://", "https://")):
            return {"claim": text, "scheme": Scheme.URL.value}, self._named(Scheme.URL, text)
        try:
            written = str(canonicalize_license_expression(text))
        except InvalidLicenseExpression:
            return {"claim": text, "scheme": Scheme.FREE_TEXT.value}, self._named(Scheme.FREE_TEXT, text) or self._named(Scheme.SPDX, text)
        parts = re.split(r" (?:AND|OR|WITH) |[()]", written)
        meaning: set[str] = set().union(*(self._named(Scheme.SPDX, part.strip()) or {part.strip()} for part in parts if part.strip()))
        return {"claim": text, "scheme": Scheme.SPDX.value}, meaning

    def claims(self, found: Metadata) -> list[dict[str, str]]:
        """The claims of a package, see the head of this file."""
        words = (found.words or "").strip()
        if found.expression in _NVIDIA_WORDS or words in _NVIDIA_WORDS:
            return self._of_nvidia(found, found.expression or words)
        if found.expression:
            return [self.claim(Scheme.SPDX, found.expression)[0]]
        said = []
        if words.upper() not in ("", "UNKNOWN", "LICENSE"):
            # A field that holds a whole text often begins with its title.
            title = words.partition("\n")[0].strip()
            if len(title) <= _LONG and (title == words or self.claim(Scheme.FREE_TEXT, title)[1]):
                said.append(self.claim(Scheme.FREE_TEXT, title))
            elif identifier := license_of_text(re.sub(r"\n[ \t]+", "\n", words)):
                said.append(self.claim(Scheme.SPDX, identifier))
        said += [self.claim(Scheme.CLASSIFIER, one) for one in found.classifiers]
        if identifier := _of_files(found.files):
            claim, meaning = self.claim(Scheme.SPDX, identifier)
            said.append(({**claim, "note": "The text of its licence file."}, meaning))
        return _without_echoes(said)

    def _of_nvidia(self, found: Metadata, words: str) -> list[dict[str, str]]:
        """The metadata name no text; the licence file holds one."""
        declared = self.claim(Scheme.FREE_TEXT, words)[0]
        for text in found.files:
            for (mark, licence), date in zip(_NVIDIA_TEXTS.items(), _NVIDIA_DATES, strict=True):
                if mark in text and date in text:
                    return [
                        {"claim": licence, "scheme": Scheme.LIEN.value, "note": f"The text of its licence file; the metadata say {words}."}
                    ]
        if identifier := _of_files(found.files):
            return [declared, {"claim": identifier, "scheme": Scheme.SPDX.value, "note": "The text of its licence file."}]
        return [declared]


def _of_files(files: Sequence[str]) -> str | None:
    """The licence that the licence files are the text of. The Lesser GPL 3 comes as an addition to the GPL 3."""
    texts = {license_of_text(one) for one in files}
    if texts == {"GPL-3.0", "LGPL-3.0"}:
        return "LGPL-3.0"
    return texts.pop() if len(texts) == 1 else None


def _without_echoes(said: Sequence[tuple[dict[str, str], set[str]]]) -> list[dict[str, str]]:
    """The clearest statement, and those that contradict it."""
    if not said:
        return []
    # A bare "BSD" says less than the classifier beside it. An expression of several parts, and one ambiguous name, both mean several licences: only the first is clear.
    clear = [(claim, meaning) for claim, meaning in said if len(meaning) == 1 or (claim["scheme"] == "spdx" and meaning)]
    first, meant = (clear or [one for one in said if one[1] and " " not in said[0][0]["claim"]] or said)[0]
    return [first, *(claim for claim, meaning in said if claim is not first and meaning and not meaning & meant)]


# --- the files ------------------------------------------------------------------------------------


def selection() -> Iterator[tuple[str, str, str, str]]:
    """(stage, ecosystem, publisher, name) of each package, in written order."""
    plain = tomllib.loads(_SELECTION.read_text(encoding="utf-8"))
    for stage, ecosystems in plain.items():
        if stage in ("kinds", "manifests", "notes", "claim", "relation"):
            continue
        for ecosystem, publishers in ecosystems.items():
            for publisher, names in publishers.items():
                for name in names:
                    yield stage, ecosystem, publisher, name


def _newest(found: Iterable[tuple[Version, Metadata]]) -> dict[str, Metadata]:
    best: dict[str, tuple[Version, Metadata]] = {}
    for version, metadata in found:
        if metadata.name not in best or version > best[metadata.name][0]:
            best[metadata.name] = version, metadata
    return {name: metadata for name, (_, metadata) in best.items()}


def _read_all(arguments: Sequence[Path]) -> tuple[dict[str, Metadata], list[Repositories]]:
    found: list[tuple[Version, Metadata]] = []
    repositories = []
    for path in arguments:
        if path.suffix == ".json":
            found += read_report(path)
        elif any(path.glob("*.whl")):
            found += read_wheels(path)
        else:
            repositories.append(Repositories(path))
    return _newest(found), repositories


def main(arguments: Sequence[str]) -> int:
    """Write the files. The arguments are folders and reports."""
    if not arguments:
        sys.stderr.write("usage: import_packages.py FOLDER|REPORT...\n")
        return 2
    plain = tomllib.loads(_SELECTION.read_text(encoding="utf-8"))
    wheels, repositories = _read_all([Path(one) for one in arguments])
    kinds = {publisher: kind for kind, publishers in plain["kinds"].items() for publisher in publishers}
    licences = Licences()
    stages: dict[str, tuple[dict[str, dict[str, str]], list[Entry]]] = {}
    for stage, ecosystem, publisher, name in selection():
        where = f"{ecosystem}/{name}"
        manifest = plain["manifests"].get(where)
        metadata = wheels.get(canonicalize_name(name)) if ecosystem == "pypi" else None
        if metadata is None and manifest:
            metadata = next((found for one in repositories if (found := one.read(name, manifest))), None)
        if metadata is None:
            sys.stderr.write(f"{where}: no metadata at hand; left out\n")
            continue
        key = re.sub(r"[^a-z0-9.-]+", "-", ("" if ecosystem == "pypi" else f"{ecosystem}-") + name.lower()).strip("-")
        sources, entries = stages.setdefault(stage, ({}, []))
        sources[key] = metadata.source
        entries.append(
            Entry(
                id=package_id(ecosystem, name),
                name=name,
                publisher=publisher,
                publisher_kind=kinds.get(publisher),
                attributes={"stage": stage},
                licenses=[
                    {**{k: v for k, v in one.items() if k != "note"}, "source": key, **_note(one)} for one in licences.claims(metadata)
                ],
                note=plain.get("notes", {}).get(where),
            )
        )
    for fact in (*plain["claim"], *plain["relation"]):
        _add(stages, fact)
    for stage, (sources, entries) in stages.items():
        report(write(GRAPHS / "packages", stage, COMMENT, sources, entries, by_letter=False), entries)
    return 0


def _note(claim: Mapping[str, str]) -> dict[str, str]:
    return {"note": claim["note"]} if "note" in claim else {}


def _add(stages: Mapping[str, tuple[dict[str, dict[str, str]], list[Entry]]], fact: Mapping[str, str]) -> None:
    """Put a claim or relation of the selection to its package, with the file that says it as its source."""
    for sources, entries in stages.values():
        for entry in entries:
            if entry.id != f"package:{fact['package']}":
                continue
            key = re.sub(r"[^a-z0-9.-]+", "-", f"{fact['package'].partition('/')[2]} {fact['title'].partition(' of ')[0]}".lower()).strip(
                "-"
            )
            sources[key] = {"title": fact["title"], "url": fact["url"], "on": _READ_ON}
            if "claim" in fact:
                entry.licenses.append({"claim": fact["claim"], "scheme": fact["scheme"], "source": key, **_note(fact)})
            else:
                entry.relate(fact["type"], fact["to"], key, **_note(fact))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
