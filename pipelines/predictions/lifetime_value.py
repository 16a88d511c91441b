"""Lifetime value of customers from their order days, with a time-split back-test against a naive guess."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa

from pipelines.predictions import back_test as frame
from pipelines.predictions.bg_nbd import fit_bg_nbd
from pipelines.predictions.gamma_gamma import fit_gamma_gamma
from pipelines.predictions.grouping import Vector
from pipelines.predictions.results import RESULT_SCHEMA, Results

NAME = "lifetime_value"
TRIED = frame.Tried(NAME, "bg_nbd", "own_past_rate", "mean_absolute_error")
"""Of orders in the test, per customer; the naive guess is that each goes on at the rate of the past."""

_DAYS_PER_WEEK = 7.0
PREDICTION_COLUMNS = [
    "customer_id", "frequency", "recency_weeks", "age_weeks", "probability_alive", "expected_orders",
    "expected_order_value", "expected_value", "backtest_error", "baseline_error", "is_published",
]  # fmt: skip


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


def back_test(
    order_days: pd.DataFrame, until: date, ahead_days: int
) -> tuple[frame.BackTest, list[frame.Decile]]:
    """Fit up to `ahead_days` before `until`, predict the rest, compare with each customer's own past rate.

    The deciles are of orders per customer, predicted and observed.
    """
    split = until - timedelta(days=ahead_days)
    known = histories(order_days, split)
    tried = replace(TRIED, customers=len(known), cut_on=split, until_on=until)
    model = fit_bg_nbd(*_vectors(known)) if len(known) else None
    if model is None:
        return frame.untested(tried, frame.NOT_FITTED), []
    ahead = ahead_days / _DAYS_PER_WEEK
    later = order_days[(order_days["day"] > pd.Timestamp(split)) & (order_days["day"] <= pd.Timestamp(until))]
    counts = later.groupby("customer_id").size().reindex(known["customer_id"]).fillna(0)
    actual: Vector = np.asarray(counts, dtype=np.float64)
    frequency, recency, age = _vectors(known)
    predicted = model.expected_purchases(frequency, recency, age, ahead)
    naive = frequency / age * ahead
    judged = frame.judge(tried, np.abs(predicted - actual), np.abs(naive - actual))
    return judged, frame.deciles(NAME, predicted, actual)


def predict_lifetime_value(order_days: pd.DataFrame, until: date, ahead_days: int = 365) -> pa.Table:
    """Columns of RESULT_SCHEMA and PREDICTION_COLUMNS: the back-test, its deciles, and a score per customer with an order
    before `until`, which `is_published` where the model won.

    The test is a quarter of the time seen, `ahead_days` at most. There are no scores when there is too little to fit.
    """
    days = order_days.assign(day=pd.to_datetime(order_days["day"]))
    results = Results()
    span = (pd.Timestamp(until) - days["day"].min()).days if len(days) else 0
    if not span:
        results.add_tests([frame.untested(TRIED, frame.TOO_SHORT if len(days) else frame.NO_ORDERS)])
        return _with_scores(results, pd.DataFrame(columns=PREDICTION_COLUMNS))
    tested, tenths = back_test(days, until, min(ahead_days, span // 4))
    results.add_tests([tested], tenths)
    return _with_scores(results, _scores(histories(days, until), ahead_days, tested))


def _scores(known: pd.DataFrame, ahead_days: int, tested: frame.BackTest) -> pd.DataFrame:
    model = fit_bg_nbd(*_vectors(known)) if len(known) else None
    if model is None:
        return pd.DataFrame(columns=PREDICTION_COLUMNS)
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
        "backtest_error": np.nan if tested.model_score is None else tested.model_score,
        "baseline_error": np.nan if tested.baseline_score is None else tested.baseline_score,
        "is_published": tested.is_published,
    })  # fmt: skip
    return found[PREDICTION_COLUMNS]


def _with_scores(results: Results, scores: pd.DataFrame) -> pa.Table:
    kinds = {"customer_id": pa.string(), "is_published": pa.bool_()}
    schema = pa.schema([(name, kinds.get(name, pa.float64())) for name in PREDICTION_COLUMNS])
    rows = pa.Table.from_pandas(scores, schema=schema, preserve_index=False)
    for name, text in (("part", "score"), ("prediction", NAME), ("model", TRIED.model)):
        rows = rows.append_column(name, pa.repeat(pa.scalar(text), len(rows)))
    told = results.table()
    return pa.concat_tables(
        [told.select([name for name in RESULT_SCHEMA.names if name not in _OF_SCORES]), rows],
        promote_options="default",
    )


_OF_SCORES = ("customer_id", "place", "choice", "because", "value")
