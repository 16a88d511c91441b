"""Whether customers buy within the next days: churn of active customers and purchase propensity of all.

Learned on what was known at one cut and on what happened in the days after it, tested on as many days after the next cut,
scored on the last day. Baselines, the better of which a model has to beat: the same probability for everybody, and the
share by days since the last order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from pipelines.predictions import back_test as frame
from pipelines.predictions.bg_nbd import fit_bg_nbd
from pipelines.predictions.classifier import Flags, fit_classifier
from pipelines.predictions.events import (
    FEATURES,
    Codes,
    World,
    bought_between,
    day_number,
    day_of,
    known_by,
    purchase_histories,
)
from pipelines.predictions.grouping import Vector
from pipelines.predictions.results import Results

METRIC = "brier_score"
"""Mean squared distance of the probability from what happened (1 or 0); lower is better."""

ACTIVE_DAYS = 180
"""A customer is active so long after an order, as in customer_lifecycle."""

_SHORTEST = 7
_BANDS = 5
_RECENCY, _BOUGHT = FEATURES.index("days_since_order"), FEATURES.index("has_bought")
SAME_FOR_ALL, BY_RECENCY = "share_of_everybody", "share_by_days_since_order"
MODELS = ("bg_nbd", "logistic_regression")


@dataclass(frozen=True)
class Outcome:
    """A prediction about the next `days`: what is predicted is that a customer buys, or with `is_loss` that none is bought,
    of active customers alone or of everybody known."""

    name: str
    days: int
    is_loss: bool
    of_active: bool


CHURN = Outcome("churn", 180, is_loss=True, of_active=True)
PURCHASE = Outcome("purchase", 30, is_loss=False, of_active=False)


@dataclass(frozen=True)
class Known:
    """Customers at a cut: places in the world, features, and the world itself for models of order days."""

    world: World
    cut: int
    customers: Codes
    features: Vector


def predict_outcome(asked: Outcome, world: World, until: date, results: Results) -> None:
    """Add the back-test of each model, calibration of the best, and its scores where it won."""
    end = day_number(until)
    span = end - int(world.orders.day.min()) if len(world.orders.day) else 0
    days = min(asked.days, span // 4)
    cut = end - days
    if days < _SHORTEST:
        reason = frame.TOO_SHORT if len(world.orders.day) else frame.NO_ORDERS
        results.add_tests(frame.untested(_tried(asked, model), reason) for model in MODELS)
        return
    learn, test = _known(asked, world, cut - days), _known(asked, world, cut)
    tests, predicted = _back_tests(asked, learn, test, days)
    tests = frame.best_alone(tests)
    shown = next((one for one in tests if one.is_published), None) or _least(tests)
    probabilities = predicted.get(shown.tried.model if shown else "")
    happened = _happened(asked, test, days).astype(np.float64)
    tenths = frame.deciles(asked.name, probabilities, happened) if probabilities is not None else []
    results.add_tests(tests, tenths)
    model, today = results.published_model(asked.name), _known(asked, world, end)
    if model is not None and len(today.customers):
        scores = _probabilities(model, asked, test, today, days)
        assert scores is not None  # what could be fitted on less can be on more
        results.add_scores(asked.name, world.customers[today.customers], value=scores)


def _back_tests(
    asked: Outcome, learn: Known, test: Known, days: int
) -> tuple[list[frame.BackTest], dict[str, Vector]]:
    """One per model, and what each predicted."""
    before, happened = _happened(asked, learn, days), _happened(asked, test, days)
    tried = {model: _tried(asked, model, len(happened), test.cut, days) for model in MODELS}
    if min(len(before), len(happened)) < frame.FEWEST_TESTED:
        return [frame.untested(one, frame.TOO_FEW) for one in tried.values()], {}
    if before.all() or not before.any() or happened.all() or not happened.any():
        return [frame.untested(one, frame.ALL_ALIKE) for one in tried.values()], {}
    same = np.full(len(happened), before.mean())
    by_recency = _recency_rule(learn, before)(test)
    baselines = {SAME_FOR_ALL: (same - happened) ** 2, BY_RECENCY: (by_recency - happened) ** 2}
    baseline = min(baselines, key=lambda name: float(baselines[name].mean()))
    found, predicted = [], {}
    for model in MODELS:
        named = _tried(asked, model, len(happened), test.cut, days, baseline)
        probabilities = _probabilities(model, asked, learn, test, days)
        if probabilities is None:
            found.append(frame.untested(named, frame.NOT_FITTED))
            continue
        predicted[model] = probabilities
        found.append(frame.judge(named, (probabilities - happened) ** 2, baselines[baseline]))
    return found, predicted


def _probabilities(model: str, asked: Outcome, learn: Known, asked_of: Known, days: int) -> Vector | None:
    """Of customers at a later cut by a model that has seen outcomes up to that cut; None where it can't be fitted."""
    before = _happened(asked, learn, days)
    if model == "logistic_regression":
        if before.all() or not before.any():
            return None
        return fit_classifier(learn.features, before)(asked_of.features)
    seen, frequency, recency, age = purchase_histories(asked_of.world, asked_of.cut)
    fitted = fit_bg_nbd(frequency, recency, age) if len(seen) else None
    if fitted is None:
        return None
    buying = fitted.probability_of_purchase(frequency, recency, age, days / 7.0)
    # who never bought, or first on the day itself, buys as often as such customers did before
    rest = _recency_rule(learn, before)(asked_of)
    place = np.full(len(asked_of.world.customers), -1)
    place[seen] = np.arange(len(seen))
    mine = place[asked_of.customers]
    return np.where(mine >= 0, (1 - buying if asked.is_loss else buying)[mine], rest)


