"""Readers: any delivered format to rows of text, each with its number and, where the row itself is broken, why."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from pipelines.contracts.headers import column_key, same_names
from pipelines.contracts.model import Server
from pipelines.errors import DeliveryError
from pipelines.ingest.encodings import SAMPLE_BYTES, settle_encoding
from pipelines.ingest.opening import open_bytes
from pipelines.ingest.records import MAX_FIELD, split_records
from pipelines.ingest.typed_numbers import unmistakable
from pipelines.ingest.workbook import read_workbook

MAX_COLUMNS = 2_000
_TOO_LONG = '""x\n'

Row = tuple[int, list[str | None], str | None]  # row number from 1, values in header order, problem code


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
    with _told(path, server):
        yield from rows


@contextmanager
def _told(path: Path, server: Server) -> Iterator[None]:
    try:
        yield
    except UnicodeError as error:
        place = getattr(error, "start", "?")
        raise DeliveryError(
            "wrong_encoding",
            f"{path.name} is not {server.encoding} (byte {place} of a block does not fit); correct `encoding` in the "
            "contract or have the file written anew.",
        ) from None
    except (EOFError, gzip.BadGzipFile, zlib.error, csv.Error) as error:
        raise DeliveryError(
            "unreadable", f"{path.name} breaks off or is damaged ({type(error).__name__})."
        ) from None


@contextmanager
def open_text(path: Path, server: Server) -> Iterator[io.TextIOWrapper]:
    """The content as text, unpacked and decoded as the contract says."""
    with open_bytes(path, server.member) as probe:
        sample = probe.read(SAMPLE_BYTES)
    encoding = settle_encoding(sample, server.encoding, path.name)
    with open_bytes(path, server.member) as binary:
        yield io.TextIOWrapper(binary, encoding=encoding, errors="strict", newline="")


def _csv(path: Path, server: Server) -> Delivered:
    header = next(_records(path, server), (0, [], None))[1]
    return Delivered([name or "" for name in header], _csv_rows(path, server, len(header)))


def _csv_rows(path: Path, server: Server, width: int) -> Iterator[Row]:
    records = _records(path, server)
    next(records, None)
    for number, values, problem in records:
        wrong = "wrong_column_count" if problem is None and len(values) != width else problem
        yield number, values, wrong


def _records(path: Path, server: Server) -> Iterator[Row]:
    """The header as record 0, then every record that is not blank."""
    with _told(path, server), open_text(path, server) as file:
        for _ in range((server.header_row or 1) - 1):
            file.readline(MAX_FIELD)
        # NUL bytes would end the csv module's work; they are no part of any text.
        lines = (line.replace("\x00", "") for line in unmarked(bounded_lines(file)))
        for number, (values, problem) in enumerate(split_records(lines, server.delimiter)):
            yield number, values, problem


def unmarked(lines: Iterator[str]) -> Iterator[str]:
    """Without byte order marks at the start: one more than the codec takes would hide a quotation mark behind it."""
    for number, line in enumerate(lines):
        yield line if number else line.lstrip("\ufeff")


def bounded_lines(file: IO[str]) -> Iterator[str]:
    """Lines; in the place of one longer than MAX_FIELD stands text that no format can read, so that memory is bounded."""
    while line := file.readline(MAX_FIELD):
        if len(line) < MAX_FIELD or line.endswith(("\n", "\r")):
            yield line
            continue
        while line and not line.endswith(("\n", "\r")):
            line = file.readline(MAX_FIELD)
        yield _TOO_LONG


def _jsonl(path: Path, server: Server, numbers: frozenset[str]) -> Delivered:
    header: dict[str, None] = {}
    with _told(path, server), open_text(path, server) as file:
        for line in bounded_lines(file):
            values = _json_object(line)
            if values and len(header) <= MAX_COLUMNS:
                header.update(dict.fromkeys(values))

    columns = [(name, column_key(name) in numbers) for name in header]

    def rows() -> Iterator[Row]:
        number = 0
        with open_text(path, server) as file:
            for line in bounded_lines(file):
                if not line.strip():
                    continue
                number += 1
                values = _json_object(line)
                if values is None:
                    yield number, [line.strip()], "broken_json"
                else:
                    yield (
                        number,
                        [_json_text(values.get(name), is_number) for name, is_number in columns],
                        None,
                    )

    return Delivered([*header], rows())


def _json_object(line: str) -> dict[str, Any] | None:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None


def _json_text(value: Any, is_number: bool) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    text = json.dumps(value, ensure_ascii=False)
    return unmistakable(text) if is_number else text


def _xlsx(path: Path, server: Server, numbers: frozenset[str]) -> Delivered:
    return Delivered(*read_workbook(path, server, numbers))


def _parquet(path: Path, server: Server, numbers: frozenset[str]) -> Delivered:
    from pipelines.ingest.parquet import read_parquet  # noqa: PLC0415 - only where one comes

    return Delivered(*read_parquet(path, numbers))
