"""setup.cfg and setup.py through their readers' own doors; nothing is ever run."""

from pathlib import Path

import pytest
from package_files import assert_refused, read

from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, LicenseClaim, RelationSeen, Role, UnresolvedReference
from lien.readers.interface import Reader
from lien.readers.setup_cfg import SetupCfgReader
from lien.readers.setup_py import SetupPyReader
from lien.sources.tree import Tree
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import Scheme

CFG, PY = SetupCfgReader(), SetupPyReader()


def asked(fragments: list[Fragment]) -> list[tuple[str, Role, int | None]]:
    return [(one.upstream.removeprefix("package:pypi/"), one.role, one.evidence.line) for one in fragments if isinstance(one, RelationSeen)]


def claimed(fragments: list[Fragment]) -> list[tuple[str, Scheme, int | None, str | None]]:
    return [(one.text, one.scheme, one.evidence.line, one.part) for one in fragments if isinstance(one, LicenseClaim)]


def lost(fragments: list[Fragment]) -> list[tuple[str, int | None]]:
    return [(one.what, one.evidence.line) for one in fragments if isinstance(one, UnresolvedReference)]


def script(folder: Path, text: str, **files: str) -> list[Fragment]:
    return read(PY, folder, {"setup.py": text, **files})


def test_claims() -> None:
    assert CFG.claims("a/setup.cfg")
    assert PY.claims("setup.py")
    assert not PY.claims("test_setup.py")


# --- setup.cfg ----------------------------------------------------------------------------------------

CFG_TEXT = """\
[metadata]
name = support-bot
version = attr: bot.__version__
license = Apache 2.0
classifiers =
    Development Status :: 4 - Beta
    License :: OSI Approved :: Apache Software License

[options]
packages = find:
install_requires =
    torch == 2.3.1
    # why
    transformers[torch] >= 4.44
    uvloop; \\
    sys_platform != "win32"
setup_requires = cython
tests_require =
    pytest

[options.extras_require]
GPU = flash-attn==2.6.3
all =
    support-bot[GPU]
docs = sphinx; furo

[flake8]
max-line-length = 100
"""


def test_sections_of_setuptools(tmp_path: Path) -> None:
    fragments = read(CFG, tmp_path, {"setup.cfg": CFG_TEXT})
    assert fragments[0] == ArtifactSeen(
        PRODUCT, Kind.PRODUCT, Evidence("setup.cfg", 2, None, "support-bot", "setup-cfg"), name="support-bot"
    )
    assert claimed(fragments) == [
        ("Apache 2.0", Scheme.FREE_TEXT, 4, None),
        ("License :: OSI Approved :: Apache Software License", Scheme.CLASSIFIER, 7, None),
    ]
    assert asked(fragments) == [
        ("torch@2.3.1", Role.DEFAULT, 12),
        ("transformers", Role.DEFAULT, 14),
        ("uvloop", Role.DEFAULT, 15),
        ("pytest", Role.DEVELOPMENT, 19),
        ("cython", Role.BUILD, 17),
        ("flash-attn@2.6.3", Role.OPTION, 22),
        ("sphinx", Role.OPTION, 25),
        ("furo", Role.OPTION, 25),
    ]


def test_requirements_in_files(tmp_path: Path) -> None:
    text = "[options]\ninstall_requires = file: requirements.txt, deps.lst\n"
    fragments = read(CFG, tmp_path, {"setup.cfg": text, "requirements.txt": "flask\n", "deps.lst": "\ntorch\n"})
    assert asked(fragments) == [("torch", Role.DEFAULT, 2)]


def test_other_tools_alone_say_nothing(tmp_path: Path) -> None:
    assert read(CFG, tmp_path, {"setup.cfg": "[flake8]\nmax-line-length = 100\n"}) == []


def test_a_part_of_the_product(tmp_path: Path) -> None:
    fragments = read(CFG, tmp_path, {"libs/a/setup.cfg": "[metadata]\nname = a\nlicense = MIT\n"})
    assert claimed(fragments) == [("MIT", Scheme.FREE_TEXT, 3, "libs/a")]
    assert not [one for one in fragments if isinstance(one, ArtifactSeen)]


# --- setup.py -----------------------------------------------------------------------------------------

PY_TEXT = '''\
import sys
from setuptools import find_packages, setup

VERSION = "0.4.0"
NAME = "support" + "-bot"
TORCH = f"torch=={'2.3.1'}"

requires = [
    TORCH,
    "transformers[torch]>=4.44",
]
if sys.platform != "win32":
    requires.append("uvloop")
else:
    requires += ["winloop"]
requires = requires + ["flask==3.0"]

extras = {"gpu": ["flash-attn==2.6.3"], "text": """
    spacy>=3
    # nltk
    gensim
"""}
extras["all"] = extras["gpu"] + ["support-bot[text]"]
tests = "pytest hypothesis".split()

setup(
    name=NAME,
    version=VERSION,
    license="Apache License 2.0",
    classifiers=["Programming Language :: Python :: 3", "License :: OSI Approved :: Apache Software License"],
    packages=find_packages(),
    install_requires=list(requires),
    setup_requires=("cython",),
    tests_require=tests,
    extras_require=extras,
)
'''