def _recency_rule(learn: Known, outcome: Flags) -> Callable[[Known], Vector]:
    """The share of `outcome` by fifths of days since the last order, and of those who never bought."""
    bought = learn.features[:, _BOUGHT] > 0
    edges = (
        np.quantile(learn.features[bought, _RECENCY], np.arange(1, _BANDS) / _BANDS) if bought.any() else []
    )

    def band(known: Known) -> Codes:
        inside = np.searchsorted(np.asarray(edges), known.features[:, _RECENCY], side="left")
        return np.where(known.features[:, _BOUGHT] > 0, inside, _BANDS).astype(np.int64)

    counts = np.bincount(band(learn), minlength=_BANDS + 1)
    hits = np.bincount(band(learn), outcome.astype(float), minlength=_BANDS + 1)
    shares = (hits + outcome.mean()) / (counts + 1)
    return lambda known: np.asarray(shares[band(known)], dtype=np.float64)


def _known(asked: Outcome, world: World, cut: int) -> Known:
    customers, features = known_by(world, cut)
    if asked.of_active:
        inside = (features[:, _BOUGHT] > 0) & (features[:, _RECENCY] <= np.log1p(ACTIVE_DAYS))
        customers, features = customers[inside], features[inside]
    return Known(world, cut, customers, features)


def _happened(asked: Outcome, known: Known, days: int) -> Flags:
    bought = bought_between(known.world, known.cut, known.cut + days)[known.customers]
    return ~bought if asked.is_loss else bought


def _least(tests: list[frame.BackTest]) -> frame.BackTest | None:
    tested = [one for one in tests if one.model_score is not None]
    return min(tested, key=lambda one: one.model_score or 0.0) if tested else None


def _tried(  # noqa: PLR0913, PLR0917 - the columns of a row
    asked: Outcome, model: str, customers: int = 0, cut: int = 0, days: int = 0, baseline: str = SAME_FOR_ALL
) -> frame.Tried:
    days_of = (day_of(cut), day_of(cut + days)) if days else (None, None)
    return frame.Tried(asked.name, model, baseline, METRIC, customers, *days_of)
