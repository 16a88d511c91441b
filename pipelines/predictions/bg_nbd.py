"""BG/NBD (Fader, Hardie and Lee 2005): how often customers buy while alive, and whether they still are.

Per customer: frequency (repeat purchases), recency (time of the last one since the first) and age (time since the
first), all in one unit of time. Parameters r, alpha (purchase rate: gamma) and a, b (drop-out: beta).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import betaln, gammaln, hyp2f1

Vector = npt.NDArray[np.float64]

FEWEST_CUSTOMERS = 100
"""Below it the four parameters are guesswork; nothing is fitted."""

MOST_CUSTOMERS = 50_000
"""Four parameters need no more; of more customers every n-th in the order given is taken."""


@dataclass(frozen=True)
class BgNbd:
    """Fitted parameters, all above 0."""

    r: float
    alpha: float
    a: float
    b: float

    def probability_alive(self, frequency: Vector, recency: Vector, age: Vector) -> Vector:
        """0 to 1 per customer; 1 without a repeat purchase, since in this model only a purchase can be the last."""
        grown = (self.r + frequency) * np.log((self.alpha + age) / (self.alpha + recency))
        odds = np.log(self.a / (self.b + np.maximum(frequency, 1) - 1)) + grown
        alive = 1 / (1 + np.exp(np.minimum(odds, 700)))
        return np.asarray(np.where(frequency == 0, 1.0, alive), dtype=np.float64)

    def expected_purchases(self, frequency: Vector, recency: Vector, age: Vector, ahead: float) -> Vector:
        """Expected purchases in the next `ahead` units of time, per customer."""
        start, end = self.a + self.b + frequency - 1, self.r + frequency
        z = ahead / (self.alpha + age + ahead)
        hyper = hyp2f1(end, self.b + frequency, start, z)
        shrink = ((self.alpha + age) / (self.alpha + age + ahead)) ** end
        unconditional = start / (self.a - 1) * (1 - hyper * shrink)
        return np.asarray(unconditional * self.probability_alive(frequency, recency, age), dtype=np.float64)


def fit_bg_nbd(frequency: Vector, recency: Vector, age: Vector) -> BgNbd | None:
    """Maximum likelihood over distinct histories; None with too few customers or repeat purchases to tell."""
    if len(frequency) < FEWEST_CUSTOMERS or (frequency > 0).sum() < FEWEST_CUSTOMERS // 5:
        return None
    step = 1 + (len(frequency) - 1) // MOST_CUSTOMERS
    taken = np.column_stack([frequency, recency, age])[::step]
    histories, counts = np.unique(taken, axis=0, return_counts=True)
    # Time in units of the longest age: the search walks evenly, whatever the unit was.
    scale = float(age.max())
    x, t_x, t = histories[:, 0], histories[:, 1] / scale, histories[:, 2] / scale
    best: Any = None
    for start in (0.1, 1.0):
        found = minimize(
            _loss, np.log([0.5, start, 0.5, 2.0]), args=(x, t_x, t, counts), method="Nelder-Mead",
            options={"maxiter": 4000, "xatol": 1e-7, "fatol": 1e-9},
        )  # fmt: skip
        if best is None or found.fun < best.fun:
            best = found
    if not best.success or not np.isfinite(best.fun):
        return None
    r, alpha, a, b = np.exp(best.x)
    return BgNbd(float(r), float(alpha * scale), float(a), float(b))


def _loss(logs: Vector, x: Vector, t_x: Vector, t: Vector, counts: npt.NDArray[np.int64]) -> float:
    """Mean negative log likelihood of the log parameters."""
    if np.abs(logs).max() > 30:
        return 1e9
    r, alpha, a, b = np.exp(logs)
    shared = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    alive = betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + t)
    gone = betaln(a + 1, b + np.maximum(x, 1) - 1) - betaln(a, b) - (r + x) * np.log(alpha + t_x)
    told = np.where(x > 0, np.logaddexp(alive, gone), alive)
    return float(-np.average(shared + told, weights=counts))
