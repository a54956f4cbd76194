"""The closed lists are those of the design, and hold together."""

import re

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lien.judgement.phrases import question_for, says
from lien.vocabulary.conditions import CONTEXT_CONDITIONS, CONTEXT_KEY_OF, TERM_CONTEXT_KEYS
from lien.vocabulary.forms import FORMS, Content, Form, How
from lien.vocabulary.ids import dataset_id, hub_id, image_id, kind_of, model_id, package_id, service_id, without_version
from lien.vocabulary.kinds import Kind, Scope
from lien.vocabulary.licenses import Reach, Term
from lien.vocabulary.questions import PRESETS, Answer, Question
from lien.vocabulary.relations import ReachClass, Relation, Said, relation_for
from lien.vocabulary.schema import artifact_schema, license_schema
from lien.vocabulary.uses import BarredUse
from lien.vocabulary.words import WORDS, ParamType, WordKind

# The table of DESIGN section 3.
LIMITS = """non-commercial research-only non-production acceptable-use user-threshold revenue-threshold territory field-of-use
no-hosted-service no-competing-service no-redistribution no-sublicense access-approval no-output-training no-training no-derivatives
copyleft no-circumvention no-reverse-engineering other-limit"""
DUTIES = """include-license retain-notices notice-file attribution display-branding model-name-prefix state-changes disclose-source
disclose-generated pass-on-terms impact-report use-latest-version register other-duty"""
RISKS = """patent-termination unilateral-change remote-restriction revocable indemnity no-trademark unknown-license custom-license
opaque-provenance licensor-owns-outputs grant-back"""

# The table of DESIGN section 2.
CLASSES = """copy: mirror-of redistributes offered-by
derive: finetuned-from merged-from quantized-from pruned-from converted-from continued-from derived-from forked-from
adapt: adapter-of delta-of
include: ships loads serves contains bundles
link: depends-on
train: pretrained-on finetuned-on preference-tuned-on trained-on
output: generated-by annotated-by
select: filtered-by embedded-by
distill: distilled-from rewarded-by
call: calls
tool: built-with evaluated-on dev-depends-on"""


@pytest.mark.parametrize(("kind", "words"), [(WordKind.LIMIT, LIMITS), (WordKind.DUTY, DUTIES), (WordKind.RISK, RISKS)])
def test_the_words_are_those_of_the_design(kind: WordKind, words: str) -> None:
    assert {word.name for word in WORDS.values() if word.kind is kind} == set(words.split())


def test_the_relations_are_those_of_the_design() -> None:
    table = {name: line.partition(":")[0] for line in CLASSES.splitlines() for name in line.partition(":")[2].split()}
    assert {relation.value: relation.reach.value for relation in Relation} == table


def test_the_barred_uses_of_the_design_are_among_ours() -> None:
    told = """military surveillance biometric-identification law-enforcement medical-advice legal-advice unlicensed-professional-practice
    credit-decisions employment-decisions critical-infrastructure disinformation harassment discrimination sexual-content malware
    illegal-activity high-risk-automated-decisions"""
    assert set(told.split()) <= set(BarredUse)


@pytest.mark.parametrize("word", WORDS)
def test_each_word_explains_itself(word: str) -> None:
    meaning = WORDS[word]
    assert meaning.paragraph.endswith(".")
    assert meaning.paragraph[0].isupper()
    for name, param in meaning.params.items():
        assert (param.type is ParamType.CHOICE) is bool(param.choices), name
    for condition in meaning.when:
        assert {key for key, _ in condition.context} <= set(TERM_CONTEXT_KEYS)


@pytest.mark.parametrize("word", [word for word in WORDS if word not in ("unknown-license", "custom-license", "opaque-provenance")])
def test_each_word_has_a_phrase_that_is_no_jargon(word: str) -> None:
    examples: dict[ParamType, object] = {
        ParamType.TEXT: "text",
        ParamType.COUNT: 700,
        ParamType.DATE: "2024-01-01",
        ParamType.BOOL: True,
        ParamType.TEXTS: ("EU",),
        ParamType.USES: ("military",),
    }
    params = {name: param.choices[0] if param.choices else examples[param.type] for name, param in WORDS[word].params.items()}
    phrase = says(Term(key="k", word=word, clause="1", quote="q", reach={ReachClass.COPY: Reach()}, params=params))
    assert phrase != word
    assert "{" not in phrase
    assert "not told" not in phrase


def test_questions_and_answers() -> None:
    assert {str(one) for one in Question} == set(
        """data-binds-weights terms-bind-third-parties outputs-carry-terms adapter-is-derivative aggregate-is-derivative import-is-derivative
        hosting-is-distribution selection-is-output made-to-imitate text-contradicts-itself""".split()  # noqa: SIM905  # as the design lists them
    )
    assert all(question.text.endswith("?") for question in Question)
    assert all(set(answers) == set(Question) for answers in PRESETS.values())
    assert set(PRESETS["cautious"].values()) == {Answer.YES}
    assert set(PRESETS["literal"].values()) == {Answer.NO}


def test_every_condition_has_a_key_of_the_context_and_a_question() -> None:
    assert set(CONTEXT_KEY_OF) == set(TERM_CONTEXT_KEYS)
    assert set(CONTEXT_KEY_OF.values()) <= set(CONTEXT_CONDITIONS)
    assert all(re.search(r"\?$", question_for(key)) for key in [*CONTEXT_CONDITIONS, "artifact.task", "artifact.released_before"])


