"""Groups of at least k rows: whoever is in a smaller one is told more coarsely, step by step, and nobody else is.

`ladder` is the order of steps, each column -> SQL that makes its value coarser and leaves a coarse one as it is; after the last
every column is `*`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

ANY = "*"
"""In place of a value that is not told."""

Ladder = Sequence[Mapping[str, str]]


@dataclass
class Generalised:
    """What was done: rows made coarser by step (0 as they were), rows merged into the group of those not told at all, values of
    rare pairs not told, rows left out because there are not even k."""

    k: int
    by_step: dict[int, int] = field(default_factory=dict)
    merged: int = 0
    rare_values: int = 0
    left_out: int = 0


def generalise(
    conn: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], ladder: Ladder, k: int
) -> Generalised:
    """Make every combination of `columns` in `table` stand for at least k rows, by changing the table."""
    told = Generalised(k)
    if "settled" not in _columns(conn, table):
        conn.execute(f"ALTER TABLE {table} ADD COLUMN settled BOOLEAN")
    conn.execute(f"UPDATE {table} SET settled = false")
    for step, coarser in enumerate(({}, *ladder)):
        if not _count(conn, f"SELECT count(*) FROM {table} WHERE NOT settled"):
            break
        if coarser:
            changes = ", ".join(f"{name} = {sql}" for name, sql in coarser.items())
            conn.execute(f"UPDATE {table} SET {changes} WHERE NOT settled")
        told.by_step[step] = _settle(conn, table, columns, k)
    told.merged, told.left_out = _merge_rest(conn, table, columns, k)
    return told


def hide_rare_pairs(
    conn: duckdb.DuckDBPyConnection, table: str, firsts: Sequence[str], seconds: Sequence[str], k: int
) -> int:
    """Where a value of `firsts` and one of `seconds` stand together in fewer than k rows, do not tell the second; how many."""
    count = 0
    for first, second in rare_pairs(conn, table, firsts, seconds, k):
        row = conn.execute(f"""
            UPDATE {table} SET {second} = '{ANY}' FROM (
                SELECT {first} AS one, {second} AS other FROM {table} GROUP BY ALL HAVING count(*) < {k}
            ) AS rare
            WHERE {first} = rare.one AND {second} = rare.other AND {second} <> '{ANY}' AND {first} <> '{ANY}'
        """).fetchone()
        count += int(row[0]) if row else 0
    return count


def rare_pairs(
    conn: duckdb.DuckDBPyConnection, table: str, firsts: Sequence[str], seconds: Sequence[str], k: int
) -> dict[tuple[str, str], int]:
    """Pair of columns -> combinations of told values that stand for fewer than k rows, where there are any."""
    found = {}
    for first in firsts:
        for second in seconds:
            told = f"WHERE {first} <> '{ANY}' AND {second} <> '{ANY}'"
            groups = f"SELECT 1 FROM {table} {told} GROUP BY {first}, {second} HAVING count(*) < {k}"
            count = _count(conn, f"SELECT count(*) FROM ({groups})")
            if count:
                found[first, second] = count
    return found


def smallest_group(conn: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> int:
    """Rows of the smallest combination; 0 of an empty table."""
    row = conn.execute(
        f"SELECT coalesce(min(rows), 0) FROM (SELECT count(*) AS rows FROM {table} GROUP BY {', '.join(columns)})"
    ).fetchone()
    return int(row[0]) if row else 0


def _settle(conn: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], k: int) -> int:
    same = " AND ".join(f"{table}.{name} = large.{name}" for name in columns)
    row = conn.execute(f"""
        UPDATE {table} SET settled = true FROM (
            SELECT {", ".join(columns)} FROM {table} GROUP BY ALL HAVING count(*) >= {k}
        ) AS large WHERE NOT settled AND {same}
    """).fetchone()
    return int(row[0]) if row else 0


def _merge_rest(
    conn: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], k: int
) -> tuple[int, int]:
    """Who is still alone gets company: the smallest groups are not told either, until there are k; without k rows in all
    nobody stays."""
    hidden = " AND ".join(f"{name} = '{ANY}'" for name in columns)
    changes = ", ".join(f"{name} = '{ANY}'" for name in columns)
    listed = ", ".join(columns)
    merged = 0
    while True:
        alone = _count(conn, f"SELECT count(*) FROM {table} WHERE {hidden}")
        if not 0 < alone < k:
            break
        group = conn.execute(
            f"SELECT {listed} FROM {table} WHERE NOT ({hidden}) GROUP BY ALL ORDER BY count(*), {listed} LIMIT 1"
        ).fetchone()
        if group is None:
            conn.execute(f"DELETE FROM {table}")
            return merged, alone
        same = " AND ".join(f"{name} = ?" for name in columns)
        merged += _count(conn, f"UPDATE {table} SET {changes} WHERE {same}", [*group])
    return merged, 0


def _count(conn: duckdb.DuckDBPyConnection, sql: str, values: list[object] | None = None) -> int:
    row = conn.execute(sql, values or []).fetchone()
    return int(row[0]) if row else 0


def _columns(conn: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    return {str(row[0]) for row in conn.execute(f"DESCRIBE {table}").fetchall()}
