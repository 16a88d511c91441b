"""Writes rows to delivered files, a block at a time; the same rows give the same bytes on every run."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.demo.layouts import Cells, Layout
from pipelines.demo.workbook import WorkbookWriter

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
