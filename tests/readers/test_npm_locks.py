"""package.json and the locks of npm, Yarn and pnpm, through their readers' own doors."""

from pathlib import Path
from typing import Any

import pytest
from package_files import assert_refused, read

from lien.graph.fragments import PRODUCT, ArtifactSeen, Fragment, LicenseClaim, RelationSeen, Role, UnresolvedReference
from lien.readers.interface import Reader
from lien.readers.package_json import PackageJsonReader
from lien.readers.package_lock import PackageLockReader
from lien.readers.pnpm_lock import PnpmLockReader
from lien.readers.yarn_lock import YarnLockReader
from lien.sources.json_text import lines_of_pointers
from lien.sources.tree import Tree
from lien.vocabulary.licenses import Scheme

MANIFEST, NPM, YARN, PNPM = PackageJsonReader(), PackageLockReader(), YarnLockReader(), PnpmLockReader()
NPM_ID = "package:npm/"


def edges(fragments: list[Fragment]) -> list[tuple[str, str, int | str | None]]:
    return [
        (one.downstream.removeprefix(NPM_ID), one.upstream.removeprefix(NPM_ID), one.note)
        for one in fragments
        if isinstance(one, RelationSeen) and one.downstream != PRODUCT
    ]


def asked(fragments: list[Fragment]) -> list[tuple[str, Role, str | None]]:
    return [
        (one.upstream.removeprefix(NPM_ID), one.role, one.note)
        for one in fragments
        if isinstance(one, RelationSeen) and one.downstream == PRODUCT
    ]


def claimed(fragments: list[Fragment]) -> list[tuple[str, str, Scheme]]:
    return [(one.artifact.removeprefix(NPM_ID), one.text, one.scheme) for one in fragments if isinstance(one, LicenseClaim)]


def lost(fragments: list[Fragment]) -> list[str]:
    return [one.what for one in fragments if isinstance(one, UnresolvedReference)]


@pytest.mark.parametrize(
    ("reader", "path", "claims"),
    [
        (MANIFEST, "web/package.json", True),
        (MANIFEST, "my-package.json", False),
        (NPM, "package-lock.json", True),
        (NPM, "web/npm-shrinkwrap.json", True),
        (YARN, "yarn.lock", True),
        (PNPM, "pnpm-lock.yaml", True),
        (PNPM, "pnpm-workspace.yaml", False),
    ],
)
def test_claims(reader: Reader, path: str, claims: bool) -> None:
    assert reader.claims(path) is claims


# --- package.json -------------------------------------------------------------------------------------


def test_sections_and_specifiers(tmp_path: Path) -> None:
    manifest = {
        "name": "web",
        "version": "1.2.0",
        "license": "Apache-2.0",
        "dependencies": {
            "d3": "7.9.0",
            "@xenova/transformers": "^2.17.0",
            "react": "npm:preact@10.22.0",
            "loose": "npm:other",
            "fork": "github:acme/fork#main",
            "secret": "git+https://user:token@example.org/x.git",
            "inner": "file:./inner",
            "gone": "file:../gone",
            "star": "*",
            "maybe": "^1",
        },
        "devDependencies": {"vitest": "^1"},
        "optionalDependencies": {"maybe": "^1"},
        "peerDependencies": {"vue": "^3", "svelte": "^4"},
        "peerDependenciesMeta": {"svelte": {"optional": True}},
    }
    fragments = read(MANIFEST, tmp_path, {"package.json": manifest})
    first = fragments[0]
    assert isinstance(first, ArtifactSeen)
    assert (first.id, first.name, first.version) == (PRODUCT, "web", "1.2.0")
    assert claimed(fragments) == [(PRODUCT, "Apache-2.0", Scheme.SPDX)]
    assert asked(fragments) == [
        ("d3@7.9.0", Role.DEFAULT, None),
        ("@xenova/transformers", Role.DEFAULT, None),
        ("preact@10.22.0", Role.DEFAULT, None),
        ("other", Role.DEFAULT, None),
        ("fork", Role.DEFAULT, "from github:acme/fork#main"),
        ("secret", Role.DEFAULT, "from git+https://***@example.org/x.git"),
        ("star", Role.DEFAULT, None),
        ("vitest", Role.DEVELOPMENT, None),
        ("maybe", Role.OPTION, None),
        ("vue", Role.DEFAULT, "peer"),
        ("svelte", Role.OPTION, "peer"),
    ]
    assert lost(fragments) == ["file:../gone"]


