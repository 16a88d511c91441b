"""Gamma-gamma (Fader and Hardie 2013): what a customer's purchases are worth on average, shrunk towards all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln

from pipelines.predictions.bg_nbd import Vector


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
    """Maximum likelihood over customers with repeat purchases worth something; None with fewer than 20."""
    told = (frequency > 0) & (mean_value > 0)
    if told.sum() < 20:
        return None
    x, scale = frequency[told], float(np.mean(mean_value[told]))
    m = mean_value[told] / scale

    def loss(logs: Vector) -> float:
        if np.abs(logs).max() > 20:
            return 1e9
        p, q, v = np.exp(logs)
        parts = (
            gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v) + (p * x - 1) * np.log(m)
            + p * x * np.log(x) - (p * x + q) * np.log(x * m + v)
        )  # fmt: skip
        return float(-np.mean(parts))

    found = minimize(
        loss,
        np.log([5.0, 4.0, 1.0]),
        method="Nelder-Mead",
        options={"maxiter": 4000, "xatol": 1e-7, "fatol": 1e-9},
    )
    p, q, v = np.exp(found.x)
    return GammaGamma(float(p), float(q), float(v * scale)) if found.success and q > 1 else None
