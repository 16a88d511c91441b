"""Churn and purchase propensity: nothing after the cut is known, a signal is found, no signal is not published."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from pipelines.predictions import back_test as frame
from pipelines.predictions.events import FEATURES, World, day_number, known_by, purchase_histories, world_of
from pipelines.predictions.outcomes import CHURN, MODELS, PURCHASE, Outcome, predict_outcome
from pipelines.predictions.results import Results

UNTIL = date(2026, 11, 1)
ORDERS = pa.schema([("customer_id", pa.string()), ("day", pa.date32()), ("value", pa.float64())])
ACTS = pa.schema([("customer_id", pa.string()), ("day", pa.date32()), ("action", pa.string())])
Row = tuple[str, date, float]


def world(orders: list[Row], acts: list[tuple[str, date, str]] | None = None) -> World:
    tables = [
        pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema)
        for rows, schema in ((orders, ORDERS), (acts or [], ACTS))
    ]
    return world_of(*tables)


def ago(days: int) -> date:
    return UNTIL - timedelta(days=days)


def regulars_and_leavers(customers: int, seed: int = 1) -> list[Row]:
    """Half buy every three weeks or so, half bought like that for a while and left: how often and how long ago tells which."""
    dice = np.random.default_rng(seed)
    rows = []
    for number in range(customers):
        day, left = int(dice.integers(500, 720)), number % 2 * int(dice.integers(0, 500))
        gap = float(dice.choice([10, 45]))
        while day > left:
            rows.append((f"c{number:04}", ago(day), float(dice.uniform(5, 50))))
            day -= 1 + int(dice.exponential(gap))
    return rows


def told(asked: Outcome, seen: World) -> list[dict[str, Any]]:
    results = Results()
    predict_outcome(asked, seen, UNTIL, results)
    return list(results.table().to_pylist())


def verdicts(asked: Outcome, seen: World) -> dict[str, str]:
    return {row["model"]: row["reason"] for row in told(asked, seen) if row["part"] == "backtest"}


@pytest.fixture(scope="module")
def signal() -> World:
    return world(regulars_and_leavers(900))


def test_events_after_the_cut_change_no_feature() -> None:
    before: list[Row] = [("a", ago(100), 10.0), ("a", ago(60), 20.0), ("b", ago(60), 5.0)]
    acts = [("a", ago(61), "complaint"), ("c", ago(70), "registered")]
    later: list[Row] = [("a", ago(59), 99.0), ("b", ago(1), 99.0), ("d", ago(5), 99.0)]
    later_acts = [("a", ago(59), "complaint"), ("b", ago(3), "campaign_response"), ("e", ago(2), "web_visit")]
    cut = day_number(ago(60))
    known, features = known_by(world(before, acts), cut)
    more = world(before + later, acts + later_acts)
    again, same = known_by(more, cut)
    assert len(known) == 3
    assert [str(more.customers[place]) for place in again] == ["a", "b", "c"]
    np.testing.assert_array_equal(features, same)
    np.testing.assert_array_equal(
        purchase_histories(world(before, acts), cut)[1:], purchase_histories(more, cut)[1:]
    )


def test_features_say_what_they_are_named_for() -> None:
    seen = world(
        [("a", ago(400), 10.0), ("a", ago(100), 20.0), ("a", ago(10), 60.0)],
        [("a", ago(500), "registered"), ("a", ago(5), "complaint"), ("b", ago(30), "campaign_response")],
    )
    customers, matrix = known_by(seen, day_number(UNTIL))
    a, b = (dict(zip(FEATURES, np.round(np.expm1(row), 6), strict=True)) for row in matrix)
    assert list(seen.customers[customers]) == ["a", "b"]
    assert a == {
        "has_bought": 1, "order_days": 3, "days_since_order": 10, "days_between_orders": 195, "overdue": round(10 / 195, 6),
        "order_days_90": 1, "order_days_365": 2, "mean_value": 30, "days_known": 500, "days_since_act": 5, "act_days_90": 1,
        "campaign_responses": 0, "complaints": 1,
    }  # fmt: skip
    assert (b["has_bought"], b["days_since_order"], b["days_since_act"], b["campaign_responses"]) == (
        0,
        0,
        30,
        1,
    )


def test_features_are_counted_as_pandas_counts_them(signal: World) -> None:
    cut = day_number(ago(120))
    customers, matrix = known_by(signal, cut)
    days = pd.DataFrame(
        {"customer": signal.orders.customer, "day": signal.orders.day, "value": signal.orders.value}
    )
    by = days[days["day"] <= cut].groupby("customer")
    expected = {
        "order_days": by.size(),
        "days_since_order": cut - by["day"].max(),
        "days_known": cut - by["day"].min(),
        "mean_value": by["value"].mean(),
        "order_days_90": days[(days["day"] <= cut) & (days["day"] > cut - 90)]
        .groupby("customer")
        .size()
        .reindex(by.size().index)
        .fillna(0),
    }
    assert list(customers) == list(by.size().index)
    for name, counted in expected.items():
        np.testing.assert_allclose(np.expm1(matrix[:, FEATURES.index(name)]), counted, rtol=1e-9, atol=1e-9)


def test_who_leaves_is_told_from_who_stays(signal: World) -> None:
    rows = told(CHURN, signal)
    tests = [row for row in rows if row["part"] == "backtest"]
    assert [row["model"] for row in tests] == list(MODELS)
    assert sum(row["is_published"] for row in tests) == 1
    assert all(row["model_score"] < row["baseline_score"] for row in tests if row["is_published"])
    assert all(row["until_on"] == UNTIL and row["cut_on"] < UNTIL for row in tests)
    tenths = [row for row in rows if row["part"] == "decile"]
    assert sum(row["customers"] for row in tenths) == tests[0]["customers"]
    assert tenths[-1]["lift"] > 1.2
    assert tenths[0]["lift"] < 0.8
    scores = {row["customer_id"]: row["value"] for row in rows if row["part"] == "score"}
    assert all(0 <= value <= 1 for value in scores.values())
    late = {str(signal.customers[c]) for c, d in zip(signal.orders.customer, signal.orders.day, strict=True) if d >= day_number(UNTIL) - 180}  # fmt: skip
    assert set(scores) == late  # churn is of active customers


@pytest.mark.parametrize("asked", [CHURN, PURCHASE], ids=["churn", "purchase"])
def test_what_happens_after_the_cut_changes_no_prediction_of_the_test(asked: Outcome) -> None:
    rows = regulars_and_leavers(900)
    first = told(asked, world(rows))
    cut = first[0]["cut_on"]
    fewer = [row for row in rows if row[1] <= cut or int(row[0][1:]) % 23]
    again = told(asked, world(fewer))
    assert [row["model"] for row in first if row["is_published"]] == [
        row["model"] for row in again if row["is_published"]
    ]
    one, two = (
        [(row["decile"], row["customers"], row["predicted"]) for row in each if row["part"] == "decile"]
        for each in (first, again)
    )
    assert one == two


def test_the_same_rows_in_any_order_give_the_same_bits(signal: World) -> None:
    rows = regulars_and_leavers(900)
    mixed = [rows[place] for place in np.random.default_rng(3).permutation(len(rows))]
    assert told(PURCHASE, world(mixed)) == told(PURCHASE, signal)


def test_where_buying_is_chance_nothing_is_published() -> None:
    happens = np.random.default_rng(4).random((800, 800)) < 1 / 200  # on any day, whoever it is
    rows = [(f"c{number:04}", ago(int(day)), 10.0) for number, day in np.argwhere(happens)]
    for asked in (CHURN, PURCHASE):
        rows_told = told(asked, world(rows))
        assert {row["part"] for row in rows_told} == {"backtest", "decile"}
        assert not any(row["is_published"] for row in rows_told if row["part"] == "backtest")


@pytest.mark.parametrize(
    ("orders", "reason"),
    [
        ([], frame.NO_ORDERS),
        ([("a", UNTIL, 1.0)], frame.TOO_SHORT),
        ([("a", ago(700), 1.0)], frame.TOO_FEW),
        ([(f"c{n}", ago(700), 1.0) for n in range(300)], frame.TOO_FEW),
        ([(f"c{n}", ago(day), 1.0) for n in range(300) for day in range(0, 700, 10)], frame.ALL_ALIKE),
    ],
    ids=["no orders", "one today", "one customer", "nobody active", "everybody the same"],
)
def test_too_little_to_learn_from_is_told(orders: list[Row], reason: str) -> None:
    assert verdicts(CHURN, world(orders)) == dict.fromkeys(MODELS, reason)
    assert {row["part"] for row in told(PURCHASE, world(orders))} == {"backtest"}
