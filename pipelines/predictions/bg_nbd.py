"""BG/NBD (Fader, Hardie and Lee 2005): how often customers buy while alive, and whether they still are.

Per customer: frequency (repeat purchases), recency (time of the last one since the first) and age (time since the
first), all in one unit of time. Parameters r, alpha (purchase rate: gamma) and a, b (drop-out: beta).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, hyp2f1, psi

from pipelines.predictions.grouping import Vector, group_histories
from pipelines.predictions.likelihood import Prior, most_likely

FEWEST_CUSTOMERS = 100
"""Below it the four parameters are guesswork; nothing is fitted."""

_USUAL = Prior((0.25, 0.1, 0.8, 2.5))  # about CDNOW's; alpha in units of the longest age
_STARTS = ((0.5, 0.1, 0.5, 2.0), (0.5, 1.0, 0.5, 2.0))


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
        a = self.a if abs(self.a - 1) > 1e-6 else 1 + 1e-6  # the formula has a gap at 1, its value has none
        start, end, z = a + self.b + frequency - 1, self.r + frequency, ahead / (self.alpha + age + ahead)
        with np.errstate(over="ignore", invalid="ignore"):
            papers = hyp2f1(end, self.b + frequency, start, z) * (1 - z) ** end
            # Many purchases overflow the paper's form, a large a overflows Euler's of the same number.
            eulers = hyp2f1(start - end, a - 1, start, z) * (1 - z) ** (a - 1)
        unconditional = start / (a - 1) * (1 - np.where(np.isfinite(eulers), eulers, papers))
        # fmin also stands in where both overflow: as if the customer were sure to stay.
        expected = np.clip(np.fmin(unconditional, end / (self.alpha + age) * ahead), 0, None)
        return np.asarray(expected * self.probability_alive(frequency, recency, age), dtype=np.float64)

    def probability_of_purchase(
        self, frequency: Vector, recency: Vector, age: Vector, ahead: float
    ) -> Vector:
        """That there is one in the next `ahead` units of time: alive, and not without a purchase for so long."""
        silent = ((self.alpha + age) / (self.alpha + age + ahead)) ** (self.r + frequency)
        return np.asarray(self.probability_alive(frequency, recency, age) * (1 - silent), dtype=np.float64)


def fit_bg_nbd(frequency: Vector, recency: Vector, age: Vector) -> BgNbd | None:
    """Most likely parameters under a prior that weighs as one customer; None with too few customers or repeat purchases.

    Where the purchases leave a parameter open (nobody drops out, all bought once) the prior settles it. The same
    customers, in any order, give the same bits.
    """
    if len(frequency) < FEWEST_CUSTOMERS or (frequency > 0).sum() < FEWEST_CUSTOMERS // 5:
        return None
    # Time in units of the longest age: the search walks evenly, whatever the unit was.
    scale = float(age.max())
    told = _Likelihood.of(*group_histories(frequency, [recency / scale, age / scale]))
    r, alpha, a, b = most_likely(told, _USUAL, _STARTS, told.weights.sum())
    return BgNbd(r, alpha * scale, a, b)


@dataclass(frozen=True)
class _Likelihood:
    """Log likelihood of the parameters, summed over histories, and its slopes; what depends on frequency alone is
    computed once for each distinct one."""

    x: Vector
    t_x: Vector
    t: Vector
    weights: Vector
    distinct: Vector
    place: npt.NDArray[np.intp]

    @classmethod
    def of(cls, x: Vector, times: list[Vector], weights: Vector) -> _Likelihood:
        distinct, place = np.unique(x, return_inverse=True)
        return cls(x, times[0], times[1], weights, distinct, place)

    def __call__(self, parameters: Vector) -> tuple[float, Vector]:
        r, alpha, a, b = parameters
        x, seen, place = self.x, self.distinct, self.place
        purchases = gammaln(r + seen) - gammaln(r) + r * np.log(alpha)
        staying = gammaln(b + seen) - gammaln(a + b + seen) - gammaln(b) + gammaln(a + b)
        long, short = np.log(alpha + self.t), np.log(alpha + self.t_x)
        earlier = np.where(x > 0, b + x - 1, 1.0)
        odds = np.where(x > 0, np.log(a / earlier) + (r + x) * (long - short), -np.inf)  # gone against alive
        told = (purchases + staying)[place] - (r + x) * long + np.logaddexp(0, odds)
        gone = 1 / (1 + np.exp(-np.clip(odds, -700, 700))) * (x > 0)
        all_in = psi(a + b) - psi(a + b + seen)
        slopes = (
            (psi(r + seen) - psi(r) + np.log(alpha))[place] - long + gone * (long - short),
            r / alpha - (r + x) * ((1 - gone) / (alpha + self.t) + gone / (alpha + self.t_x)),
            all_in[place] + gone / a,
            (all_in + psi(b + seen) - psi(b))[place] - gone / earlier,
        )
        return float((self.weights * told).sum()), np.array([(self.weights * one).sum() for one in slopes])
