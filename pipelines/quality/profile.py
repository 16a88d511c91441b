"""What a delivery looked like, in numbers: the memory from which bands are learned. It stands in the delivery's manifest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

FORM = 1
"""Form of a profile; another form is no history."""
MOST_CLASSES = 40
FEWEST_ROWS_OF_CLASS = 5
"""A class of fewer rows goes into OTHER: few people share it, and it says little."""
OTHER = "other"

Profile = dict[str, Any]


def profile_of(frame: pd.DataFrame, counts: Mapping[str, int], unrepeated: float | None) -> Profile:
    """The profile of a delivery from its frame and its counts of rows (rows_in, accepted, quarantined, duplicate).

    shares: measure -> [share 0-1, rows that it was measured on]; classes: field -> {class: rows of the frame}.
    `unrepeated` is the share of rows whose content stands once in the delivery.
    """
    rows = counts["rows_in"]
    shares: dict[str, list[float]] = {}
    classes: dict[str, dict[str, int]] = {}
    if rows:
        shares["quarantined"] = [counts["quarantined"] / rows, rows]
    if unrepeated is not None:
        shares["unrepeated"] = [round(unrepeated, 6), rows - counts["quarantined"]]
    for name in frame.columns:
        what, _, field = name.partition(":")
        column = frame[name].dropna()
        if column.empty:
            continue
        if what == "label":
            classes[field] = _classes(column)
        elif what == "distinct":
            shares[name] = [round(column.nunique() / len(column), 6), len(column)]
        else:
            shares[name] = [round(float(column.mean()), 6), len(column)]
    return {"form": FORM, "rows": rows, "shares": shares, "classes": classes}


def _classes(column: pd.Series) -> dict[str, int]:
    """Rows by class; free text, whose values hardly repeat, is all OTHER."""
    counts = column.value_counts()
    kept = counts[counts >= FEWEST_ROWS_OF_CLASS][:MOST_CLASSES]
    other = int(counts.sum() - kept.sum())
    if other > 0.5 * len(column) and len(counts) > MOST_CLASSES:
        return {OTHER: len(column)}
    found = {str(label): int(count) for label, count in sorted(kept.items(), key=lambda item: str(item[0]))}
    return {**found, OTHER: found.get(OTHER, 0) + other} if other else found
