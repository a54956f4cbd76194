"""Corrections: facts that the project file says were seen wrongly are taken out, and stay in the report, marked."""

from dataclasses import dataclass

from lien.catalog.store import Catalog
from lien.graph.fragments import Evidence, Fragment, LicenseClaim, RelationSeen
from lien.pipeline.project import is_struck
from lien.policy.values import Project

__all__ = ["Corrections", "Struck"]


@dataclass(frozen=True, slots=True)
class Struck:
    """A fact that a correction struck, with the reason."""

    what: str
    reason: str
    evidence: Evidence


class Corrections:
    """Takes out what the project file says was seen wrongly; it stays in the report, marked."""

    def __init__(self, project: Project, catalog: Catalog) -> None:
        self._corrections = project.corrections
        self._canonical = catalog.canonical
        self._file = project.file
        self._idle = dict.fromkeys(project.corrections)
        self.struck: list[Struck] = []

    def kept(self, fragments: list[Fragment]) -> list[Fragment]:
        return [one for one in fragments if self.keep(one)] if self._corrections else fragments

    def keep(self, fragment: Fragment) -> bool:
        correction = next((one for one in self._corrections if is_struck(one, fragment, self._canonical)), None)
        if correction is None:
            return True
        self._idle.pop(correction, None)
        if isinstance(fragment, RelationSeen):
            self.struck.append(Struck(f"{fragment.downstream} {fragment.type} {fragment.upstream}", correction.reason, fragment.evidence))
        elif isinstance(fragment, LicenseClaim):
            self.struck.append(Struck(f"{fragment.artifact} declares {fragment.text.strip()[:80]}", correction.reason, fragment.evidence))
        return False

    def done(self) -> tuple[Struck, ...]:
        """What was struck, and which corrections found nothing to strike: a stale one should not look like a working one."""
        nothing = [
            Struck(
                f"nothing: no input says {one.downstream} {one.type or 'to'} {one.upstream}"
                if one.downstream
                else f"nothing: no input says that {one.artifact} declares {one.claim}",
                one.reason,
                Evidence(self._file, reader="project-file"),
            )
            for one in self._idle
        ]
        return (*self.struck, *nothing)
