"""Which rows of a delivery surely stand for the first time, told while they pass by, in memory that hardly grows.

A row is known by two hashes of 64 bits, of its key and of its content. Whether a row passed before is asked of a filter that
never overlooks one and takes few rows for another: those are looked at one by one afterwards.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Passed = tuple[Hashes, Hashes, NDArray[np.int64]]
"""Of rows that passed: hashes of their keys and of their contents, and their numbers."""
_MOST_PLACES, _FEWEST_PLACES = 28, 16  # as powers of two; a place is a byte
_PLACES_A_ROW = 24
_TURN, _MIX = np.uint64(31), np.uint64(0x9E3779B97F4A7C15)


class Repeats:
    """Of about `rows` rows in all; rows of earlier deliveries are told by `note`."""

    def __init__(self, rows: int) -> None:
        power = min(max((_PLACES_A_ROW * max(rows, 1)).bit_length(), _FEWEST_PLACES), _MOST_PLACES)
        self._places = np.zeros(1 << power, np.bool_)
        self._mask = np.uint64((1 << power) - 1)
        self._passed: list[Passed] = []

    def note(self, keys: Hashes, rows: Hashes) -> None:
        """These are known: such a row does not stand for the first time."""
        for place in self._spots(keys, rows):
            self._places[place] = True

    def first(self, keys: Hashes, rows: Hashes, numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of these rows, in order, surely stand for the first time; they count as passed from now on."""
        one, other = self._spots(keys, rows)
        seen = self._places[one] & self._places[other]
        alone = np.zeros(len(keys), np.bool_)
        alone[np.unique(keys ^ (rows * _MIX), return_index=True)[1]] = True
        is_first = alone & ~seen
        self._places[one] = self._places[other] = True
        self._passed.append((keys[is_first], rows[is_first], numbers[is_first]))
        return is_first

    def passed(self) -> Passed:
        """Key hashes, row hashes and numbers of all rows that passed as the first."""
        if len(self._passed) != 1:
            empty = (np.zeros(0, np.uint64), np.zeros(0, np.uint64), np.zeros(0, np.int64))
            parts = [*zip(*(self._passed or [empty]), strict=True)]
            self._passed = [(np.concatenate(parts[0]), np.concatenate(parts[1]), np.concatenate(parts[2]))]
        return self._passed[0]

    def _spots(self, keys: Hashes, rows: Hashes) -> tuple[Hashes, Hashes]:
        mixed = (keys ^ (rows * _MIX)) * _MIX
        return mixed & self._mask, (mixed >> _TURN) & self._mask
