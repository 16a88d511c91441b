"""Writes rows to delivered files, a block at a time; the same rows give the same bytes on every run."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Protocol
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.demo.layouts import Layout

Cells = dict[str, str]
"""Physical column -> text; a missing column is empty."""

BROKEN = "\0line"
"""A row with this key is written as its value, as it is: a line that the format does not allow."""


class RowWriter(Protocol):
    """Writes one file of one source."""

    def write(self, rows: Sequence[Cells]) -> None:
        """Append rows."""

    def close(self) -> None:
        """Finish the file."""


class _Text:
    """Opens a text file, gzip where the name says so (without a time in its header)."""

    def __init__(self, path: Path, encoding: str) -> None:
        raw: IO[bytes] = path.open("wb")
        self._raw = raw
        if path.suffix == ".gz":
            self._gzip = gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=raw, mtime=0)
            raw = self._gzip  # type: ignore[assignment]
        self.stream = io.TextIOWrapper(raw, encoding=encoding, newline="", write_through=False)

    def close(self) -> None:
        self.stream.close()
        self._raw.close()


class DelimitedWriter:
    """csv and tsv, plain or gzip."""

    def __init__(self, path: Path, layout: Layout) -> None:
        server = layout.contract.server
        self._file = _Text(path, server.encoding)
        self._header = layout.header
        self._writer = csv.writer(self._file.stream, delimiter=server.delimiter, lineterminator="\r\n")
        self._writer.writerow(self._header)

    def write(self, rows: Sequence[Cells]) -> None:
        for row in rows:
            if BROKEN in row:
                self._file.stream.write(row[BROKEN] + "\r\n")
            else:
                self._writer.writerow([row.get(name, "") for name in self._header])

    def close(self) -> None:
        self._file.close()


class JsonLinesWriter:
    """One JSON object per line; empty fields are left out."""

    def __init__(self, path: Path, layout: Layout) -> None:
        self._file = _Text(path, layout.contract.server.encoding)
        self._header = layout.header

    def write(self, rows: Sequence[Cells]) -> None:
        for row in rows:
            if BROKEN in row:
                self._file.stream.write(row[BROKEN] + "\n")
            else:
                kept = {name: row[name] for name in self._header if row.get(name)}
                self._file.stream.write(json.dumps(kept, ensure_ascii=False) + "\n")

    def close(self) -> None:
        self._file.close()


_CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_RELATION = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/>'
    "</Relationships>"
)
_WORKBOOK = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="{sheet}" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_SHEET_START = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)


class WorkbookWriter:
    """xlsx with text cells, written as a stream: openpyxl takes minutes for a million and stamps the time."""

    def __init__(self, path: Path, layout: Layout) -> None:
        self._header = layout.header
        self._columns = [_column_letters(place) for place in range(len(self._header))]
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
        self._add("[Content_Types].xml", _CONTENT_TYPES)
        self._add("_rels/.rels", _RELATION.format(kind="officeDocument", target="xl/workbook.xml"))
        self._add("xl/workbook.xml", _WORKBOOK.format(sheet=escape(layout.contract.server.sheet or "Sheet1")))
        self._add(
            "xl/_rels/workbook.xml.rels", _RELATION.format(kind="worksheet", target="worksheets/sheet1.xml")
        )
        self._sheet = self._zip.open(_entry("xl/worksheets/sheet1.xml"), "w", force_zip64=True)
        self._sheet.write(_SHEET_START.encode())
        self._count = 0
        self.write([dict(zip(self._header, self._header, strict=True))])

    def write(self, rows: Sequence[Cells]) -> None:
        parts = []
        for row in rows:
            self._count += 1
            cells = "".join(
                f'<c r="{letters}{self._count}" t="inlineStr"><is><t>{escape(row[name])}</t></is></c>'
                for letters, name in zip(self._columns, self._header, strict=True)
                if row.get(name)
            )
            parts.append(f'<row r="{self._count}">{cells}</row>')
        self._sheet.write("".join(parts).encode())

    def close(self) -> None:
        self._sheet.write(b"</sheetData></worksheet>")
        self._sheet.close()
        self._zip.close()

    def _add(self, name: str, text: str) -> None:
        self._zip.writestr(_entry(name), text)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=(2020, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _column_letters(place: int) -> str:
    return (chr(64 + place // 26) if place >= 26 else "") + chr(65 + place % 26)


_PARQUET_TYPES = {"integer": pa.int64(), "decimal": pa.decimal128(12, 2)}


class ParquetWriter:
    """Parquet with whole numbers and amounts typed, times and all else as text."""

    def __init__(self, path: Path, layout: Layout) -> None:
        kinds = {column.physical_name: column.type for column in layout.contract.columns}
        self._schema = pa.schema(
            [(name, _PARQUET_TYPES.get(kinds[name], pa.string())) for name in layout.header]
        )
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")

    def write(self, rows: Sequence[Cells]) -> None:
        if rows:
            arrays = [
                pa.array([_typed(row.get(field.name), field.type) for row in rows], field.type)
                for field in self._schema
            ]
            self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))

    def close(self) -> None:
        self._writer.close()


def _typed(text: str | None, kind: Any) -> str | int | Decimal | None:
    if not text:
        return None
    if pa.types.is_integer(kind):
        return int(text)
    return Decimal(text) if pa.types.is_decimal(kind) else text


def open_writer(path: Path, layout: Layout) -> RowWriter:
    """The writer for the format of the source's contract."""
    path.parent.mkdir(parents=True, exist_ok=True)
    writers: dict[str, type[Any]] = {
        "csv": DelimitedWriter, "jsonl": JsonLinesWriter, "xlsx": WorkbookWriter, "parquet": ParquetWriter,
    }  # fmt: skip
    writer: RowWriter = writers[layout.contract.server.format](path, layout)
    return writer
