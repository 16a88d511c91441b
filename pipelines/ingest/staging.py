"""Staging: the delivered rows as text on the connection, table `staged`, through the quick reader where it can."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa

from pipelines.contracts.model import Server
from pipelines.ingest.fast_csv import IrregularError, is_candidate, read_regular
from pipelines.ingest.readers import Delivered, Row

_BATCH = 50_000


def stage(conn: duckdb.DuckDBPyConnection, path: Path, server: Server, delivered: Delivered) -> None:
    """Create `staged` (row_number from 1, problem, broken, c0, c1, ... as text). Raises DeliveryError."""
    if is_candidate(server, delivered.header):
        try:
            _stage_regular(conn, path, server, delivered.header)
            return
        except IrregularError:
            pass
    _create(conn, len(delivered.header))
    width = len(delivered.header)
    names = ["row_number", "problem", "broken", *(f"c{index}" for index in range(width))]
    types = [pa.int64(), *[pa.string()] * (width + 2)]
    for batch in _batches(delivered.rows):
        good = [values if problem is None else [None] * width for _, values, problem in batch]
        broken = [
            None if problem is None else "\x1f".join(v or "" for v in values) for _, values, problem in batch
        ]
        arrays = [
            [number for number, _, _ in batch],
            [problem for _, _, problem in batch],
            broken,
            *map(list, zip(*good, strict=True)),
        ]
        batch_table = pa.table([pa.array(a, t) for a, t in zip(arrays, types, strict=True)], names=names)  # noqa: F841 - read by name
        conn.execute("INSERT INTO staged SELECT * FROM batch_table")


def _stage_regular(conn: duckdb.DuckDBPyConnection, path: Path, server: Server, header: list[str]) -> None:
    _create(conn, len(header))
    start = 1
    for batch in read_regular(path, server, header):
        numbers = pa.array(range(start, start + batch.num_rows), pa.int64())
        batch_table = pa.table([numbers, *batch.columns], names=["row_number", *batch.schema.names])  # noqa: F841 - read by name
        conn.execute("INSERT INTO staged BY NAME SELECT * FROM batch_table")
        start += batch.num_rows


def _create(conn: duckdb.DuckDBPyConnection, width: int) -> None:
    columns = ", ".join(f"c{index} VARCHAR" for index in range(width))
    conn.execute(
        f"CREATE OR REPLACE TEMP TABLE staged (row_number BIGINT, problem VARCHAR, broken VARCHAR, {columns})"
    )


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, _BATCH)):
        # A lone surrogate cannot be stored as text anywhere.
        yield [
            (n, [None if v is None else v.encode("utf-8", "replace").decode() for v in vs], p)
            for n, vs, p in batch
        ]