def test_a_place_has_its_line(tmp_path: Path) -> None:
    text = '{\n "license": "MIT",\n "dependencies": {\n  "@xenova/transformers": "^2.17.0"\n }\n}\n'
    fragments = read(MANIFEST, tmp_path, {"package.json": text})
    pointers = [one.evidence.pointer or "" for one in fragments]
    assert [lines_of_pointers(text, [one])[one] for one in pointers] == [2, 4, 4]


@pytest.mark.parametrize(
    ("license_", "claims"),
    [
        ({"license": "(MIT OR Apache-2.0)"}, [("(MIT OR Apache-2.0)", Scheme.SPDX)]),
        ({"license": "Apache 2.0"}, [("Apache 2.0", Scheme.FREE_TEXT)]),
        ({"license": {"type": "MIT", "url": "https://example.org"}}, [("MIT", Scheme.SPDX)]),
        ({"licenses": [{"type": "MIT"}, {"type": "GPL-2.0"}]}, [("MIT OR GPL-2.0", Scheme.SPDX)]),
        ({"license": "SEE LICENSE IN LICENSE.txt"}, [("my own words", Scheme.FILE)]),
        ({"license": "SEE LICENSE IN MISSING"}, [("SEE LICENSE IN MISSING", Scheme.FREE_TEXT)]),
        ({"license": ""}, []),
        ({"license": 3}, []),
        ({}, []),
    ],
)
def test_licences(tmp_path: Path, license_: dict[str, Any], claims: list[tuple[str, Scheme]]) -> None:
    fragments = read(MANIFEST, tmp_path, {"package.json": license_, "LICENSE.txt": "my own words"})
    assert [one[1:] for one in claimed(fragments)] == claims


def test_a_part_of_the_product_speaks_of_its_folder(tmp_path: Path) -> None:
    fragments = read(MANIFEST, tmp_path, {"web/package.json": {"name": "web", "license": "MIT"}})
    assert [(one.artifact, one.part) for one in fragments if isinstance(one, LicenseClaim)] == [(PRODUCT, "web")]
    assert not [one for one in fragments if isinstance(one, ArtifactSeen)]


def test_beside_a_python_project_it_does_not_name_the_product(tmp_path: Path) -> None:
    assert read(MANIFEST, tmp_path, {"package.json": {"name": "docs-tooling"}, "pyproject.toml": ""}) == []


@pytest.mark.parametrize(
    "workspaces",
    [
        {"package.json": {"workspaces": ["packages/*"]}},
        {"package.json": {"workspaces": {"packages": ["./packages/**", "!packages/x"]}}},
        {"package.json": {"name": "root"}, "pnpm-workspace.yaml": "packages:\n  - 'packages/*'\n"},
    ],
)
def test_members_of_a_workspace_are_the_product(tmp_path: Path, workspaces: dict[str, Any]) -> None:
    files: dict[str, Any] = {
        "packages/app/package.json": {"name": "@acme/app", "dependencies": {"@acme/ui": "^1.0.0", "d3": "^7"}},
        "packages/ui/package.json": {"name": "@acme/ui"},
        **workspaces,
    }
    assert asked(read(MANIFEST, tmp_path, files)) == [("d3", Role.DEFAULT, None)]


# --- package-lock.json --------------------------------------------------------------------------------

