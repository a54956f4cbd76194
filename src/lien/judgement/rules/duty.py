"""`duty`: something must be done, and nothing shows that it is: one line for each duty of a licence."""

from collections.abc import Iterator

from lien.judgement.case import Case
from lien.judgement.findings import Finding, RuleName
from lien.judgement.rules._common import finding_of_term
from lien.vocabulary.kinds import Scope
from lien.vocabulary.words import WordKind

__all__ = ["find"]


def find(case: Case) -> Iterator[Finding]:
    """Duties that bind the product as used, and what is made or published here."""
    for node in (*case.product_nodes, *case.own_nodes):
        if node.scope is Scope.USED:
            for bit, arrivals in case.bound_terms(node):
                if bit.term.kind is WordKind.DUTY:
                    yield finding_of_term(case, RuleName.DUTY, node, bit, arrivals, with_origin=False)
