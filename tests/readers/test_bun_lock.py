"""bun.lock: JSON with commas behind the last item, packages by the way that leads to them."""

from pathlib import Path

import pytest

from lien.errors import InputError
from lien.graph.fragments import ArtifactSeen, Fragment, RelationSeen, UnresolvedReference
from lien.readers.bun_lock import BunLockReader
from lien.readers.interface import Reader
from lien.sources.source import Source
from lien.sources.tree import Tree

READER: Reader = BunLockReader()

LOCK = """{
  "lockfileVersion": 1,
  "workspaces": {
    "": {
      "name": "shop",
      "dependencies": { "d3": "^7", "bot": "workspace:*", "near": "file:../near", },
      "devDependencies": { "vite": "5", },
    },
    "packages/bot": {
      "name": "@shop/bot",
      "dependencies": { "openai": "^4", },
      "peerDependencies": { "zod": "3", },
    },
  },
  "packages": {
    "@shop/bot": ["@shop/bot@workspace:packages/bot"],

    "d3": ["d3@7.9.0", "", { "dependencies": { "d3-array": "3" } }, "sha512-aa"],
    // another array below d3
    "d3/d3-array": ["d3-array@3.2.4", "", {}, "sha512-bb"],

    "d3-array": ["d3-array@2.0.0", "", {}, "sha512-bb"],

    "near": ["near@file:../near", {}],

    "openai": ["openai@4.2.0", "https://registry.npmjs.org/openai", { "optionalDependencies": { "zod": "3" } }, "sha512-bb"],

    "@shop/bot/openai": ["openai@4.1.0", "", {}, "sha512-bb"],

    "vite": ["vite@github:vitejs/vite#abcdef", {}, "vitejs-vite-abcdef"],

    "zod": ["zod@3.23.0", "", {}, "sha512-bb"],
  }
}
"""


def read(text: str, folder: Path) -> list[Fragment]:
    return list(READER.read(Source(path="bun.lock", data=text.encode(), tree=Tree(folder))))


def test_packages_and_who_asks_for_them(tmp_path: Path) -> None:
    fragments = read(LOCK, tmp_path)
    assert [(one.id, one.evidence.line) for one in fragments if isinstance(one, ArtifactSeen)] == [
        ("package:npm/d3@7.9.0", 18),
        ("package:npm/d3-array@3.2.4", 20),
        ("package:npm/d3-array@2.0.0", 22),
        ("package:npm/openai@4.2.0", 26),
        ("package:npm/openai@4.1.0", 28),
        ("package:npm/vite", 30),
        ("package:npm/zod@3.23.0", 32),
    ]
    assert [(one.downstream, one.upstream, one.role.value, one.note) for one in fragments if isinstance(one, RelationSeen)] == [
        ("package:npm/d3@7.9.0", "package:npm/d3-array@3.2.4", "default", None),
        ("package:npm/openai@4.2.0", "package:npm/zod@3.23.0", "default", "optional"),
        ("product", "package:npm/d3@7.9.0", "default", None),
        ("product", "package:npm/vite", "development", None),
        ("product", "package:npm/openai@4.1.0", "default", None),
        ("product", "package:npm/zod@3.23.0", "default", "peer"),
    ]
    assert [(one.what, one.evidence.line) for one in fragments if isinstance(one, UnresolvedReference)] == [("near", 6)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", r"bun\.lock: is no bun\.lock: the whole is no object"),
        ('{"packages": {\n"a": 3}}', r"bun\.lock#/packages/a: /packages/a is no entry of a lock"),
        ('{"packages": {\n"a": ["a@1",]', r"bun\.lock:2: is not JSON"),
        ('{"packages": []}', r"/packages is no entry"),
    ],
)
def test_malformed(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        read(text, tmp_path)