FLAT = {
    "name": "web",
    "lockfileVersion": 3,
    "packages": {
        "": {
            "name": "web",
            "workspaces": ["packages/*"],
            "dependencies": {"debug": "4.3.4", "express": "^4", "alias": "npm:real@1.0.0", "gone": "file:../gone", "ui": "*"},
            "devDependencies": {"chalk": "^4"},
            "optionalDependencies": {"fsevents": "*", "left-out": "*"},
        },
        "packages/ui": {"name": "ui", "dependencies": {"ms": "2.1.3"}},
        "node_modules/ui": {"resolved": "packages/ui", "link": True},
        "node_modules/gone": {"resolved": "../gone", "link": True},
        "node_modules/alias": {"name": "real", "version": "1.0.0", "license": "BSD-3-Clause"},
        "node_modules/chalk": {"version": "4.1.2", "dev": True, "license": "MIT"},
        "node_modules/debug": {"version": "4.3.4", "license": "MIT", "dependencies": {"ms": "2.1.2"}, "peerDependencies": {"chalk": "*"}},
        "node_modules/express": {"version": "4.19.2", "license": "MIT", "dependencies": {"debug": "2.6.9"}},
        "node_modules/express/node_modules/debug": {"version": "2.6.9", "license": "MIT", "dependencies": {"ms": "2.0.0"}},
        "node_modules/express/node_modules/debug/node_modules/ms": {"version": "2.0.0"},
        "node_modules/fsevents": {"version": "2.3.3", "optional": True, "optionalDependencies": {"ms": "*", "nowhere": "*"}},
        "node_modules/ms": {"version": "2.1.2", "license": "MIT"},
        "packages/ui/node_modules/ms": {"version": "2.1.3", "license": "MIT"},
    },
}
FLAT_EDGES = [
    ("debug@4.3.4", "ms@2.1.2", None),
    ("debug@4.3.4", "chalk@4.1.2", "peer"),
    ("express@4.19.2", "debug@2.6.9", None),
    ("debug@2.6.9", "ms@2.0.0", None),
    ("fsevents@2.3.3", "ms@2.1.2", "optional"),
]


def test_npm_by_place(tmp_path: Path) -> None:
    fragments = read(NPM, tmp_path, {"package-lock.json": FLAT})
    assert edges(fragments) == FLAT_EDGES
    assert asked(fragments) == [
        ("debug@4.3.4", Role.DEFAULT, None),
        ("express@4.19.2", Role.DEFAULT, None),
        ("real@1.0.0", Role.DEFAULT, None),
        ("chalk@4.1.2", Role.DEVELOPMENT, None),
        ("fsevents@2.3.3", Role.OPTION, None),
        ("ms@2.1.3", Role.DEFAULT, None),
    ]
    assert lost(fragments) == ["gone"]
    assert claimed(fragments)[0] == ("real@1.0.0", "BSD-3-Clause", Scheme.SPDX)
    text = (tmp_path / "package-lock.json").read_text(encoding="utf-8")
    for one in fragments:
        pointer = one.evidence.pointer or ""
        assert lines_of_pointers(text, [pointer]), pointer


NESTED = {
    "lockfileVersion": 1,
    "requires": True,
    "dependencies": {
        "chalk": {"version": "4.1.2", "dev": True},
        "debug": {"version": "4.3.4", "requires": {"ms": "2.1.2"}},
        "express": {
            "version": "4.19.2",
            "requires": {"debug": "2.6.9"},
            "dependencies": {
                "debug": {"version": "2.6.9", "requires": {"ms": "2.0.0"}, "dependencies": {"ms": {"version": "2.0.0"}}},
            },
        },
        "fork": {"version": "git+ssh://git@github.com/acme/fork.git#abc"},
        "inner": {"version": "file:inner"},
        "ms": {"version": "2.1.2"},
        "real-alias": {"version": "npm:real@1.0.0"},
    },
}


def test_npm_of_old_beside_its_manifest(tmp_path: Path) -> None:
    manifest = {
        "dependencies": {"debug": "4.3.4", "express": "^4", "fork": "acme/fork", "real-alias": "npm:real@1"},
        "devDependencies": {"chalk": "*"},
    }
    fragments = read(NPM, tmp_path, {"package-lock.json": NESTED, "package.json": manifest})
    assert edges(fragments) == [
        ("debug@4.3.4", "ms@2.1.2", None),
        ("express@4.19.2", "debug@2.6.9", None),
        ("debug@2.6.9", "ms@2.0.0", None),
    ]
    assert asked(fragments) == [
        ("debug@4.3.4", Role.DEFAULT, None),
        ("express@4.19.2", Role.DEFAULT, None),
        ("fork", Role.DEFAULT, None),
        ("real@1.0.0", Role.DEFAULT, None),
        ("chalk@4.1.2", Role.DEVELOPMENT, None),
    ]


def test_npm_of_old_alone(tmp_path: Path) -> None:
    assert asked(read(NPM, tmp_path, {"npm-shrinkwrap.json": NESTED})) == [
        ("chalk@4.1.2", Role.DEVELOPMENT, None),
        ("express@4.19.2", Role.DEFAULT, None),
        ("fork", Role.DEFAULT, None),
        ("real@1.0.0", Role.DEFAULT, None),
    ]


