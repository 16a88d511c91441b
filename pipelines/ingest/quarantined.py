"""Rejected rows as their contract's columns name them, to be held against what is known of erased people."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from pipelines.contracts.headers import by_contract
from pipelines.contracts.model import Contract
from pipelines.ingest.manifests import Manifest, quarantine_path
from pipelines.ingest.people import ERASED, ErasedPeople, row_key
from pipelines.storage.connection import read_parquet_sql


def quarantined_rows(
    conn: duckdb.DuckDBPyConnection, home: Path, manifest: Manifest, contract: Contract
) -> list[tuple[int, str, dict[str, str | None] | str]]:
    """Number, reasons, and the canonical values of each rejected row; of one that nobody could take apart its text."""
    names = {column.physical_name: column.field for column in contract.columns}
    fields = [names.get(name, f" {name}") for name in by_contract(manifest.get("header", []), contract)]
    stored = read_parquet_sql([quarantine_path(home, manifest)])
    found: list[tuple[int, str, dict[str, str | None] | str]] = []
    sql = f"SELECT row_number, reasons, delivered FROM {stored} ORDER BY row_number"
    for number, reasons, delivered in conn.execute(sql).fetchall():
        cells = _cells(delivered)
        values = delivered if cells is None else {name: cells.get(f"c{n}") for n, name in enumerate(fields)}
        found.append((int(number), str(reasons), values))
    return found


def quarantined_verdicts(
    conn: duckdb.DuckDBPyConnection, home: Path, manifest: Manifest, contract: Contract, people: ErasedPeople
) -> set[int]:
    """Numbers of the rejected rows of a delivery that are about erased people."""
    found = set()
    for number, _, values in quarantined_rows(conn, home, manifest, contract):
        told = (
            people.verdict_of_line(contract, values)
            if isinstance(values, str)
            else people.verdict(contract, row_key(contract, values), values)
        )
        if told == ERASED:
            found.add(number)
    return found


def _cells(delivered: str | None) -> dict[str, str | None] | None:
    """The cells of a row, None for a line as it came."""
    try:
        told = json.loads(delivered or "")
    except ValueError:
        return None
    return told if isinstance(told, dict) and "row_number" in told else None
