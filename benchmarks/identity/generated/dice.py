"""One source of chance for the generated sets: single draws over numpy's generator, the same for the same seed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

import numpy as np

Item = TypeVar("Item")
_LISTS = Path(__file__).parent / "lists"
_FLATTEN = 4
"""Added to every rank of the Zipf law, so that the first name of a list is common but not half of all."""


class Dice:
    """Draws one value at a time; every method moves the generator on."""

    def __init__(self, seed: int) -> None:
        self._numbers = np.random.default_rng(seed)

    def chance(self, share: float) -> bool:
        return bool(self._numbers.random() < share)

    def below(self, end: int) -> int:
        """A whole number from 0 to `end` - 1."""
        return int(self._numbers.random() * end)

    def between(self, first: int, last: int) -> int:
        """A whole number from `first` to `last`, both included."""
        return first + self.below(last - first + 1)

    def pick(self, items: Sequence[Item]) -> Item:
        """Any item, all as likely."""
        return items[self.below(len(items))]

    def common(self, items: Sequence[Item]) -> Item:
        """An item of a list that is sorted by how common they are: Zipf's law over its ranks."""
        return items[bisect_left(_zipf(len(items)), float(self._numbers.random()))]

    def weighed(self, shares: dict[Item, float]) -> Item:
        """A key, as likely as its share of the sum of all shares."""
        left = float(self._numbers.random()) * sum(shares.values())
        for item, share in shares.items():
            left -= share
            if left < 0:
                return item
        return next(reversed(shares))

    def digits(self, count: int) -> str:
        return "".join(str(self.below(10)) for _ in range(count))

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        return [items[place] for place in self._numbers.permutation(len(items))]


@cache
def _zipf(size: int) -> list[float]:
    chance = 1 / np.arange(1 + _FLATTEN, size + 1 + _FLATTEN)
    total = np.cumsum(chance / chance.sum())
    total[-1] = 1.0
    return [float(value) for value in total]


@cache
def words(name: str) -> tuple[str, ...]:
    """The words of lists/`name`.txt in its order, common ones first; a word that is written twice counts once."""
    return tuple(dict.fromkeys((_LISTS / f"{name}.txt").read_text(encoding="utf-8").split()))


@cache
def lines(name: str) -> tuple[str, ...]:
    """The lines of lists/`name`.txt in its order."""
    text = (_LISTS / f"{name}.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line.strip())
