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

from pipelines.contracts.model import Server
from pipelines.errors import DeliveryError

MAX_FIELD = 1_000_000  # characters; a larger field is a broken quote rather than a value
_GZIP = b"\x1f\x8b"

Row = tuple[int, list[str | None], str | None]  # row number from 1, values in header order, problem code


@dataclass(frozen=True)
class Delivered:
    """The columns of a file as named in it, and its rows (to be read once)."""

    header: list[str]
    rows: Iterator[Row]


def read_delivery(path: Path, server: Server) -> Delivered:
    """Open one file by the contract's format. Raises DeliveryError for a file that cannot be read as a whole.

    Codes: empty_file, wrong_encoding, duplicate_header, unreadable, not_a_file.
    """
    if not path.is_file():
        raise DeliveryError(
            "not_a_file", f"{path.name} is not a file; expected one that matches {server.path}."
        )
    if path.stat().st_size == 0:
        raise DeliveryError("empty_file", f"{path.name} has no bytes; ask the source to deliver it again.")
    reader = {"csv": _csv, "tsv": _csv, "jsonl": _jsonl, "xlsx": _xlsx, "parquet": _parquet}[server.format]
    delivered = reader(path, server)
    names = [name for name in delivered.header if name]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise DeliveryError(
            "duplicate_header",
            f"{path.name} names {len(doubled)} column(s) twice: {', '.join(doubled[:5])}; expected each once.",
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


def _text(path: Path, server: Server) -> IO[str]:
    with path.open("rb") as probe:
        is_gzip = probe.read(2) == _GZIP
    binary: Any = gzip.open(path, "rb") if is_gzip else path.open("rb")  # noqa: SIM115 - closed with the text
    encoding = (
        "utf-8-sig" if server.encoding.lower().replace("_", "-") in ("utf-8", "utf8") else server.encoding
    )
    return io.TextIOWrapper(binary, encoding=encoding, errors="strict", newline="")


def _csv(path: Path, server: Server) -> Delivered:
    csv.field_size_limit(MAX_FIELD)
    delimiter = "\t" if server.format == "tsv" else server.delimiter
    with _told(path, server):
        # NUL bytes would end the csv module's work; they are no part of any text.
        lines = (line.replace("\x00", "") for line in _text(path, server))
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        header = [name.strip() for name in next(reader, [])]

    def rows() -> Iterator[Row]:
        number = 0
        while True:
            number += 1
            try:
                values = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield number, [], "broken_line"
                continue
            if not values:
                number -= 1  # a blank line is no row
            elif len(values) != len(header):
                yield number, [*values], "wrong_column_count"
            else:
                yield number, [*values], None

    return Delivered(header, rows())


def _jsonl(path: Path, server: Server) -> Delivered:
    header: dict[str, None] = {}
    with _told(path, server), _text(path, server) as file:
        for line in file:
            values = _json_object(line)
            if values:
                header.update(dict.fromkeys(values))

    def rows() -> Iterator[Row]:
        number = 0
        with _text(path, server) as file:
            for line in file:
                if not line.strip():
                    continue
                number += 1
                values = _json_object(line)
                if values is None:
                    yield number, [line.strip()], "broken_json"
                else:
                    yield number, [_json_text(values.get(name)) for name in header], None

    return Delivered([*header], rows())


def _json_object(line: str) -> dict[str, Any] | None:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None


def _json_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)


def _xlsx(path: Path, server: Server) -> Delivered:
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - only where a workbook comes

    try:
        book = CalamineWorkbook.from_path(str(path))
        sheet = book.get_sheet_by_name(server.sheet) if server.sheet else book.get_sheet_by_index(0)
        cells = sheet.to_python(skip_empty_area=True)
    except Exception as error:
        raise DeliveryError(
            "unreadable",
            f"{path.name} does not open as a workbook with the sheet of the contract ({type(error).__name__}).",
        ) from None
    header = [_cell(value) or "" for value in cells[0]] if cells else []
    rows = (
        (number, [_cell(value) for value in row], None)
        for number, row in enumerate(cells[1:], start=1)
        if any(value not in ("", None) for value in row)
    )
    return Delivered(header, rows)


def _cell(value: Any) -> str | None:
    if value in ("", None):
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat(sep=" ") if hasattr(value, "hour") and hasattr(value, "year") else str(value)


def _parquet(path: Path, server: Server) -> Delivered:
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        file = pq.ParquetFile(path)
    except Exception as error:
        raise DeliveryError(
            "unreadable", f"{path.name} does not open as Parquet ({type(error).__name__})."
        ) from None
    header = list(file.schema_arrow.names)

    def rows() -> Iterator[Row]:
        number = 0
        for batch in file.iter_batches():
            columns = [[_parquet_text(value) for value in column.to_pylist()] for column in batch.columns]
            for values in zip(*columns, strict=True):
                number += 1
                yield number, [*values], None

    return Delivered(header, rows())


def _parquet_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else str(value)
