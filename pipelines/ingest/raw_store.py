"""The raw store: where deliveries lie, what their manifests say, and raw as views on a connection.

A delivery is committed by its manifest, written last. Encrypted Parquet crashes DuckDB 1.5.5 with union_by_name, so
that files are grouped by the columns that they were written with.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.contracts.fields import raw_schema
from pipelines.contracts.vocabularies import KINDS
from pipelines.ingest.manifests import (
    Manifest,
    is_expired,
    list_deliveries,
    manifest_path,
    parquet_path,
    raw_folder,
)
from pipelines.ingest.no_records import NO_RECORDS
from pipelines.storage.checksums import file_hash
from pipelines.storage.connection import quote, read_parquet_sql

if TYPE_CHECKING:
    import duckdb

__all__ = [
    "Manifest",
    "create_raw_views",
    "is_intact",
    "list_deliveries",
    "manifest_path",
    "parquet_path",
    "raw_folder",
    "raw_relation_sql",
    "relation_of",
]

_DELIVERY_COLUMNS = {
    "delivery_id": "VARCHAR", "source_system": "VARCHAR", "kind": "VARCHAR", "file_name": "VARCHAR",
    "delivered_at": "TIMESTAMP", "rows_in": "BIGINT", "accepted": "BIGINT",
    "quarantined": "BIGINT", "no_records": "BIGINT", "duplicate": "BIGINT", "closed": "BIGINT", "first_event_at": "TIMESTAMP",
    "latest_event_at": "TIMESTAMP",
}  # fmt: skip
_ROWS_A_STATEMENT = 500


def raw_relation_sql(
    home: Path, kind: str, source: str | None = None, deliveries: list[Manifest] | None = None
) -> str:
    """SELECT of every raw row of a kind (or of some `deliveries`) in today's schema; a column that an old file lacks is null."""
    return relation_of(home, kind, list_deliveries(home, kind, source) if deliveries is None else deliveries)


def relation_of(home: Path, kind: str, manifests: list[Manifest]) -> str:
    """`raw_relation_sql` of some deliveries of the kind."""
    groups: dict[tuple[str, ...], list[Path]] = defaultdict(list)
    for manifest in manifests:
        if is_expired(manifest):
            continue
        groups[tuple(manifest["schema"])].append(parquet_path(home, manifest))
    wanted = raw_schema(kind)
    parts = [_empty(wanted)]
    for columns, paths in groups.items():
        listed = ", ".join(
            name if name in columns else f"NULL::{kind_} AS {name}" for name, kind_ in wanted.items()
        )
        parts.append(f"SELECT {listed} FROM {read_parquet_sql(paths)}")
    return " UNION ALL ".join(parts)


def create_raw_views(conn: duckdb.DuckDBPyConnection, home: Path) -> None:
    """(Re)create memory.raw: a view per kind, `deliveries` and `quarantine_reasons`."""
    conn.execute("CREATE SCHEMA IF NOT EXISTS memory.raw")
    manifests = list_deliveries(home)
    for kind in KINDS:
        of_kind = [manifest for manifest in manifests if manifest["kind"] == kind]
        conn.execute(f"CREATE OR REPLACE VIEW memory.raw.{kind} AS {relation_of(home, kind, of_kind)}")
    _fill(
        conn,
        "deliveries",
        _DELIVERY_COLUMNS,
        [[{**m, "no_records": _no_records(m)}.get(name) for name in _DELIVERY_COLUMNS] for m in manifests],
    )
    reasons = {
        "source_system": "VARCHAR",
        "delivery_id": "VARCHAR",
        "reason": "VARCHAR",
        "row_count": "BIGINT",
        "is_no_record": "BOOLEAN",
    }
    rows = [
        [m["source_system"], m["delivery_id"], reason, n, reason in NO_RECORDS]
        for m in manifests
        for reason, n in m["reasons"].items()
    ]
    _fill(conn, "quarantine_reasons", reasons, rows)


def _no_records(manifest: Manifest) -> int:
    """Of the quarantined rows those that are no records, such as totals: they are nobody's fault and no name."""
    return sum(int(manifest["reasons"].get(code, 0)) for code in NO_RECORDS)


def is_intact(home: Path, manifest: Manifest) -> bool:
    """Whether the Parquet file of a delivery is the one that was written."""
    path = parquet_path(home, manifest)
    return path.exists() and file_hash(path) == manifest["parquet_sha256"]


def _fill(
    conn: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str], rows: list[list[Any]]
) -> None:
    declared = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    conn.execute(f"CREATE OR REPLACE TABLE memory.raw.{table} ({declared})")
    for start in range(0, len(rows), _ROWS_A_STATEMENT):
        values = ", ".join(map(_literal_row, rows[start : start + _ROWS_A_STATEMENT]))
        conn.execute(f"INSERT INTO memory.raw.{table} VALUES {values}")


def _literal_row(row: list[Any]) -> str:
    return f"({', '.join('NULL' if value is None else quote(str(value)) for value in row)})"


def _empty(columns: dict[str, str]) -> str:
    return f"SELECT {', '.join(f'NULL::{kind} AS {name}' for name, kind in columns.items())} WHERE false"
