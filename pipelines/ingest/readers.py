"""Readers: any delivered format to rows of text, each with its number and, where the row itself is broken, why."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.contracts.headers import column_key, same_names
from pipelines.contracts.model import Server
from pipelines.errors import DeliveryError
from pipelines.ingest.json_lines import read_json_lines
from pipelines.ingest.records import MAX_FIELD, Row, split_records
from pipelines.ingest.text_file import bounded, open_text, told
from pipelines.ingest.workbook import first_lines, read_workbook

MAX_COLUMNS = 2_000


@dataclass(frozen=True)
class Delivered:
    """The columns of a file as named in it, unchanged, and its rows (to be read once)."""

    header: list[str]
    rows: Iterator[Row]


def read_delivery(path: Path, server: Server, numbers: frozenset[str] = frozenset()) -> Delivered:
    """Open one file by the contract's format. Raises DeliveryError for a file that cannot be read as a whole.

    In the columns `numbers` the text of what is typed as a number has one reading (see `typed_numbers`).
    Codes: empty_file, wrong_encoding, duplicate_header, too_many_columns, unreadable, not_a_file and those of the formats.
    """
    if not path.is_file():
        raise DeliveryError(
            "not_a_file", f"{path.name} is not a file; expected one that matches {server.path}."
        )
    if path.stat().st_size == 0:
        raise DeliveryError("empty_file", f"{path.name} has no bytes; ask the source to deliver it again.")
    if server.format in ("csv", "tsv"):
        delivered = _csv(path, server)
    else:
        reader = {"jsonl": _jsonl, "xlsx": _xlsx, "parquet": _parquet}[server.format]
        delivered = reader(path, server, numbers)
    names = [name for name in delivered.header if column_key(name)]
    doubled = same_names(names)
    if doubled:
        raise DeliveryError(
            "duplicate_header",
            f"{path.name} names {len(doubled)} column(s) twice: {', '.join(doubled[:5])}; expected each once (case, width, "
            "blanks and invisible signs make no other name).",
        )
    if len(names) > MAX_COLUMNS:
        raise DeliveryError(
            "too_many_columns", f"{path.name} has {len(names)} columns; expected at most {MAX_COLUMNS}."
        )
    if not names:
        raise DeliveryError(
            "empty_file", f"{path.name} has no header line; expected the column names of the contract."
        )
    return Delivered(delivered.header, _guarded(path, server, delivered.rows))


def _guarded(path: Path, server: Server, rows: Iterator[Row]) -> Iterator[Row]:
    with told(path, server):
        yield from rows


def _csv(path: Path, server: Server) -> Delivered:
    header = next(_records(path, server), (0, [], None))[1]
    return Delivered([name or "" for name in header], _csv_rows(path, server, len(header)))


def _csv_rows(path: Path, server: Server, width: int) -> Iterator[Row]:
    records = _records(path, server)
    next(records, None)
    for number, values, problem in records:
        wrong = "wrong_column_count" if problem is None and len(values) != width else problem
        yield number, values, wrong


def head_lines(path: Path, server: Server) -> Iterator[list[str | None]]:
    """The cells of every line from the first on, lines counted as `headerRow` counts them; of a workbook those of its first
    sheet. Raises DeliveryError."""
    if server.format == "xlsx":
        yield from first_lines(path, server)
        return
    with told(path, server), open_text(path, server) as file:
        for line in unmarked(bounded(file)):
            yield [*next(csv.reader([line.replace("\x00", "")], delimiter=server.delimiter), [])]


def _records(path: Path, server: Server) -> Iterator[Row]:
    """The header as record 0, then every record that is not blank."""
    with told(path, server), open_text(path, server) as file:
        for _ in range((server.header_row or 1) - 1):
            file.readline(MAX_FIELD)
        # NUL bytes would end the csv module's work; they are no part of any text.
        lines = (line.replace("\x00", "") for line in unmarked(bounded(file)))
        for number, (values, problem) in enumerate(split_records(lines, server.delimiter)):
            yield number, values, problem


def unmarked(lines: Iterator[str]) -> Iterator[str]:
    """Without byte order marks at the start: one more than the codec takes would hide a quotation mark behind it."""
    for number, line in enumerate(lines):
        yield line if number else line.lstrip("\ufeff")


def _jsonl(path: Path, server: Server, numbers: frozenset[str]) -> Delivered:
    return Delivered(*read_json_lines(path, server, numbers, MAX_COLUMNS))


def _xlsx(path: Path, server: Server, numbers: frozenset[str]) -> Delivered:
    return Delivered(*read_workbook(path, server, numbers))


def _parquet(path: Path, server: Server, numbers: frozenset[str]) -> Delivered:
    from pipelines.ingest.parquet import read_parquet  # noqa: PLC0415 - only where one comes

    return Delivered(*read_parquet(path, numbers))
