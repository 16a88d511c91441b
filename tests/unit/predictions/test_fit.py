"""The fits: CDNOW's published figures, homes whose purchases leave parameters open, the same bits in any order."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import approx_fprime

from pipelines.predictions import bg_nbd, gamma_gamma, grouping
from pipelines.predictions.bg_nbd import BgNbd, fit_bg_nbd
from pipelines.predictions.gamma_gamma import fit_gamma_gamma
from pipelines.predictions.grouping import MOST_HISTORIES, Vector, group_histories
from pipelines.predictions.likelihood import MOST_EVALUATIONS

HERE = Path(__file__).parent
FLAT_HOMES = ("bought once", "all twice", "one age", "repeat on the last day", "every week", "nobody leaves")
History = tuple[Vector, Vector, Vector]


def flat_home(kind: str, customers: int) -> History:
    """Frequency, recency and age in weeks of a home whose likelihood is flat along some parameter."""
    dice, repeats = np.random.default_rng(7), slice(0, max(25, customers // 50))
    age = dice.integers(7, 400, customers) / 7
    frequency, recency = np.zeros(customers), np.zeros(customers)
    if kind == "bought once":
        frequency[repeats], recency[repeats] = 1, np.ceil(age[repeats] * 3) / 7
    elif kind == "all twice":
        frequency[:], recency[:] = 1, np.ceil(age * dice.uniform(0, 7, customers)) / 7
    elif kind == "one age":
        age[:] = 52
        frequency[repeats], recency[repeats] = 1, 10
    elif kind == "repeat on the last day":
        frequency[repeats], recency[repeats] = 1, age[repeats]
    elif kind == "every week":
        frequency = recency = np.floor(age)
    else:
        frequency = dice.poisson(0.1 * age).astype(float)
        share = dice.uniform(0, 1, customers) ** (1 / np.maximum(frequency, 1))
        recency = np.where(frequency > 0, age * share, 0)
    return frequency, recency, age


@pytest.fixture
def evaluations(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Histories in each evaluation of the BG/NBD likelihood."""
    seen: list[int] = []
    plain = bg_nbd._Likelihood.__call__

    def counted(self: bg_nbd._Likelihood, parameters: Vector) -> tuple[float, Vector]:
        seen.append(len(self.x))
        return plain(self, parameters)

    monkeypatch.setattr(bg_nbd._Likelihood, "__call__", counted)
    return seen


def test_cdnow_gives_the_published_parameters(evaluations: list[int]) -> None:
    # 2,357 customers of the paper's sample, from `lifetimes` 0.11.3, as distinct histories.
    table = pd.read_csv(HERE / "cdnow_histories.csv")
    each = table.loc[table.index.repeat(table["customers"])]
    assert len(each) == 2357
    model = fit_bg_nbd(*(each[name].to_numpy(float) for name in ("frequency", "recency", "T")))
    assert model is not None
    assert astuple(model) == pytest.approx((0.243, 4.414, 0.793, 2.426), abs=0.001)
    assert len(evaluations) < 100


@pytest.mark.parametrize("customers", [300, 20_000])
@pytest.mark.parametrize("kind", FLAT_HOMES)
def test_a_flat_home_gives_the_same_finite_parameters(
    kind: str, customers: int, evaluations: list[int]
) -> None:
    home = flat_home(kind, customers)
    model = fit_bg_nbd(*home)
    assert model is not None
    assert len(evaluations) <= 2 * MOST_EVALUATIONS + 2
    assert max(evaluations) <= MOST_HISTORIES
    r, alpha, a, b = astuple(model)
    assert all(0.0009 <= one <= 1001 for one in (r, alpha / home[2].max(), a, b))
    mixed = np.random.default_rng(customers).permutation(customers)
    assert fit_bg_nbd(*(one[mixed] for one in home)) == model
    expected = model.expected_purchases(*home, 52.0)
    assert np.isfinite(expected).all()
    assert (expected >= 0).all()


