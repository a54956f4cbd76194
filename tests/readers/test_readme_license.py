"""What a README says of the project's own licence, and what it says of other things."""

from pathlib import Path

import pytest

from lien.graph.fragments import PRODUCT, Evidence, LicenseClaim
from lien.readers.readme_license import ReadmeLicenseReader
from lien.sources.tree import Tree
from lien.vocabulary.licenses import Scheme

READER = ReadmeLicenseReader()


def said(folder: Path, text: str, path: str = "README.md") -> list[tuple[int | None, str, str | None]]:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text, encoding="utf-8")
    fragments = list(READER.read(Tree(folder).read(path)))
    claims = [one for one in fragments if isinstance(one, LicenseClaim)]
    assert len(claims) == len(fragments)
    assert all(one.artifact == PRODUCT and one.scheme is Scheme.FREE_TEXT for one in claims)
    return [(one.evidence.line, one.text, one.part) for one in claims]


@pytest.mark.parametrize(
    ("text", "name", "part"),
    [
        ("[![License](https://img.shields.io/badge/license-MIT-blue.svg)](LICENSE)", "MIT", None),
        ("![](https://img.shields.io/badge/Code%20License-Apache_2.0-green.svg)", "Apache 2.0", None),
        ("![](https://img.shields.io/badge/Data%20License-CC%20BY--NC%204.0-red.svg)", "CC BY-NC 4.0", "data"),
        ("This project is licensed under the [MIT License](LICENSE).", "MIT License", None),
        ("The code is released under Apache 2.0, see LICENSE.", "Apache 2.0", None),
        ("Our model weights are distributed under the terms of the CC BY-NC 4.0 license.", "CC BY-NC 4.0 license", "weights"),
        ("This dataset is licensed\nunder CC-BY-4.0.", "CC-BY-4.0", "data"),
        ("## License\n\nMIT\n", "MIT", None),
        ("All model weights are for **research use ONLY**.", "research use only", "weights"),
        ("The dataset is available for non-commercial research purposes only.", "non-commercial research purposes only", "data"),
        (
            "We stress that Chat is for academic research only and any commercial use is prohibited.",
            "non-commercial research purposes only",
            None,
        ),
        ("This project is for [non-commercial use](#terms) only.", "Non-commercial use only", None),
        ("The data is for research only and models trained on it are free.", "research use only", "data"),
        ("## License\n[BSD-3-Clause](LICENSE)\n", "BSD-3-Clause", None),
    ],
)
def test_statements_of_fixed_shape_are_read(tmp_path: Path, text: str, name: str, part: str | None) -> None:
    assert [one[1:] for one in said(tmp_path, f"# Chat\n\n{text}\n")] == [(name, part)]


def test_what_follows_speaks_of_the_same(tmp_path: Path) -> None:
    text = "All weights and data are for research use only. Commercial use is strictly prohibited.\n"
    limits = ["research use only", "Non-commercial use only"]
    assert said(tmp_path, text) == [(1, limit, part) for limit in limits for part in ("data", "weights")]


def test_one_sentence_may_speak_of_several_parts(tmp_path: Path) -> None:
    assert said(tmp_path, "The code and models are released under MIT.\n") == [(1, "MIT", None), (1, "MIT", "weights")]


@pytest.mark.parametrize(
    "text",
    [
        "LLaMA is licensed under a bespoke non-commercial license.",
        "## License\n\nSee [LICENSE](LICENSE).\n",
        "This project is licensed under the LICENSE.",
        "The model is under a bespoke license.",
        "LLaMA is for research use only.",
        "The Falcon models are for research use only.",
        "Thanks to X for the models, which are for research use only. The use of the model is for research only.",
        "This library is free for both commercial and non-commercial use.",
        "This project is about commercial use of research.",
        "```\nThis project is licensed under the MIT License.\n```",
        "![](https://img.shields.io/badge/python-3.11-blue.svg)",
    ],
)
def test_other_prose_is_not(tmp_path: Path, text: str) -> None:
    assert said(tmp_path, text) == []


def test_a_readme_below_the_root_speaks_of_its_folder(tmp_path: Path) -> None:
    assert said(tmp_path, "## License\nMIT\n", "web/README.md") == [(2, "MIT", "web")]


def test_cards_speak_for_themselves(tmp_path: Path) -> None:
    assert said(tmp_path, "---\nlicense: mit\nbase_model: gpt2\n---\nThis model is licensed under Apache 2.0.\n") == []


def test_evidence_is_the_line(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Chat\n\n## License\n\nMIT\n", encoding="utf-8")
    (claim,) = READER.read(Tree(tmp_path).read("README.md"))
    assert claim == LicenseClaim(
        PRODUCT, "MIT", Scheme.FREE_TEXT, Evidence("README.md", 5, None, "MIT", "readme-license"), "README.md", None
    )
