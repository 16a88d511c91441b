"""Example pairs (dbt_project/models/identity/_match_examples.yml): delivered values and the level or answer that they must get.

Each is run through standardising and the macros of matching by tests/integration/test_match_examples.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.contracts.fields import fields_of
from pipelines.errors import SettingsError
from pipelines.matching.lines import Lines, read_with_lines
from pipelines.matching.specification import MatchSpecification, match_specification
from pipelines.settings import DBT_PROJECT_DIR

EXAMPLES = DBT_PROJECT_DIR / "models" / "identity" / "_match_examples.yml"
FEWEST = 12
"""Pairs that a field has at least."""
NOT_COMPARED = "none"
"""Stands for a level where a side has no value that counts (a placeholder, a damaged number)."""

Side = dict[str, str]
"""Canonical column -> text as delivered."""


@dataclass(frozen=True)
class LevelExample:
    """Two sides that must get `level` of `field`; `number` counts from 1 within the level."""

    field: str
    level: str
    number: int
    a: Side
    b: Side
    note: str
    where: str

    @property
    def name(self) -> str:
        return f"{self.field}-{self.level}-{self.number}"


@dataclass(frozen=True)
class ConditionExample:
    """Two whole records for which the condition of a guard or fact must hold (`guarded`) or must not."""

    condition: str
    number: int
    a: Side
    b: Side
    guarded: bool
    note: str
    where: str

    @property
    def name(self) -> str:
        return f"{self.condition}-{self.number}"


@dataclass(frozen=True)
class MatchExamples:
    """All examples in the order of the file."""

    levels: tuple[LevelExample, ...]
    conditions: tuple[ConditionExample, ...]


def match_examples(path: Path = EXAMPLES) -> MatchExamples:
    """The examples. Raises SettingsError for a file that can't be read; other faults are told by check_examples."""
    told, lines = _read(path)
    columns, beside = told["columns"], told["beside"]
    return MatchExamples(
        tuple(
            LevelExample(
                field, level, number, *_sides(pair, columns.get(field, ""), beside.get(field, {}), lines), _note(pair), lines.of(pair)
            )
            for field, levels in told["pairs"].items()
            for level, pairs in levels.items()
            for number, pair in enumerate(pairs, 1)
        ),
        tuple(
            ConditionExample(
                name, number, _side(one["a"], ""), _side(one["b"], ""), one["guarded"], one.get("note", ""),
                lines.of(one),
            )
            for name, ones in told["conditions"].items()
            for number, one in enumerate(ones, 1)
        ),
    )  # fmt: skip


def check_examples(
    path: Path = EXAMPLES, specification: MatchSpecification | None = None, kind: str = "registration"
) -> list[str]:
    """Faults as `file:line: what is wrong; what to do`, none where all is well; `kind` of record has the columns of a side.

    Raises SettingsError for a file that can't be read.
    """
    told, lines = _read(path)
    wanted = specification or match_specification()
    faults = [*_level_faults(told, lines, wanted), *_condition_faults(told, lines, wanted)]
    pairs = [pair for levels in told["pairs"].values() for ones in levels.values() for pair in ones]
    sides = [(pair, side) for pair in pairs for side in pair[:2]]
    sides += [(one, one) for one in told["beside"].values()]
    sides += [(one, one.get(side)) for ones in told["conditions"].values() for one in ones for side in "ab"]
    for holder, side in sides:
        faults += _side_faults(side, lines.of(holder), set(fields_of(kind)))
    return faults


def _read(path: Path) -> tuple[dict[str, Any], Lines]:
    tree, lines = read_with_lines(path)
    try:
        told = tree["models"][0]["config"]["meta"]["match_examples"]
        found = {part: told[part] for part in ("columns", "pairs", "conditions")}
        return {**found, "beside": told.get("beside", {})}, lines
    except (KeyError, IndexError, TypeError) as error:
        raise SettingsError(
            f"{path}: expected models[0].config.meta.match_examples with columns, pairs and conditions; found no "
            f"{error}. Restore the file."
        ) from error


