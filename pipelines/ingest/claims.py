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
                        _value(delivered, column, positions),
                    ]  # fmt: skip
    finally:
        conn.close()


def _value(delivered: str, column: Column | None, positions: dict[str, str]) -> str:
    """The rejected value, masked by its class; of a row that is broken as a whole nothing is repeated."""
    if column is None or not delivered.startswith("{"):
        return ""
    value = json.loads(delivered).get(positions.get(column_key(column.physical_name), "")) or ""
    if column.classification and column.classification not in _OPEN_CLASSES:
        return f"{value[:1]}***" if value else ""
    # A cell that begins like a formula would be run by a spreadsheet.
    return f"'{value[:200]}" if value.startswith(_FORMULA) else value[:200]


@cache
def _words() -> dict[str, tuple[str, str]]:
    text = files(__package__).joinpath("reject_reasons.csv").read_text(encoding="utf-8")
    return {row["code"]: (row["en"], row["zh"]) for row in csv.DictReader(text.splitlines())}
