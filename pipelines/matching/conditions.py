"""Conditions of the matching specification as SQL, in the grammar of macros/matching/comparison_level.sql.

`comparator(column)` becomes the comparator over that column of both sides, `$name` a threshold of the comparison, `a.city` and
`b.city` that column of one side. A test holds it against what dbt renders.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.matching.specification import Comparison, MatchSpecification

TURNED = {
    "family_name", "given_name", "family_latin", "given_latin", "family_phonetic", "given_phonetic", "given_roots",
    "family_is_pinyin", "given_is_pinyin",
}  # fmt: skip
"""Columns of which side b is another column where the parts of a name were turned (`turned_columns` of the macros)."""

_ONE_SIDE = re.compile(r"(?<![\w.\"'])([ab])\.(\w+)")


@dataclass(frozen=True)
class Sides:
    """How a column of either side is written, `{}` standing for its name."""

    x: str
    y: str


DBT = Sides("a_{}", "b_{}")
UNTURNED = Sides("a.{}", "b.{}")
SPLINK = Sides('"{}_l"', '"{}_r"')


def condition_sql(
    text: str, comparison: Comparison, specification: MatchSpecification, sides: Sides = DBT
) -> str:
    """One condition (`compared_when` or `when`) in brackets. What is no comparator or threshold stays as it is."""
    sql = text
    for name, bound in comparison.thresholds.items():
        sql = re.sub(rf"\${name}\b", str(bound), sql)
    for name, template in specification.comparators.items():
        for column in re.findall(rf"(?<![\w.]){name}\((\w+)\)", sql):
            made = template.replace("{x}", sides.x.format(column)).replace("{y}", sides.y.format(column))
            sql = sql.replace(f"{name}({column})", f"({made})")
    sql = _ONE_SIDE.sub(lambda found: getattr(sides, "xy"["ab".index(found[1])]).format(found[2]), sql)
    return f"({sql})"


def null_condition(comparison: Comparison, specification: MatchSpecification, sides: Sides = DBT) -> str:
    """Where a comparison is at no level: a side has no value, or not even the weakest level's condition holds."""
    missing = (
        f"not coalesce({condition_sql(comparison.compared_when, comparison, specification, sides)}, false)"
    )
    conditions = [level.when for level in comparison.levels if level.when]
    if len(conditions) < len(comparison.levels):
        return missing
    held = " or ".join(condition_sql(when, comparison, specification, sides) for when in conditions)
    return f"{missing} or not coalesce({held}, false)"


def level_sql(comparison: Comparison, specification: MatchSpecification, sides: Sides = DBT) -> str:
    """The level as an integer, as macro `comparison_level` gives it: the strongest whose condition holds, null where none."""
    cases = "".join(
        f" when {condition_sql(level.when, comparison, specification, sides)} then {level.number}"
        for level in reversed(comparison.levels)
        if level.when
    )
    compared = condition_sql(comparison.compared_when, comparison, specification, sides)
    rest = "" if comparison.levels[0].when else " else 0"
    return f"case when not coalesce({compared}, false) then null{cases}{rest} end"
