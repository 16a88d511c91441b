"""Uplift: the interval holds the truth, who is moved by a campaign is told from who is not, and no difference is not published."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from pipelines.predictions import back_test as frame
from pipelines.predictions.results import Results
from pipelines.predictions.uplift import (
    EVERYBODY,
    UPLIFT_SCHEMA,
    by_the_other_half,
    halves_of,
    predict_uplift,
    trials_of,
    uplift_interval,
)


def members(
    customers: int, moved: float, held: float = 0.5, seed: int = 1, campaign: str = "SPRING"
) -> pa.Table:
    """Held out by lot; those who bought lately buy more often by `moved` when written to, others as often as ever."""
    dice = np.random.default_rng(seed)
    lately = dice.random(customers) < 0.5
    out = dice.random(customers) < held
    chance = 0.1 + moved * (lately & ~out)
    return pa.table({
        "campaign_id": [campaign] * customers, "customer_id": [f"c{n:05}" for n in range(customers)], "is_holdout": out,
        "order_days": dice.integers(1, 9, customers).astype(float), "days_since_order": np.where(lately, 10.0, 400.0),
        "mean_value": dice.uniform(5, 90, customers), "has_bought": dice.random(customers) < chance,
    })  # fmt: skip


def told(table: pa.Table) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    results = Results()
    found = predict_uplift(table, results)
    assert found.schema == UPLIFT_SCHEMA
    return list(found.to_pylist()), list(results.table().to_pylist())


def test_who_is_moved_is_told_from_who_is_not() -> None:
    rows, (test,) = told(members(6000, 0.3))
    assert (test["prediction"], test["reason"], test["is_published"]) == ("uplift SPRING", frame.WON, True)
    everybody, *tenths = rows
    assert everybody["decile"] == EVERYBODY
    assert everybody["uplift_low"] < 0.15 < everybody["uplift_high"]
    assert everybody["uplift_high"] - everybody["uplift_low"] < 0.06
    assert sum(row["sent_customers"] + row["holdout_customers"] for row in tenths) == 6000
    assert tenths[-1]["uplift"] > 0.2
    assert tenths[-1]["uplift_low"] > tenths[0]["uplift_high"]
    assert abs(tenths[-1]["predicted"] - 0.3) < 0.1


def test_a_campaign_that_moves_all_alike_is_not_told_apart() -> None:
    rows, (test,) = told(members(4000, 0.0))
    assert not test["is_published"]
    assert test["reason"] in (frame.LOST, frame.BY_CHANCE)
    assert rows[0]["uplift_low"] < 0 < rows[0]["uplift_high"]


def test_nineteen_of_twenty_intervals_hold_the_truth() -> None:
    held = [
        low < 0.1 < high
        for seed in range(400)
        for _, low, high in [_interval(np.random.default_rng(seed), 0.05, 0.15, 100, 900)]
    ]
    assert 0.93 <= np.mean(held) <= 0.98


def _interval(
    dice: np.random.Generator, without: float, with_it: float, held: int, sent: int
) -> tuple[float, float, float]:
    is_sent = np.arange(held + sent) >= held
    return uplift_interval(is_sent, dice.random(held + sent) < np.where(is_sent, with_it, without))


def test_the_interval_is_that_of_the_campaign_summary() -> None:
    # 30 of 200 and 5 of 100: adjusted shares 31/202 and 6/102
    sent = np.arange(300) < 200
    bought = np.r_[np.arange(200) < 30, np.arange(100) < 5]
    p, q = 31 / 202, 6 / 102
    error = np.sqrt(31 * 171 / 202**3 + 6 * 96 / 102**3)
    assert uplift_interval(sent, bought) == pytest.approx((0.1, p - q - 1.96 * error, p - q + 1.96 * error))


def test_few_held_out_and_none_at_all_are_told() -> None:
    rows, (test,) = told(members(1000, 0.3, held=0.05))
    assert [(row["decile"], row["reason"], row["is_published"]) for row in rows] == [
        (EVERYBODY, frame.FEW_HELD_OUT, False)
    ]
    assert rows[0]["uplift"] is not None
    assert (test["prediction"], test["reason"]) == ("uplift", frame.NO_HOLDOUT)
    for table in (members(500, 0.3, held=0.0), members(500, 0.3).slice(0, 0)):
        rows, (test,) = told(table)
        assert rows == []
        assert test["reason"] == frame.NO_HOLDOUT


def test_where_nobody_buys_there_is_nothing_to_learn() -> None:
    table = members(2000, 0.3)
    none = table.set_column(6, "has_bought", pa.array(np.zeros(2000, bool)))
    rows, (test,) = told(none)
    assert test["reason"] == frame.ALL_ALIKE
    assert [row["uplift"] for row in rows] == [0.0]


def test_rows_in_any_order_give_the_same_bits() -> None:
    both = pa.concat_tables([members(1500, 0.3), members(1500, 0.1, campaign="AUTUMN", seed=2)])
    mixed = both.take(np.random.default_rng(3).permutation(3000))
    assert told(mixed) == told(both)


def test_nobodys_uplift_is_learned_from_the_own_outcome() -> None:
    (trial,) = trials_of(members(1000, 0.3))
    first = halves_of(trial) == 0
    other = replace(trial, bought=np.where(first, ~trial.bought, trial.bought))
    told_of, told_of_other = by_the_other_half(trial), by_the_other_half(other)
    assert told_of is not None
    assert told_of_other is not None
    for ours, theirs in zip(told_of, told_of_other, strict=True):
        np.testing.assert_array_equal(ours[first], theirs[first])
        assert (ours[~first] != theirs[~first]).any()
