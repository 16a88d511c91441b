"""Products for a customer from what goes with the products bought before, against the most popular ones.

Two models: `bought_together` counts pairs in one order, as the mart product_affinity does, `bought_by_the_same` pairs of one
customer. Of both and of the baseline, products that the customer has already and such as nobody bought lately are left out.
Tested on each customer's last order after the cut, if it holds a product that the customer had not bought before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from pipelines.predictions import back_test as frame
from pipelines.predictions.baskets import Baskets, affinity, bought_by
from pipelines.predictions.events import Codes, day_number, day_of
from pipelines.predictions.grouping import Vector
from pipelines.predictions.results import Results

NAME, METRIC, BASELINE = "recommendation", "hit_rate_at_5", "most_popular"
MODELS = ("bought_together", "bought_by_the_same")
SHOWN = 5
ON_SALE_DAYS = 180
"""A product that nobody bought for so long is sold no more."""
MOST_PRODUCTS = 2_000
"""Of a larger range the most bought ones are learned from and recommended."""

_TEST_DAYS = 180
_SHORTEST = 7
_AT_ONCE = 2_000_000  # scores held in memory


@dataclass(frozen=True)
class Recommended:
    """Customers (places) by SHOWN columns: products (-1: none left), what counts most for each (-1: popularity alone), scores."""

    customers: Codes
    products: Codes
    because: Codes
    scores: Vector


def recommend(baskets: Baskets, customers: Codes, model: str, day: int) -> Recommended:
    """The best products for these customers on a day (number) by what is in `baskets`; BASELINE as a model is popularity."""
    baskets = _of_most_bought(baskets)
    had = bought_by(baskets, baskets.customer)[customers]
    candidates = _on_sale(baskets, day)
    pairs = _pairs(baskets, model)
    top, scores = np.full((len(customers), SHOWN), -1, np.int64), np.zeros((len(customers), SHOWN))
    shown = min(SHOWN, len(candidates))
    # popularity settles what affinity leaves open, and no two products are equal
    popularity = np.arange(len(candidates), 0, -1) / max(len(candidates), 1) * 1e-9
    for rows in _chunks(len(customers), max(1, _AT_ONCE // len(candidates))) if shown else ():
        found = np.tile(popularity, (had[rows].shape[0], 1))
        if pairs is not None:
            found += (had[rows] @ pairs[:, candidates]).toarray()
        found[had[rows][:, candidates].toarray() > 0] = -1.0
        best = np.argpartition(-found, shown - 1, axis=1)[:, :shown]
        order = np.argsort(-np.take_along_axis(found, best, axis=1), axis=1)
        best = np.take_along_axis(best, order, axis=1)
        worth = np.take_along_axis(found, best, axis=1)
        top[rows, :shown] = np.where(worth < 0, -1, candidates[best])
        scores[rows, :shown] = worth
    because = _because(pairs, had, top)
    return Recommended(customers, top, because, np.where(because < 0, 0.0, scores))


def _chunks(many: int, size: int) -> Iterator[slice]:
    return (slice(start, min(start + size, many)) for start in range(0, many, size))


def _of_most_bought(baskets: Baskets) -> Baskets:
    """Without lines of products beyond the MOST_PRODUCTS."""
    orders = np.bincount(baskets.product, minlength=len(baskets.products))
    is_kept = np.zeros(len(orders), bool)
    is_kept[np.lexsort((np.arange(len(orders)), -orders))[:MOST_PRODUCTS]] = True
    return baskets.only(is_kept[baskets.product])


def _on_sale(baskets: Baskets, day: int) -> Codes:
    """Products bought within ON_SALE_DAYS before the day, the most bought first."""
    many = len(baskets.products)
    last = np.full(many, np.iinfo(np.int64).min)
    np.maximum.at(last, baskets.product, baskets.day)
    orders = np.bincount(baskets.product, minlength=many)
    by_orders = np.lexsort((np.arange(many), -orders))
    is_sold = (last[by_orders] > day - ON_SALE_DAYS) & (orders[by_orders] > 0)
    return by_orders[is_sold].astype(np.int64)


def _pairs(baskets: Baskets, model: str) -> csr_matrix | None:
    if model == BASELINE:
        return None
    return affinity(baskets, baskets.order if model == MODELS[0] else baskets.customer)


def _because(pairs: csr_matrix | None, had: csr_matrix, top: Codes) -> Codes:
    """Of each recommended product the one bought before with the highest affinity to it."""
    because = np.full(top.shape, -1, np.int64)
    if pairs is None or not had.nnz:
        return because
    rows, products = np.repeat(np.arange(had.shape[0]), np.diff(had.indptr)), had.indices
    for column in range(top.shape[1]):
        chosen = top[rows, column]
        share = np.asarray(pairs[products, np.maximum(chosen, 0)]).ravel()
        share[chosen < 0] = 0.0
        order = np.lexsort((products, -share, rows))
        first = order[np.unique(rows[order], return_index=True)[1]]
        because[rows[first], column] = np.where(share[first] > 0, products[first], -1)
    return because


def predict_recommendations(baskets: Baskets, until: date, results: Results) -> None:
    """Add the back-test of each model, and where one won up to SHOWN products per customer who bought anything."""
    end = day_number(until)
    span = end - int(baskets.day.min()) if len(baskets.day) else 0
    days = min(_TEST_DAYS, span // 4)
    if days < _SHORTEST:
        reason = frame.TOO_SHORT if len(baskets.day) else frame.NO_PRODUCTS
        results.add_tests(
            frame.untested(frame.Tried(NAME, model, BASELINE, METRIC), reason) for model in MODELS
        )
        return
    cut = end - days
    known = baskets.only(baskets.day <= cut)
    customers, new = _new_in_last_order(baskets, cut)
    naive = _misses(recommend(known, customers, BASELINE, cut), new)
    tests = []
    for model in MODELS:
        tried = frame.Tried(NAME, model, BASELINE, METRIC, len(customers), day_of(cut), until)
        missed = _misses(recommend(known, customers, model, cut), new)
        tests.append(frame.judge(tried, missed, naive, of_hits=True))
    results.add_tests(frame.best_alone(tests, lower_is_better=False))
    winner = results.published_model(NAME)
    if winner is not None:
        buyers = np.unique(baskets.customer[baskets.customer >= 0])
        _add(results, baskets, recommend(baskets, buyers, winner, end))


def _new_in_last_order(baskets: Baskets, cut: int) -> tuple[Codes, csr_matrix]:
    """Customers who bought before the cut and something else in their last order after it, and those products (customers by
    products)."""
    known = baskets.only(baskets.day <= cut)
    later = baskets.only((baskets.day > cut) & (baskets.customer >= 0))
    last = np.full(len(baskets.customers), -1)
    np.maximum.at(last, later.customer, later.order)
    final = later.only(later.order == last[later.customer])
    before, bought = bought_by(known, known.customer), bought_by(final, final.customer)
    new = (bought - bought.multiply(before)).tocsr()
    is_known = np.asarray(before.sum(axis=1)).ravel() > 0
    has_new = np.asarray(new.sum(axis=1)).ravel() > 0
    customers = np.flatnonzero(is_known & has_new).astype(np.int64)
    return customers, new[customers]


def _misses(found: Recommended, new: csr_matrix) -> Vector:
    """Per customer 0 where one of the products was bought, else 1."""
    rows = np.repeat(np.arange(len(found.customers)), SHOWN)
    products = found.products.ravel()
    if not len(rows):
        return np.zeros(0)
    hit = np.asarray(new[rows, np.maximum(products, 0)]).ravel() * (products >= 0)
    return np.where(hit.reshape(-1, SHOWN).max(axis=1) > 0, 0.0, 1.0)


def _add(results: Results, baskets: Baskets, found: Recommended) -> None:
    rows, places = np.nonzero(found.products >= 0)
    because: Any = found.because[rows, places]
    results.add_scores(
        NAME,
        baskets.customers[found.customers[rows]],
        place=(places + 1).astype(np.int32),
        choice=baskets.products[found.products[rows, places]],
        because=[None if place < 0 else baskets.products[place] for place in because],
        value=found.scores[rows, places],
    )
