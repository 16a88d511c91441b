"""Seeded chance: the only source of randomness of the generator."""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Generic, TypeVar

Item = TypeVar("Item")

_STRIDE = 61_803_399
"""Coprime to 10: i -> i * stride + offset visits every number once, so phone numbers are unique."""


class Weighted(Generic[Item]):
    """Items with weights above 0; `Dice.weighted` picks one in proportion."""

    def __init__(self, items: Sequence[tuple[Item, float]]) -> None:
        self.items = [item for item, _ in items]
        self.cumulative = list(accumulate(weight for _, weight in items))
        self.total = self.cumulative[-1]


class Dice:
    """Random draws of one block of people; the same seed words give the same draws on every machine."""

    def __init__(self, *words: object) -> None:
        # Text seeds go through SHA-512, not through hash(): no difference between processes.
        self._random = random.Random(":".join(map(str, words)))  # noqa: S311
        self.fraction = self._random.random

    def chance(self, share: float) -> bool:
        """True with probability `share` (0-1)."""
        return self.fraction() < share

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.fraction() * (high - low + 1))

    def pick(self, items: Sequence[Item]) -> Item:
        return items[int(self.fraction() * len(items))]

    def weighted(self, table: Weighted[Item]) -> Item:
        return table.items[bisect(table.cumulative, self.fraction() * table.total)]

    def shuffle(self, items: list[Item]) -> None:
        self._random.shuffle(items)

    def day(self, first: date, last: date) -> date:
        """A day from first to last, both included; first if the order is wrong."""
        return first + timedelta(days=self.whole(0, max(0, (last - first).days)))

    def moment(self, first: datetime, last: datetime) -> datetime:
        """A whole second from first to last by day time: shops and forms are used from 8 to 23 o'clock."""
        day = self.day(first.date(), last.date())
        at = datetime(day.year, day.month, day.day) + timedelta(
            seconds=8 * 3600 + int(self.fraction() * 15 * 3600)
        )
        return min(max(at, first), last)


def scatter(index: int, offset: int, digits: int = 8) -> int:
    """A number of at most `digits` digits, another one for every index below 10**digits."""
    return int((index * _STRIDE + offset) % 10**digits)
