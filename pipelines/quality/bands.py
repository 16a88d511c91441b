"""Learned bands: where a figure of a delivery should lie after the last good deliveries of the same source.

Centre: the median of deliveries of the same weekday, where there are enough, else of all. Width: what the figure usually
moves by (a robust standard deviation around those centres), never less than chance allows at this number of rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import median

FEWEST = 7
"""Good deliveries below which nothing is learned: fixed thresholds hold."""
MOST = 42
"""Deliveries that are looked back at: six weeks, so that what changes slowly is followed."""
FEWEST_OF_A_WEEKDAY = 3

SHARE_SIGMAS = 5.0
ROW_SIGMAS = 4.0
"""A source has some hundred shares and one number of rows: at these widths both leave about one false alarm in years."""
SMALLEST_SHARE_CHANGE = 0.03
"""Less is of no consequence to anybody, however sure it is."""
SMALLEST_ROW_CHANGE = 0.25  # of the logarithm: less than a fifth fewer or a quarter more is no finding
_LEAST_SPREAD = 0.05  # of the logarithm of a number of rows
_MAD = 1.4826  # median absolute deviation -> standard deviation of a normal distribution


@dataclass(frozen=True)
class Past:
    """A figure of an earlier delivery: value, weekday (0 Monday) of the delivery, rows that it was measured on."""

    value: float
    weekday: int
    rows: float


@dataclass(frozen=True)
class Band:
    """Both bounds included; `deliveries` is how many it was learned from."""

    low: float
    high: float
    deliveries: int


def share_band(past: Sequence[Past], weekday: int, rows: float) -> Band | None:
    """The band of a share (0-1) measured on `rows` rows; None with fewer than FEWEST deliveries."""
    past = past[-MOST:]
    if len(past) < FEWEST or rows <= 0:
        return None
    centre, spread = _centre_and_spread([(one.value, one.weekday) for one in past], weekday)
    likely = (centre * 100 + 1) / 102  # a share of 0 or 1 so far is not one for ever
    chance = sqrt(likely * (1 - likely) / rows)
    half = max(SHARE_SIGMAS * max(spread, chance) * _small_sample(len(past)), SMALLEST_SHARE_CHANGE)
    return Band(max(0.0, centre - half), min(1.0, centre + half), len(past))


def row_band(past: Sequence[Past], weekday: int) -> Band | None:
    """The band of a number of rows; None with fewer than FEWEST deliveries."""
    past = past[-MOST:]
    if len(past) < FEWEST:
        return None
    centre, spread = _centre_and_spread([(log(one.value + 1), one.weekday) for one in past], weekday)
    chance = 1 / sqrt(exp(centre))
    half = max(
        ROW_SIGMAS * max(spread, chance, _LEAST_SPREAD) * _small_sample(len(past)), SMALLEST_ROW_CHANGE
    )
    return Band(max(0.0, exp(centre - half) - 1), exp(centre + half) - 1, len(past))


def _centre_and_spread(values: list[tuple[float, int]], weekday: int) -> tuple[float, float]:
    by_day: dict[int, list[float]] = defaultdict(list)
    for value, day in values:
        by_day[day].append(value)
    overall = median(value for value, _ in values)
    centres = {
        day: median(found) if len(found) >= FEWEST_OF_A_WEEKDAY else overall for day, found in by_day.items()
    }
    return centres.get(weekday, overall), robust_spread([value - centres[day] for value, day in values])


def robust_spread(residuals: Sequence[float]) -> float:
    """A standard deviation that a few strange values do not widen, around the median."""
    middle = median(residuals)
    deviations = sorted(abs(value - middle) for value in residuals)
    trimmed = deviations[: max(1, round(len(deviations) * 0.9))]
    return max(_MAD * median(deviations), sqrt(sum(value * value for value in trimmed) / len(trimmed)))


def _small_sample(deliveries: int) -> float:
    """What a spread from few deliveries is to be widened by, since it may itself be off."""
    return 1 + 3 / deliveries