def test_forms_are_content_and_how() -> None:
    assert [(form.content, form.how) for form in FORMS] == [(content, how) for content in Content for how in How]
    assert all(Form.of(form.content, form.how) is form for form in FORMS)
    assert str(Form.WORK_IS) == "work, is"


def test_scopes_weaken_in_the_order_of_the_design() -> None:
    assert sorted(Scope, key=lambda scope: scope.rank) == [Scope.USED, Scope.OPTION, Scope.BUILD, Scope.TEST, Scope.DOC]


@pytest.mark.parametrize(
    ("down", "said", "up", "relation"),
    [
        (Kind.PRODUCT, Said.DEPENDS, Kind.PACKAGE, Relation.DEPENDS_ON),
        (Kind.PACKAGE, Said.DEPENDS, Kind.PACKAGE, Relation.DEPENDS_ON),
        (Kind.MODEL, Said.DEPENDS, Kind.DATASET, Relation.TRAINED_ON),
        (Kind.PRODUCT, Said.DEPENDS, Kind.MODEL, Relation.LOADS),
        (Kind.PRODUCT, Said.DEPENDS, Kind.SERVICE, Relation.CALLS),
        (Kind.DATASET, Said.DEPENDS, Kind.PRODUCT, None),
        (Kind.SERVICE, Said.BASE_MODEL, Kind.DATASET, None),
    ],
)
def test_what_an_input_says_means_what_the_kinds_make_of_it(down: Kind, said: Said, up: Kind, relation: Relation | None) -> None:
    assert relation_for(down, said, up) is relation


def test_no_relation_turns_code_into_a_derivative_of_what_it_runs() -> None:
    for down in (Kind.PRODUCT, Kind.PACKAGE, Kind.CODE, Kind.IMAGE):
        for said in (Said.DEPENDS, Said.CONTAINS, Said.LOADS):
            for up in Kind:
                relation = relation_for(down, said, up)
                assert relation is None or relation.reach in (ReachClass.LINK, ReachClass.INCLUDE, ReachClass.CALL, ReachClass.TOOL), (
                    down,
                    said,
                    up,
                )


@pytest.mark.parametrize("schema", [license_schema(), artifact_schema()])
def test_the_schemas_are_schemas(schema: dict[str, object]) -> None:
    jsonschema_rs.meta.validate(schema)
    validator = jsonschema_rs.validator_for(schema)
    assert not validator.is_valid({})


# --- ids --------------------------------------------------------------------------------------------

_name = st.from_regex(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,8}[A-Za-z0-9])?", fullmatch=True)
_version = st.from_regex(r"[0-9A-Za-z][0-9A-Za-z.+!-]{0,6}", fullmatch=True)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["pypi", "npm", "cargo"]), _name, _version)
def test_a_package_has_one_id(ecosystem: str, name: str, version: str) -> None:
    pinned, bare = package_id(ecosystem, name, version), package_id(ecosystem, name)
    assert without_version(pinned) == without_version(bare) == bare
    assert pinned == pinned.lower()
    assert kind_of(pinned) is Kind.PACKAGE
    assert package_id(ecosystem, bare.partition("/")[2]) == bare


@given(_name, _name)
def test_pypi_names_are_folded_as_pep_503_says(left: str, right: str) -> None:
    assert len({package_id("pypi", f"{left}{separator}{right}") for separator in ("-", "_", ".", "--", "-_.")}) == 1


@pytest.mark.parametrize(
    "identifier", ["package:npm/@scope/name", "model:meta/llama-7b", "image:a/b", "service:openai/gpt-4o", "code:github/a/b"]
)
def test_what_has_no_version_keeps_its_id(identifier: str) -> None:
    assert without_version(identifier) == identifier


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("meta-llama/Llama-2-7b-hf", "meta-llama/llama-2-7b-hf"),
        ("gpt2", "gpt2"),
        (" a/b ", "a/b"),
        ("./out", None),
        ("../x", None),
        ("a/b/c", None),
        ("a--b/c", None),
        ("a..b", None),
        ("a/b.git", None),
        ("/abs", None),
        ("a/", None),
        ("", None),
        ("a b", None),
        ("x" * 97, None),
        ("x" * 96, "x" * 96),
        ("é/b", None),
        ("a\nb", None),
    ],
)
def test_what_is_a_repository_of_the_hub(text: str, expected: str | None) -> None:
    assert hub_id(text) == expected


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        (model_id(" Meta/Llama "), "model:meta/llama"),
        (dataset_id("Tatsu-Lab/Alpaca"), "dataset:tatsu-lab/alpaca"),
        (service_id("OpenAI"), "service:openai"),
        (service_id("OpenAI", "GPT-4o"), "service:openai/gpt-4o"),
        (image_id("vLLM/vllm-openai:v0.5@sha256:abc"), "image:vllm/vllm-openai"),
        (image_id("localhost:5000/a/b:1"), "image:localhost:5000/a/b"),
    ],
)
def test_ids_are_short_and_lower_case(identifier: str, expected: str) -> None:
    assert identifier == expected
    assert kind_of(identifier) in Kind
