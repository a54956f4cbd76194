"""The finding rules, one file each; each yields findings of one Case."""

from collections.abc import Callable, Iterator

from lien.judgement.case import Case
from lien.judgement.findings import Finding
from lien.judgement.rules import breach, drift, duty, inherited, own, unknown

__all__ = ["RULES"]

RULES: tuple[Callable[[Case], Iterator[Finding]], ...] = (inherited.find, drift.find, breach.find, duty.find, unknown.find, own.find)