# --- Yarn ---------------------------------------------------------------------------------------------

CLASSIC = """\
# THIS IS AN AUTOGENERATED FILE. DO NOT EDIT THIS FILE DIRECTLY.
# yarn lockfile v1


"@scope/a@^1.0.0", "@scope/a@^1.1.0":
  version "1.1.0"
  resolved "https://registry.yarnpkg.com/@scope/a/-/a-1.1.0.tgz#00"
  integrity sha512-00==
  dependencies:
    ms "2.1.2"
  optionalDependencies:
    fsevents "^2.3.2"

chalk@^4:
  version "4.1.2"

fork@acme/fork:
  version "0.1.0"

fsevents@^2.3.2, fsevents@~2.3.2:
  version "2.3.3"

"inner@file:./inner":
  version "0.0.0"

ms@2.1.2:
  version "2.1.2"

"react@npm:preact@10.22.0":
  version "10.22.0"
"""
YARN_MANIFEST = {
    "dependencies": {"@scope/a": "^1.0.0", "fork": "acme/fork", "inner": "file:./inner", "react": "npm:preact@10.22.0"},
    "devDependencies": {"chalk": "^4"},
}


def test_yarn_classic(tmp_path: Path) -> None:
    fragments = read(YARN, tmp_path, {"yarn.lock": CLASSIC, "package.json": YARN_MANIFEST})
    assert edges(fragments) == [("@scope/a@1.1.0", "ms@2.1.2", None), ("@scope/a@1.1.0", "fsevents@2.3.3", "optional")]
    assert asked(fragments) == [
        ("@scope/a@1.1.0", Role.DEFAULT, None),
        ("fork@0.1.0", Role.DEFAULT, None),
        ("preact@10.22.0", Role.DEFAULT, None),
        ("chalk@4.1.2", Role.DEVELOPMENT, None),
    ]
    assert [one.evidence.line for one in fragments if isinstance(one, RelationSeen)] == [10, 12, 5, 17, 29, 14]


def test_yarn_with_ranges_that_no_block_names(tmp_path: Path) -> None:
    """Resolutions, and a manifest that went on: the one version of a name; of two neither. What a linked folder needs, the product needs."""
    text = """\
a@1.0.0:
  version "1.0.0"
  dependencies:
    b "^1"
    c "^1"
b@2.0.0:
  version "2.0.0"
c@2:
  version "2.0.0"
c@3:
  version "3.0.0"
"lib@link:./lib":
  version "0.0.0"
  dependencies:
    c "3"
"""
    fragments = read(YARN, tmp_path, {"yarn.lock": text, "package.json": {"dependencies": {"a": "^9"}}})
    assert edges(fragments) == [("a@1.0.0", "b@2.0.0", None)]
    assert asked(fragments) == [("c@3.0.0", Role.DEFAULT, None), ("a@1.0.0", Role.DEFAULT, None)]


BERRY = """\
# This file is generated by running "yarn install" inside your project.

__metadata:
  version: 8
  cacheKey: 10c0

"@acme/ui@workspace:*, @acme/ui@workspace:packages/ui":
  version: 0.0.0-use.local
  resolution: "@acme/ui@workspace:packages/ui"
  dependencies:
    d3: "npm:^7.9.0"
  languageName: unknown
  linkType: soft

"chalk@npm:^4, chalk@npm:^4.1.0":
  version: 4.1.2
  resolution: "chalk@npm:4.1.2"
  dependencies:
    ansi-styles: "npm:^4.1.0"
  checksum: 10c0/00
  languageName: node
  linkType: hard

"ansi-styles@npm:^4.1.0":
  version: 4.3.0
  resolution: "ansi-styles@npm:4.3.0"
  languageName: node
  linkType: hard

"d3@npm:^7.9.0":
  version: 7.9.0
  resolution: "d3@npm:7.9.0"
  peerDependencies:
    chalk: "*"
  languageName: node
  linkType: hard

"web@workspace:.":
  version: 0.0.0-use.local
  resolution: "web@workspace:."
  dependencies:
    "@acme/ui": "workspace:*"
    chalk: "npm:^4"
  languageName: unknown
  linkType: soft
"""


