"""Parquet as rows of text: quickly where every column is text, whole numbers or true and false, else value by value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.contracts.headers import column_key
from pipelines.errors import DeliveryError
from pipelines.ingest.typed_numbers import unmistakable

_ROWS = 50_000
_BOMB_ROWS, _ROWS_PER_BYTE = 10_000_000, 100  # each row has a key of its own, so that it takes some space


def read_parquet(
    path: Path, numbers: frozenset[str] = frozenset()
) -> tuple[list[str], Iterator[tuple[int, list[str | None], str | None]]]:
    """Header and rows, the typed numbers of the columns `numbers` with one reading.

    Raises DeliveryError (unreadable, decompression_bomb), also while rows are read.
    """
    with _told(path):
        file = pq.ParquetFile(path)
        count = file.metadata.num_rows
    if count > _BOMB_ROWS and count > _ROWS_PER_BYTE * path.stat().st_size:
        raise DeliveryError(
            "decompression_bomb",
            f"{path.name} has {count:,} rows in {path.stat().st_size:,} bytes; expected a list.",
        )
    return list(file.schema_arrow.names), _rows(path, file, numbers)


def _rows(
    path: Path, file: pq.ParquetFile, numbers: frozenset[str]
) -> Iterator[tuple[int, list[str | None], str | None]]:
    number = 0
    with _told(path):
        for batch in file.iter_batches(_ROWS):
            typed = [column_key(name) in numbers for name in batch.schema.names]
            columns = [
                [_text(value, is_number) for value in column.to_pylist()]
                for is_number, column in zip(typed, batch.columns, strict=True)
            ]
            for values in zip(*columns, strict=True):
                number += 1
                yield number, [*values], None


def is_textual(path: Path) -> bool:
    """Whether Arrow's text of every column is exactly that of the careful reader."""
    try:
        kinds = [field.type for field in pq.read_schema(path)]
    except (pa.ArrowException, OSError):
        return False
    return all(
        pa.types.is_string(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(kind) for kind in kinds
    )


def read_textual(path: Path) -> Iterator[pa.RecordBatch]:
    """Batches of text columns c0, c1, … in file order. Raises DeliveryError (unreadable)."""
    with _told(path):
        for batch in pq.ParquetFile(path).iter_batches(_ROWS):
            batch.validate(full=True)  # of text: that it is UTF-8
            columns = [column.cast(pa.string()) for column in batch.columns]
            yield pa.RecordBatch.from_arrays(columns, names=[f"c{index}" for index in range(len(columns))])


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, UnicodeError) as error:
        raise DeliveryError(
            "unreadable",
            f"{path.name} is damaged or no Parquet that can be read ({type(error).__name__}); deliver it again.",
        ) from None


def _text(value: Any, is_number: bool) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return unmistakable(str(value)) if is_number else str(value)
