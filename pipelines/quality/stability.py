"""The population stability index: how far the classes of a delivery lie from those of the deliveries before it.

sum over classes of (p - q) * ln(p / q). Below 0.1 is commonly read as stable, above 0.25 as changed; small deliveries lie
higher by chance alone, so that the limit is learned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from statistics import median

from pipelines.quality.bands import FEWEST, MOST, robust_spread
from pipelines.quality.profile import OTHER

Counts = Mapping[str, int]

FEWEST_ROWS = 30
"""Rows below which classes are not compared: chance would speak."""
LEAST_LIMIT = 0.1
_SIGMAS = 5.0
_RARE = 0.01  # share below which a class is counted with OTHER
SURELY_EXPECTED = 12
"""Rows of a class that are expected; that none comes by chance has a probability of 6 in a million."""


@dataclass(frozen=True)
class Reference:
    """The usual shares of a field's classes (they add up to 1), the limit of the index, the deliveries behind both.

    `least` are the smallest shares that the classes had in any of these deliveries.
    """

    shares: dict[str, float]
    limit: float
    deliveries: int
    least: dict[str, float]

    def surely_there(self, rows: int) -> set[str]:
        """Classes of which a delivery of `rows` rows has some: never missing so far, and expected SURELY_EXPECTED times."""
        return {
            label
            for label, share in self.shares.items()
            if share * rows >= SURELY_EXPECTED and self.least[label] > 0 and label != OTHER
        }


def stability(counts: Counts, shares: Mapping[str, float]) -> float:
    """The index of counted classes against usual shares; classes that are not usual count as one."""
    total = sum(counts.values())
    folded = _folded(counts, shares)
    each = 0.5 / (total + 1)
    index = 0.0
    for label, usual in shares.items():
        now = max(folded.get(label, 0) / total, each)
        index += (now - max(usual, each)) * log(now / max(usual, each))
    return index


def reference_of(past: Sequence[Counts], rows: int) -> Reference | None:
    """What the classes of a delivery with `rows` rows are held against; None with too few deliveries or rows."""
    usable = [counts for counts in past if sum(counts.values()) >= FEWEST_ROWS][-MOST:]
    if len(usable) < FEWEST or rows < FEWEST_ROWS:
        return None
    first = _usual(usable)
    middle, spread = _level([stability(counts, first) for counts in usable])
    # Once more without the strange ones: the first delivery of a source is often its whole past.
    kept = [counts for counts in usable if stability(counts, first) <= middle + _SIGMAS * spread]
    if len(kept) < FEWEST:
        return None
    shares = _usual(kept)
    left_out = [
        stability(counts, _usual([*kept[:turn], *kept[turn + 1 :]])) for turn, counts in enumerate(kept)
    ]
    middle, spread = _level(left_out)
    by_chance = (len(shares) - 1) * (1 / rows - median(1 / sum(counts.values()) for counts in kept))
    limit = max(LEAST_LIMIT, middle + _SIGMAS * spread) + max(0.0, by_chance) * 2
    least = {label: min(counts.get(label, 0) / sum(counts.values()) for counts in kept) for label in shares}
    return Reference(shares, limit, len(kept), least)


def _level(values: Sequence[float]) -> tuple[float, float]:
    return median(values), max(robust_spread(values), 0.2 * median(values))


def _usual(past: Sequence[Counts]) -> dict[str, float]:
    """Mean shares by class, every delivery counting alike; rare ones together as OTHER."""
    summed: dict[str, float] = {}
    for counts in past:
        total = sum(counts.values())
        for label, count in counts.items():
            summed[label] = summed.get(label, 0.0) + count / total / len(past)
    usual = {label: share for label, share in sorted(summed.items()) if share >= _RARE and label != OTHER}
    usual[OTHER] = max(0.0, 1 - sum(usual.values()))
    return usual


def _folded(counts: Counts, shares: Mapping[str, float]) -> dict[str, int]:
    folded: dict[str, int] = {}
    for label, count in counts.items():
        known = label if label in shares else OTHER
        folded[known] = folded.get(known, 0) + count
    return folded
