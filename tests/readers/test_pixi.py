"""Manifests and locks of pixi: packages of channels and of PyPI, and which project a conda package is."""

from pathlib import Path

import pytest

from lien.errors import InputError
from lien.graph.fragments import ArtifactSeen, Fragment, LicenseClaim, RelationSeen
from lien.readers.interface import Reader
from lien.readers.pixi import PixiReader
from lien.readers.pixi_lock import PixiLockReader
from lien.readers.pyproject import PyprojectReader
from lien.sources.source import Source
from lien.sources.tree import Tree

MANIFEST = """[workspace]
name = "bot"
channels = ["conda-forge"]

[dependencies]
python = "3.12.*"
pytorch = ">=2.1"
blas = {version = "==2.1", build = "*mkl"}
own = {path = "own"}

[pypi-dependencies]
gradio = "*"

[build-dependencies]
cmake = "*"

[target.linux-64.dependencies]
cuda = "12.1.0"

[feature.test.dependencies]
pytest = "*"

[feature.web.pypi-dependencies]
flask = "==3.0.0"

[feature.gpu.dependencies]
cudnn = "*"

[environments]
default = ["web"]
"""

LOCK = """version: 6
environments:
  default:
    channels:
    - url: https://conda.anaconda.org/conda-forge/
    packages:
      linux-64:
      - conda: https://conda.anaconda.org/conda-forge/noarch/click-8.1.8-pyh707e725_0.conda
      - conda: https://conda.anaconda.org/conda-forge/linux-64/python-3.12.2-hab00c5b_0_cpython.conda
      - pypi: https://files.pythonhosted.org/packages/aa/gradio-4.0.0-py3-none-any.whl
      - pypi: ./
  test:
    packages:
      linux-64:
      - conda: https://conda.anaconda.org/conda-forge/noarch/pytest-8.0.0-pyhd8ed1ab_0.conda
packages:
- conda: https://conda.anaconda.org/conda-forge/noarch/click-8.1.8-pyh707e725_0.conda
  sha256: aa
  depends:
  - __unix
  - python >=3.10
  license: BSD-3-Clause
  purls:
  - pkg:pypi/click?source=hash-mapping
- conda: https://conda.anaconda.org/conda-forge/linux-64/python-3.12.2-hab00c5b_0_cpython.conda
  license: Python-2.0
  purls: []
- conda: https://conda.anaconda.org/conda-forge/noarch/pytest-8.0.0-pyhd8ed1ab_0.conda
  license: MIT License
- pypi: https://files.pythonhosted.org/packages/aa/gradio-4.0.0-py3-none-any.whl
  name: gradio
  version: 4.0.0
  requires_dist:
  - click>=8
  - plotly ; extra == 'plots'
- pypi: ./
  name: bot
  version: 0.1.0
  editable: true
"""


def read(reader: Reader, text: str, folder: Path, path: str) -> list[Fragment]:
    return list(reader.read(Source(path=path, data=text.encode(), tree=Tree(folder))))


def related(fragments: list[Fragment]) -> list[tuple[str, str, str, str, int | None]]:
    return [
        (one.downstream, one.type.value, one.upstream, one.role.value, one.evidence.line)
        for one in fragments
        if isinstance(one, RelationSeen)
    ]


def test_a_manifest(tmp_path: Path) -> None:
    assert [(one[2], one[3], one[4]) for one in related(read(PixiReader(), MANIFEST, tmp_path, "pixi.toml"))] == [
        ("package:conda/python", "default", 6),
        ("package:conda/pytorch", "default", 7),
        ("package:conda/blas@2.1", "default", 8),
        ("package:conda/cmake", "build", 15),
        ("package:pypi/gradio", "default", 12),
        ("package:conda/cuda", "default", 18),
        ("package:conda/pytest", "development", 21),
        ("package:pypi/flask@3.0.0", "default", 24),
        ("package:conda/cudnn", "option", 27),
    ]


def test_tables_of_a_pyproject(tmp_path: Path) -> None:
    text = '[tool.pixi.dependencies]\nffmpeg = "*"\n[tool.pixi.pypi-dependencies]\nbot = {path = ".", editable = true}\n'
    assert related(read(PyprojectReader(), text, tmp_path, "pyproject.toml")) == [
        ("product", "depends-on", "package:conda/ffmpeg", "default", 2)
    ]


def test_a_lock(tmp_path: Path) -> None:
    fragments = read(PixiLockReader(), LOCK, tmp_path, "pixi.lock")
    assert related(fragments) == [
        ("package:conda/click@8.1.8", "redistributes", "package:pypi/click@8.1.8", "default", 17),
        ("package:conda/click@8.1.8", "depends-on", "package:conda/python@3.12.2", "default", 17),
        ("package:pypi/gradio@4.0.0", "depends-on", "package:conda/click@8.1.8", "default", 30),
        ("product", "depends-on", "package:conda/pytest@8.0.0", "development", 28),
        ("product", "depends-on", "package:pypi/gradio@4.0.0", "default", 30),
    ]
    assert [(one.artifact, one.text, one.scheme.value) for one in fragments if isinstance(one, LicenseClaim)] == [
        ("package:conda/click@8.1.8", "BSD-3-Clause", "spdx"),
        ("package:conda/python@3.12.2", "Python-2.0", "spdx"),
        ("package:conda/pytest@8.0.0", "MIT License", "free-text"),
    ]
    purls = {one.id: one.purl for one in fragments if isinstance(one, ArtifactSeen)}
    assert purls["package:conda/click@8.1.8"] == "pkg:conda/click@8.1.8?build=pyh707e725_0&channel=conda-forge&subdir=noarch&type=conda"
    assert purls["package:pypi/gradio@4.0.0"] is None


def test_a_lock_of_old(tmp_path: Path) -> None:
    text = "version: 4\nenvironments: {}\npackages:\n- kind: conda\n  name: zlib\n  version: 1.2.13\n  url: https://x.org/c/linux-64/zlib-1.2.13-h0.conda\n"
    assert related(read(PixiLockReader(), text, tmp_path, "pixi.lock")) == [
        ("product", "depends-on", "package:conda/zlib@1.2.13", "default", 4)
    ]


@pytest.mark.parametrize(
    ("reader", "path", "text", "message"),
    [
        (PixiReader(), "pixi.toml", "[dependencies]\nx = 3\n", r"^pixi\.toml:2: x is neither a version nor a table"),
        (PixiReader(), "pixi.toml", "[dependencies\n", r"^pixi\.toml:1: is not TOML"),
        (PixiLockReader(), "pixi.lock", "version: 6\n", r"^pixi\.lock:1: is no pixi\.lock: it has no list of packages"),
        (PixiLockReader(), "pixi.lock", "packages:\n- conda: 3\n", r"^pixi\.lock:2: is a package without a name or an address"),
    ],
)
def test_malformed(reader: Reader, path: str, text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        read(reader, text, tmp_path, path)
