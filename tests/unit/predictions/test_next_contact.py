"""The next channel and hour: habits are found, no habit is not published, and days after the cut change no choice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from pipelines.predictions import back_test as frame
from pipelines.predictions.next_contact import BASELINE, MODEL, channels_of, hours_of, predict_choice
from pipelines.predictions.results import Results

UNTIL = date(2026, 11, 1)
ACTS = pa.schema([
    ("customer_id", pa.string()), ("day", pa.date32()), ("channel", pa.string()), ("hour", pa.int32()),
])  # fmt: skip
CHANNELS = ("app", "store", "website")
Act = tuple[str, date, str | None, int | None]


def acts(rows: list[Act]) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(ACTS.names, row, strict=True)) for row in rows], ACTS)


def habits(strength: float, customers: int = 600) -> list[Act]:
    """Every customer has a channel and an hour of the own, kept to so often."""
    dice = np.random.default_rng(2)
    rows: list[Act] = []
    for number in range(customers):
        for day in range(int(dice.integers(0, 40)), 400, 40):
            own = dice.random() < strength
            channel = CHANNELS[number % 3 if own else dice.integers(0, 3)]
            hour = int(8 + 3 * (number % 4) if own else dice.integers(0, 24))
            rows.append((f"c{number:03}", UNTIL - timedelta(days=day), channel, hour))
    return rows


def told(rows: list[Act]) -> list[dict[str, Any]]:
    results = Results()
    predict_choice("best_channel", channels_of(acts(rows)), UNTIL, results)
    predict_choice("best_hour", hours_of(acts(rows)), UNTIL, results)
    return list(results.table().to_pylist())


def test_habits_of_customers_beat_the_most_popular_choice() -> None:
    rows = told(habits(0.8))
    tests = [row for row in rows if row["part"] == "backtest"]
    assert [(row["prediction"], row["model"], row["baseline"], row["reason"]) for row in tests] == [
        ("best_channel", MODEL, BASELINE, frame.WON), ("best_hour", MODEL, BASELINE, frame.WON),
    ]  # fmt: skip
    assert all(row["model_score"] > 0.7 and row["baseline_score"] < 0.5 for row in tests)
    scores = {(row["prediction"], row["customer_id"]): row for row in rows if row["part"] == "score"}
    assert len(scores) == 1200
    of_habit = [scores["best_channel", f"c{n:03}"]["choice"] == CHANNELS[n % 3] for n in range(600)]
    assert np.mean(of_habit) > 0.95
    assert all(0 < row["value"] <= 1 for row in scores.values())


def test_without_habits_nothing_is_published() -> None:
    rows = told(habits(0.0))
    assert {row["part"] for row in rows} == {"backtest", "decile"}


def test_an_hour_is_hit_round_midnight() -> None:
    rows: list[Act] = [
        (f"c{n:03}", UNTIL - timedelta(days=day), "app", 23 if day else 0) for n in range(200) for day in (0, 200, 300)
    ]  # fmt: skip
    (test,) = [row for row in told(rows) if row["prediction"] == "best_hour" and row["part"] == "backtest"]
    assert (test["model_score"], test["customers"]) == (1.0, 200)


def test_what_comes_after_the_cut_changes_no_choice() -> None:
    before = [row for row in habits(0.8) if row[1] <= UNTIL - timedelta(days=90)]
    after: list[Act] = [(f"c{n:03}", UNTIL - timedelta(days=1), "store", 3) for n in range(600)]
    other: list[Act] = [(f"c{n:03}", UNTIL - timedelta(days=1), "app", 5) for n in range(600)]
    one, two = (
        [
            (row["decile"], row["customers"], row["predicted"])
            for row in told(before + later)
            if row["part"] == "decile"
        ]
        for later in (after, other)
    )
    assert one == two


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], frame.NO_ACTS),
        ([("a", UNTIL, None, None)], frame.NO_ACTS),
        ([("a", UNTIL, "app", 8)], frame.TOO_SHORT),
        ([("a", UNTIL - timedelta(days=day), "app", 8) for day in (0, 300)], frame.TOO_FEW),
        (
            [(f"c{n}", UNTIL - timedelta(days=day), "app", 8) for n in range(200) for day in (0, 300)],
            frame.LOST,
        ),
    ],
    ids=["no acts", "neither told", "one act", "one customer", "everybody the same"],
)
def test_too_little_to_tell_is_told(rows: list[Act], reason: str) -> None:
    assert {row["reason"] for row in told(rows) if row["part"] == "backtest"} == {reason}
    assert not [row for row in told(rows) if row["part"] == "score"]


def test_rows_in_any_order_give_the_same_bits() -> None:
    rows = habits(0.8)
    assert told(rows) == told([rows[place] for place in np.random.default_rng(3).permutation(len(rows))])
