"""Preview of segments: how many customers each reaches, by which way, in the published version. Counts only."""

from __future__ import annotations

from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from pipelines.publishing.query import open_reader
from pipelines.segments.compile import TABLES, compile_segment
from pipelines.segments.document import Segment, SegmentError, read_segment
from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.storage.keys import load_keys

_SHIPPED = PROJECT_ROOT / "data" / "segments"
_NAME_WIDTH = 32
_WIDEST = 10_000
_COUNTS = {
    "customers": "count(*)",
    "may be contacted": "count(*) FILTER (WHERE NOT is_suppressed)",
    "agreed to marketing": "count(*) FILTER (WHERE NOT is_suppressed AND has_marketing_consent)",
    "by phone": "count(*) FILTER (WHERE NOT is_suppressed AND has_phone AND NOT list_contains(suppressed_channels, 'phone'))",
    "by e-mail": "count(*) FILTER (WHERE NOT is_suppressed AND has_email AND NOT list_contains(suppressed_channels, 'email'))",
    "by post": "count(*) FILTER (WHERE NOT is_suppressed AND has_address AND NOT list_contains(suppressed_channels, 'post'))",
    "orders": "sum(order_count)",
    "value": "sum(total_value)",
}


def show_segments(settings: Settings, name: str | None, console: Console) -> None:
    """One segment, or all of the home and the shipped ones. Raises SegmentError for a wrong or unknown one."""
    files = _files(settings)
    if name is not None and name not in files:
        known = ", ".join(sorted(files)) or "none"
        raise SegmentError(
            f"No segment {name!r}; there are {known}. Write {settings.home / 'segments' / f'{name}.yml'}."
        )
    segments = [read_segment(files[each]) for each in ([name] if name else sorted(files))]
    conn = open_reader(settings, load_keys(settings))
    try:
        reach = [(segment, _reach(conn, segment)) for segment in segments]
    finally:
        conn.close()
    table = Table(title="Reach in the published version", title_justify="left")
    table.add_column("segment", width=_NAME_WIDTH)
    for column in _COUNTS:
        table.add_column(column, justify="right", no_wrap=True)
    for segment, counts in reach:
        table.add_row(f"{segment.name}: {segment.title}", *(f"{count or 0:,}" for count in counts))
    print_table(table, console)


def print_table(table: Table, console: Console) -> None:
    """No number is ever cut: a console too narrow for all of them gets longer lines."""
    options = console.options.update(max_width=_WIDEST)
    needed = table.__rich_measure__(console, options).maximum
    wide = Console(file=console.file, width=max(console.width, needed), quiet=console.quiet)
    wide.print(table)


def _files(settings: Settings) -> dict[str, Path]:
    folders = (_SHIPPED, settings.home / "segments")  # a home's own segment of the same name wins
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.yml"))}


def _reach(conn: duckdb.DuckDBPyConnection, segment: Segment) -> tuple[int, ...]:
    sql, values = compile_segment(segment, _columns(conn))
    try:
        row = conn.execute(
            f"SELECT {', '.join(_COUNTS.values())} FROM marts.customer_360 WHERE customer_id IN ({sql})",
            values,
        ).fetchone()
    except duckdb.ConversionException:
        raise SegmentError(
            f'Segment {segment.name}: a value does not fit the type of its column; compare with `ucv query "describe '
            'customer_360"`.'
        ) from None
    return tuple(row or ())


def _columns(conn: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in conn.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE database_name = 'warehouse' AND schema_name = 'marts' ORDER BY column_index"
    ).fetchall():
        if table in TABLES:
            found.setdefault(table, {})[column] = kind
    return found
