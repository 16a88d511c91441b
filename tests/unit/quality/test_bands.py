"""Learned bands: from how many deliveries, around what, and how wide."""

from __future__ import annotations

import random
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.quality.bands import FEWEST, Past, row_band, share_band

STEADY = [0.60, 0.61, 0.59, 0.60, 0.62, 0.58, 0.60, 0.61, 0.59, 0.60]


def shares(values: list[float], rows: float = 400) -> list[Past]:
    return [Past(value, turn % 7, rows) for turn, value in enumerate(values)]


def rows(
    nights: int, seed: int, week: tuple[float, ...] = (1,) * 7, noise: float = 0.08, growth: float = 0.0
) -> list[Past]:
    dice = random.Random(seed)
    return [
        Past(round(500 * week[night % 7] * exp(dice.gauss(0, noise) + growth * night)), night % 7, 1)
        for night in range(nights)
    ]  # fmt: skip


def test_nothing_is_learned_from_fewer_than_seven_deliveries() -> None:
    assert share_band(shares(STEADY[: FEWEST - 1]), 0, 400) is None
    assert row_band(rows(FEWEST - 1, 1), 0) is None
    band = share_band(shares(STEADY[:FEWEST]), 0, 400)
    assert band is not None
    assert band.deliveries == FEWEST == 7


def test_a_share_may_move_by_what_chance_moves_it() -> None:
    """400 rows at 60 %: one standard error is 2.4 points, five of them about 12, a third more for ten deliveries."""
    band = share_band(shares(STEADY), 3, 400)
    assert band is not None
    assert (band.low, band.high) == (pytest.approx(0.6 - 0.16, abs=0.02), pytest.approx(0.6 + 0.16, abs=0.02))
    fewer = share_band(shares(STEADY), 3, 40)
    assert fewer is not None
    assert fewer.low < band.low - 0.2


def test_a_share_of_a_few_rows_says_nothing() -> None:
    assert share_band(shares(STEADY), 3, 19) is None


def test_a_share_that_never_moved_may_move_a_little() -> None:
    band = share_band(shares([1.0] * 30, 100_000), 3, 100_000)
    assert band is not None
    assert band.low == pytest.approx(0.97)
    assert band.high == 1.0


def test_two_strange_deliveries_do_not_widen_a_band() -> None:
    narrow, wide = (
        share_band(shares(STEADY * 3), 0, 400),
        share_band(shares(STEADY * 3 + [0.05, 1.0]), 0, 400),
    )
    assert narrow is not None
    assert wide is not None
    assert wide.high - wide.low < 1.3 * (narrow.high - narrow.low)


def test_half_the_rows_lie_outside_and_a_tenth_more_inside() -> None:
    for seed in range(20):
        band = row_band(rows(30, seed), 2)
        assert band is not None
        assert not band.low <= 250 <= band.high
        assert band.low <= 550 <= band.high


def test_a_weekday_is_held_against_its_own_kind() -> None:
    """Week-ends of twice the rows: a Monday's rows on a Sunday are too few, a Sunday's on a Monday too many."""
    past = rows(42, 5, (1, 1, 1, 1, 1, 2, 2), 0.04)
    monday, sunday = row_band(past, 0), row_band(past, 6)
    assert monday is not None
    assert sunday is not None
    assert monday.low < 500 < monday.high < 1000
    assert 500 < sunday.low < 1000 < sunday.high


def test_the_second_week_end_is_known_from_the_first() -> None:
    past = rows(13, 5, (1, 1, 1, 1, 1, 2, 2), 0.04)  # the next is the second Sunday
    band = row_band(past, 6)
    assert band is not None
    assert band.low < 1000 < band.high


def test_what_grows_steadily_is_expected_to_grow_on() -> None:
    past = rows(42, 3, noise=0.03, growth=0.01)
    band = row_band(past, 0)
    assert band is not None
    assert band.low < 500 * exp(0.42) < band.high
    assert not band.low <= 500 <= band.high


def test_only_the_last_six_weeks_count() -> None:
    band = row_band([Past(9000, night % 7, 1) for night in range(100)] + rows(42, 1), 0)
    assert band is not None
    assert band.high < 1500


@given(st.lists(st.floats(0, 1), min_size=7, max_size=60), st.integers(0, 6), st.integers(20, 10**6))
def test_a_band_of_shares_is_one(values: list[float], weekday: int, measured: int) -> None:
    band = share_band(shares(values), weekday, measured)
    assert band is not None
    assert 0 <= band.low <= band.high <= 1
    assert band.high - band.low >= 0.02


@given(st.lists(st.integers(0, 10**9), min_size=7, max_size=60), st.integers(0, 6))
def test_a_band_of_rows_is_one(values: list[int], weekday: int) -> None:
    band = row_band([Past(value, turn % 7, value) for turn, value in enumerate(values)], weekday)
    assert band is not None
    assert 0 <= band.low <= band.high
