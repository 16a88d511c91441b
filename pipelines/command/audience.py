"""Audiences: the segments of the home and the shipped ones, as SQL on the published version."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.exports.file_contract import FileContract, find_file_contract
from pipelines.segments.compile import TABLES, compile_segment
from pipelines.segments.document import Segment, SegmentError, Value, read_segment
from pipelines.settings import PROJECT_ROOT, Settings

_SHIPPED = PROJECT_ROOT / "data" / "segments"
_SHIPPED_CONTRACTS = PROJECT_ROOT / "pipelines" / "exports" / "contracts"


def find_segments(settings: Settings, name: str | None) -> list[Segment]:
    """One segment, or all, by name. Raises SegmentError for an unknown or wrong one."""
    files = segment_files(settings)
    if name is not None and name not in files:
        known = ", ".join(sorted(files)) or "none"
        folder = settings.home / "segments"
        raise SegmentError(f"No segment {name!r}; there are {known}. Write one into {folder}.")
    return [read_segment(files[each]) for each in ([name] if name else sorted(files))]


def segment_files(settings: Settings) -> dict[str, Path]:
    """Name -> file of every segment, whether it is right or not; a home's own of the same name wins."""
    folders = (_SHIPPED, settings.home / "segments")
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.yml"))}


def file_contract(settings: Settings, name: str) -> FileContract:
    """A contract of a file; the home's own of the same name wins. Raises FileContractError for an unknown or wrong one."""
    return find_file_contract(name, _SHIPPED_CONTRACTS, settings.home / "export_contracts")


def audience_of(conn: duckdb.DuckDBPyConnection, segment: Segment) -> tuple[str, list[Value]]:
    """A SELECT of customer_id with its values, tried once. Raises SegmentError where a value does not fit its column."""
    sql, values = compile_segment(segment, mart_columns(conn))
    try:
        conn.execute(f"SELECT count(*) FROM ({sql})", values)
    except duckdb.ConversionException:
        raise SegmentError(
            f'Segment {segment.name}: a value does not fit the type of its column; compare with `ucv query "describe '
            'customer_360"`.'
        ) from None
    return sql, values


def mart_columns(conn: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Marts with one row per customer -> column -> type, of the published version."""
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in conn.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE database_name = 'warehouse' AND schema_name = 'marts' ORDER BY column_index"
    ).fetchall():
        if table in TABLES:
            found.setdefault(table, {})[column] = kind
    return found