def test_yarn_berry(tmp_path: Path) -> None:
    files: dict[str, Any] = {
        "yarn.lock": BERRY,
        "package.json": {"workspaces": ["packages/*"], "dependencies": {"@acme/ui": "workspace:*"}, "devDependencies": {"chalk": "^4"}},
        "packages/ui/package.json": {"name": "@acme/ui", "dependencies": {"d3": "^7.9.0"}},
    }
    fragments = read(YARN, tmp_path, files)
    assert edges(fragments) == [("chalk@4.1.2", "ansi-styles@4.3.0", None)]
    assert asked(fragments) == [("chalk@4.1.2", Role.DEVELOPMENT, None), ("d3@7.9.0", Role.DEFAULT, None)]
    assert {one.name for one in fragments if isinstance(one, ArtifactSeen)} == {"chalk", "ansi-styles", "d3"}


# --- pnpm ---------------------------------------------------------------------------------------------

PNPM_9 = """\
lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      '@acme/ui':
        specifier: workspace:*
        version: link:packages/ui
      outside:
        specifier: link:../outside
        version: link:../outside
      react:
        specifier: npm:preact@10.22.0
        version: preact@10.22.0
      styled:
        specifier: ^6
        version: 6.1.11(preact@10.22.0)
    devDependencies:
      chalk:
        specifier: ^4
        version: 4.1.2
  packages/ui:
    optionalDependencies:
      fork:
        specifier: github:acme/fork
        version: https://codeload.github.com/acme/fork/tar.gz/abc
packages:
  chalk@4.1.2:
    resolution: {integrity: sha512-00==}
  fork@https://codeload.github.com/acme/fork/tar.gz/abc:
    resolution: {tarball: https://codeload.github.com/acme/fork/tar.gz/abc}
    version: 0.1.0
  preact@10.22.0:
    resolution: {integrity: sha512-00==}
  styled@6.1.11:
    resolution: {integrity: sha512-00==}
    peerDependencies:
      preact: '>= 10'
snapshots:
  chalk@4.1.2: {}
  fork@https://codeload.github.com/acme/fork/tar.gz/abc: {}
  preact@10.22.0: {}
  styled@6.1.11(preact@10.22.0):
    dependencies:
      preact: 10.22.0
    optionalDependencies:
      chalk: 4.1.2
"""
PNPM_6 = """\
lockfileVersion: '6.0'
dependencies:
  '@scope/a':
    specifier: ^1
    version: 1.1.0(preact@10.22.0)
devDependencies:
  chalk:
    specifier: ^4
    version: 4.1.2
packages:
  /@scope/a@1.1.0(preact@10.22.0):
    resolution: {integrity: sha512-00==}
    dependencies:
      preact: 10.22.0
  /chalk@4.1.2:
    resolution: {integrity: sha512-00==}
    dev: true
  /preact@10.22.0:
    resolution: {integrity: sha512-00==}
"""
PNPM_5 = """\
lockfileVersion: 5.4
specifiers:
  '@scope/a': ^1
  chalk: ^4
dependencies:
  '@scope/a': 1.1.0_preact@10.22.0
devDependencies:
  chalk: 4.1.2
packages:
  /@scope/a/1.1.0_preact@10.22.0:
    resolution: {integrity: sha512-00==}
    dependencies:
      preact: 10.22.0
  /chalk/4.1.2:
    resolution: {integrity: sha512-00==}
    dev: true
  /preact/10.22.0:
    resolution: {integrity: sha512-00==}
"""


def test_pnpm_9(tmp_path: Path) -> None:
    fragments = read(PNPM, tmp_path, {"pnpm-lock.yaml": PNPM_9})
    assert edges(fragments) == [("styled@6.1.11", "preact@10.22.0", None), ("styled@6.1.11", "chalk@4.1.2", "optional")]
    assert asked(fragments) == [
        ("preact@10.22.0", Role.DEFAULT, None),
        ("styled@6.1.11", Role.DEFAULT, None),
        ("chalk@4.1.2", Role.DEVELOPMENT, None),
        ("fork@0.1.0", Role.OPTION, None),
    ]
    assert lost(fragments) == ["outside"]
    assert [one.evidence.line for one in fragments if isinstance(one, RelationSeen)] == [11, 14, 18, 23, 44, 46]


