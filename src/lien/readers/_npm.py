"""What package.json says, for its reader and for readers of the locks that stand beside one.

A dependency is a name and a specifier: a range, a tag, an alias, a place in the tree, or an address
(npm, "package.json", `dependencies`).
"""

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any, NamedTuple

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, Evidence, LicenseClaim, Role
from lien.sources.json_text import parse_json
from lien.sources.limits import MAX_FILE_BYTES, MAX_INCLUDES
from lien.sources.tree import Tree
from lien.vocabulary.ids import package_id
from lien.vocabulary.licenses import Scheme

__all__ = ["Asked", "asked_of", "license_claims", "manifest_at", "members_of", "npm_id", "spec_of", "without_peers"]

_SECTIONS = (
    ("dependencies", Role.DEFAULT, None),
    ("devDependencies", Role.DEVELOPMENT, None),
    ("optionalDependencies", Role.OPTION, None),
    ("peerDependencies", Role.DEFAULT, "peer"),
)
_EXACT = re.compile(r"=?v?(\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]*)?)")
_LOCAL = ("file:", "link:", "portal:", "workspace:", "./", "../", "~/", "/")
_REMOTE = re.compile(r"(?:git[+:@]|git\+\w+:|https?:|ssh:|github:|gitlab:|bitbucket:|gist:|[\w.-]+/[\w.-]+(?:#.*)?$)")
_EXPRESSION = re.compile(r"\(*[\w.+-]+\)*(?:\s+(?:AND|OR|WITH)\s+\(*[\w.+-]+\)*)*")
_ID = re.compile(r"[\w.+-]+")
_IN_FILE = re.compile(r"SEE LICEN[CS]E IN (\S.*)", re.IGNORECASE)
_MAX_LICENSE_BYTES = 1024 * 1024


class Asked(NamedTuple):
    """One dependency that a package.json names; `section` is where, `name` the key as written."""

    section: str
    name: str
    spec: str
    role: Role
    note: str | None


class Spec(NamedTuple):
    """What a specifier means: another name, an exact version, a place in the tree, an address."""

    name: str
    version: str | None = None
    is_local: bool = False
    note: str | None = None


def npm_id(name: str, version: str | None = None) -> str:
    """The id of a package of the npm registry."""
    return package_id("npm", name, version)


def asked_of(manifest: Mapping[str, Any]) -> Iterator[Asked]:
    """The dependencies of a package.json in file order of each section; what is no name with a specifier is left out.

    An entry of optionalDependencies overrides one of dependencies with its name (npm, "optionalDependencies").
    """
    optional = manifest.get("optionalDependencies")
    optional = optional if isinstance(optional, Mapping) else {}
    meta = manifest.get("peerDependenciesMeta")
    meta = meta if isinstance(meta, Mapping) else {}
    for section, role, note in _SECTIONS:
        table = manifest.get(section)
        for name, spec in table.items() if isinstance(table, Mapping) else ():
            if not isinstance(spec, str) or not name or (section == "dependencies" and name in optional):
                continue
            about = meta.get(name) if note else None
            is_optional = isinstance(about, Mapping) and about.get("optional") is True
            yield Asked(section, name, spec, Role.OPTION if is_optional else role, note)


def spec_of(name: str, spec: str) -> Spec:
    """What a name and its specifier ask for.

    >>> spec_of("react", "npm:preact@10.1.0")
    Spec(name='preact', version='10.1.0', is_local=False, note=None)
    """
    spec = spec.strip()
    if spec.startswith("npm:"):
        alias, at, wanted = spec[4:].rpartition("@")
        # `npm:^1.2` of Yarn Berry names no other package.
        if not at and not spec[4:5].isalpha():
            return spec_of(name, spec[4:])
        name, spec = (alias, wanted) if alias else (spec[4:], "*")
    if spec.startswith(_LOCAL):
        return Spec(name, is_local=not spec.endswith((".tgz", ".tar.gz")))
    exact = _EXACT.fullmatch(spec)
    if exact:
        return Spec(name, exact[1])
    return Spec(name, note=f"from {_shown(spec)}" if _REMOTE.match(spec) else None)


def _shown(address: str) -> str:
    return re.sub(r"(?<=://)(?!git@)[^/\s@]+(?=@)", "***", address)


def without_peers(version: str) -> str:
    """A version of pnpm or Yarn without what it was resolved with: `18.2.0(react@18.2.0)`, `18.2.0_react@18.2.0`."""
    return version.partition("(")[0].partition("_")[0]


