"""The truth of a demo: which record is whose. Lies outside of what the pipeline reads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.demo.entries import Entry
from pipelines.errors import UcvError

TRUTH_FILE = Path("demo") / "truth.parquet"

_SCHEMA = pa.schema(
    [
        ("source_system", pa.string()),
        ("source_record_id", pa.string()),
        ("person_id", pa.string()),  # P… a person, O… an organisation, null: a receipt that names nobody
        ("entity_type", pa.string()),  # person | organisation | anonymous
        ("group", pa.string()),  # chinese | international | organisation
        ("evidence", pa.string()),  # person: says who; reference: only a member number or mailbox; none
        ("trouble", pa.string()),  # classes of this record, sorted, separated by ;
    ]
)
TRUTH_COLUMNS = tuple(_SCHEMA.names)


class TruthWriter:
    """Writes one row per delivered record that is not broken; a row repeated under its key counts once."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._writer = pq.ParquetWriter(path, _SCHEMA, compression="zstd")

    def write(self, entries: Iterable[Entry]) -> None:
        rows = [
            (entry.source, entry.key, entry.person_id or None, entry.entity_type, entry.group or None,
             entry.evidence, ";".join(sorted(entry.trouble)))
            for entry in entries
        ]  # fmt: skip
        if rows:
            columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
            self._writer.write_table(pa.Table.from_arrays(columns, schema=_SCHEMA))

    def close(self) -> None:
        self._writer.close()


def later_truth_file(home: Path, day: date) -> Path:
    """Where the truth of the records lies that were delivered on a later day."""
    return home / TRUTH_FILE.with_name(f"truth_{day:%Y%m%d}.parquet")


def read_truth(home: Path) -> pd.DataFrame:
    """The truth of the demo in `home`, later deliveries too: one row per record, columns TRUTH_COLUMNS.

    Raises UcvError if `home` holds no demo.
    """
    path = home / TRUTH_FILE
    if not path.is_file():
        raise UcvError(f"{home} holds no demo: expected {TRUTH_FILE}; run `ucv demo` on an empty home.")
    extra = sorted(path.parent.glob("truth_*.parquet"))
    frames: list[pd.DataFrame] = [pq.read_table(part).to_pandas() for part in (path, *extra)]
    return pd.concat(frames, ignore_index=True)
