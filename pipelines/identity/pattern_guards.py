"""What the guards of the matching specification take from level patterns: the caps that the weights of pairs have too."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.identity.pair_classes import Counts, Floats
from pipelines.matching.specification import Guard


def guard_bits(
    patterns: pd.DataFrame, m: Counts, u: Counts, guards: Sequence[Guard], caps: dict[str, float]
) -> Floats:
    """Bits, 0 or less, that the guards take from each pattern, as `weigh_pairs` has them; without rarity.

    Without them the people of one house look like matches and outnumber them. Column `<guard>_guard` says where a guard's
    condition holds (absent: nowhere); `caps`: setting -> bits
    (absent: no cap).
    """
    taken: dict[str, Floats] = {}
    bits = {name: _field_bits(patterns, name, m[name], u[name]) for name in m}
    for guard in guards:
        together = np.sum([bits[name] for name in guard.of if name in bits] + list(taken.values()), axis=0)
        taken[guard.name] = np.where(
            _flag(patterns, f"{guard.name}_guard"), np.minimum(caps.get(guard.cap, np.inf) - together, 0), 0.0
        )
    return np.asarray(np.sum([np.zeros(len(patterns)), *taken.values()], axis=0), dtype=np.float64)


def _field_bits(patterns: pd.DataFrame, name: str, m: Floats, u: Floats) -> Floats:
    level = patterns[f"{name}_level"].fillna(-1).to_numpy(int)
    bits = np.log2(m / u)
    return np.where(level >= 0, bits[np.maximum(level, 0)], 0.0)


def _flag(patterns: pd.DataFrame, name: str) -> NDArray[np.bool_]:
    return patterns[name].to_numpy(bool) if name in patterns else np.zeros(len(patterns), dtype=np.bool_)
