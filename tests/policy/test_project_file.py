"""What a project file may say, and every message about what it may not: file, line, what, what to do."""

from pathlib import Path

import pytest

from lien.api import load_policy
from lien.errors import PolicyError, UsageError
from lien.policy.values import Action, FailOn
from lien.vocabulary.questions import Question

TOP = "product, context, policy, catalog, rule, agreement, relation, correction"
CONTEXT = (
    "distributes, hosts, modifies, publishes, commercial, monthly_users, revenue_usd_per_year, territories, organisation, received_as, "
    "fields, trains_on_outputs, competes_with, offers_as_service, made_to_imitate"
)
QUESTIONS = ", ".join(Question)
RELATIONS = (
    "mirror-of, redistributes, offered-by, finetuned-from, merged-from, quantized-from, pruned-from, converted-from, continued-from, "
    "derived-from, forked-from, adapter-of, delta-of, ships, loads, serves, contains, bundles, depends-on, pretrained-on, finetuned-on, "
    "preference-tuned-on, trained-on, generated-by, annotated-by, filtered-by, embedded-by, distilled-from, rewarded-by, calls, "
    "built-with, evaluated-on, dev-depends-on"
)
KINDS = "product, package, model, dataset, service, code, image"
FACT = 'from = "product"\ntype = "calls"\nto = "service:openai"\nsource = "app"\n'


