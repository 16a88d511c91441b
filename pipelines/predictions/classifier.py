"""A logistic regression of scikit-learn: the probability of an outcome from features, the same rows giving the same bits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from pipelines.predictions.grouping import Vector

Flags = npt.NDArray[np.bool_]

MOST_ROWS = 50_000
"""Of more customers every n-th is learned from: a dozen weights need no more."""


def fit_classifier(features: Vector, outcome: Flags) -> Callable[[Vector], Vector]:
    """Learn from one row per customer; gives probabilities for rows of the same columns. `outcome` has to have both values.

    A feature counts as far as it was seen, from its lowest to its highest hundredth: customers all grow older by the next cut,
    and weights say nothing of ages that nobody had.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - slow import, and a small home needs none
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    if len(features) > MOST_ROWS:
        taken = np.linspace(0, len(features) - 1, MOST_ROWS).astype(np.intp)
        features, outcome = features[taken], outcome[taken]
    low, high = np.quantile(features, (0.01, 0.99), axis=0)
    features = np.clip(features, low, high)
    middle, spread = features.mean(axis=0), features.std(axis=0)
    spread[spread == 0] = 1.0
    with threadpool_limits(
        1
    ):  # sums in another order give other bits, and threads wait for each other on small matrices
        fitted = LogisticRegression(max_iter=500).fit((features - middle) / spread, outcome)

    def probability(rows: Vector) -> Vector:
        rows = (np.clip(rows, low, high) - middle) / spread
        return np.asarray(fitted.predict_proba(rows)[:, 1], dtype=np.float64)

    return probability
