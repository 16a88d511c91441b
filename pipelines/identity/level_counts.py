"""Counts of levels over patterns, and chances from counts beside a prior."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from pipelines.identity.pair_classes import Counts, Floats

_SMALLEST = 1e-9


def level_counts(
    patterns: pd.DataFrame, fields: Iterable[str], shape: Counts, weights: Floats | None
) -> Counts:
    """Pairs at each level of each field; `shape` gives the number of levels, `weights` pairs of each pattern (none: pair_count)."""
    pairs = patterns["pair_count"].to_numpy(float) if weights is None else weights
    counts: Counts = {}
    for name in fields:
        level = patterns[f"{name}_level"].fillna(-1).to_numpy(int)
        held = level >= 0
        counts[name] = np.bincount(level[held], weights=pairs[held], minlength=len(shape[name])).astype(float)
    return counts


def smoothed(counts: Counts, prior: Counts, strength: float) -> Counts:
    """Chances of levels: what was counted, and `strength` pairs that are as `prior`."""
    chances = {}
    for name, seen in counts.items():
        weighed = seen + strength * prior[name] / prior[name].sum()
        chances[name] = np.maximum(weighed / weighed.sum(), _SMALLEST)
    return chances