def problem(folder: Path, text: str, name: str = "lien.toml") -> str:
    """All that is said of a project file that is wrong."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as raised:
        load_policy(file)
    return str(raised.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        # The file itself.
        ("a = \n", "lien.toml:1: is not TOML: Invalid value (at line 1, column 5); mend the file or leave it out"),
        (
            "[policy]\n[policy]\n",
            "lien.toml:2: is not TOML: Cannot declare ('policy',) twice (at line 2, column 8); mend the file or leave it out",
        ),
        # Unknown keys, at each depth, with the line on which they stand.
        ("\ncontxt = {}\n", f'lien.toml:2: unknown key "contxt"; known are {TOP}'),
        ("[polcy]\n", f'lien.toml:1: unknown key "polcy"; known are {TOP}'),
        (
            "[product]\nname = 'a'\nlicence = 'MIT'\n",
            'lien.toml:3: unknown key "licence" in product; known are name, license, paths, publisher',
        ),
        ("[context]\n\nusers = 3\n", f'lien.toml:3: unknown key "users" in context; known are {CONTEXT}'),
        ("context = {users = 3}\n", f'lien.toml:1: unknown key "users" in context; known are {CONTEXT}'),
        (
            "[policy]\nfailon = 1\n",
            f'lien.toml:2: unknown key "failon" in policy; known are answers, fail_on, unread, unknown, {QUESTIONS}',
        ),
        ("[catalog]\npath = 'a'\n", 'lien.toml:2: unknown key "path" in catalog; known are paths'),
        (
            '[[rule]]\naction = "deny"\n[[rule]]\naction = "deny"\nterms = "copyleft"\n',
            'lien.toml:5: unknown key "terms" in rule; known are finding, term, params, artifact, origin, scope, action, unsure, reason',
        ),
        (
            '[[agreement]]\norigin = "mit"\nreason = "r"\nterm = "x"\n',
            'lien.toml:4: unknown key "term" in agreement; known are origin, terms, reason, until',
        ),
        (f'[[relation]]\n{FACT}scope = "test"\n', 'lien.toml:6: unknown key "scope" in relation; known are from, type, to, source, date'),
        (
            '[[correction]]\nreason = "r"\nfrom = "product"\nto = "model:a"\nkind = "x"\n',
            'lien.toml:5: unknown key "kind" in correction; known are from, type, to, artifact, claim, reason',
        ),
        # Shapes.
        ("product = 'bot'\n", 'lien.toml:1: "product" must be an array of tables: write [[product]]'),
        ("product = [1]\n", 'lien.toml:1: "product" must be an array of tables: write [[product]]'),
        ("rule = 'x'\n", 'lien.toml:1: "rule" must be an array of tables: write [[rule]]'),
        ("agreement = [3]\n", 'lien.toml:1: "agreement" must be an array of tables: write [[agreement]]'),
        ("context = true\n", 'lien.toml:1: "context" must be a table'),
        ("policy = 'cautious'\n", 'lien.toml:1: "policy" must be a table'),
        ("catalog = ['a']\n", 'lien.toml:1: "catalog" must be a table'),
        ('[[rule]]\naction = "deny"\nparams = 3\n', 'lien.toml:3: "rule.params" must be a table'),
        ("[product]\nname = 3\n", 'lien.toml:2: "name" must be a text'),
        ("[product]\nlicense = ' '\n", 'lien.toml:2: "license" must be a text'),
        ("[product]\npaths = 3\n", 'lien.toml:2: "paths" must be a text or a list of texts'),
        ("[catalog]\npaths = ['a', '']\n", 'lien.toml:2: "paths" must be a text or a list of texts'),
        # Context.
        ("[context]\ncommercial = 'yes'\n", 'lien.toml:2: "commercial" must be true or false'),
        ("[context]\nmonthly_users = -1\n", 'lien.toml:2: "monthly_users" must be a number of 0 or more'),
        ("[context]\nmonthly_users = true\n", 'lien.toml:2: "monthly_users" must be a number of 0 or more'),
        ("[context]\nrevenue_usd_per_year = 1.5\n", 'lien.toml:2: "revenue_usd_per_year" must be a number of 0 or more'),
        ("[context]\nreceived_as = ['x']\n", 'lien.toml:2: "received_as" must be a text'),
        ("[context]\nterritories = 'DE'\n", 'lien.toml:2: "territories" must be a list of texts'),
        (
            "[context]\nterritories = ['DE', 'Germany']\n",
            'lien.toml:2: "territories" may hold ISO 3166 codes of two letters, and EU for the Union',
        ),
        ("[context]\nfields = [1]\n", 'lien.toml:2: "fields" must be a list of texts'),
        ("[context]\ndistributes = ['apps']\n", 'lien.toml:2: "distributes" may hold weights, app, binary, source, data'),
        ("[context]\nhosts = ['api']\n", 'lien.toml:2: "hosts" may hold model-api, application'),
        ("[context]\nhosts = 'application'\n", 'lien.toml:2: "hosts" must be a list of texts'),
        # Policy.
        ("[policy]\nanswers = 'strict'\n", "lien.toml:2: \"answers\" is 'strict'; write one of cautious, literal, balanced"),
        ("[policy]\ndata-binds-weights = true\n", 'lien.toml:2: "data-binds-weights" is True; write one of yes, no, open'),
        ("[policy]\nfail_on = 'error'\n", "lien.toml:2: \"fail_on\" is 'error'; write one of deny, warn, never"),
        ("[policy]\nunread = 'allow'\n", "lien.toml:2: \"unread\" is 'allow'; write one of deny, warn, info"),
        ("[policy]\nunknown = 'no'\n", "lien.toml:2: \"unknown\" is 'no'; write one of deny, warn, info"),
        # Rules.
        ('[[rule]]\nterm = "copyleft"\n', 'lien.toml:1: rule needs "action"'),
        ('[[rule]]\nterm = "copyleft"\n[[rule]]\naction = "deny"\n', 'lien.toml:1: rule needs "action"'),
        ('[[rule]]\naction = "forbid"\n', "lien.toml:2: \"action\" is 'forbid'; write one of deny, warn, info, allow"),
        ('[[rule]]\naction = "deny"\nunsure = "x"\n', "lien.toml:3: \"unsure\" is 'x'; write one of deny, warn, info, allow"),
        (
            '[[rule]]\naction = "deny"\nfinding = "x"\n',
            "lien.toml:3: \"finding\" is 'x'; write one of inherited, drift, breach, duty, unknown, own",
        ),
        ('[[rule]]\naction = "deny"\nscope = "x"\n', "lien.toml:3: \"scope\" is 'x'; write one of used, option, build, test, doc"),
        (
            '[[rule]]\naction = "deny"\nterm = ["copyleft", "noncommercial"]\n',
            'lien.toml:3: "noncommercial" is no word of the vocabulary; `lien explain` lists them',
        ),
        ('[[rule]]\nterm = "copyleft"\naction = "allow"\n', 'lien.toml:1: a rule that allows needs a "reason": it stands in the report'),
        (
            '[[rule]]\naction = "deny"\n\n[[rule]]\naction = "allow"\n',
            'lien.toml:4: a rule that allows needs a "reason": it stands in the report',
        ),
        (
            '[[rule]]\nterm = "copyleft"\nparams = {strenght = "strong"}\naction = "deny"\n',
            'lien.toml:3: unknown key "strenght" in rule.params; known are strength',
        ),
        ('[[rule]]\naction = "deny"\nunsure = "allow"\n', 'lien.toml:1: a rule that allows needs a "reason": it stands in the report'),
        # Agreements.
        ('[[agreement]]\nreason = "r"\n', 'lien.toml:1: agreement needs "origin"'),
        ('[[agreement]]\norigin = "mit"\n', 'lien.toml:1: agreement needs "reason"'),
        ('[[agreement]]\norigin = "mit"\nreason = "r"\nuntil = "soon"\n', 'lien.toml:4: "until" must be a date such as 2027-12-31'),
        ('[[agreement]]\norigin = "mit"\nreason = "r"\nuntil = 2027\n', 'lien.toml:4: "until" must be a date such as 2027-12-31'),
        (
            '[[agreement]]\norigin = "mit"\nreason = "r"\nterms = "x"\n',
            'lien.toml:4: "x" is no word of the vocabulary; `lien explain` lists them',
        ),
        # Declared relations.
        ('[[relation]]\ntype = "calls"\nto = "service:a"\nsource = "s"\n', 'lien.toml:1: relation needs "from"'),
        ('[[relation]]\ntype = "calls"\nfrom = "product"\nsource = "s"\n', 'lien.toml:1: relation needs "to"'),
        ('[[relation]]\nfrom = "product"\nto = "service:a"\nsource = "s"\n', 'lien.toml:1: relation needs "type"'),
        ('[[relation]]\ntype = "calls"\nfrom = "product"\nto = "service:a"\n', 'lien.toml:1: relation needs "source"'),
        (f'[[relation]]\n{FACT}date = "x"\n', 'lien.toml:6: "date" must be a date such as 2027-12-31'),
        (f"[[relation]]\n{FACT.replace('calls', 'uses')}", f"lien.toml:3: \"type\" is 'uses'; write one of {RELATIONS}"),
        (
            f"[[relation]]\n{FACT.replace('service:', 'svc:')}",
            f'lien.toml:4: "svc:openai" is no artifact id: write KIND:NAME with a kind of {KINDS}',
        ),
        (
            f"[[relation]]\n{FACT.replace('service:openai', 'openai')}",
            f'lien.toml:4: "openai" is no artifact id: write KIND:NAME with a kind of {KINDS}',
        ),
        (
            f"[[relation]]\n{FACT.replace('service:openai', 'service:')}",
            f'lien.toml:4: "service:" is no artifact id: write KIND:NAME with a kind of {KINDS}',
        ),
        (
            f"[[relation]]\n{FACT.replace('service:openai', 'model')}",
            f'lien.toml:4: "model" is no artifact id: write KIND:NAME with a kind of {KINDS}',
        ),
        # Corrections.
        ('[[correction]]\nfrom = "product"\nto = "model:a"\n', 'lien.toml:1: correction needs "reason"'),
        (
            '[[correction]]\nfrom = "product"\nreason = "r"\n',
            'lien.toml:1: a correction strikes a relation ("from" and "to") or a claim ("artifact" and "claim")',
        ),
        (
            '[[correction]]\nartifact = "model:a"\nreason = "r"\n',
            'lien.toml:1: a correction strikes a relation ("from" and "to") or a claim ("artifact" and "claim")',
        ),
        (
            '[[correction]]\nfrom = "product"\nto = "model:a"\ntype = "x"\nreason = "r"\n',
            f"lien.toml:4: \"type\" is 'x'; write one of {RELATIONS}",
        ),
    ],
)
def test_each_message(tmp_path: Path, text: str, message: str) -> None:
    assert problem(tmp_path, text) == message


def test_all_problems_come_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    text = '[context]\ncommercial = 1\n[policy]\nfail_on = "x"\n[[rule]]\naction = "deny"\nterm = "x"\n[[agreement]]\norigin = "mit"\n[[agreement]]\n'
    assert problem(tmp_path, text).splitlines() == [
        'lien.toml:2: "commercial" must be true or false',
        "lien.toml:4: \"fail_on\" is 'x'; write one of deny, warn, never",
        'lien.toml:7: "x" is no word of the vocabulary; `lien explain` lists them',
        'lien.toml:8: agreement needs "reason"',
        'lien.toml:10: agreement needs "origin"',
        'lien.toml:10: agreement needs "reason"',
    ]


def test_lines_are_those_of_editors(tmp_path: Path) -> None:
    """A line ends at a line feed; U+2028 and a form feed in a comment end none."""
    assert problem(tmp_path, "# a\u2028b\x85c\n\npolcy = 1\n") == f'lien.toml:3: unknown key "polcy"; known are {TOP}'
    assert problem(tmp_path, "# a\r\n\r\npolcy = 1\r\n") == f'lien.toml:3: unknown key "polcy"; known are {TOP}'


def test_lines_are_not_those_of_a_longer_key_or_another_table(tmp_path: Path) -> None:
    text = '[product]\npaths = "a"\n[policy]\n[catalog]\n"paths" = 3\n'
    assert problem(tmp_path, text) == 'lien.toml:5: "paths" must be a text or a list of texts'
    text = '[[rule]]\naction = "deny"\nunsure = "deny"\n# [[rule]]\n[[rule]]\naction = "x"\n'
    assert problem(tmp_path, text) == "lien.toml:6: \"action\" is 'x'; write one of deny, warn, info, allow"


# --- [tool.lien] ------------------------------------------------------------------------------------


def test_pyproject_has_the_same_language_and_its_own_lines(tmp_path: Path) -> None:
    text = '[project]\nname = "a"\n[tool.lien]\ncontxt = 1\n[tool.lien.policy]\nfail_on = "x"\n[[tool.lien.rule]]\naction = "deny"\n[[tool.lien.rule]]\nterm = "x"\n'
    assert problem(tmp_path, text, "pyproject.toml").splitlines() == [
        f'pyproject.toml:4: unknown key "contxt"; known are {TOP}',
        "pyproject.toml:6: \"fail_on\" is 'x'; write one of deny, warn, never",
        'pyproject.toml:9: rule needs "action"',
        'pyproject.toml:10: "x" is no word of the vocabulary; `lien explain` lists them',
    ]


def test_pyproject_without_the_section(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text("[project]\nname = 'a'\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"^pyproject\.toml: holds no \[tool\.lien\] section$"):
        load_policy(file)


def test_a_section_that_is_no_table(tmp_path: Path) -> None:
    assert problem(tmp_path, "[tool]\nlien = 3\n", "pyproject.toml") == 'pyproject.toml:2: "tool.lien" must be a table'


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        load_policy(tmp_path / "lien.toml")
    assert str(raised.value) == f"{tmp_path}/lien.toml: no such file"


# --- values -----------------------------------------------------------------------------------------


def test_a_whole_file(tmp_path: Path) -> None:
    file = tmp_path / "lien.toml"
    file.write_text(
        """
