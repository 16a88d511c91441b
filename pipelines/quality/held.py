"""Holding figures against their bounds with Great Expectations: the figures are its rows, so that one suite serves any number.

A figure without a value is held against nothing: there was nothing to measure, which `records_present` and its like tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from pipelines.quality.results import Figure
from pipelines.quality.suite import validate_figures

_OPEN = {"low": float("-inf"), "high": float("inf")}


def held(name: str, figures: Sequence[Figure]) -> list[Figure]:
    """The figures with `passed` as the suite of that name says, in their order."""
    if not figures:
        return []
    frame = pd.DataFrame(
        {
            "figure": range(len(figures)),
            "value": [float("nan") if one.value is None else float(one.value) for one in figures],
            "low": [_OPEN["low"] if one.low is None else float(one.low) for one in figures],
            "high": [_OPEN["high"] if one.high is None else float(one.high) for one in figures],
        }
    )
    failed = validate_figures(name, frame)
    return [replace(one, passed=turn not in failed) for turn, one in enumerate(figures)]
