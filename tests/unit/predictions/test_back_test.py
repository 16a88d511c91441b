"""The common frame: who wins, who wins by chance alone, and deciles that keep equal predictions together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from pipelines.predictions.back_test import (
    BY_CHANCE,
    FEWEST_TESTED,
    LOST,
    OUTDONE,
    TOO_FEW,
    WON,
    BackTest,
    Tried,
    best_alone,
    deciles,
    judge,
    untested,
)
from pipelines.predictions.results import RESULT_SCHEMA, Results

TRIED = Tried("churn", "m", "b", "brier_score", 0, date(2026, 9, 1), date(2026, 11, 1))


def losses(better: float, customers: int = 400) -> tuple[np.ndarray, np.ndarray]:
    dice = np.random.default_rng(1)
    baseline = dice.uniform(0, 1, customers)
    noise = dice.normal(0, 0.1, customers)
    return baseline - better - noise + noise.mean(), baseline


@pytest.mark.parametrize(("better", "reason"), [(0.05, WON), (0.005, BY_CHANCE), (0.0, LOST), (-0.05, LOST)])
def test_published_is_what_beats_the_baseline_by_more_than_chance(better: float, reason: str) -> None:
    model, baseline = losses(better)
    found = judge(TRIED, model, model if better == 0 else baseline)
    assert (found.is_published, found.reason, found.tried.customers) == (reason == WON, reason, 400)
    assert found.model_score == pytest.approx(model.mean())


def test_few_customers_prove_nothing() -> None:
    found = judge(TRIED, np.zeros(FEWEST_TESTED - 1), np.ones(FEWEST_TESTED - 1))
    assert (found.is_published, found.reason, found.model_score) == (False, TOO_FEW, None)


def test_a_hit_is_no_loss() -> None:
    found = judge(TRIED, np.r_[np.zeros(300), np.ones(100)], np.ones(400), of_hits=True)
    assert (found.model_score, found.baseline_score, found.reason) == (0.75, 0.0, WON)


def test_of_several_winners_the_best_is_published_alone() -> None:
    def test(model: str, score: float, reason: str = WON) -> BackTest:
        return BackTest(replace(TRIED, model=model), score, 0.9, reason == WON, reason)

    tests = [test("a", 0.3), test("b", 0.2), test("c", 0.2), test("d", 0.1, BY_CHANCE)]
    assert [one.reason for one in best_alone(tests)] == [OUTDONE, WON, OUTDONE, BY_CHANCE]
    assert best_alone(tests, lower_is_better=False)[0].reason == WON
    assert best_alone([tests[3]]) == [tests[3]]


def test_deciles_are_tenths_and_keep_equal_predictions_together() -> None:
    predicted, observed = np.arange(200.0) / 200, np.arange(200.0) % 2
    found = deciles("churn", predicted, observed)
    assert [(one.decile, one.customers, one.lift) for one in found] == [(n, 20, 1.0) for n in range(1, 11)]
    assert found[0].predicted == pytest.approx(predicted[:20].mean())
    (same,) = deciles("churn", np.full(50, 0.3), np.r_[np.zeros(40), np.ones(10)])
    assert (same.decile, same.customers, same.observed, same.lift) == (6, 50, 0.2, 1.0)
    (none,) = deciles("churn", np.full(50, 0.3), np.zeros(50))
    assert none.lift is None
    assert deciles("churn", np.empty(0), np.empty(0)) == []


def test_scores_of_a_prediction_that_did_not_win_are_not_kept() -> None:
    results = Results()
    results.add_tests([untested(TRIED, TOO_FEW)])
    results.add_scores("churn", ["c1"], value=[0.5])
    assert results.table().column("part").to_pylist() == ["backtest"]
    results.add_tests([judge(TRIED, np.zeros(200), np.arange(200.0))])
    results.add_scores("churn", ["c1"], value=[0.5])
    last = results.table().to_pylist()[-1]
    assert {name: value for name, value in last.items() if value is not None} == {
        "part": "score", "prediction": "churn", "model": "m", "customer_id": "c1", "value": 0.5,
    }  # fmt: skip
    assert Results().table().schema == results.table().schema == RESULT_SCHEMA
