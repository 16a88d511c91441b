"""From a segment to SQL: only known tables and columns, every value bound, never pasted."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from pipelines.segments.document import MAIN_TABLE, Group, Rule, Segment, SegmentError, Value

TABLES = (
    MAIN_TABLE,
    "customer_rfm",
    "customer_acquisition",
    "customer_membership",
    "customer_preferences",
    "customer_next_purchase",
    "customer_predictions",
    "customer_fatigue",
)
"""Marts with one row per customer; one that has no row for a customer counts as unknown."""

PREDICTIONS = frozenset({"customer_rfm", "customer_next_purchase", "customer_predictions"})
"""Of them, those that hold decisions made by calculation (PIPL 24)."""

Columns = Mapping[str, Mapping[str, str]]
"""table -> column -> type, of the published version."""


def compile_segment(segment: Segment, columns: Columns) -> tuple[str, list[Value]]:
    """A SELECT of customer_id with its values, in the order of the marks.

    Raises SegmentError for a table or column that the published version lacks, or a test that does not fit its type.
    """
    values: list[Value] = []
    condition = _condition(segment.where, segment, columns, values)
    joins = "".join(
        f" LEFT JOIN marts.{table} ON {table}.customer_id = {MAIN_TABLE}.customer_id"
        for table in sorted(_tables(segment.where) - {MAIN_TABLE})
    )
    sql = f"SELECT {MAIN_TABLE}.customer_id FROM marts.{MAIN_TABLE}{joins} WHERE {condition}"
    return sql, values


def is_profiled(segment: Segment) -> bool:
    """Whether scores or predictions choose who is in it."""
    return bool(_tables(segment.where) & PREDICTIONS)


def _tables(part: Rule | Group) -> set[str]:
    return {part.table} if isinstance(part, Rule) else {name for each in part.parts for name in _tables(each)}


def _condition(part: Rule | Group, segment: Segment, columns: Columns, values: list[Value]) -> str:
    if isinstance(part, Rule):
        return _test(part, _column(part, segment, columns), values, segment)
    inner = [_condition(each, segment, columns, values) for each in part.parts]
    if part.joined_by == "not":
        return f"NOT ({inner[0]})"
    return "(" + (" AND " if part.joined_by == "all" else " OR ").join(inner) + ")"


def _column(rule: Rule, segment: Segment, columns: Columns) -> tuple[str, str]:
    if rule.table not in TABLES or rule.table not in columns:
        raise SegmentError(
            f"Segment {segment.name}: table {rule.table!r} is not one of {', '.join(t for t in TABLES if t in columns)}."
        )
    known = columns[rule.table]
    if rule.field not in known:
        near = get_close_matches(rule.field, known, n=1)
        hint = f"; did you mean {near[0]}?" if near else f"; it has {', '.join(known)}."
        raise SegmentError(f"Segment {segment.name}: {rule.table} has no column {rule.field!r}{hint}")
    return f'{rule.table}."{rule.field}"', known[rule.field]


def _test(rule: Rule, column: tuple[str, str], values: list[Value], segment: Segment) -> str:
    name, kind = column
    is_list = kind.endswith("[]")
    if (rule.test == "has") != is_list and rule.test != "known":
        raise SegmentError(
            f"Segment {segment.name}: {rule.field} is {'a list; test it with has' if is_list else 'one value; has is for lists'}."
        )
    if rule.test == "known":
        return f"{name} IS {'NOT ' if rule.values[0] else ''}NULL"
    values.extend(rule.values)
    # Nothing is left unknown, so that `not` turns every answer around.
    if rule.test == "has":
        return f"coalesce(list_contains({name}, ?), false)"
    if rule.test in ("at_least", "at_most"):
        return f"coalesce({name} {'>=' if rule.test == 'at_least' else '<='} CAST(? AS {kind}), false)"
    marks = ", ".join(f"CAST(? AS {kind})" for _ in rule.values)
    negated = rule.test == "is_not"
    return f"coalesce({name} {'NOT ' if negated else ''}IN ({marks}), {'true' if negated else 'false'})"
