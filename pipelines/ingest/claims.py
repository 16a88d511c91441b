"""Claim files: what a vendor delivered and we could not take, with row, column and reason, for him to mend."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

from pipelines.contracts.headers import column_key
from pipelines.contracts.model import Column, Contract
from pipelines.errors import UcvError
from pipelines.ingest.manifests import Manifest, is_expired, list_deliveries, quarantine_path
from pipelines.ingest.people import RESEMBLES_REASON
from pipelines.settings import Settings
from pipelines.storage.connection import open_connection, read_parquet_sql
from pipelines.storage.keys import Keys

COLUMNS = ("file", "delivered_at", "row_number", "column", "reason_code", "reason", "原因", "value")
_OPEN_CLASSES = frozenset({"public", "internal"})  # any other class of the contract is masked
_LONGEST_VALUE, _LONGEST_LINE = 200, 1_000  # characters
_UNREADABLE = frozenset({"broken_line", "broken_json"})
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_claims(
    contract: Contract, settings: Settings, keys: Keys, delivery_id: str | None = None
) -> tuple[Path, int]:
    """Write `exports/claims/<source>.csv`, a line per rejected row and reason; returns the path and number of lines.

    `row_number` counts the delivered rows from 1, the header not counted. Raises UcvError if nothing was rejected.
    """
    found = [
        manifest for manifest in list_deliveries(settings.home, contract.kind, contract.id)
        if manifest["quarantined"] and not is_expired(manifest) and delivery_id in (None, manifest["delivery_id"])
    ]  # fmt: skip
    if not found:
        raise UcvError(f"No stored delivery of {contract.id} has rejected rows; nothing to claim.")
    path = settings.home / "exports" / "claims" / f"{contract.id}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = 0
    # With a byte order mark: Excel reads Chinese only then.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for manifest in found:
            for line in _claims(manifest, contract, settings, keys):
                writer.writerow(line)
                lines += 1
    return path, lines


def _claims(manifest: Manifest, contract: Contract, settings: Settings, keys: Keys) -> Iterator[list[str]]:
    stored = quarantine_path(settings.home, manifest)
    positions = {column_key(name): f"c{index}" for index, name in enumerate(manifest.get("header", []))}
    conn = open_connection(settings, keys)
    try:
        sql = f"SELECT row_number, reasons, delivered FROM {read_parquet_sql([stored])} ORDER BY row_number"
        reader = conn.execute(sql)
        while batch := reader.fetchmany(10_000):
            for row_number, reasons, delivered in batch:
                for reason in reasons.split(";"):
                    code, _, field = reason.partition(":")
                    if code == RESEMBLES_REASON:
                        continue  # no fault of the vendor's, and nothing to tell him
                    column = contract.column(field)
                    english, chinese = _words().get(code, (code, code))
                    yield [
                        manifest["file_name"], manifest["delivered_at"][:19], str(row_number),
                        column.physical_name if column else field, code, english, chinese,
                        _value(delivered, code, column, positions),
                    ]  # fmt: skip
    finally:
        conn.close()


def _value(delivered: str, code: str, column: Column | None, positions: dict[str, str]) -> str:
    """The rejected value, masked by its class. Of a line whose parts cannot be told apart it is the line itself, by which
    alone its sender finds it; of one with too many or too few cells nothing is repeated."""
    cells = _cells(delivered)
    if cells is None:
        is_whole = code in _UNREADABLE or '"' in delivered
        return _harmless(delivered.replace("\x1f", "|").strip(), _LONGEST_LINE) if is_whole else ""
    if column is None:
        return ""
    value = cells.get(positions.get(column_key(column.physical_name), "")) or ""
    if column.classification and column.classification not in _OPEN_CLASSES:
        return f"{value[:1]}***" if value else ""
    return _harmless(value, _LONGEST_VALUE)


def _cells(delivered: str) -> dict[str, str | None] | None:
    """The cells of a row that could be read, by their staged names; None for the text of one that could not."""
    try:
        cells = json.loads(delivered)
    except ValueError:
        return None
    return cells if isinstance(cells, dict) and "row_number" in cells else None


def _harmless(value: str, longest: int) -> str:
    """A cell that begins like a formula would be run by a spreadsheet."""
    return f"'{value[:longest]}" if value.startswith(_FORMULA) else value[:longest]


@cache
def _words() -> dict[str, tuple[str, str]]:
    text = files(__package__).joinpath("reject_reasons.csv").read_text(encoding="utf-8")
    return {row["code"]: (row["en"], row["zh"]) for row in csv.DictReader(text.splitlines())}