def _sides(pair: list[Any], column: str, beside: Side, lines: Lines) -> tuple[Side, Side]:
    if len(pair) < 2:
        raise SettingsError(f"{lines.of(pair)}: {len(pair)} elements, expected both sides; correct the pair.")
    return {**beside, **_side(pair[0], column)}, {**beside, **_side(pair[1], column)}


def _side(told: Any, column: str) -> Side:
    columns = told if isinstance(told, dict) else {column: told}
    return {
        name: value.isoformat() if isinstance(value, date) else str(value) for name, value in columns.items()
    }


def _note(pair: list[Any]) -> str:
    return str(pair[2]) if len(pair) > 2 else ""


def _level_faults(told: dict[str, Any], lines: Lines, wanted: MatchSpecification) -> Iterator[str]:
    known = {one.field: [level.name for level in one.levels] for one in wanted.comparisons}
    pairs, columns = told["pairs"], told["columns"]
    for field in set(told["beside"]) - set(known):
        yield f"{lines.of(told['beside'][field])}: {field} is no compared field; expected of {', '.join(known)}."
    for field, levels in pairs.items():
        if field not in known:
            yield f"{lines.of(levels)}: {field} is no compared field; expected of {', '.join(known)}."
            continue
        for level in set(levels) - {*known[field], NOT_COMPARED}:
            yield (
                f"{lines.of(levels[level])}: {level} is no level of {field}; expected of {', '.join(known[field])} or "
                f"{NOT_COMPARED}."
            )
        for pair in (pair for ones in levels.values() for pair in ones if len(pair) not in (2, 3)):
            yield f"{lines.of(pair)}: {len(pair)} elements, expected both sides and perhaps a note; correct the pair."
    for comparison in wanted.comparisons:
        levels = pairs.get(comparison.field, {})
        where = lines.of(levels) if levels else lines.of(pairs)
        if comparison.field not in columns:
            yield f"{lines.of(columns)}: no column for plain text of {comparison.field}; name one."
        # what is only compared where a stronger level holds never gets the weakest
        is_all_or_nothing = comparison.compared_when in [level.when for level in comparison.levels]
        count = sum(len(ones) for ones in levels.values())
        if count < FEWEST:
            yield f"{where}: {comparison.field} has {count} pairs, expected {FEWEST} or more; add some."
        for level in comparison.levels:
            if level.name not in levels and not (level.when is None and is_all_or_nothing):
                yield f"{where}: level {level.name} of {comparison.field} has no example; add a pair that must get it."


def _condition_faults(told: dict[str, Any], lines: Lines, wanted: MatchSpecification) -> Iterator[str]:
    known = {*wanted.facts, *(guard.name for guard in wanted.guards)}
    conditions = told["conditions"]
    for name in set(conditions) - known:
        yield f"{lines.of(conditions[name])}: {name} is no guard or fact; expected of {', '.join(sorted(known))}."
    for name in sorted(known):
        answers = {one.get("guarded") for one in conditions.get(name, [])}
        for answer in {True, False} - answers:
            yield (
                f"{lines.of(conditions.get(name, conditions))}: {name} has no example with guarded: {str(answer).lower()}; "
                "add one."
            )


def _side_faults(side: Any, where: str, columns: set[str]) -> Iterator[str]:
    if side is None:
        yield f"{where}: a side is missing; add it."
    for name, value in side.items() if isinstance(side, dict) else ():
        if name not in columns:
            yield f"{where}: {name} is no canonical column; see pipelines/contracts/canonical_fields.csv."
        if not isinstance(value, str | date):
            yield f"{where}: {value!r} of {name} is read as a number; put it in quotes."
    if isinstance(side, int | float):
        yield f"{where}: {side!r} is read as a number; put it in quotes."
