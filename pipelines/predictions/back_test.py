"""The common frame of predictions: each is held against a naive baseline on a time after its cut, and shown only when it wins.

A loss is one number per customer of the test, lower is better, of model and baseline about the same customers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from pipelines.predictions.grouping import Vector

FEWEST_TESTED = 100
"""Customers in a back-test; below it nothing is published."""

SURE = 2.33
"""Standard errors by which a model has to be better: of models as good as the baseline one in a hundred looks so by chance."""

WON = "beats the baseline"
LOST = "does not beat the baseline"
BY_CHANCE = "better than the baseline by less than chance explains"
OUTDONE = "beats the baseline, and another model of this prediction is better"
TOO_FEW = f"fewer than {FEWEST_TESTED} customers to test on"
TOO_SHORT = "events span too few days to learn from one part and test on the next"
NO_ORDERS = "nobody has bought anything"
NO_ACTS = "nobody has done anything of which this is known"
NO_PRODUCTS = "no order names a product"
ALL_ALIKE = "all customers did the same, so that there is nothing to tell apart"
NO_HOLDOUT = f"no campaign has {FEWEST_TESTED} customers held out and as many written to, all of them more than 30 days ago"
FEW_HELD_OUT = f"fewer than {FEWEST_TESTED} customers held out or written to"
NOT_FITTED = "too few customers or repeat purchases to fit"


@dataclass(frozen=True)
class Tried:
    """What is tested: the names of prediction, model, baseline and metric, the days around the test and its customers.

    Learned is from what happened up to `cut_on`, tested on what happened after it up to `until_on`.
    """

    prediction: str
    model: str
    baseline: str
    metric: str
    customers: int = 0
    cut_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True)
class BackTest:
    """A row of the table prediction_backtests. Scores are None where nothing could be tested."""

    tried: Tried
    model_score: float | None
    baseline_score: float | None
    is_published: bool
    reason: str


@dataclass(frozen=True)
class Decile:
    """A row of prediction_calibration: the customers with the lowest predictions are in decile 1. `lift` is the observed
    mean by that of everybody tested, None where the latter is 0."""

    prediction: str
    decile: int
    customers: int
    predicted: float
    observed: float
    lift: float | None


def untested(tried: Tried, reason: str) -> BackTest:
    """A prediction of which nothing can be told, and why."""
    return BackTest(tried, None, None, False, reason)


def judge(tried: Tried, model: Vector, baseline: Vector, of_hits: bool = False) -> BackTest:
    """The verdict by the losses of either; scores are mean losses, or `of_hits` one less the loss (0 a hit, 1 a miss)."""
    tried = replace(tried, customers=len(model))
    if len(model) < FEWEST_TESTED:
        return untested(tried, TOO_FEW)
    gain = baseline - model
    error = float(gain.std(ddof=1)) / np.sqrt(len(gain))
    score, naive = (float(np.mean(1 - one if of_hits else one)) for one in (model, baseline))
    if not gain.mean() > 0:
        return BackTest(tried, score, naive, False, LOST)
    won = bool(gain.mean() > SURE * error)
    return BackTest(tried, score, naive, won, WON if won else BY_CHANCE)


def best_alone(tests: Sequence[BackTest], lower_is_better: bool = True) -> list[BackTest]:
    """Of several models of one prediction only the best of the winners is published; of equal ones the first."""
    winners = [one for one in tests if one.is_published and one.model_score is not None]
    if not winners:
        return list(tests)
    best = (min if lower_is_better else max)(winners, key=lambda one: one.model_score or 0.0)
    return [
        replace(one, is_published=False, reason=OUTDONE) if one.is_published and one is not best else one
        for one in tests
    ]


def tenths(predicted: Vector) -> npt.NDArray[np.intp]:
    """Per customer the tenth from 1, the lowest predictions, to 10; equal predictions are in one, so some may lack."""
    if not len(predicted):
        return np.empty(0, np.intp)
    _, place, counts = np.unique(predicted, return_inverse=True, return_counts=True)
    middles = (np.cumsum(counts) - counts / 2) / len(predicted)  # ranks of equal predictions are their mean
    of_values: npt.NDArray[np.intp] = np.minimum(np.floor(middles * 10) + 1, 10).astype(np.intp)
    return of_values[place.ravel()]


def deciles(prediction: str, predicted: Vector, observed: Vector) -> list[Decile]:
    """Predicted against observed means by tenths of the customers."""
    tenth = tenths(predicted)
    found = []
    for number in np.unique(tenth):
        inside = tenth == number
        overall, seen = float(observed.mean()), float(observed[inside].mean())
        lift = seen / overall if overall else None
        of_these = float(predicted[inside].mean())
        found.append(Decile(prediction, int(number), int(inside.sum()), of_these, seen, lift))
    return found
