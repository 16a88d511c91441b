"""Similarities by RapidFuzz over columns of pairs, 0-1; null when a side is null."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA


def osa_similarity(a: Any, b: Any) -> Any:
    """1 - optimal string alignment distance / longer length, per row of two Arrow string columns."""
    return _pairwise(a, b, OSA.normalized_similarity, 1.0)


def token_set_similarity(a: Any, b: Any) -> Any:
    """RapidFuzz token_set_ratio per row, divided by 100."""
    return _pairwise(a, b, fuzz.token_set_ratio, 100.0)


def _pairwise(a: Any, b: Any, scorer: Any, scale: float) -> Any:
    left, right = a.to_pylist(), b.to_pylist()
    missing = np.array([x is None or y is None for x, y in zip(left, right, strict=True)], dtype=bool)
    scores = process.cpdist([x or "" for x in left], [y or "" for y in right], scorer=scorer) / scale
    return pa.array(scores, pa.float64(), mask=missing)
