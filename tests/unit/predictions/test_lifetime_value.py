"""Lifetime value: parameters that made the data are found again, and a model that loses is not published."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.predictions.back_test import LOST, NO_ORDERS, NOT_FITTED, WON
from pipelines.predictions.bg_nbd import BgNbd, fit_bg_nbd
from pipelines.predictions.gamma_gamma import GammaGamma, fit_gamma_gamma
from pipelines.predictions.lifetime_value import (
    PREDICTION_COLUMNS,
    back_test,
    histories,
    predict_lifetime_value,
)

UNTIL = date(2026, 11, 1)
TRUE = BgNbd(r=0.8, alpha=6.0, a=0.9, b=3.0)


def simulated(customers: int, weeks: int, seed: int) -> pd.DataFrame:
    """Order days of customers who behave as the model says, with `TRUE` as parameters."""
    dice = np.random.default_rng(seed)
    rows = []
    for number in range(customers):
        at = float(dice.uniform(0, weeks))
        rate, leaving = dice.gamma(TRUE.r, 1 / TRUE.alpha), dice.beta(TRUE.a, TRUE.b)
        while at <= weeks:
            rows.append((f"c{number:05}", pd.Timestamp(UNTIL) - pd.Timedelta(days=round((weeks - at) * 7))))
            at += float(dice.exponential(1 / rate))
            if len(rows) > 1 and rows[-2][0] == rows[-1][0] and dice.random() < leaving:
                break
    frame = pd.DataFrame(rows, columns=["customer_id", "day"]).drop_duplicates()
    return frame.assign(value=dice.gamma(5.0, 20.0, len(frame)))


@pytest.fixture(scope="module")
def order_days() -> pd.DataFrame:
    return simulated(3000, 104, seed=1)


def scores(order_days: pd.DataFrame) -> pd.DataFrame:
    found = predict_lifetime_value(order_days, UNTIL).to_pandas()
    return found.loc[found["part"] == "score", PREDICTION_COLUMNS].reset_index(drop=True)


def told(order_days: pd.DataFrame) -> str:
    found = predict_lifetime_value(order_days, UNTIL).to_pandas()
    return str(found.loc[found["part"] == "backtest", "reason"].item())


def vectors(frame: pd.DataFrame) -> list[np.ndarray]:
    known = histories(frame, UNTIL)
    return [known[name].to_numpy(float) for name in ("frequency", "recency", "age")]


def test_the_published_example_is_met() -> None:
    # Fader, Hardie and Lee (2005): x = 2, t_x = 30.43, T = 38.86, 39 weeks ahead: 1.226 purchases.
    model = BgNbd(0.243, 4.414, 0.793, 2.426)
    expected = model.expected_purchases(np.array([2.0]), np.array([30.43]), np.array([38.86]), 39.0)
    assert expected[0] == pytest.approx(1.226, abs=0.001)


def test_history_counts_repeat_days_in_weeks_and_ignores_the_future() -> None:
    days = pd.DataFrame({
        "customer_id": ["a", "a", "a", "b", "a"],
        "day": pd.to_datetime(["2026-09-06", "2026-09-20", "2026-10-04", "2026-11-01", "2026-12-01"]),
        "value": [10.0, 20.0, 40.0, 5.0, 99.0],
    })  # fmt: skip
    (row,) = histories(days, UNTIL).to_dict("records")
    assert (row["customer_id"], row["frequency"], row["recency"], row["age"]) == ("a", 2.0, 4.0, 8.0)
    assert row["mean_value"] == 30.0


def test_fit_predicts_simulated_purchases(order_days: pd.DataFrame) -> None:
    model = fit_bg_nbd(*vectors(order_days))
    assert model is not None
    assert model.r / model.alpha == pytest.approx(TRUE.r / TRUE.alpha, rel=0.25)
    tested, tenths = back_test(order_days, UNTIL, 180)
    assert (tested.is_published, tested.reason) == (True, WON)
    assert sum(one.customers for one in tenths) == tested.tried.customers


@given(seed=st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_rows_may_come_in_any_order(seed: int) -> None:
    frame = simulated(40, 52, seed=3)
    mixed = frame.sample(frac=1, random_state=seed).reset_index(drop=True)
    pd.testing.assert_frame_equal(histories(frame, UNTIL), histories(mixed, UNTIL), check_exact=True)


def test_the_same_orders_in_any_order_give_the_same_predictions(order_days: pd.DataFrame) -> None:
    mixed = order_days.sample(frac=1, random_state=4).reset_index(drop=True)
    found, again = predict_lifetime_value(order_days, UNTIL), predict_lifetime_value(mixed, UNTIL)
    assert scores(order_days)["is_published"].all()
    assert found.equals(again)


def test_probabilities_and_expectations_are_in_range(order_days: pd.DataFrame) -> None:
    frequency, recency, age = vectors(order_days)
    alive = TRUE.probability_alive(frequency, recency, age)
    assert ((alive >= 0) & (alive <= 1)).all()
    assert (alive[frequency == 0] == 1).all()
    silent = TRUE.probability_alive(np.array([5.0, 5.0]), np.array([50.0, 10.0]), np.array([52.0, 52.0]))
    assert silent[0] > silent[1]
    near, far = (TRUE.expected_purchases(frequency, recency, age, ahead) for ahead in (13.0, 52.0))
    assert (near >= 0).all()
    assert (far >= near).all()


def test_value_is_shrunk_towards_all_customers() -> None:
    dice = np.random.default_rng(5)
    means = 6.0 * 15.0 / dice.gamma(4.0, 1.0, 2000)
    frequency = dice.integers(1, 10, 2000).astype(float)
    observed = np.array([dice.gamma(6.0 * n, m / (6.0 * n)) for n, m in zip(frequency, means, strict=True)])
    model = fit_gamma_gamma(frequency, observed)
    assert model is not None
    low, high = model.expected_value(np.array([1.0, 50.0]), np.array([500.0, 500.0]))
    assert low < high < 500.0
    none = GammaGamma(6.0, 4.0, 15.0).expected_value(np.array([0.0]), np.array([0.0]))
    assert none[0] == pytest.approx(30.0)


def test_too_little_to_fit_gives_no_prediction_and_a_loser_is_marked(order_days: pd.DataFrame) -> None:
    few = order_days[order_days["customer_id"] < "c00050"]
    assert scores(few).empty
    assert told(few) == NOT_FITTED
    assert scores(order_days.head(0)).empty
    assert told(order_days.head(0)) == NO_ORDERS
    assert told(order_days.head(1)) == NOT_FITTED
    # Everybody buys every week without fail: nothing beats going on as before.
    weekly = pd.DataFrame(
        [
            (f"c{n:03}", pd.Timestamp(UNTIL) - pd.Timedelta(weeks=w), 10.0)
            for n in range(200)
            for w in range(60)
        ],
        columns=["customer_id", "day", "value"],
    )
    assert told(weekly) == LOST
    assert not scores(weekly)["is_published"].any()


def test_days_and_values_at_the_limits_of_contracts_are_taken() -> None:
    dice = np.random.default_rng(6)
    days = [
        pd.Timestamp(date(1, 1, 1)),
        pd.Timestamp(date(1, 1, 31)),
        pd.Timestamp("2026-10-01"),
        pd.Timestamp(UNTIL),
    ]
    frame = pd.DataFrame(
        [(f"c{n:03}", day) for n in range(300) for day in dice.choice(days, 2, replace=False)],
        columns=["customer_id", "day"],
    ).assign(value=lambda rows: dice.choice([-1e16, 1e16, 1e-4, 0.0], len(rows)))
    found = scores(frame)
    assert len(found) > 200
    assert np.isfinite(found.drop(columns=["customer_id", "is_published"]).to_numpy(float)).all()
