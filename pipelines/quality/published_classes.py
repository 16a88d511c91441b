"""Classes of published tables - codes, and amounts by size - as frames of bounded size, held against the versions before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from pipelines.contracts.vocabularies import CURRENCIES
from pipelines.quality.classes import number_step
from pipelines.quality.delivery import moved_classes
from pipelines.quality.profile import OTHER
from pipelines.quality.results import Figure
from pipelines.quality.stability import Reference, reference_of
from pipelines.quality.suite import CONTAINS, STABILITY, Expected, run_suite
from pipelines.storage.connection import quote

FRAME_ROWS = 5_000
CLASSED: dict[str, tuple[str, ...]] = {
    "golden.customers": ("entity_type", "gender", "country"),
    "golden.customer_contact_points": ("kind", "role", "verification_status", "is_best"),
    "marts.customer_lifecycle": ("stage",),
    "marts.customer_rfm": ("segment",),
    "marts.fct_transactions": ("currency", "is_return", "channel", "value"),
}
"""Columns whose every value stands in a closed list; `value` is an amount in the reporting currency, by steps of its size.

A column that holds text as it was delivered has no place here: whoever mistook a column for another could put names into it.
"""

Past = Sequence[tuple[int, Mapping[str, Mapping[str, Any]]]]


def class_frames(conn: duckdb.DuckDBPyConnection) -> dict[str, pd.DataFrame]:
    """`schema.table` -> classes of at most FRAME_ROWS rows of the build, the same ones for the same content; no other column."""
    frames = {}
    for table, wanted in CLASSED.items():
        columns = _present(conn, table, wanted)
        if not columns:
            continue  # a part of the build: nothing is judged of what is not there
        labels = ", ".join(f"{_label(name)} AS {name}" for name in columns)
        order = ", ".join(columns)
        frames[table] = conn.execute(
            f"SELECT {labels} FROM (SELECT * FROM warehouse.{table} ORDER BY hash(customer_id), {order} LIMIT {FRAME_ROWS})"
        ).df()
    return frames


def _label(name: str) -> str:
    if name == "value":
        return number_step(name)
    if name == "currency":  # orders keep it as it was delivered
        codes = ", ".join(map(quote, sorted(CURRENCIES)))
        return (
            f"CASE WHEN currency IN ({codes}) THEN currency WHEN currency IS NOT NULL THEN {quote(OTHER)} END"
        )
    return f"{name}::VARCHAR"


def _present(conn: duckdb.DuckDBPyConnection, table: str, wanted: tuple[str, ...]) -> list[str]:
    schema, name = table.split(".")
    there = conn.execute(
        "SELECT column_name FROM duckdb_columns() WHERE database_name = 'warehouse' AND schema_name = ? AND table_name = ?",
        [schema, name],
    ).fetchall()
    return [column for column in wanted if (column,) in there]


def counts_of(frame: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Column -> class -> rows."""
    return {
        str(name): {
            str(label): int(count) for label, count in frame[name].value_counts().sort_index().items()
        }
        for name in frame.columns
    }


def judge_classes(
    frames: Mapping[str, pd.DataFrame], past: Past, site: Path | None = None
) -> dict[str, list[Figure]]:
    """`schema.table` -> a figure for each column that has enough of a past; Great Expectations' page of a failing suite goes below `site`."""
    return {table: list(_figures(table, frame, past, site)) for table, frame in frames.items()}


def _figures(table: str, frame: pd.DataFrame, past: Past, site: Path | None) -> Iterator[Figure]:
    counted = counts_of(frame)
    references: dict[str, Reference] = {}
    for column, counts in counted.items():
        olds = [
            shapes[table]["classes"][column]
            for _, shapes in past
            if column in shapes.get(table, {}).get("classes", {})
        ]
        found = reference_of(olds, sum(counts.values()))
        if found:
            references[column] = found
    expected, owners = [], []
    for column, reference in references.items():
        expected.append(Expected(column, STABILITY, reference=reference, notes=f"{table}.{column}"))
        owners.append(column)
        members = frozenset(reference.surely_there(sum(counted[column].values())))
        if members:
            expected.append(Expected(column, CONTAINS, members=members, notes=f"{table}.{column}"))
            owners.append(column)
    seen = run_suite(table, frame, expected, site)
    for column, reference in references.items():
        parts = [one for one, owner in zip(seen, owners, strict=True) if owner == column]
        passed = all(part.passed for part in parts)
        moved = "" if passed else f": {moved_classes(counted[column], reference.shares)}"
        value = None if parts[0].value is None else round(parts[0].value, 4)
        yield Figure(f"{table}.{column}{moved}", "stability index", value, None, round(reference.limit, 4), passed,
                     f"learned from {reference.deliveries} versions", "warn")  # fmt: skip
