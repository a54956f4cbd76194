"""What each relationship type of SPDX 2 and 3 says: who is downstream, in which words, and in which role.

Types that speak of documents, people, vulnerabilities or paperwork move no licence and are not listed.
"""

from typing import NamedTuple

from lien.graph.fragments import Role
from lien.vocabulary.relations import Said

__all__ = ["GENERATED", "LINEAGE", "PAPERWORK3", "SPDX2", "SPDX3", "TOOL", "UNCLEAR", "Meaning", "in_scope"]

LINEAGE = 2
"""The rank of a type that says how a model or dataset came about; `contains` and `dependsOn` say less."""


class Meaning(NamedTuple):
    """One relationship type. `words` are tried in turn; `inverted`: the first end named is the upstream.

    `rank`: of two statements about a model or dataset and one upstream, the more specific counts.
    """

    words: tuple[Said, ...]
    inverted: bool = False
    role: Role = Role.DEFAULT
    rank: int = 0

    def of_a_file(self) -> "Meaning":
        """The same, said of a file in a package: the package holds a copy, and is none."""
        return self._replace(words=_CONTAINS.words) if self.words[:1] in ((Said.COPY,), (Said.REPACKAGED,)) else self

    def backwards(self) -> "Meaning":
        """The same, said from the other end."""
        return self._replace(inverted=not self.inverted)


UNCLEAR = Meaning(())
"""A type that does not say which of its ends came from the other: `VARIANT_OF`, `OTHER`, one that nobody knows."""

_DEPENDS = Meaning((Said.DEPENDS,))
_OPTIONAL = Meaning((Said.DEPENDS,), role=Role.OPTION)
_CONTAINS = Meaning((Said.CONTAINS, Said.DEPENDS), rank=1)
_MAYBE_CONTAINS = _CONTAINS._replace(role=Role.OPTION)
_DATA = Meaning((Said.CONTAINS, Said.DATA, Said.DEPENDS), rank=1)
_ANCESTOR = Meaning((Said.ANCESTOR, Said.DEPENDS), rank=LINEAGE)
_GENERATED = Meaning((Said.GENERATED, Said.DEPENDS), rank=LINEAGE)
_COPY = Meaning((Said.COPY, Said.DEPENDS), rank=LINEAGE)
_REPACKAGED = Meaning((Said.REPACKAGED, Said.DEPENDS), rank=LINEAGE)
_DEVELOPS = Meaning((Said.DEVELOPS_WITH, Said.DEPENDS), role=Role.DEVELOPMENT)
_BUILDS = Meaning((Said.BUILDS_WITH, Said.DEPENDS), role=Role.BUILD)
_TESTS = Meaning((Said.DEVELOPS_WITH, Said.TESTED, Said.DEPENDS), role=Role.EVALUATION, rank=1)
_DOCUMENTS = Meaning((Said.DEVELOPS_WITH, Said.DEPENDS), role=Role.DOCUMENTATION)
_TRAINED = Meaning((Said.DATA, Said.GENERATED, Said.DEPENDS), role=Role.TRAINING, rank=LINEAGE)
_TESTED = Meaning((Said.TESTED, Said.DEVELOPS_WITH), role=Role.EVALUATION, rank=LINEAGE)

GENERATED, TOOL = _GENERATED, _BUILDS
"""What the outputs of a build are to its inputs, and to its tools."""