def test_values_are_followed(tmp_path: Path) -> None:
    fragments = script(tmp_path, PY_TEXT)
    first = fragments[0]
    assert isinstance(first, ArtifactSeen)
    assert (first.id, first.name, first.version, first.evidence.line) == (PRODUCT, "support-bot", "0.4.0", 5)
    assert claimed(fragments) == [
        ("Apache License 2.0", Scheme.FREE_TEXT, 29, None),
        ("License :: OSI Approved :: Apache Software License", Scheme.CLASSIFIER, 30, None),
    ]
    assert asked(fragments) == [
        ("torch@2.3.1", Role.DEFAULT, 6),
        ("transformers", Role.DEFAULT, 10),
        ("uvloop", Role.DEFAULT, 13),
        ("winloop", Role.DEFAULT, 15),
        ("flask@3.0", Role.DEFAULT, 16),
        ("pytest", Role.DEVELOPMENT, 24),
        ("hypothesis", Role.DEVELOPMENT, 24),
        ("cython", Role.BUILD, 33),
        ("flash-attn@2.6.3", Role.OPTION, 18),
        ("spacy", Role.OPTION, 19),
        ("gensim", Role.OPTION, 21),
        ("flash-attn@2.6.3", Role.OPTION, 18),
    ]
    assert lost(fragments) == []


@pytest.mark.parametrize(
    "text",
    [
        "import setuptools\nsetuptools.setup(install_requires=['torch'])\n",
        "from distutils.core import setup\nkw = dict(install_requires=['torch'])\nsetup(**kw)\n",
        "from setuptools import setup\nsetup(**{'install_requires': ['torch']})\n",
        "from setuptools import setup\ndef main():\n    needs = ['torch']\n    setup(install_requires=needs)\nmain()\n",
        "from setuptools import setup\nif __name__ == '__main__':\n    setup(install_requires='torch')\n",
        "from setuptools import setup\nsetup(install_requires=[x.strip() for x in ['torch']])\n",
        "from setuptools import setup\na = ['torch']\nsetup(install_requires=a[:])\n",
        "from setuptools import setup\nD = {'run': ['torch']}\nsetup(install_requires=D['run'])\n",
        "from setuptools import setup\nsetup(install_requires=[f'torch=={version()}'])\n",
        "from setuptools import setup\nsetup(install_requires=['torch==' + version()])\n",
        "from setuptools import setup\nsetup(install_requires=['torch=={}'.format(version)])\n",
        "from setuptools import setup\ndef needs():\n    found = ['torch']\n    return found\nsetup(install_requires=needs())\n",
        "from setuptools import setup\nl = ['flask', 'torch>=2']\nd = {b: a for a, b in pairs(l)}\nsetup(install_requires=[d['torch']])\n",
        (
            "from setuptools import setup\nl = ['torch>=2']\nd = {x.split('>')[0]: x for x in l}\ndef f(*n):\n    return [d[x] for x in n]\n"
            "setup(install_requires=f('torch'))\n"
        ),
        "from setuptools import setup\nsetup(install_requires='''\n  torch\n'''.splitlines())\n",
    ],
)
def test_ways_to_say_it(tmp_path: Path, text: str) -> None:
    fragments = script(tmp_path, text)
    assert [one[0] for one in asked(fragments)] == ["torch"]
    assert lost(fragments) == []


READERS = {
    "directly": "setup(install_requires=open('requirements.txt').read().splitlines())",
    "by a comprehension": "setup(install_requires=[x for x in open('requirements.txt') if x[0] != '#'])",
    "by a name": "with open('requirements.txt') as f:\n    needs = f.readlines()\nsetup(install_requires=needs)",
    "by a path": "import os\nsetup(install_requires=open(os.path.join(here, 'requirements.txt')).read())",
    "by a function": "def needs(path):\n    return open(path).read().split()\nsetup(install_requires=needs('requirements.txt'))",
    "through names": "with open('requirements.txt') as f:\n    text = f.read()\nsetup(install_requires=text.strip().split())",
    "beside a README": "with open('R.md') as f:\n    a = f.read()\nwith open('requirements.txt') as f:\n    b = f.read().split()\nwith open('L') as f:\n    c = f.read()\n"
    "setup(install_requires=b)",
    "as a part": "def needs(p='requirements.txt'):\n    return open(p).read().split(), []\na, b = needs()\nsetup(install_requires=a)",
    "in a function": "def needs():\n    with open('requirements.txt') as f:\n        return f.read().split()\nsetup(install_requires=needs())",
}


