"""The claim file: tells a vendor which rows were not taken and why, without repeating a value."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from pathlib import Path

import duckdb

from pipelines.contracts.model import Contract
from pipelines.ingest.raw_store import list_deliveries, quarantine_path
from pipelines.ingest.reasons import REASON_TEXTS, split_reason
from pipelines.settings import Settings
from pipelines.storage.connection import open_connection, read_parquet_sql
from pipelines.storage.keys import Keys

_HEADER = (
    "file 文件", "row 行号", "reason code 原因代码", "column 列名", "value (masked) 值（已遮蔽）", "reason", "原因"
)  # fmt: skip
_SHOWN = 40  # characters of a masked value
_FETCH = 10_000


def write_claim_file(contract: Contract, settings: Settings, keys: Keys, out_dir: Path) -> Path:
    """Write rejects_<source>.csv (UTF-8 with a mark, for spreadsheets; mode 0600) and return its path.

    Grain: one line per rejected row and reason, over all deliveries of the source; only the header when nothing was
    rejected. Row numbers count data rows from 1, without header and blank lines. Raises OSError.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    path = out_dir / f"rejects_{contract.id}.csv"
    half = path.with_name(f".{path.name}.half")
    conn = open_connection(settings, keys)
    try:
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_HEADER)
            for manifest in list_deliveries(settings.home, contract.kind, contract.id):
                quarantined = quarantine_path(settings.home, manifest)
                if quarantined.is_file():
                    writer.writerows(_claims(conn, quarantined, contract))
        os.replace(half, path)
    finally:
        conn.close()
    return path


def mask(value: str) -> str:
    """The shape of a value: digits become 9, letters a, hanzi 字; a sign that starts a formula is set off."""
    shape = "".join(_mask_one(letter) for letter in value[:_SHOWN])
    return f"'{shape}" if shape[:1] in {"=", "+", "-", "@", "\t", "\r"} else shape


def _mask_one(letter: str) -> str:
    if letter.isdigit():
        return "9"
    if letter.isalpha():
        return "a" if letter < "\u2e80" else "字"
    return letter if letter.isprintable() else "?"


def _claims(conn: duckdb.DuckDBPyConnection, path: Path, contract: Contract) -> Iterator[tuple[str, ...]]:
    physical = {column.field: column.physical_name for column in contract.columns}
    sql = "SELECT file_name, row_number, reasons, column_names, delivered FROM {} ORDER BY row_number"
    found = conn.execute(sql.format(read_parquet_sql([path])))
    while rows := found.fetchmany(_FETCH):
        for file_name, row_number, reasons, names, delivered in rows:
            row = dict(zip(json.loads(names), json.loads(delivered), strict=False))
            for reason in reasons.split(";"):
                code, field = split_reason(reason)
                column = physical.get(field, field) if field else ""
                english, chinese = REASON_TEXTS[code]
                value = mask(row.get(column) or "") if field else ""
                yield file_name, str(row_number), code, column or "", value, english, chinese
