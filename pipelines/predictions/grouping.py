"""Customers with the same history counted once, and few enough of them that a fit takes no longer in a larger home."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]

MOST_HISTORIES = 5_000
"""A few parameters need no more. Beyond it histories that are nearly the same become one."""

_FINEST, _COARSEST = 11, 6  # steps of 1/2048 to 1/64 of the range that a measure spans


def group_histories(frequency: Vector, measures: list[Vector]) -> tuple[Vector, list[Vector], Vector]:
    """Distinct frequencies with their measures, and how many customers each stands for (the sum is all of them).

    At most MOST_HISTORIES come back, in an order that only their values decide: the same customers in any order give the
    same bits. Measures are rounded only where there are more, to the finest step that suffices; if the coarsest does not,
    every n-th customer in the order of the values is taken.
    """
    rows, counts = np.unique(np.column_stack([frequency, *measures]), axis=0, return_counts=True)
    weights = counts.astype(np.float64)
    widest = float(np.ptp(rows[:, 1:])) or 1.0
    for power in range(_FINEST, _COARSEST - 1, -1):
        if len(rows) <= MOST_HISTORIES:
            break
        rows, weights = _rounded(rows, weights, widest / 2**power)
    if len(rows) > MOST_HISTORIES:
        rows, weights = _every_nth(rows, weights)
    return rows[:, 0], list(rows[:, 1:].T), weights


def _rounded(rows: Vector, weights: Vector, step: float) -> tuple[Vector, Vector]:
    rounded = np.column_stack([rows[:, 0], np.round(rows[:, 1:] / step) * step])
    distinct, place = np.unique(rounded, axis=0, return_inverse=True)
    return distinct, np.asarray(np.bincount(place.ravel(), weights=weights), dtype=np.float64)


def _every_nth(rows: Vector, weights: Vector) -> tuple[Vector, Vector]:
    """Each row that is taken stands for as many customers as the next."""
    share = weights.sum() / MOST_HISTORIES
    at = np.searchsorted(np.cumsum(weights), (np.arange(MOST_HISTORIES) + 0.5) * share)
    taken, times = np.unique(at, return_counts=True)
    return rows[taken], times * share
