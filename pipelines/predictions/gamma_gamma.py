"""Gamma-gamma (Fader and Hardie 2013): what a customer's purchases are worth on average, shrunk towards all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, psi

from pipelines.predictions.grouping import Vector, group_histories
from pipelines.predictions.likelihood import Prior, most_likely

_USUAL = Prior((6.0, 3.0, 1.0))  # p, q - 1 and the mean of all customers, in units of the mean observed
_STARTS = ((5.0, 3.0, 1.0),)


@dataclass(frozen=True)
class GammaGamma:
    """Fitted parameters p, q, v, all above 0."""

    p: float
    q: float
    v: float

    def expected_value(self, frequency: Vector, mean_value: Vector) -> Vector:
        """Expected mean value of a purchase; customers without repeat purchases get the mean of the population."""
        population = self.p * self.v / (self.q - 1) if self.q > 1 else float(np.mean(mean_value))
        own = self.p * (self.v + frequency * mean_value) / (self.p * frequency + self.q - 1)
        return np.asarray(np.where(frequency > 0, own, population), dtype=np.float64)


def fit_gamma_gamma(frequency: Vector, mean_value: Vector) -> GammaGamma | None:
    """Most likely parameters, q above 1, by customers with repeat purchases worth something; None with fewer than 20.

    The prior weighs as one customer and settles what values leave open, such as all being equal. The same customers, in
    any order, give the same bits.
    """
    told = (frequency > 0) & (mean_value > 0)
    if told.sum() < 20:
        return None
    x, (log_m,), weights = group_histories(frequency[told], [np.log(mean_value[told])])
    scale = float(np.average(np.exp(log_m), weights=weights))
    likelihood = _Likelihood(x, np.exp(log_m) / scale, weights)
    p, above_one, mean = most_likely(likelihood, _USUAL, _STARTS, weights.sum())
    return GammaGamma(p, 1 + above_one, mean * above_one / p * scale)


@dataclass(frozen=True)
class _Likelihood:
    """Log likelihood of p, q - 1 and the mean of all customers (p v / (q - 1)), summed over histories, and its slopes."""

    x: Vector
    m: Vector
    weights: Vector

    def __call__(self, parameters: Vector) -> tuple[float, Vector]:
        p, above_one, mean = parameters
        q, v = 1 + above_one, mean * above_one / p
        bought, spent = p * self.x, self.x * self.m
        told = (
            gammaln(bought + q) - gammaln(bought) - gammaln(q) + q * np.log(v) + bought * np.log(spent)
            - np.log(self.m) - (bought + q) * np.log(spent + v)
        )  # fmt: skip
        of_sum, by_v = psi(bought + q), q / v - (bought + q) / (spent + v)
        of_p = self.x * (of_sum - psi(bought) + np.log(spent) - np.log(spent + v))
        of_q = of_sum - psi(q) + np.log(v) - np.log(spent + v)
        slopes = (of_p - by_v * v / p, of_q + by_v * mean / p, by_v * above_one / p)
        return float((self.weights * told).sum()), np.array([(self.weights * one).sum() for one in slopes])