def license_claims(
    artifact: str, manifest: Mapping[str, Any], path: str, evidence: Evidence, tree: Tree | None = None
) -> Iterator[LicenseClaim]:
    """What `license` (or `licenses`, as it was written of old) says of a package.

    `SEE LICENSE IN FILE` is that file where `tree` has it.
    """
    text = manifest.get("license")
    if isinstance(text, str) and _ID.fullmatch(text) and artifact != PRODUCT:
        # Nearly every entry of a large lock says no more than this.
        yield LicenseClaim(artifact, text, Scheme.SPDX, evidence._replace(as_written=text), path)
        return
    text = _license_text(text) or _license_text(manifest.get("licenses"))
    if text is None:
        return
    folder = path.rpartition("/")[0] or None
    part = folder if artifact == PRODUCT else None
    evidence = evidence._replace(as_written=text)
    named = _IN_FILE.fullmatch(text)
    file = tree.join(path, named[1].strip()) if named and tree is not None else None
    if file is not None and tree is not None and tree.has(file):
        try:
            data = tree.read(file, limit=_MAX_LICENSE_BYTES).data
        except InputError:
            pass  # then the words themselves are all that is known
        else:
            yield LicenseClaim(artifact, data.decode("utf-8-sig", "replace"), Scheme.FILE, evidence, path, part)
            return
    scheme = Scheme.SPDX if _EXPRESSION.fullmatch(text) else Scheme.FREE_TEXT
    yield LicenseClaim(artifact, text, scheme, evidence, path, part)


def _license_text(value: object) -> str | None:
    """A string; of old an object with `type`, or a list of which the recipient chooses."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, Mapping):
        return _license_text(value.get("type"))
    if isinstance(value, list):
        return " OR ".join(filter(None, map(_license_text, value[:20]))) or None
    return None


def manifest_at(tree: Tree, path: str) -> Mapping[str, Any] | None:
    """The package.json at a path; None if there is none that can be read: its own reader tells."""
    if not tree.has(path):
        return None
    try:
        found = parse_json(tree.read(path, limit=MAX_FILE_BYTES))
    except InputError:
        return None
    return found if isinstance(found, dict) else None


@lru_cache(maxsize=64)  # every member of a workspace asks
def members_of(tree: Tree, folder: str) -> Mapping[str, Mapping[str, Any]]:
    """The package.json of a workspace's root folder and of its members, by folder; of a folder without one nothing."""
    root = manifest_at(tree, f"{folder}/package.json".lstrip("/"))
    if root is None:
        return {}
    found = {folder: root}
    patterns = _patterns(root, tree, folder)
    if patterns:
        prefix = f"{folder}/" if folder else ""
        for path in tree.walk():
            inner, _, name = path.rpartition("/")
            if name == "package.json" and inner != folder and inner.startswith(prefix) and _matches(inner[len(prefix) :], patterns):
                member = manifest_at(tree, path)
                if member is not None:
                    found[inner] = member
                if len(found) > MAX_INCLUDES:
                    break
    return found


def _patterns(root: Mapping[str, Any], tree: Tree, folder: str) -> list[str]:
    value = root.get("workspaces")
    if isinstance(value, Mapping):
        value = value.get("packages")
    if value is None:
        value = _pnpm_patterns(tree, f"{folder}/pnpm-workspace.yaml".lstrip("/"))
    return [str(one).removeprefix("./").rstrip("/") for one in value] if isinstance(value, list) else []


def _pnpm_patterns(tree: Tree, path: str) -> object:
    if not tree.has(path):
        return None
    from lien.sources.yaml_text import parse_yaml  # noqa: PLC0415

    try:
        value = parse_yaml(tree.read(path).text, path=path).value
    except InputError:
        return None
    return value.get("packages") if isinstance(value, dict) else None


def _matches(folder: str, patterns: list[str]) -> bool:
    """Does a workspace's pattern name a folder? `*` stays within one folder, `**` does not; `!` takes out."""
    wanted = [one for one in patterns if not one.startswith("!")]
    barred = [one[1:] for one in patterns if one.startswith("!")]
    return any(_fits(folder, one) for one in wanted) and not any(_fits(folder, one) for one in barred)


def _fits(folder: str, pattern: str) -> bool:
    if "**" in pattern:
        return fnmatchcase(folder, pattern.replace("/**", "*").replace("**", "*"))
    parts, wanted = folder.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))
