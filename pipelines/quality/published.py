"""Published tables against their own past: rows, filled columns and classes of each, learned from the last good versions."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from pipelines.quality.bands import MOST, Band, Past, row_band, share_band
from pipelines.quality.held import held
from pipelines.quality.published_classes import counts_of, judge_classes
from pipelines.quality.results import CheckResult, Figure
from pipelines.storage.durable import write_file

AS_USUAL = "as_usual"
"""The name of the check, one of every published table."""
DESCRIPTION = "Rows, filled columns and classes are as in the versions before"
REMEDY = "Compare with the last version (`ucv query`); look at the sources' checks of this night first"
OWNER = "data steward"
SCHEMAS = ("golden", "marts")

Shape = dict[str, Any]
"""Of one table: `rows`, `filled`: column -> share of rows that have a value, `classes` of some: column -> class -> rows."""


def shapes_of(
    conn: duckdb.DuckDBPyConnection, frames: Mapping[str, pd.DataFrame] | None = None
) -> dict[str, Shape]:
    """`schema.table` -> shape, of every table of the build that readers will see; `frames` are those of `class_frames`."""
    columns: dict[tuple[str, str], list[str]] = {}
    for schema, table, column in conn.execute(
        "SELECT schema_name, table_name, column_name FROM duckdb_columns() WHERE database_name = 'warehouse' "
        "AND list_contains(?, schema_name) ORDER BY ALL",
        [list(SCHEMAS)],
    ).fetchall():
        columns.setdefault((schema, table), []).append(column)
    shapes = {}
    for (schema, table), names in columns.items():
        counted = ", ".join(f'count("{name}")' for name in names)
        row = conn.execute(f'SELECT count(*), {counted} FROM warehouse."{schema}"."{table}"').fetchone() or (
            0,
        )
        rows = int(row[0])
        filled = (
            {name: round(count / rows, 6) for name, count in zip(names, row[1:], strict=True)} if rows else {}
        )
        shapes[f"{schema}.{table}"] = {"rows": rows, "filled": filled}
    for name, frame in (frames or {}).items():
        shapes[name]["classes"] = counts_of(frame)
    return shapes


def judge_shapes(
    shapes: Mapping[str, Shape],
    past: Sequence[tuple[int, Mapping[str, Shape]]],
    weekday: int,
    frames: Mapping[str, pd.DataFrame] | None = None,
    site: Path | None = None,
) -> list[CheckResult]:
    """A result per table. `past` are weekday and shapes of good versions, oldest first; weekday 0 is Monday.

    `frames` are those of `class_frames`. Great Expectations' page goes below `site`.
    """
    figures = {table: list(_figures(table, shape, past, weekday)) for table, shape in shapes.items()}
    judged = iter(held("published", [figure for found in figures.values() for figure in found], site))
    classes = judge_classes(frames or {}, past, site)
    return [
        _result(table, [*(next(judged) for _ in found), *classes.get(table, ())])
        for table, found in figures.items()
    ]


def _figures(
    table: str, shape: Shape, past: Sequence[tuple[int, Mapping[str, Shape]]], weekday: int
) -> Iterator[Figure]:
    own = [(day, shapes[table]) for day, shapes in past if table in shapes]
    band = row_band([Past(old["rows"], day, old["rows"]) for day, old in own], weekday)
    if band:
        yield _figure(table, "rows", float(shape["rows"]), band)
    for column, share in shape["filled"].items():
        olds = [Past(old["filled"][column], day, old["rows"]) for day, old in own if column in old["filled"]]
        band = share_band(olds, weekday, shape["rows"])
        if band:
            yield _figure(f"{table}.{column}", "share filled", share, band)


def _figure(subject: str, measure: str, value: float, band: Band) -> Figure:
    came = f"learned from {band.deliveries} versions"
    return Figure(
        subject, measure, round(value, 4), round(band.low, 4), round(band.high, 4), True, came, "warn"
    )


def _result(table: str, figures: list[Figure]) -> CheckResult:
    return CheckResult(
        asset=table.replace(".", "/"), name=AS_USUAL, layer="golden", severity="warn", description=DESCRIPTION,
        remedy=REMEDY, owner=OWNER, figures=tuple(figures), passed=all(one.passed for one in figures),
        told="" if figures else "too few versions to learn from",
    )  # fmt: skip


def shapes_path(home: Path) -> Path:
    """What published versions looked like: one line each. Nothing is built from it; without it bands are learned anew."""
    return home / "quality" / "published.jsonl"


def remember_shapes(home: Path, version: str, weekday: int, shapes: Mapping[str, Shape]) -> None:
    """Add a published version; no more are kept than are looked back at."""
    path = shapes_path(home)
    lines = path.read_text(encoding="utf-8").splitlines()[-(MOST - 1) :] if path.exists() else []
    lines.append(json.dumps({"version": version, "weekday": weekday, "tables": shapes}))
    write_file(path, "\n".join(lines) + "\n")


def past_shapes(home: Path, left: Collection[str]) -> list[tuple[int, dict[str, Shape]]]:
    """Weekday and shapes of published versions, oldest first, without those that were rolled back from."""
    path = shapes_path(home)
    found = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            kept = json.loads(line)
            if kept["version"] not in left:
                found.append((int(kept["weekday"]), dict(kept["tables"])))
        except (ValueError, KeyError, TypeError):
            continue  # half a line of a machine that lost its power
    return found
