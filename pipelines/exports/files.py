"""The file of an export: raw CSV or Parquet for machines, CSV that no spreadsheet runs, or hashes for advertising platforms."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from pipelines.exports.hashing import hashed_email, hashed_phone
from pipelines.exports.quiet_hours import allowed_hours, country_of
from pipelines.exports.request import CSV, HASHED, PARQUET, SPREADSHEET, Request
from pipelines.exports.rows import Recipient
from pipelines.storage.durable import sync_directory, sync_file

Cells = Callable[[Mapping[str, str]], list[str]]
"""From what an export knows of a person (OWN of file_contract) to the cells of their row."""

SUFFIX = {CSV: "csv", PARQUET: "parquet", SPREADSHEET: "csv", HASHED: "csv"}

_FORMULA_STARTS = tuple("=+-@|%＝＋－＠")
_CONTROLS = tuple("\t\r\n")
_BLANKS = " \t\r\n\u3000\u00a0\ufeff\u200b"
"""Signs with which a cell begins to count, call or link in some spreadsheet, full-width ones included."""

_PLATFORM_HEADER = {"email": "Email", "phone": "Phone"}


def write_export(
    folder: Path, request: Request, recipients: Sequence[Recipient], cells: Cells | None = None
) -> Path:
    """Write the file into a new folder (mode 0700), durably, mode 0600; return its path.

    `cells` gives the row that the request's contract asks for.
    """
    header, rows = table_of(request, recipients, cells)
    folder.mkdir(parents=True, mode=0o700)
    path = folder / f"{request.export_id}.{SUFFIX[request.form]}"
    _create(path)
    if request.form == PARQUET:
        _write_parquet(path, header, rows)
    else:
        _write_csv(path, header, rows, for_people=request.form == SPREADSHEET)
    sync_file(path)
    sync_directory(folder)
    return path


def write_left(folder: Path, request: Request, left: Sequence[str]) -> Path:
    """Beside the file of a change: who shall be removed, by the names that earlier files gave them."""
    path = folder / f"{request.export_id}-left.csv"
    _create(path)
    _write_csv(path, ["recipient"], sorted([one] for one in left), for_people=request.form == SPREADSHEET)
    sync_file(path)
    sync_directory(folder)
    return path


def table_of(
    request: Request, recipients: Sequence[Recipient], cells: Cells | None = None
) -> tuple[list[str], list[list[str]]]:
    """Header and rows. A hashed file has one column, named as Customer Match wants it; the others recipient, name and value.

    Where somebody is called or texted, each row also tells the country of the number and when that is allowed there.
    """
    if request.contract and cells:
        header = [column.name for column in request.contract.columns]
        return header, [
            cells({**asdict(row), "allowed_hours": _hours(request, row.value)}) for row in recipients
        ]
    if request.form == HASHED:
        hashed = hashed_email if request.kind == "email" else hashed_phone
        return [_PLATFORM_HEADER[request.kind]], sorted([hashed(row.value)] for row in recipients)
    header, rows = (
        ["recipient", "name", request.kind],
        [[row.recipient, row.name, row.value] for row in recipients],
    )
    if request.kind == "phone":
        header += ["country", "allowed_hours"]
        for row in rows:
            row += [country_of(row[2]), _hours(request, row[2])]
    return header, rows


def _hours(request: Request, value: str) -> str:
    return allowed_hours(country_of(value)) if request.kind == "phone" else ""


def safe_cell(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet would run it; the apostrophe shows that it is text."""
    begins = text.lstrip(_BLANKS)
    is_run = text[:1] in _CONTROLS or begins[:1] in _FORMULA_STARTS
    return f"'{text}" if text and is_run and begins else text


def _create(path: Path) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _write_csv(path: Path, header: list[str], rows: list[list[str]], *, for_people: bool) -> None:
    """RFC 4180. For people with a byte order mark, without which spreadsheets read hanzi wrongly, and every cell safe."""
    with path.open("w", encoding="utf-8-sig" if for_people else "utf-8", newline="") as stream:
        writer = csv.writer(
            stream,
            lineterminator="\r\n" if for_people else "\n",
            quoting=csv.QUOTE_ALL if for_people else csv.QUOTE_MINIMAL,
        )
        writer.writerow(header)
        for row in rows:
            writer.writerow([safe_cell(cell) for cell in row] if for_people else row)


def _write_parquet(path: Path, header: list[str], rows: list[list[str]]) -> None:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    columns = list(zip(*rows, strict=True)) or [()] * len(header)
    table = pa.table(
        {name: pa.array(values, pa.string()) for name, values in zip(header, columns, strict=True)}
    )
    pq.write_table(table, path, compression="zstd")
