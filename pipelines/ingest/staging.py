"""Delivered rows as a stream of Arrow batches of text, through the quick reader where it can; memory is that of a batch."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa

from pipelines.contracts.model import Server
from pipelines.ingest.fast_csv import IrregularError, is_candidate, read_regular
from pipelines.ingest.parquet import is_textual, read_textual
from pipelines.ingest.readers import Delivered
from pipelines.ingest.records import Row

_BATCH = 50_000


class Stream:
    """Rows of one file for DuckDB to read once: row_number from 1, problem, broken, c0, c1, … as text.

    `rows` counts what has been read; text that `is_clean` holds no control characters. A Python error inside the stream
    reaches DuckDB as text only, so it is kept in `error`.
    """

    def __init__(self, width: int, batches: Iterator[pa.RecordBatch], *, is_clean: bool = False) -> None:
        self.is_clean = is_clean
        self.rows = 0
        self.error: Exception | None = None
        names = ["problem", "broken", *(f"c{index}" for index in range(width))]
        self._schema = pa.schema([("row_number", pa.int64()), *((name, pa.string()) for name in names)])
        self._batches = batches

    def reader(self) -> pa.RecordBatchReader:
        return pa.RecordBatchReader.from_batches(self._schema, self._numbered())

    def _numbered(self) -> Iterator[pa.RecordBatch]:
        try:
            for batch in self._batches:
                count = batch.num_rows
                columns = {name: batch.column(name) for name in batch.schema.names}
                columns["row_number"] = pa.array(np.arange(self.rows + 1, self.rows + count + 1))
                empty = pa.nulls(count, pa.string())
                self.rows += count
                yield pa.RecordBatch.from_arrays(
                    [columns.get(field.name, empty) for field in self._schema], schema=self._schema
                )
        except Exception as error:
            self.error = error
            raise


def streams(path: Path, server: Server, delivered: Delivered) -> Iterator[Stream]:
    """The quick streams, where the file may be fit for them, then the careful one, which gives the same rows.

    The next is asked for only if the one before ended in IrregularError.
    """
    width = len(delivered.header)
    if is_candidate(server, delivered.header):
        for is_clean in (True, False):
            batches = read_regular(path, server, delivered.header, is_clean=is_clean)
            yield Stream(width, batches, is_clean=is_clean)
    elif server.format == "parquet" and is_textual(path):
        yield Stream(width, read_textual(path))
    yield Stream(width, _careful(delivered.rows, width))


def is_irregular(stream: Stream) -> bool:
    return isinstance(stream.error, IrregularError)


def _careful(rows: Iterator[Row], width: int) -> Iterator[pa.RecordBatch]:
    names = ["problem", "broken", *(f"c{index}" for index in range(width))]
    for batch in _batches(rows):
        good = [values if problem is None else [None] * width for _, values, problem in batch]
        broken = [
            None if problem is None else "\x1f".join(v or "" for v in values) for _, values, problem in batch
        ]
        problems = [problem for _, _, problem in batch]
        arrays = [pa.array(column, pa.string()) for column in (problems, broken, *zip(*good, strict=True))]
        yield pa.RecordBatch.from_arrays(arrays, names=names)


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, _BATCH)):
        # A lone surrogate cannot be stored as text anywhere.
        yield [
            (n, [None if v is None else v.encode("utf-8", "replace").decode() for v in vs], p)
            for n, vs, p in batch
        ]
