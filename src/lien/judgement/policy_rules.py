"""Which rule of a policy speaks of a term: the first that matches (DESIGN section 5)."""

import fnmatch
from collections.abc import Mapping, Sequence

from lien.policy.values import Policy, Rule
from lien.vocabulary.kinds import Scope

__all__ = ["first_rule"]


def first_rule(policy: Policy, finding: str, word: str, params: object, artifact: str, origins: Sequence[str], scope: Scope) -> Rule | None:
    """The first rule that matches a finding's name, word, parameters, artifact, origins (licence ids too) and scope."""
    return next((rule for rule in policy.rules if _matches(rule, finding, word, params, artifact, origins, scope)), None)


def _matches(rule: Rule, finding: str, word: str, params: object, artifact: str, origins: Sequence[str], scope: Scope) -> bool:
    # What a product's own licence says was chosen by its owner: only a rule that names such findings speaks of them.
    if rule.finding != finding and (rule.finding is not None or finding == "own"):
        return False
    if rule.terms and word not in rule.terms:
        return False
    if rule.scope is not None and rule.scope != scope:
        return False
    if rule.artifact is not None and not any(fnmatch.fnmatchcase(one, rule.artifact) for one in (artifact, *origins)):
        return False
    if rule.origin is not None and not any(fnmatch.fnmatchcase(one, rule.origin) for one in origins):
        return False
    if rule.params:
        held = params if isinstance(params, Mapping) else {}
        return all(_meets(held.get(key), wanted) for key, wanted in rule.params.items())
    return True


def _meets(held: object, wanted: object) -> bool:
    """A list in a rule means any of it; a list in a term means it holds each of its members."""
    options = wanted if isinstance(wanted, list | tuple) else [wanted]
    values = held if isinstance(held, list | tuple) else [held]
    return any(option in values for option in options)
