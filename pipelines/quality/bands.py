"""Learned bands: where a figure of a delivery should lie after the last good deliveries of the same source.

Centre: the median of all, moved by what the weekday usually differs by as far as that is no chance. Width: what the figure
usually moves by (a robust standard deviation around those centres), never less than chance allows at this number of rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import median

FEWEST = 7
"""Good deliveries below which nothing is learned: fixed thresholds hold."""
MOST = 42
"""Deliveries that are looked back at: six weeks, so that what changes slowly is followed."""
FEWEST_OF_A_WEEKDAY = 3
FEWEST_ROWS = 20
"""Rows below which a share says nothing: with nineteen one more or less moves it by a twentieth."""

SHARE_SIGMAS = 5.0
ROW_SIGMAS = 4.6
"""A source has some hundred shares and one number of rows: at these widths both leave about one false alarm in years."""
SMALLEST_SHARE_CHANGE = 0.03
"""Less is of no consequence to anybody, however sure it is."""
SMALLEST_ROW_CHANGE = 0.25  # of the logarithm: less than a fifth fewer or a quarter more is no finding
_LEAST_SPREAD = 0.05  # of the logarithm of a number of rows
_ERROR_OF_MEDIAN = 1.25  # times the standard deviation over the root of the count
_TRIMMED = 1.27  # root mean square of the inner nine tenths -> the same
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
    """The band of a share (0-1) measured on `rows` rows; None with fewer than FEWEST deliveries or FEWEST_ROWS rows."""
    past = past[-MOST:]
    if len(past) < FEWEST or rows < FEWEST_ROWS:
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
    logs = [log(one.value + 1) for one in past]
    grown = _growth(logs)
    # Every past value as it would be today.
    today = [value + grown * (len(logs) - turn) for turn, value in enumerate(logs)]
    centre, spread = _centre_and_spread([*zip(today, (one.weekday for one in past), strict=True)], weekday)
    chance = 1 / sqrt(exp(centre))
    half = max(
        ROW_SIGMAS * max(spread, chance, _LEAST_SPREAD) * _small_sample(len(past)), SMALLEST_ROW_CHANGE
    )
    return Band(max(0.0, exp(centre - half) - 1), exp(centre + half) - 1, len(past))


def _growth(logs: Sequence[float]) -> float:
    """What the logarithm grows by from one delivery to the next, as far as that is no chance."""
    half = len(logs) // 2
    if half < FEWEST:
        return 0.0
    older, newer = logs[:half], logs[-half:]
    change = median(newer) - median(older)
    error = _ERROR_OF_MEDIAN * max(robust_spread(older), robust_spread(newer)) * sqrt(2 / half)
    sure = max(0.0, 1 - (error / change) ** 2) if change else 0.0
    return sure * change / (len(logs) - half)


def _centre_and_spread(values: Sequence[tuple[float, int]], weekday: int) -> tuple[float, float]:
    """The usual value on a weekday, and how far a value of that day may lie off it (one standard deviation)."""
    overall = median(value for value, _ in values)
    effects = _weekday_effects(values, overall)
    spread = robust_spread([value - overall - effects.get(_kind(day, effects), 0.0) for value, day in values])
    own = _kind(weekday, effects)
    if own is None:
        return overall, spread
    count = sum(_kind(day, effects) == own for _, day in values)
    effect = effects[own]
    error = _ERROR_OF_MEDIAN * spread / sqrt(count)
    # Shrunk: what one day differs by may be chance, the more so the fewer there were.
    sure = max(0.0, 1 - (error / effect) ** 2) if effect else 0.0
    return overall + sure * effect, spread * sqrt(1 + sure * _ERROR_OF_MEDIAN**2 / count)


def _weekday_effects(values: Sequence[tuple[float, int]], overall: float) -> dict[int | str | None, float]:
    """What a weekday differs by; where it came too seldom, what working days or week-ends differ by."""
    effects: dict[int | str | None, float] = {}
    for day in range(7):
        own = [value - overall for value, its in values if its == day]
        if len(own) >= FEWEST_OF_A_WEEKDAY:
            effects[day] = median(own)
    for name in ("working", "week-end"):
        own = [value - overall for value, its in values if _part_of_week(its) == name]
        if len(own) >= 2:
            effects[name] = median(own)
    return effects


def _kind(day: int, effects: Mapping[int | str | None, float]) -> int | str | None:
    part = _part_of_week(day)
    return day if day in effects else part if part in effects else None


def _part_of_week(day: int) -> str:
    return "week-end" if day >= 5 else "working"


def robust_spread(residuals: Sequence[float]) -> float:
    """A standard deviation that a few strange values do not widen, around the median."""
    middle = median(residuals)
    deviations = sorted(abs(value - middle) for value in residuals)
    trimmed = deviations[: max(1, round(len(deviations) * 0.9))]
    return max(
        _MAD * median(deviations), _TRIMMED * sqrt(sum(value * value for value in trimmed) / len(trimmed))
    )


def _small_sample(deliveries: int) -> float:
    """What a spread from few deliveries is to be widened by, since it may itself be off."""
    return 1 + 3 / deliveries
