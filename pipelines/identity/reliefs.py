"""What the guards of the matching specification fear, counted: are there people in these data whom it would confuse?

A guard holds back pairs that look like two people of one home: twins, father and son. Where the data have hardly any two people
of one home, such a pair is rather one person with a changed name or date. Both are counted among candidates, no truth is needed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipelines.matching.specification import Relief

RELIEF_FIELD = "relief"
"""Pseudo field of the model: one level per relief; weight is the log2 odds that such a pair is one person."""


def relief_rows(
    patterns: pd.DataFrame, reliefs: Sequence[Relief], settings: dict[str, float]
) -> pd.DataFrame:
    """One row per relief (field `RELIEF_FIELD`, label its name): m the share of one person among its pairs, u the rest (0-1).

    `patterns`: candidates with `<relief>_relief`, `<relief>_among` (absent: no pair) and pair_count. `settings`: share of each relief
    (absent: all of them) and `relief_doubt`, pairs of two people that are expected anyway; one is in any case.
    """
    rows = []
    for level, relief in enumerate(reliefs):
        counted = settings.get(relief.share, 1.0) * _pairs(patterns, f"{relief.name}_among")
        expected = max(counted + settings.get("relief_doubt", 0.0), 1.0)
        seen = max(_pairs(patterns, f"{relief.name}_relief"), 2 * expected)
        rows.append(
            (RELIEF_FIELD, level, relief.name, 1 - expected / seen, expected / seen, False, relief.text)
        )
    return pd.DataFrame(rows, columns=["field", "level", "label", "m", "u", "is_exact", "description"])


def relieved(
    patterns: pd.DataFrame, rows: pd.DataFrame, reliefs: Sequence[Relief], floor: float
) -> pd.DataFrame:
    """The patterns with the flags `<guard>_guard` off where the guard takes nothing: from `floor` bits of odds on."""
    bits = dict(zip(rows["label"], np.log2(rows["m"] / rows["u"]), strict=True))
    found = patterns.copy()
    for relief in reliefs:
        flag = f"{relief.name}_relief"
        if bits[relief.name] < floor or flag not in found:
            continue
        for guard in relief.of:
            if f"{guard}_guard" in found:
                found[f"{guard}_guard"] = found[f"{guard}_guard"].astype(bool) & ~found[flag].astype(bool)
    return found


def _pairs(patterns: pd.DataFrame, flag: str) -> float:
    return float(patterns.loc[patterns[flag].to_numpy(bool), "pair_count"].sum()) if flag in patterns else 0.0
