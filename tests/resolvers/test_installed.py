"""Environments built here file by file, as installers lay them out."""

import sys
from collections.abc import Collection, Iterable
from pathlib import Path

import pytest

from lien.errors import UsageError
from lien.graph.fragments import ArtifactSeen, Evidence, Fragment, LicenseClaim, RelationSeen, UnresolvedReference
from lien.resolvers.installed import find_site_packages, installed_licenses, own_site_packages
from lien.vocabulary.kinds import Basis, Kind
from lien.vocabulary.licenses import Scheme
from lien.vocabulary.relations import Relation

SITE = "lib/python3.11/site-packages"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The package folder of a virtual environment in the audited tree, which is `tmp_path / "app"`."""
    folder = tmp_path / "app" / ".venv" / SITE
    folder.mkdir(parents=True)
    return folder


def install(site: Path, name: str, version: str, *headers: str, files: Iterable[tuple[str, str]] = ()) -> Path:
    folder = site / f"{name.replace('-', '_')}-{version}.dist-info"
    folder.mkdir()
    lines = ["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}", *headers, "", "The description.", "License: of no concern"]
    (folder / "METADATA").write_text("\n".join(lines), encoding="utf-8")
    for path, text in files:
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def resolve(site: Path, *wanted: str, transitive: bool = False) -> list[Fragment]:
    """The facts on ids such as `package:pypi/torch@2.3.1`, audited from the folder above the environment."""
    names: dict[str, Collection[str]] = {}
    for one in wanted:
        name = one.removeprefix("package:pypi/").partition("@")[0]
        names[name] = (*names.get(name, ()), one)
    return list(installed_licenses([site], names, root=site.parents[3], transitive=transitive))


def claimed(fragments: list[Fragment]) -> list[tuple[str, str, Scheme, int | None]]:
    return [(one.artifact, one.text, one.scheme, one.evidence.line) for one in fragments if isinstance(one, LicenseClaim)]


def related(fragments: list[Fragment]) -> list[tuple[str, str]]:
    return [(one.downstream, one.upstream) for one in fragments if isinstance(one, RelationSeen) and one.type is Relation.DEPENDS_ON]


def test_the_places_of_an_environment(site: Path) -> None:
    environment = site.parents[2]
    (environment / "lib64").symlink_to(environment / "lib")
    (environment / "bin").mkdir()
    (environment / "bin" / "python").symlink_to("/usr/bin/env")
    for place in (environment, site, environment / "bin" / "python"):
        assert find_site_packages(place) == (site,)
    assert own_site_packages(environment.parent) == (site,)


def test_a_folder_of_packages_by_another_name(tmp_path: Path) -> None:
    install(tmp_path, "torch", "2.3.1")
    assert find_site_packages(tmp_path) == (tmp_path,)


def test_our_own_environment() -> None:
    """The one that runs this test: real metadata, as real installers wrote it."""
    found = list(installed_licenses(find_site_packages(Path(sys.prefix)), {"packaging": ["package:pypi/packaging"]}))
    assert next((one.scheme, one.evidence.path) for one in found if isinstance(one, LicenseClaim)) == (Scheme.SPDX, None)
    assert str(Path(sys.prefix)) not in repr(found)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("nowhere", "no such file or folder"),
        ("empty", "holds no site-packages folder"),
        ("empty/bin/python", "holds no site-packages folder"),
    ],
)
def test_no_environment(tmp_path: Path, name: str, problem: str) -> None:
    (tmp_path / "empty" / "bin").mkdir(parents=True)
    (tmp_path / "empty" / "bin" / "python").touch()
    with pytest.raises(UsageError) as raised:
        find_site_packages(tmp_path / name)
    assert (
        str(raised.value) == f"{tmp_path / name}: {problem}; pass a virtual environment, its site-packages folder or its Python executable"
    )


def test_a_tree_without_an_environment_has_none(tmp_path: Path) -> None:
    assert own_site_packages(tmp_path) == ()


def test_the_environment_of_a_tree_does_not_lead_out_of_it(tmp_path: Path) -> None:
    (tmp_path / "elsewhere" / SITE).mkdir(parents=True)
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "venv").symlink_to(tmp_path / "elsewhere")
    assert own_site_packages(tmp_path / "app") == ()


def test_facts_of_one_package(site: Path) -> None:
    install(site, "Typing-Extensions", "4.12.2", "License-Expression: PSF-2.0")
    identifier = "package:pypi/typing-extensions"
    path = f".venv/{SITE}/Typing_Extensions-4.12.2.dist-info/METADATA"
    assert resolve(site, identifier) == [
        ArtifactSeen(
            identifier, Kind.PACKAGE, Evidence(path, 2, None, "Typing-Extensions", "installed"), name="Typing-Extensions", version="4.12.2"
        ),
        LicenseClaim(
            identifier, "PSF-2.0", Scheme.SPDX, Evidence(path, 4, None, "PSF-2.0", "installed"), "installed: Typing-Extensions 4.12.2"
        ),
    ]


def test_outside_the_tree_no_path_shows(site: Path, tmp_path: Path) -> None:
    install(site, "torch", "2.3.1", "License: BSD-3-Clause")
    (tmp_path / "other").mkdir()
    found = list(installed_licenses([site], {"torch": ["package:pypi/torch"]}, root=tmp_path / "other"))
    assert [one.evidence for one in found] == [
        Evidence(None, None, None, "torch", "installed", Basis.DECLARED, "installed: torch 2.3.1"),
        Evidence(None, None, None, "BSD-3-Clause", "installed", Basis.DECLARED, "installed: torch 2.3.1"),
    ]


def test_claims_come_in_the_order_of_trust(site: Path) -> None:
    headers = (
        "Classifier: License :: OSI Approved :: MIT License",
        "Classifier: Topic :: X",
        "License: MIT licence",
        "License-Expression: MIT",
    )
    install(site, "x", "1", *headers, files=[("LICENSE", "a text")])
    assert claimed(resolve(site, "package:pypi/x")) == [
        ("package:pypi/x", "MIT", Scheme.SPDX, 7),
        ("package:pypi/x", "MIT licence", Scheme.FREE_TEXT, 6),
        ("package:pypi/x", "License :: OSI Approved :: MIT License", Scheme.CLASSIFIER, 4),
    ]


@pytest.mark.parametrize("header", ["License: UNKNOWN", "License:", "Summary: x", "License-Expression:"])
def test_texts_speak_where_nothing_else_does(site: Path, header: str) -> None:
    files = [("licenses/LICENSE.txt", "one"), ("COPYING", "two"), ("NOTICE", "three"), ("licenses/vendor.txt", "four"), ("LICENCE", "five")]
    install(site, "x", "1", header, files=files)
    found = resolve(site, "package:pypi/x")
    folder = f".venv/{SITE}/x-1.dist-info"
    assert [(one.text, one.scheme, one.evidence) for one in found if isinstance(one, LicenseClaim)] == [
        ("two", Scheme.FILE, Evidence(f"{folder}/COPYING", None, None, "COPYING", "installed")),
        ("five", Scheme.FILE, Evidence(f"{folder}/LICENCE", None, None, "LICENCE", "installed")),
        ("one", Scheme.FILE, Evidence(f"{folder}/licenses/LICENSE.txt", None, None, "LICENSE.txt", "installed")),
    ]


def test_a_whole_text_in_the_header_is_a_text(site: Path) -> None:
    install(site, "x", "1", "License: Copyright Ada", "        All rights reserved.")
    found = resolve(site, "package:pypi/x")
    assert claimed(found) == [("package:pypi/x", "Copyright Ada\nAll rights reserved.", Scheme.FILE, 4)]
    assert found[-1].evidence == Evidence(f".venv/{SITE}/x-1.dist-info/METADATA", 4, None, "Copyright Ada", "installed")


def test_licence_files_that_lead_elsewhere_are_not_read(site: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    folder = install(site, "x", "1")
    (folder / "LICENSE").symlink_to(tmp_path / "secret")
    assert claimed(resolve(site, "package:pypi/x")) == []


def test_facts_land_on_every_id_of_the_name(site: Path) -> None:
    install(site, "torch", "2.3.1+cu118", "License-Expression: BSD-3-Clause")
    found = resolve(site, "package:pypi/torch", "package:pypi/torch@2.3.1", "package:pypi/torch@2.0")
    assert [(one.artifact, one.evidence.basis, one.evidence.source) for one in found if isinstance(one, LicenseClaim)] == [
        ("package:pypi/torch", Basis.DECLARED, None),
        ("package:pypi/torch@2.0", Basis.INFERRED, "installed: torch 2.3.1+cu118"),
        ("package:pypi/torch@2.3.1", Basis.DECLARED, None),
    ]
    assert [one.id for one in found if isinstance(one, ArtifactSeen)] == ["package:pypi/torch", "package:pypi/torch@2.3.1"]


def test_what_is_not_installed_says_nothing(site: Path) -> None:
    install(site, "torch", "2.3.1", "License-Expression: BSD-3-Clause")
    assert resolve(site, "package:pypi/numpy") == []


def test_egg_info(site: Path) -> None:
    (site / "old-1.0-py3.11.egg-info").write_text("Name: old\nVersion: 1.0\nLicense: MIT\n")
    (site / "older.egg-info").mkdir()
    (site / "older.egg-info" / "PKG-INFO").write_text("Name: older\nVersion: 0.9\nLicense: BSD\n")
    assert claimed(resolve(site, "package:pypi/old", "package:pypi/older")) == [
        ("package:pypi/old", "MIT", Scheme.FREE_TEXT, 3),
        ("package:pypi/older", "BSD", Scheme.FREE_TEXT, 3),
    ]


@pytest.mark.parametrize("data", [b"Name: x\nVersion: 1\nAuthor: \xff\n", b"", b"Name: x\n\n", None])
def test_broken_metadata_stays_open(site: Path, data: bytes | None) -> None:
    folder = site / "x-1.dist-info"
    folder.mkdir()
    if data is not None:
        (folder / "METADATA").write_bytes(data)
    evidence = Evidence(f".venv/{SITE}/x-1.dist-info", None, None, None, "installed")
    reason = "is installed metadata that cannot be read; install the package anew"
    assert resolve(site, "package:pypi/x") == [UnresolvedReference("package:pypi/x", "x-1.dist-info", reason, evidence)]


def test_metadata_of_the_tree_that_leads_out_of_it_is_not_read(site: Path, tmp_path: Path) -> None:
    (tmp_path / "METADATA").write_text("Name: x\nVersion: 1\nLicense: MIT\n")
    (site / "x-1.dist-info").mkdir()
    (site / "x-1.dist-info" / "METADATA").symlink_to(tmp_path / "METADATA")
    assert [type(one) for one in resolve(site, "package:pypi/x")] == [UnresolvedReference]


def test_the_first_folder_counts(site: Path, tmp_path: Path) -> None:
    install(site, "x", "1", "License: MIT")
    (tmp_path / "second").mkdir()
    install(tmp_path / "second", "x", "2", "License: BSD")
    found = list(installed_licenses([tmp_path / "second", site], {"x": ["package:pypi/x"]}))
    assert [text for _, text, _, _ in claimed(found)] == ["BSD"]


def test_a_folder_that_cannot_be_listed(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        list(installed_licenses([tmp_path / "no"], {"x": ["package:pypi/x"]}))
    assert (
        str(raised.value)
        == f"{tmp_path / 'no'}: cannot be listed (No such file or directory); pass the site-packages folder of an environment"
    )


def test_requirements_are_not_followed_unasked(site: Path) -> None:
    install(site, "app", "1", "Requires-Dist: numpy")
    assert related(resolve(site, "package:pypi/app")) == []


def test_requirements_are_followed_when_asked(site: Path) -> None:
    app = (
        "Requires-Dist: NumPy>=1",
        'Requires-Dist: tomli; python_version < "3.11"',
        'Requires-Dist: exceptiongroup; python_full_version >= "3.11"',
        'Requires-Dist: rich; extra == "cli"',
        "Requires-Dist: missing>2",
        'Requires-Dist: odd; platform_release > "x" and python_version in 3',
    )
    install(site, "app", "1", *app)
    install(site, "numpy", "1.26.4", "License-Expression: BSD-3-Clause", "Requires-Dist: app", "Requires-Dist: numpy[x]")
    for unused in ("tomli", "rich"):
        install(site, unused, "2", "License: MIT")
    found = resolve(site, "package:pypi/app@1", transitive=True)
    assert related(found) == [
        ("package:pypi/app@1", "package:pypi/numpy@1.26.4"),
        ("package:pypi/app@1", "package:pypi/exceptiongroup"),
        ("package:pypi/app@1", "package:pypi/missing"),
        ("package:pypi/numpy@1.26.4", "package:pypi/app@1"),
        ("package:pypi/numpy@1.26.4", "package:pypi/numpy@1.26.4"),
    ]
    assert claimed(found) == [("package:pypi/numpy@1.26.4", "BSD-3-Clause", Scheme.SPDX, 4)]
    path = f".venv/{SITE}/app-1.dist-info/METADATA"
    assert [one for one in found if isinstance(one, UnresolvedReference)] == [
        UnresolvedReference(
            "package:pypi/app@1",
            'odd; platform_release > "x" and python_version in 3',
            "is no requirement; a newer release of the package may write it right",
            Evidence(path, 9, None, 'odd; platform_release > "x" and python_version in 3', "installed"),
        )
    ]


def test_requirements_of_another_version_than_the_pinned(site: Path) -> None:
    """What is installed stands beside what is pinned; nothing is said of the pinned version for sure."""
    install(site, "app", "1", "Requires-Dist: torch")
    install(site, "torch", "2.3.1", "License-Expression: BSD-3-Clause", "Requires-Dist: numpy")
    found = resolve(site, "package:pypi/app", "package:pypi/torch@2.0", transitive=True)
    assert [(one.downstream, one.upstream, one.evidence.basis) for one in found if isinstance(one, RelationSeen)] == [
        ("package:pypi/app", "package:pypi/torch@2.3.1", Basis.DECLARED),
        ("package:pypi/torch@2.0", "package:pypi/numpy", Basis.INFERRED),
        ("package:pypi/torch@2.3.1", "package:pypi/numpy", Basis.DECLARED),
    ]
    assert [(one.artifact, one.evidence.basis) for one in found if isinstance(one, LicenseClaim)] == [
        ("package:pypi/torch@2.0", Basis.INFERRED),
        ("package:pypi/torch@2.3.1", Basis.DECLARED),
    ]