SPDX2 = {
    "ANCESTOR_OF": _ANCESTOR.backwards(),
    "BUILD_DEPENDENCY_OF": _BUILDS.backwards(),
    "BUILD_TOOL_OF": _BUILDS.backwards(),
    "CONTAINED_BY": _CONTAINS.backwards(),
    "CONTAINS": _CONTAINS,
    "COPY_OF": _COPY,
    "DATA_FILE_OF": _DATA.backwards(),
    "DEPENDENCY_OF": _DEPENDS.backwards(),
    "DEPENDS_ON": _DEPENDS,
    "DESCENDANT_OF": _ANCESTOR,
    "DEV_DEPENDENCY_OF": _DEVELOPS.backwards(),
    "DEV_TOOL_OF": _DEVELOPS.backwards(),
    "DISTRIBUTION_ARTIFACT": _CONTAINS,  # "distributing A requires that B also be distributed"
    "DOCUMENTATION_OF": _DOCUMENTS.backwards(),
    "DYNAMIC_LINK": _DEPENDS,
    "EXAMPLE_OF": _DOCUMENTS.backwards(),
    "EXPANDED_FROM_ARCHIVE": _REPACKAGED,
    "GENERATED_FROM": _GENERATED,
    "GENERATES": _GENERATED.backwards(),
    "HAS_PREREQUISITE": _DEPENDS,
    "OPTIONAL_COMPONENT_OF": _MAYBE_CONTAINS.backwards(),
    "OPTIONAL_DEPENDENCY_OF": _OPTIONAL.backwards(),
    "PACKAGE_OF": _CONTAINS.backwards(),
    "PATCH_APPLIED": _CONTAINS.backwards(),
    "PREREQUISITE_FOR": _DEPENDS.backwards(),
    "PROVIDED_DEPENDENCY_OF": _DEPENDS.backwards(),
    "RUNTIME_DEPENDENCY_OF": _DEPENDS.backwards(),
    "STATIC_LINK": _DEPENDS,
    "TEST_CASE_OF": _TESTS.backwards(),
    "TEST_DEPENDENCY_OF": _TESTS.backwards(),
    "TEST_OF": _TESTS.backwards(),
    "TEST_TOOL_OF": _TESTS.backwards(),
}
"""Relationship types of SPDX 2.3, clause 11.1; 2.2 has a subset."""

SPDX3 = {
    "ancestorOf": _ANCESTOR.backwards(),
    "contains": _CONTAINS,
    "copiedTo": _COPY.backwards(),
    "dependsOn": _DEPENDS,
    "descendantOf": _ANCESTOR,
    "expandsTo": _REPACKAGED.backwards(),
    "generates": _GENERATED.backwards(),
    "hasDataFile": _DATA,
    "hasDistributionArtifact": _CONTAINS.backwards(),  # "is distributed as an artifact in each `to`"
    "hasDocumentation": _DOCUMENTS,
    "hasDynamicLink": _DEPENDS,
    "hasExample": _DOCUMENTS,
    "hasOptionalComponent": _MAYBE_CONTAINS,
    "hasOptionalDependency": _OPTIONAL,
    "hasPrerequisite": _DEPENDS,
    "hasProvidedDependency": _DEPENDS,
    "hasStaticLink": _DEPENDS,
    "hasTest": _TESTS,
    "hasTestCase": _TESTS,
    "packagedBy": _REPACKAGED.backwards(),
    "patchedBy": _CONTAINS,
    "testedOn": _TESTED,
    "trainedOn": _TRAINED,
    "usesTool": _BUILDS,
    # SPDX 3.1, release candidate (FORMATS section 4.1).
    "evaluatedOn": _TESTED,
    "finetunedOn": Meaning((Said.FINETUNED, Said.DATA, Said.DEPENDS), role=Role.TRAINING, rank=LINEAGE),
    "pretrainedOn": Meaning((Said.PRETRAINED, Said.DATA, Said.DEPENDS), role=Role.TRAINING, rank=LINEAGE),
}
"""Relationship types of SPDX 3.0.1, Core/RelationshipType, and those that 3.1 adds about training."""

PAPERWORK3 = frozenset(
    {
        "affects",
        "amendedBy",
        "availableFrom",
        "configures",
        "coordinatedBy",
        "delegatedTo",
        "doesNotAffect",
        "exploitCreatedBy",
        "fixedBy",
        "fixedIn",
        "foundBy",
        "hasAddedFile",
        "hasAssessmentFor",
        "hasAssociatedVulnerability",
        "hasDeletedFile",
        "hasDependencyManifest",
        "hasEvidence",
        "hasHost",
        "hasMetadata",
        "hasRequirement",
        "hasSpecification",
        "invokedBy",
        "modifiedBy",
        "publishedBy",
        "reportedBy",
        "republishedBy",
        "serializedInArtifact",
        "underInvestigationFor",
    }
)
"""Types of SPDX 3 that speak of people, vulnerabilities, documents and paperwork."""

_SCOPES = {"build": _BUILDS, "design": _DEVELOPS, "development": _DEVELOPS, "test": _TESTS}
"""Lifecycle scopes of SPDX 3 that leave the running product alone; `runtime` and `other` do not."""


_SCOPED = frozenset({"dependsOn", "hasOptionalDependency", "hasPrerequisite", "hasProvidedDependency"})


def in_scope(name: str, meaning: Meaning, scope: str) -> Meaning:
    """What a dependency means in a lifecycle scope. What is linked or contained is so in any scope."""
    return _SCOPES.get(scope, meaning) if name in _SCOPED else meaning
