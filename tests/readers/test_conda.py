"""Environments, locks and recipes of conda through their readers' own doors."""

from pathlib import Path

import pytest
from package_files import assert_refused, read

from lien.graph.fragments import PRODUCT, Fragment, LicenseClaim, RelationSeen, Role, UnresolvedReference
from lien.readers._conda import conda_package
from lien.readers.conda_environment import CondaEnvironmentReader
from lien.readers.conda_lock import CondaExplicitReader, CondaLockReader
from lien.readers.conda_recipe import CondaRecipeReader
from lien.readers.interface import Reader
from lien.sources.tree import Tree

ENVIRONMENT, LOCK, EXPLICIT, RECIPE = CondaEnvironmentReader(), CondaLockReader(), CondaExplicitReader(), CondaRecipeReader()


def asked(fragments: list[Fragment]) -> list[tuple[str, Role, int | None]]:
    return [
        (one.upstream.removeprefix("package:"), one.role, one.evidence.line)
        for one in fragments
        if isinstance(one, RelationSeen) and one.downstream == PRODUCT
    ]


@pytest.mark.parametrize(
    ("reader", "path", "claims"),
    [
        (ENVIRONMENT, "environment.yml", True),
        (ENVIRONMENT, "docker/environment-gpu.yaml", True),
        (ENVIRONMENT, "my_environment.yml", True),
        (ENVIRONMENT, "conda.yaml", True),
        (ENVIRONMENT, "conda_env.yml", True),
        (ENVIRONMENT, "env.yml", True),
        (ENVIRONMENT, "dev-env.yml", True),
        (ENVIRONMENT, "conda-lock.yml", False),
        (ENVIRONMENT, "conda_build_config.yaml", False),
        (ENVIRONMENT, "values.yaml", False),
        (LOCK, "conda-lock.yml", True),
        (LOCK, "gpu.conda-lock.yml", True),
        (LOCK, "conda.yml", False),
        (EXPLICIT, "conda-linux-64.lock", True),
        (EXPLICIT, "spec-file.txt", True),
        (EXPLICIT, "notes.txt", False),
        (RECIPE, "recipe/meta.yaml", True),
    ],
)
def test_claims(reader: Reader, path: str, claims: bool) -> None:
    assert reader.claims(path) is claims


@pytest.mark.parametrize(
    ("reader", "head", "accepts"),
    [
        (ENVIRONMENT, b"name: x\nchannels:\n  - conda-forge\n", True),
        (ENVIRONMENT, b"apiVersion: v1\nspec:\n  dependencies: 3\n", False),
        (EXPLICIT, b"# platform: linux-64\n@EXPLICIT\nhttps://", True),
        (EXPLICIT, b"torch\n", False),
        (RECIPE, b"{% set version = '1' %}\n\npackage:\n  name: x\n", True),
        (RECIPE, b"artifact_path: model\n", False),
    ],
)
def test_accepts(reader: Reader, head: bytes, accepts: bool) -> None:
    assert reader.accepts(head) is accepts


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("numpy", "numpy"),
        ("numpy>=1.26,<2", "numpy"),
        ("numpy 1.26.*", "numpy"),
        ("numpy=1.26", "numpy"),
        ("numpy=1.26.4", "numpy@1.26.4"),
        ("numpy==1.26", "numpy@1.26"),
        ("numpy=1.26=py311_0", "numpy@1.26"),
        ("numpy=1.26.*=*openblas*", "numpy"),
        ("conda-forge::numpy==1.26.4", "numpy@1.26.4"),
        ("conda-forge/linux-64::numpy", "numpy"),
        ("numpy[version='>=1.2',build=*]", "numpy"),
        ("_libgcc_mutex", "_libgcc_mutex"),
        ("https://conda.anaconda.org/conda-forge/linux-64/scikit-learn-1.4.2-py311h_0.conda#00", "scikit-learn@1.4.2"),
    ],
)
def test_specifications(text: str, identifier: str) -> None:
    found = conda_package(text)
    assert found is not None
    assert found.id == f"package:conda/{identifier}"


ENVIRONMENT_TEXT = """\
name: bot
channels:
  - pytorch
  - conda-forge
dependencies:
  - python=3.11
  - pytorch::pytorch==2.3.1
  - numpy>=1.26
  - pip
  - pip:
      - transformers==4.44.0
      - "llama-index[rag]"
      - -r requirements.txt
      - --extra-index-url https://example.org/simple
      - git+https://github.com/openai/CLIP.git
"""


def test_an_environment(tmp_path: Path) -> None:
    fragments = read(ENVIRONMENT, tmp_path, {"environment.yml": ENVIRONMENT_TEXT, "requirements.txt": "flask\n"})
    assert [one.upstream.removeprefix("package:") for one in fragments if isinstance(one, RelationSeen)] == [
        "conda/python",
        "conda/pytorch@2.3.1",
        "conda/numpy",
        "conda/pip",
        "pypi/transformers@4.44.0",
        "pypi/llama-index",
        "code:github/openai/clip",
    ]
    assert asked(fragments)[1] == ("conda/pytorch@2.3.1", Role.DEFAULT, 7)
    assert asked(fragments)[4] == ("pypi/transformers@4.44.0", Role.DEFAULT, 11)
    assert [one.note for one in fragments if isinstance(one, RelationSeen)][1] == "from channel pytorch"