def test_pnpm_that_locks_itself(tmp_path: Path) -> None:
    """Its own version stands in a document before that of the project."""
    own = """\
---
lockfileVersion: '9.0'
importers:
  .:
    packageManagerDependencies:
      pnpm:
        specifier: 12.0.0
        version: 12.0.0
packages:
  pnpm@12.0.0:
    resolution: {integrity: sha512-00==}
---
"""
    fragments = read(PNPM, tmp_path, {"pnpm-lock.yaml": own + PNPM_6})
    assert asked(fragments) == [
        ("pnpm@12.0.0", Role.BUILD, None),
        ("@scope/a@1.1.0", Role.DEFAULT, None),
        ("chalk@4.1.2", Role.DEVELOPMENT, None),
    ]
    assert [one.evidence.line for one in fragments if isinstance(one, RelationSeen)] == [6, 15, 19, 26]


@pytest.mark.parametrize("text", [PNPM_6, PNPM_5])
def test_pnpm_of_old(tmp_path: Path, text: str) -> None:
    fragments = read(PNPM, tmp_path, {"pnpm-lock.yaml": text})
    assert edges(fragments) == [("@scope/a@1.1.0", "preact@10.22.0", None)]
    assert asked(fragments) == [("@scope/a@1.1.0", Role.DEFAULT, None), ("chalk@4.1.2", Role.DEVELOPMENT, None)]


# --- what is no lock ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reader", "path", "text", "message", "kept"),
    [
        (MANIFEST, "package.json", '{"name": "web",\n', "package.json:2: is not JSON: ", []),
        (MANIFEST, "package.json", "[]", "package.json: is no package.json: the whole is no object", []),
        (
            MANIFEST,
            "package.json",
            '{"dependencies": {"a": 1, "b": "*"}, "devDependencies": []}',
            'package.json#/dependencies/a: dependencies: "a" has no specifier (write "NAME": "RANGE")',
            ["package:npm/b"],
        ),
        (NPM, "package-lock.json", '{\n"packages": {,', "package-lock.json:2: is not JSON: ", []),
        (NPM, "package-lock.json", "3", "package-lock.json: is no package-lock.json: the whole is no object (write the lock anew)", []),
        (
            NPM,
            "package-lock.json",
            '{"packages": {"node_modules/a": 1, "node_modules/b": {"version": "1.0.0"}}}',
            "package-lock.json#/packages/node_modules~1a: /packages/node_modules~1a is no object (write the lock anew)",
            ["package:npm/b@1.0.0"],
        ),
        (
            NPM,
            "package-lock.json",
            '{"dependencies": {"a": [], "b": {"version": "1.0.0", "dependencies": 3}}}',
            "package-lock.json#/dependencies/a: /dependencies/a is no object (write the lock anew)",
            ["package:npm/b@1.0.0"],
        ),
        (
            YARN,
            "yarn.lock",
            'a@1:\n  version "1.0.0"\n<<<<<<< HEAD\nb@1:\n  version "1.0.0"\n',
            'yarn.lock:3: "<<<<<<< HEAD" is no line of a yarn.lock (write the lock anew)',
            ["package:npm/a@1.0.0", "package:npm/b@1.0.0"],
        ),
        (PNPM, "pnpm-lock.yaml", "a: [\n", "pnpm-lock.yaml:2: is not YAML: ", []),
        (PNPM, "pnpm-lock.yaml", "- a\n", "pnpm-lock.yaml:1: is no pnpm-lock.yaml: the whole is no mapping (write the lock anew)", []),
        (
            PNPM,
            "pnpm-lock.yaml",
            "dependencies: 3\npackages:\n  /a@1.0.0: 3\n",
            "pnpm-lock.yaml:1: dependencies is no mapping (write the lock anew); line 3: /a@1.0.0 is no mapping (write the lock anew)",
            ["package:npm/a@1.0.0"],
        ),
    ],
)
def test_what_is_no_lock_is_told_with_its_place(
    tmp_path: Path, reader: Reader, path: str, text: str, message: str, kept: list[str]
) -> None:
    (tmp_path / path).write_text(text, encoding="utf-8")
    assert_refused(reader, Tree(tmp_path), path, message, kept)