@pytest.mark.parametrize("kind", FLAT_HOMES)
def test_one_more_customer_hardly_moves_the_predictions_of_a_flat_home(kind: str) -> None:
    home = flat_home(kind, 3000)
    all_but_one = fit_bg_nbd(*(one[:-1] for one in home))
    model = fit_bg_nbd(*home)
    assert model is not None
    assert all_but_one is not None
    expected, before = (one.expected_purchases(*home, 52.0) for one in (model, all_but_one))
    assert expected == pytest.approx(before, rel=0.05, abs=0.001)


def test_what_purchases_leave_open_is_as_usual() -> None:
    # Who bought again did so today: nothing tells how many drop out.
    model = fit_bg_nbd(*flat_home("repeat on the last day", 3000))
    assert model is not None
    assert (model.a, model.b) == pytest.approx((0.8, 2.5), rel=0.01)


def test_slopes_are_those_of_the_likelihoods() -> None:
    dice = np.random.default_rng(2)
    frequency, recency, age = flat_home("nobody leaves", 200)
    told = bg_nbd._Likelihood.of(*group_histories(frequency, [recency, age]))
    worth = gamma_gamma._Likelihood(frequency + 1, dice.gamma(2.0, 1.0, 200), np.ones(200))
    for likelihood, count in ((told, 4), (worth, 3)):
        at = dice.uniform(0.3, 3.0, count)
        near = approx_fprime(at, lambda one, likelihood=likelihood: likelihood(one)[0], 1e-6)
        assert likelihood(at)[1] == pytest.approx(near, rel=1e-3, abs=1e-2)


def test_many_histories_become_few_without_moving_the_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    home = flat_home("nobody leaves", 20_000)
    x, times, weights = group_histories(home[0], [home[1] / 57, home[2] / 57])
    assert len(x) == len(times[0]) == len(times[1]) <= MOST_HISTORIES
    assert weights.sum() == pytest.approx(20_000)
    assert (times[0] <= times[1]).all()
    grouped = fit_bg_nbd(*home)
    monkeypatch.setattr(grouping, "MOST_HISTORIES", 10**9)
    whole = fit_bg_nbd(*home)
    assert grouped is not None
    assert whole is not None
    expected, known = (one.expected_purchases(*home, 52.0) for one in (grouped, whole))
    assert expected.mean() == pytest.approx(known.mean(), rel=0.005)


def test_histories_that_no_rounding_unites_are_sampled_evenly() -> None:
    frequency = np.arange(1.0, 4 * MOST_HISTORIES + 1)
    x, _, weights = group_histories(frequency, [frequency, frequency])
    assert len(x) == MOST_HISTORIES
    assert weights.sum() == pytest.approx(len(frequency))
    assert np.average(x, weights=weights) == pytest.approx(frequency.mean(), rel=1e-3)


def test_expected_purchases_stay_in_range_whatever_the_parameters() -> None:
    dice = np.random.default_rng(1)
    for _ in range(300):
        r, alpha, a, b = np.exp(dice.uniform(-6.9, 6.9, 4))
        model = BgNbd(r, alpha * 50, a, b)
        frequency = dice.integers(0, dice.choice([3, 30, 3000]), 50).astype(float)
        age = dice.uniform(0.2, 500, 50)
        recency = np.where(frequency > 0, age * dice.uniform(0, 1, 50), 0)
        expected = model.expected_purchases(frequency, recency, age, 52.0)
        assert np.isfinite(expected).all()
        assert (expected >= 0).all()
    one = [np.array([2.0]), np.array([30.0]), np.array([38.0]), 39.0]
    just, near = (BgNbd(0.2, 4.4, a, 2.4).expected_purchases(*one) for a in (1.0, 1.0001))
    assert just == pytest.approx(near, rel=1e-3)


@pytest.mark.parametrize("spread", [0.0, 1e-9, 0.5])
def test_values_that_tell_little_give_a_finite_value(spread: float) -> None:
    dice = np.random.default_rng(3)
    frequency = dice.integers(1, 4, 400).astype(float)
    worth = 80.0 * np.exp(dice.normal(0, spread, 400))
    model = fit_gamma_gamma(frequency, worth)
    assert model is not None
    mixed = dice.permutation(400)
    assert fit_gamma_gamma(frequency[mixed], worth[mixed]) == model
    (new,) = model.expected_value(np.array([0.0]), np.array([0.0]))
    assert new == pytest.approx(worth.mean(), rel=0.1)