def test_an_environment_for_developers(tmp_path: Path) -> None:
    fragments = read(ENVIRONMENT, tmp_path, {"environment-dev.yml": "dependencies:\n  - pytest\n"})
    assert asked(fragments) == [("conda/pytest", Role.DEVELOPMENT, 2)]


def test_a_lock_of_two_platforms(tmp_path: Path) -> None:
    text = """\
version: 1
package:
- name: numpy
  version: 1.26.4
  manager: conda
  platform: linux-64
  dependencies: {libblas: '>=3.9', __glibc: '>=2.17'}
  category: main
- name: libblas
  version: 3.9.0
  manager: conda
  platform: linux-64
  dependencies: {}
- name: numpy
  version: 1.26.4
  manager: conda
  platform: osx-arm64
  dependencies: {libblas: '>=3.9'}
- name: pytest
  version: 8.2.0
  manager: conda
  platform: linux-64
  category: dev
- name: typing-extensions
  version: 4.12.2
  manager: pip
  platform: linux-64
"""
    fragments = read(LOCK, tmp_path, {"conda-lock.yml": text})
    assert [(one.downstream, one.upstream) for one in fragments if isinstance(one, RelationSeen) and one.downstream != PRODUCT] == [
        ("package:conda/numpy@1.26.4", "package:conda/libblas@3.9.0")
    ]
    assert asked(fragments) == [
        ("conda/numpy@1.26.4", Role.DEFAULT, 3),
        ("conda/numpy@1.26.4", Role.DEFAULT, 14),
        ("conda/pytest@8.2.0", Role.DEVELOPMENT, 19),
        ("pypi/typing-extensions@4.12.2", Role.DEFAULT, 24),
    ]


def test_an_explicit_list(tmp_path: Path) -> None:
    text = "# platform: linux-64\n@EXPLICIT\nhttps://user:pw@example.org/linux-64/numpy-1.26.4-py311h_0.conda#00\nhttps://example.org/noarch/tzdata-2024a-h0_0.tar.bz2\n"
    fragments = read(EXPLICIT, tmp_path, {"conda-linux-64.lock": text})
    assert asked(fragments) == [("conda/numpy@1.26.4", Role.DEFAULT, 3), ("conda/tzdata@2024a", Role.DEFAULT, 4)]
    assert fragments[0].evidence.as_written == "https://***@example.org/linux-64/numpy-1.26.4-py311h_0.conda"


RECIPE_TEXT = """\
{% set name = "bot" %}
package:
  name: {{ name|lower }}
source:
  url: https://example.org/{{ name }}.tar.gz
requirements:
  build:
    - {{ compiler('c') }}
    - cmake
  host:
    - numpy {{ numpy }}
  run:
    - python >=3.11   # [py>=311]
    - {{ pin_compatible('numpy') }}
    - {{ blas }}
    - 'pytorch ==2.3.1'
test:
  requires:
    - pytest
about:
  home: https://example.org
  license: Apache-2.0
"""


def test_a_recipe(tmp_path: Path) -> None:
    fragments = read(RECIPE, tmp_path, {"meta.yaml": RECIPE_TEXT})
    assert asked(fragments) == [
        ("conda/cmake", Role.BUILD, 9),
        ("conda/numpy", Role.BUILD, 11),
        ("conda/python", Role.DEFAULT, 13),
        ("conda/numpy", Role.DEFAULT, 14),
        ("conda/pytorch@2.3.1", Role.DEFAULT, 16),
        ("conda/pytest", Role.DEVELOPMENT, 19),
    ]
    assert [(one.text, one.evidence.line) for one in fragments if isinstance(one, LicenseClaim)] == [("Apache-2.0", 22)]
    assert [(one.what, one.evidence.line) for one in fragments if isinstance(one, UnresolvedReference)] == [("{{ blas }}", 15)]


@pytest.mark.parametrize(
    ("reader", "path", "text", "message", "kept"),
    [
        (ENVIRONMENT, "environment.yml", "dependencies:\n  - [\n", "environment.yml:3: is not YAML: ", []),
        (
            ENVIRONMENT,
            "environment.yml",
            "name: x\ndependencies: numpy\n",
            'environment.yml:2: dependencies is no list (write "- NAME=VERSION" lines)',
            [],
        ),
        (
            ENVIRONMENT,
            "environment.yml",
            'dependencies:\n  - "???"\n  - numpy\n  - 3\n',
            'environment.yml:2: "???" is no package of conda (write NAME or NAME=VERSION); line 4: "3" is no package of conda',
            ["package:conda/numpy"],
        ),
        (
            LOCK,
            "conda-lock.yml",
            "version: 1\n",
            "conda-lock.yml:1: is no conda-lock.yml: it has no list of packages (write the lock anew)",
            [],
        ),
        (
            LOCK,
            "conda-lock.yml",
            "package:\n- version: 1\n- name: a\n  version: 1.0.0\n",
            "conda-lock.yml:2: is a package without a name (write the lock anew)",
            ["package:conda/a@1.0.0"],
        ),
        (
            EXPLICIT,
            "spec-file.txt",
            "@EXPLICIT\n???\nhttps://e.org/a-1-0.conda\n",
            'spec-file.txt:2: "???" is no archive of conda (write the list anew)',
            ["package:conda/a@1"],
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(
    tmp_path: Path, reader: Reader, path: str, text: str, message: str, kept: list[str]
) -> None:
    (tmp_path / path).write_text(text, encoding="utf-8")
    assert_refused(reader, Tree(tmp_path), path, message, kept)
