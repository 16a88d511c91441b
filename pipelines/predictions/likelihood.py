"""The most likely parameters of a model: bounded, under a weak prior, found by gradient in a bounded number of steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from pipelines.predictions.grouping import Vector

MOST_EVALUATIONS = 200
"""Of the likelihood, from each start; usual are 20 to 80."""

BOUNDS = (1e-3, 1e3)
"""Of every parameter: beyond them a model tells no more than at them."""

_TIE = 1e-9  # mean log likelihood by which a later start has to be better

Likelihood = Callable[[Vector], tuple[float, Vector]]


@dataclass(frozen=True)
class Prior:
    """Log-normal around usual values, a factor of 150 either way as one standard deviation; it weighs as one customer."""

    usual: tuple[float, ...]
    deviation: float = 5.0

    def __call__(self, logs: Vector) -> tuple[float, Vector]:
        """Log density up to a constant, and its slopes, at the logs of the parameters."""
        off = (logs - np.log(self.usual)) / self.deviation
        return float(-(off**2).sum() / 2), -off / self.deviation


def most_likely(
    likelihood: Likelihood, prior: Prior, starts: Sequence[tuple[float, ...]], customers: float
) -> tuple[float, ...]:
    """Parameters, each within BOUNDS, that are most likely from the best of `starts`; of equal ones the first.

    `likelihood` gives the sum over `customers` of log likelihoods at given parameters, and its slopes. A search that is
    at its limit of evaluations gives the best parameters so far: the same every time.
    """

    def loss(logs: Vector) -> tuple[float, Vector]:
        parameters = np.exp(logs)
        told, slopes = likelihood(parameters)
        density, pull = prior(logs)
        return -(told + density) / customers, -(slopes * parameters + pull) / customers

    best, least = np.log(starts[0]), np.inf
    limits = [tuple(np.log(BOUNDS))] * len(starts[0])
    for start in starts:
        found = minimize(
            loss, np.log(start), jac=True, method="L-BFGS-B", bounds=limits,
            options={"maxfun": MOST_EVALUATIONS, "maxiter": MOST_EVALUATIONS, "ftol": 1e-15, "gtol": 1e-10},
        )  # fmt: skip
        if found.fun < least - _TIE:
            best, least = found.x, found.fun
    return tuple(float(one) for one in np.exp(best))
