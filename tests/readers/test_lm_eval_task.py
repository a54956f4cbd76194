"""Task files of lm-evaluation-harness: what a product is measured on is no part of it."""

from pathlib import Path

import pytest

from lien.errors import InputError
from lien.graph.fragments import RelationSeen
from lien.readers.interface import Reader
from lien.readers.lm_eval_task import LmEvalTaskReader
from lien.sources.source import Source
from lien.sources.tree import Tree

READER: Reader = LmEvalTaskReader()


def read(text: str, tree: Path, path: str = "tasks/support.yaml") -> list[tuple[int | None, str, str, str]]:
    fragments = READER.read(Source(path=path, data=text.encode(), tree=Tree(tree)))
    return [(one.evidence.line, one.role.value, one.type.value, one.upstream) for one in fragments if isinstance(one, RelationSeen)]


def test_a_task(tmp_path: Path) -> None:
    text = (
        "task: support_arc\ndataset_path: allenai/ai2_arc\ndataset_name: ARC-Easy\noutput_type: multiple_choice\n"
        "doc_to_text: !function utils.doc_to_text\nmetric_list:\n  - metric: acc\n"
    )
    assert read(text, tmp_path) == [(2, "evaluation", "evaluated-on", "dataset:allenai/ai2_arc")]


def test_files_of_the_tree(tmp_path: Path) -> None:
    (tmp_path / "tasks").mkdir()
    (tmp_path / "tasks" / "questions.jsonl").write_text("{}\n")
    text = "task: own\ndataset_path: json\ndataset_kwargs:\n  data_files:\n    test: tasks/questions.jsonl\ntest_split: test\n"
    assert read(text, tmp_path) == [(5, "evaluation", "evaluated-on", "dataset:file:tasks/questions.jsonl")]


@pytest.mark.parametrize("text", ["dataset_path: a/b\nlearning_rate: 1\n", "task: x\noutput_type: y\n", "- dataset_path: a/b\n"])
def test_other_yaml(text: str, tmp_path: Path) -> None:
    assert read(text, tmp_path) == []


def test_malformed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^tasks/support\.yaml:3: is not YAML"):
        read("dataset_path: a/b\ndoc_to_text: [\n", tmp_path)
