"""Reads DuckDB's plan of a query, and finds joins that compare each row of one growing table with each row of another."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import duckdb

Plan = dict[str, Any]

QUADRATIC = {
    "BLOCKWISE_NL_JOIN", "NESTED_LOOP_JOIN", "CROSS_PRODUCT", "PIECEWISE_MERGE_JOIN", "IE_JOIN",
}  # fmt: skip
"""Without an equality. Joins of ranges are among them: they sort first, but a range may hold half of the other table."""

_FEW_ROWS = {
    "UNGROUPED_AGGREGATE",
    "DUMMY_SCAN",
    "EMPTY_RESULT",
    "RANGE",
    "LIMIT",
    "STREAMING_LIMIT",
    "TOP_N",
}
_ROWS_OF_LEFT = {"SEMI", "ANTI", "MARK", "SINGLE"}


@dataclass(frozen=True)
class QuadraticJoin:
    """One such join: operator, its condition, and the growing tables of both sides."""

    operator: str
    condition: str
    left: frozenset[str]
    right: frozenset[str]


def quadratic_joins(
    conn: duckdb.DuckDBPyConnection, sql: str, is_bounded: Callable[[str], bool]
) -> list[QuadraticJoin]:
    """Joins in the plan of `sql` that have no equality and a growing table on both sides.

    A table grows unless `is_bounded` says so of its full name (database.schema.table). A side without such a table, or one
    that an aggregate without groups or a limit ends, is bounded; a scan of a CTE is what the CTE reads. Tables must exist
    and should hold rows: the optimizer may choose otherwise for empty ones.
    """
    row = conn.execute(f"EXPLAIN (FORMAT json) {sql}").fetchone()
    assert row is not None
    reader = _Reader(is_bounded)
    for plan in json.loads(row[1]):
        reader.grown(plan)
    return reader.found


@dataclass
class _Reader:
    is_bounded: Callable[[str], bool]
    found: list[QuadraticJoin] = field(default_factory=list)
    named: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    """What a CTE or the outer side of a correlated subquery reads, by the index that its scans name."""
    outer: list[frozenset[str]] = field(default_factory=list)

    def grown(self, plan: Plan) -> frozenset[str]:
        """Growing tables that decide how many rows the operator gives; none: as many, however large the home."""
        name, told, children = plan["name"].strip(), plan.get("extra_info", {}), plan.get("children", [])
        if "DELIM_JOIN" in name:
            return self._correlated(told, children)
        if name in ("CTE", "REC_CTE"):
            return self._cte(name, str(told["Table Index"]), children)
        if name in ("CTE_SCAN", "REC_CTE_SCAN"):
            return self.named["cte", str(told["CTE Index"])]
        if name == "DELIM_SCAN":
            return self.named["delim", str(told["Delim Index"])]
        if name == "COLUMN_DATA_SCAN":  # written out in the query, or the outer rows of a correlated subquery
            return self.outer[-1] if self.outer else frozenset()
        below = [self.grown(child) for child in children]
        if name in QUADRATIC and len(below) == 2 and all(below):
            condition = str(told.get("Condition", told.get("Conditions", "")))
            self.found.append(QuadraticJoin(name, condition, below[0], below[1]))
        # An aggregate without groups that DuckDB hashes all the same: list(x ORDER BY x).
        if name in _FEW_ROWS or (name == "HASH_GROUP_BY" and not told.get("Groups")):
            return frozenset()
        if not children:
            return self._scan(name, told)
        if told.get("Join Type") in _ROWS_OF_LEFT:
            return below[0]
        return frozenset().union(*below)

    def _scan(self, name: str, told: Plan) -> frozenset[str]:
        table = str(told.get("Table", told.get("Function", name)))
        return frozenset() if self.is_bounded(table) else frozenset({table})

    def _correlated(self, told: Plan, children: list[Plan]) -> frozenset[str]:
        """The first child gives the outer rows, the second joins them with the subquery, which scans their keys."""
        rows = self.grown(children[0])
        self.named["delim", str(told["Delim Index"])] = rows
        self.outer.append(rows)
        joined = self.grown(children[1])
        self.outer.pop()
        return joined

    def _cte(self, name: str, index: str, children: list[Plan]) -> frozenset[str]:
        """A CTE's second child is the query that scans it; a recursive one's is the step that scans the rows so far."""
        self.named["cte", index] = self.grown(children[0])
        if name == "CTE":
            return self.grown(children[1])
        kept = len(self.found)
        self.named["cte", index] |= self.grown(children[1])
        del self.found[kept:]  # read again: the step may have added tables to the rows that it scans
        return self.named["cte", index] | self.grown(children[1])
