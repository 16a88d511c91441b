"""Small wrong changes of a matching specification, each of which some example pair has to notice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.matching.specification import Comparison, Level, MatchSpecification

_TERM = re.compile(
    r"(?<![\w.])(?!not\b|coalesce\b|year\b|month\b|day\b|length\b)[a-z_]+\(\w+\)(?: (?:<=?|>=?) \S+\b)?"
)
_FACT = re.compile(r"\w+[:<>][a-z]\w*|\w+ = (?:'\w+'|\d+)|(?!and\b|or\b|not\b)\b[a-z]\w+")
_LATER = re.compile(r" (?:<|>|between)")


@dataclass(frozen=True)
class Change:
    """`when` instead of the condition of the level at `place` of `field` (0 is the weakest)."""

    name: str
    field: str
    place: int
    when: str


@dataclass(frozen=True)
class ConditionChange:
    """`when` instead of the condition of a guard or fact."""

    name: str
    condition: str
    when: str


def condition_changes(specification: MatchSpecification) -> list[ConditionChange]:
    """Each level or fact that a condition of a guard or fact names, taken as false and as true."""
    conditions = {**specification.facts, **{guard.name: guard.when for guard in specification.guards}}
    return [
        ConditionChange(
            f"{name}: {term[0]} is {value}", name, f"{when[: term.start()]}{value}{when[term.end() :]}"
        )
        for name, when in conditions.items()
        for term in _FACT.finditer(when)
        for value in ("false", "true")
    ]


def changes(specification: MatchSpecification) -> list[Change]:
    """Each level switched off and always on; each comparator taken as false and as true; each threshold moved."""
    return [
        Change(f"{comparison.field}, {level.name}: {name}", comparison.field, level.number, when)
        for comparison in specification.comparisons
        for level in comparison.levels
        if level.when
        for name, when in [("off", "false"), ("always", "true"), *_terms(level.when), *_moved(comparison, level)]
    ]  # fmt: skip


def _terms(when: str) -> Iterator[tuple[str, str]]:
    found = [one for one in _TERM.finditer(when) if not _LATER.match(when, one.end())]
    for one in found if len(found) > 1 else []:
        for value in ("false", "true"):
            yield f"{one[0]} is {value}", f"{when[: one.start()]}{value}{when[one.end() :]}"


def _moved(comparison: Comparison, level: Level) -> Iterator[tuple[str, str]]:
    """Likenesses by 0.04, other thresholds by a third: less than that is for measurements, not for examples."""
    for name, bound in comparison.thresholds.items():
        if f"${name}" in (level.when or ""):
            for moved in (bound - 0.04, bound + 0.04) if bound < 1 else (bound * 2 // 3, bound * 4 // 3):
                text = f"{moved:g}"
                yield f"${name} is {text}", re.sub(rf"\${name}\b", text, level.when or "")
