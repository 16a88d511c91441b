"""Order and bounds of the levels of one field: no level weighs less than one below it, none against a match too little.

The levels form a partial order. m is the maximum likelihood estimate under it: of all m whose ratio m / u never falls from
a level to one above it, the likeliest for the counts (Robertson, Wright and Dykstra 1988, chapter 1: the isotonic
regression of m / u with weights u; for a chain what pool-adjacent-violators finds). It keeps the sum of m, so that m stays
a probability distribution and u need not change: u is counted on random pairs and is known far better.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.errors import UcvError

Floats = NDArray[np.float64]
Sets = NDArray[np.bool_]

_KEPT_SHARE = 0.6
"""Share of its shipped bits that a level which speaks against a match keeps, whatever was counted."""
_ROUNDING = 1e-9  # bits


@dataclass(frozen=True, eq=False)
class LevelOrder:
    """The levels of one field: `above[i, j]` says that level i is above level j; `largest` bounds m / u (inf: unbounded)."""

    above: Sets
    largest: Floats

    def project(self, m: Floats, u: Floats) -> Floats:
        """The m nearest to `m` (in likelihood) that keeps order and bounds beside `u`; both sum to 1, and so does it."""
        return _bounded(_ordered(m, u, self._upper_sets), u, self.largest)

    @cached_property
    def _upper_sets(self) -> Sets:
        """Every set of levels that holds with a level all above it; shape (sets, levels)."""
        count = len(self.above)
        sets = (np.arange(2**count)[:, None] >> np.arange(count)) & 1 == 1
        # A set that holds j but not i, where i is above j, is none.
        broken = np.einsum("sj,ij,si->s", sets.astype(int), self.above.astype(int), (~sets).astype(int))
        return np.asarray(sets[broken == 0], dtype=np.bool_)


def level_orders(levels: pd.DataFrame) -> dict[str, LevelOrder]:
    """Field -> the order of its levels, from the levels of the specification (field, level, label, m_default, u_default, above).

    `above`: labels of the levels that a level never weighs less than, apart by blanks; null: the level before it. Levels
    that neither stands above are not comparable. Raises UcvError when a label is unknown or not of a lower level, or when
    the shipped weights are not in that order themselves.
    """
    table = levels if "above" in levels else levels.assign(above=None)
    return {str(name): _order(str(name), group) for name, group in table.groupby("field")}


def _order(field: str, levels: pd.DataFrame) -> LevelOrder:
    levels = levels.sort_values("level")
    labels = [str(label) for label in levels["label"]]
    above = np.zeros((len(labels), len(labels)), dtype=np.bool_)
    for place, named in enumerate(levels["above"]):
        for label in (
            labels[place - 1 : place] if pd.isna(named) or not str(named).strip() else str(named).split()
        ):
            if label not in labels[:place]:
                raise UcvError(
                    f"_match_specification.yml: level {labels[place]} of field {field} is said to be above {label}, which is no "
                    f"lower level of the field. Name levels among: {', '.join(labels[:place]) or 'none'}."
                )
            below = labels.index(label)
            above[place] |= above[below]
            above[place, below] = True
    shipped = np.log2((levels["m_default"] / levels["u_default"]).to_numpy(float))
    for high, low in np.argwhere(above):
        if shipped[high] < shipped[low] - _ROUNDING:
            raise UcvError(
                f"_match_specification.yml: level {labels[high]} of field {field} is above {labels[low]}, but its shipped weight "
                f"log2(m / u) is less. Correct the probabilities, or say in `above` which levels it is above."
            )
    return LevelOrder(above, np.where(shipped < 0, np.exp2(shipped * _KEPT_SHARE), np.inf))


def _ordered(m: Floats, u: Floats, upper: Sets) -> Floats:
    """Isotonic regression of m / u with weights u: the largest over upper sets of the least over lower sets of their mean."""
    lower = ~upper
    with np.errstate(invalid="ignore"):
        means = ((upper * m) @ lower.T) / ((upper * u) @ lower.T)  # nan: the two have no level in common
    ratio = np.empty_like(m)
    for level in range(len(m)):
        ratio[level] = np.nanmin(means[upper[:, level]][:, lower[:, level]], axis=1).max()
    return np.asarray(ratio * u, dtype=np.float64)


def _bounded(m: Floats, u: Floats, largest: Floats) -> Floats:
    """m with m / u at most `largest`; what a bound takes away goes to the other levels in proportion to what they have."""
    most = largest * u
    bound = np.zeros(len(m), dtype=np.bool_)
    scaled = m / m.sum()
    while (over := ~bound & (scaled > most)).any():
        bound |= over
        rest = 1 - most[bound].sum()
        scaled = np.where(bound, most, m * (rest / m[~bound].sum()))
    return np.asarray(scaled, dtype=np.float64)
