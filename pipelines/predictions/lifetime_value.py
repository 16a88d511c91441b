"""Lifetime value of customers from their order days, with a time-split back-test against a naive guess."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from pipelines.predictions.bg_nbd import fit_bg_nbd
from pipelines.predictions.gamma_gamma import fit_gamma_gamma
from pipelines.predictions.grouping import Vector

_DAYS_PER_WEEK = 7.0
PREDICTION_COLUMNS = [
    "customer_id", "frequency", "recency_weeks", "age_weeks", "probability_alive", "expected_orders",
    "expected_order_value", "expected_value", "backtest_error", "baseline_error", "is_published",
]  # fmt: skip


@dataclass(frozen=True)
class BackTest:
    """Mean absolute error of predicted orders per customer in the hold-out, of the model and of the naive guess."""

    error: float
    baseline_error: float

    @property
    def won(self) -> bool:
        return self.error < self.baseline_error


def histories(order_days: pd.DataFrame, until: date) -> pd.DataFrame:
    """Per customer up to and with `until`: frequency, recency, age (weeks) and the mean value of repeat order days.

    `order_days`: customer_id, day, value; one row per customer and day with an order.
    """
    seen = order_days[order_days["day"] <= pd.Timestamp(until)].sort_values(["customer_id", "day"])
    by = seen.groupby("customer_id")
    first, last = by["day"].transform("min"), by["day"].max()
    repeat = seen[seen["day"] > first].groupby("customer_id")["value"]
    found = pd.DataFrame({"first": by["day"].min(), "last": last, "orders": by.size()})
    found["frequency"] = (found["orders"] - 1).astype(float)
    found["recency"] = (found["last"] - found["first"]).dt.days / _DAYS_PER_WEEK
    found["age"] = (pd.Timestamp(until) - found["first"]).dt.days / _DAYS_PER_WEEK
    found["mean_value"] = repeat.mean().reindex(found.index).fillna(0.0).clip(lower=0.0)
    return found[found["age"] > 0].sort_index().reset_index()


def _vectors(known: pd.DataFrame) -> tuple[Vector, Vector, Vector]:
    frequency, recency, age = (
        known[name].to_numpy(dtype=np.float64) for name in ("frequency", "recency", "age")
    )
    return frequency, recency, age


def back_test(order_days: pd.DataFrame, until: date, ahead_days: int) -> BackTest | None:
    """Fit up to `ahead_days` before `until`, predict the rest, compare with each customer's own past rate.

    None when the earlier part is too thin to fit.
    """
    split = until - timedelta(days=ahead_days)
    known = histories(order_days, split)
    model = fit_bg_nbd(*_vectors(known)) if len(known) else None
    if model is None:
        return None
    ahead = ahead_days / _DAYS_PER_WEEK
    later = order_days[(order_days["day"] > pd.Timestamp(split)) & (order_days["day"] <= pd.Timestamp(until))]
    actual = (
        later.groupby("customer_id").size().reindex(known["customer_id"]).fillna(0).to_numpy(dtype=np.float64)
    )
    frequency, recency, age = _vectors(known)
    predicted = model.expected_purchases(frequency, recency, age, ahead)
    naive = frequency / age * ahead
    return BackTest(float(np.abs(predicted - actual).mean()), float(np.abs(naive - actual).mean()))


def predict_lifetime_value(order_days: pd.DataFrame, until: date, ahead_days: int = 365) -> pd.DataFrame:
    """One row per customer with an order before `until`: PREDICTION_COLUMNS; empty when there is too little to fit.

    The hold-out of the back-test is a quarter of the time seen, `ahead_days` at most. `is_published` is false when the
    model lost there.
    """
    days = order_days.assign(day=pd.to_datetime(order_days["day"]))
    known = histories(days, until)
    model = fit_bg_nbd(*_vectors(known)) if len(known) else None
    if model is None:
        return pd.DataFrame(columns=PREDICTION_COLUMNS)
    span = (pd.Timestamp(until) - days["day"].min()).days
    tested = back_test(days, until, min(ahead_days, span // 4))
    frequency, recency, age = _vectors(known)
    worth = known["mean_value"].to_numpy(dtype=np.float64)
    values = fit_gamma_gamma(frequency, worth)
    repeat = worth[frequency > 0]
    expected_value = (
        values.expected_value(frequency, worth)
        if values
        else np.full(len(known), repeat.mean() if len(repeat) else 0.0)
    )
    orders = model.expected_purchases(frequency, recency, age, ahead_days / _DAYS_PER_WEEK)
    found = pd.DataFrame({
        "customer_id": known["customer_id"], "frequency": frequency, "recency_weeks": recency, "age_weeks": age,
        "probability_alive": model.probability_alive(frequency, recency, age), "expected_orders": orders,
        "expected_order_value": expected_value, "expected_value": orders * expected_value,
        "backtest_error": tested.error if tested else np.nan,
        "baseline_error": tested.baseline_error if tested else np.nan,
        "is_published": bool(tested and tested.won),
    })  # fmt: skip
    return found[PREDICTION_COLUMNS]