product = {name = "support-bot", license = "LicenseRef-Proprietary"}
context = {commercial = true, hosts = ["application"], distributes = [], monthly_users = 40_000, territories = ["de", "US"]}
policy = {answers = "literal", data-binds-weights = "yes", fail_on = "warn", unread = "deny", unknown = "info"}
catalog = {paths = ["legal/knowledge"]}
[[rule]]
term = "acceptable-use"
params = {uses = ["military"]}
artifact = "model:acme/*"
scope = "used"
action = "deny"
reason = "we do not"
[[agreement]]
origin = "model:meta/llama-7b"
terms = ["non-commercial"]
reason = "contract 17"
until = 2027-01-31
[[relation]]
from = "product"
type = "calls"
to = "service:OpenAI"
source = "app.py"
date = 2026-01-02
[[correction]]
from = "product"
to = "model:Acme/Chat"
reason = "a test double"
""",
        encoding="utf-8",
    )
    project = load_policy(file)
    assert [(one.name, one.license) for one in project.products] == [("support-bot", "LicenseRef-Proprietary")]
    assert dict(project.context.values) == {
        "commercial": True,
        "hosts": ("application",),
        "distributes": (),
        "monthly_users": 40_000,
        "territories": ("DE", "US"),
    }
    policy = project.policy
    assert (policy.preset, policy.fail_on, policy.unread, policy.unknown) == ("literal", FailOn.WARN, Action.DENY, Action.INFO)
    assert {question for question, answer in policy.answers.items() if answer != "no"} == {Question.DATA_BINDS_WEIGHTS}
    rule = policy.rules[0]
    assert (rule.terms, rule.params, rule.artifact, rule.scope) == (("acceptable-use",), {"uses": ["military"]}, "model:acme/*", "used")
    assert (rule.action, rule.unsure, rule.reason) == (Action.DENY, Action.WARN, "we do not")
    (agreement,) = policy.agreements
    assert (agreement.origin, agreement.terms, str(agreement.until)) == ("model:meta/llama-7b", ("non-commercial",), "2027-01-31")
    (relation,) = project.relations
    assert (relation.downstream, relation.type, relation.upstream, str(relation.date)) == (
        "product",
        "calls",
        "service:openai",
        "2026-01-02",
    )
    (correction,) = project.corrections
    assert (correction.downstream, correction.type, correction.upstream) == ("product", None, "model:acme/chat")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {"open": 6, "yes": 2, "no": 2}),
        ('policy = {answers = "cautious"}', {"yes": 10}),
        ('policy = {answers = "literal"}', {"no": 10}),
        ('policy = {answers = "balanced"}', {"open": 6, "yes": 2, "no": 2}),
        ('policy = {adapter-is-derivative = "no"}', {"open": 6, "yes": 1, "no": 3}),
        ('[policy]\nselection-is-output = "yes"\nanswers = "literal"', {"yes": 1, "no": 9}),
    ],
)
def test_presets_and_single_answers(tmp_path: Path, text: str, expected: dict[str, int]) -> None:
    file = tmp_path / "lien.toml"
    file.write_text(text, encoding="utf-8")
    answers = [answer.value for answer in load_policy(file).policy.answers.values()]
    assert {answer: answers.count(answer) for answer in set(answers)} == expected


def test_balanced_is_what_the_design_says(tmp_path: Path) -> None:
    (tmp_path / "lien.toml").write_text("", encoding="utf-8")
    answers = load_policy(tmp_path / "lien.toml").policy.answers
    assert {question.value: answer.value for question, answer in answers.items() if answer != "open"} == {
        "adapter-is-derivative": "yes",
        "import-is-derivative": "yes",
        "aggregate-is-derivative": "no",
        "hosting-is-distribution": "no",
    }


def test_rules_of_the_file_come_before_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "lien.toml").write_text('[[rule]]\nterm = "copyleft"\naction = "info"\n', encoding="utf-8")
    (tmp_path / "empty.toml").write_text("", encoding="utf-8")
    rules, defaults = (load_policy(tmp_path / name).policy.rules for name in ("lien.toml", "empty.toml"))
    assert rules[0].terms == ("copyleft",)
    assert rules[1:] == defaults
