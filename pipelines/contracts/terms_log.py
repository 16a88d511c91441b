"""The log of contract terms, `state/contract_terms.jsonl`: which terms each source had, from which day on.

One line per source and change, only ever added to, written by publishing. No personal value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.contracts.source_table import SOURCE_COLUMNS, sql_literal
from pipelines.storage.append_log import append_line, read_lines

if TYPE_CHECKING:
    import duckdb

TERM_COLUMNS = {
    "source_system": SOURCE_COLUMNS["source_system"],
    "contract_version": SOURCE_COLUMNS["contract_version"],
    "known_from": "DATE",
    **{
        name: SOURCE_COLUMNS[name]
        for name in (
            "acquisition_mode", "vendor", "valid_from", "valid_to", "max_uses", "permitted_channels", "permitted_purposes",
            "net_name_guarantee", "legal_basis", "licence", "reciprocity", "recipient_countries", "matching_only", "price_amount",
            "price_currency", "price_unit",
        )
    },
    "terms_key": "VARCHAR",
}  # fmt: skip
"""Column -> DuckDB type of a line; `terms_key` is the MD5 of the terms, by which a change is seen."""


def terms_path(home: Path) -> Path:
    """The file of a home."""
    return home / "state" / "contract_terms.jsonl"


def remember_terms(home: Path, rows: Iterable[Mapping[str, Any]]) -> int:
    """Add a line for each row (keys as TERM_COLUMNS); return how many. A line that stands last of its source is not repeated."""
    last = {line.get("source_system"): line.get("terms_key") for line in read_lines(terms_path(home))}
    added = 0
    for row in rows:
        if last.get(row["source_system"]) != row["terms_key"]:
            append_line(terms_path(home), {name: _plain(row[name]) for name in TERM_COLUMNS})
            added += 1
    return added


def create_terms_table(conn: duckdb.DuckDBPyConnection, home: Path) -> None:
    """(Re)create `memory.state.contract_terms` from the log: its lines in order, `number` from 1."""
    columns = ", ".join(f"{name} {kind}" for name, kind in TERM_COLUMNS.items())
    conn.execute("CREATE SCHEMA IF NOT EXISTS memory.state")
    conn.execute(f"CREATE OR REPLACE TABLE memory.state.contract_terms (number INTEGER, {columns})")
    lines = [line for line in read_lines(terms_path(home)) if set(TERM_COLUMNS) <= set(line)]
    if lines:
        listed = ", ".join(
            f"({number}, {', '.join(sql_literal(line[name]) for name in TERM_COLUMNS)})"
            for number, line in enumerate(lines, start=1)
        )
        conn.execute(f"INSERT INTO memory.state.contract_terms VALUES {listed}")


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (bool, int, str, list)) else str(value)
