"""The quick way through a Parquet file whose columns are text, whole numbers or true and false: Arrow casts them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

_ROWS = 50_000


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
    """Batches of text columns c0, c1, … in file order."""
    for batch in pq.ParquetFile(path).iter_batches(_ROWS):
        columns = [column.cast(pa.string()) for column in batch.columns]
        yield pa.RecordBatch.from_arrays(columns, names=[f"c{index}" for index in range(len(columns))])
