"""What is left of a stored delivery without the rows of erased people, as views to be stored."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from pipelines.ingest.manifests import Manifest, parquet_path, quarantine_path
from pipelines.storage.connection import read_parquet_sql

_NOTHING = "(SELECT NULL AS row_number, NULL AS reasons WHERE false)"


def show_what_is_left(  # noqa: PLR0913 - one delivery's surroundings
    conn: duckdb.DuckDBPyConnection,
    home: Path,
    manifest: Manifest,
    records: Collection[str],
    removed: Sequence[int],
    *,
    renumbered: bool,
) -> None:
    """Views `accepted` and `quarantined`: stored rows but those `removed` (numbers, sorted) and all of `records` (keys).

    `renumbered`: the original is kept without them, and numbers follow it.
    """
    conn.execute(
        "CREATE OR REPLACE TEMP TABLE removed AS SELECT unnest(?::BIGINT[]) AS row_number", [[*removed]]
    )
    conn.execute(
        "CREATE OR REPLACE TEMP TABLE removed_records AS SELECT unnest(?::VARCHAR[]) AS source_record_id",
        [sorted(records)],
    )
    shifts = removed if renumbered else []
    raw = read_parquet_sql([parquet_path(home, manifest)])
    _show(conn, "accepted", raw, shifts, "AND source_record_id NOT IN (FROM removed_records)")
    stored = read_parquet_sql([quarantine_path(home, manifest)]) if manifest["quarantined"] else _NOTHING
    _show(conn, "quarantined", stored, shifts, "")


def _show(conn: duckdb.DuckDBPyConnection, view: str, rows: str, shifts: Sequence[int], more: str) -> None:
    numbers = conn.execute(f"SELECT DISTINCT row_number FROM {rows}").fetchnumpy()["row_number"]
    old = np.asarray(numbers, dtype=np.int64)
    new = old - np.searchsorted(np.asarray(shifts, dtype=np.int64), old)
    conn.register("new_numbers", pa.table({"old_number": old, "new_number": new}))
    conn.execute(f"CREATE OR REPLACE TEMP TABLE {view}_numbers AS FROM new_numbers")
    conn.unregister("new_numbers")
    conn.execute(f"""
        CREATE OR REPLACE TEMP VIEW {view} AS
        SELECT stored.* REPLACE (numbers.new_number AS row_number)
        FROM {rows} AS stored JOIN {view}_numbers AS numbers ON stored.row_number = numbers.old_number
        WHERE stored.row_number NOT IN (SELECT row_number FROM removed) {more}
        ORDER BY numbers.new_number""")


def counts_of(conn: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Accepted rows, closings not counted, and rejected ones."""
    rows = conn.execute("SELECT count(*) FROM accepted WHERE operation <> 'close'").fetchone() or (0,)
    rejected = conn.execute("SELECT count(*) FROM quarantined").fetchone() or (0,)
    return int(rows[0]), int(rejected[0])


def reasons_of(conn: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Reason -> rejected rows."""
    each = "SELECT unnest(string_split(reasons, ';')) AS reason FROM quarantined"
    sql = f"SELECT reason, count(*) FROM ({each}) GROUP BY reason ORDER BY reason"
    return {str(reason): int(count) for reason, count in conn.execute(sql).fetchall()}