@pytest.mark.parametrize("text", READERS.values(), ids=READERS)
def test_a_requirements_file_is_read_for_itself(tmp_path: Path, text: str) -> None:
    fragments = read(PY, tmp_path, {"setup.py": f"from setuptools import setup\n{text}\n", "requirements.txt": "torch\n"})
    assert (asked(fragments), lost(fragments)) == ([], [])


def test_a_requirements_file_of_another_name(tmp_path: Path) -> None:
    text = "from setuptools import setup\nsetup(install_requires=open('deps/require.lst').read().split())\n"
    fragments = read(PY, tmp_path, {"setup.py": text, "deps/require.lst": "\ntorch==2.3.1\n"})
    assert [(one.upstream, one.evidence.path, one.evidence.line) for one in fragments if isinstance(one, RelationSeen)] == [
        ("package:pypi/torch@2.3.1", "deps/require.lst", 2)
    ]


def test_an_extra_of_all_others_adds_nothing(tmp_path: Path) -> None:
    text = "from setuptools import setup\ne = {'a': ['torch']}\ne['all'] = list({x for xs in e.values() for x in xs})\nsetup(extras_require=e)\n"
    fragments = script(tmp_path, text)
    assert (asked(fragments), lost(fragments)) == ([("torch", Role.OPTION, 2)], [])


@pytest.mark.parametrize(
    ("arguments", "what", "line"),
    [
        ("install_requires=compute()", "install_requires", 2),
        ("install_requires=['torch', *more]", "install_requires", 2),
        ("install_requires=[f'{name()}==1', 'torch']", "install_requires", 2),
        ("extras_require={'gpu': compute(), 'x': ['torch']}", "extras_require: gpu", 2),
        ("extras_require={key: ['flask'], 'x': ['torch']}", "extras_require", 2),
        ("extras_require=compute(), install_requires=['torch']", "extras_require", 2),
        ("**compute()", "install_requires", 2),
    ],
)
def test_what_is_computed_is_told(tmp_path: Path, arguments: str, what: str, line: int) -> None:
    fragments = script(tmp_path, f"from setuptools import setup\nsetup({arguments})\n")
    assert lost(fragments) == [(what, line)]
    assert [one[0] for one in asked(fragments)] == (["torch"] if "torch'" in arguments else [])


def test_nothing_is_run(tmp_path: Path) -> None:
    mark = tmp_path / "was-here"
    text = f"from setuptools import setup\nopen({str(mark)!r}, 'w')\nsetup(install_requires=[open({str(mark)!r}, 'w').name, 'torch'])\n"
    assert [one[0] for one in asked(script(tmp_path, text))] == ["torch"]
    assert not mark.exists()


@pytest.mark.parametrize(
    "text",
    [
        "a = b\nb = a\nsetup(install_requires=a)\n",
        "a = ['x']\n"
        + "".join(f"a{i} = a{i - 1} + a{i - 1}\n" if i else "a0 = a + a\n" for i in range(40))
        + "setup(install_requires=a39)\n",
        "setup(install_requires=" + "+".join(["['x']"] * 500) + ")\n",
        "setup(install_requires=[" + "(" * 80 + "f()" + ")" * 80 + "])\n",
        "d = {'a': 1, **d}\nd['x'] = d\nsetup(extras_require=d, **d)\n",
    ],
)
def test_a_script_without_end_ends(tmp_path: Path, text: str) -> None:
    assert script(tmp_path, text) is not None


# --- what is neither ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reader", "path", "text", "message", "kept"),
    [
        (CFG, "setup.cfg", "name = a\n", "setup.cfg:1: is no setup.cfg: a value stands before the first [section]", []),
        (CFG, "setup.cfg", "[metadata]\nname = a\n???\n", "setup.cfg:3: is no setup.cfg: a line is no KEY = VALUE", []),
        (
            CFG,
            "setup.cfg",
            "[options]\ninstall_requires =\n    torch\n    ???\n    flask\n",
            'setup.cfg:4: "???" is no requirement (write NAME, NAME==VERSION or NAME @ URL)',
            ["package:pypi/torch", "package:pypi/flask"],
        ),
        (PY, "setup.py", "print 'hello'\n", "setup.py:1: is not Python 3: ", []),
        (PY, "setup.py", "x = 1\0\n", "setup.py: is no", []),
        (
            PY,
            "setup.py",
            "setup(install_requires=['torch',\n'???'])\n",
            'setup.py:2: "???" is no requirement (write NAME, NAME==VERSION or NAME @ URL)',
            ["package:pypi/torch"],
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(
    tmp_path: Path, reader: Reader, path: str, text: str, message: str, kept: list[str]
) -> None:
    (tmp_path / path).write_text(text, encoding="utf-8")
    assert_refused(reader, Tree(tmp_path), path, message, kept)
