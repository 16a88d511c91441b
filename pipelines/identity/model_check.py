"""Is a trained model sound? Held against the shipped one by what its own links say against themselves.

Training can learn a wrong class (a household, a list of one firm) and then links people whose given names, birth dates, sex or
ids differ. No truth is needed to see it: the share of links with such a contradiction rises above what the shipped model has.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.identity.pair_classes import Counts, Floats, PatternLevels

CONTRADICTIONS = {
    "another given name": ("given", "different"),
    "birth dates a generation apart": ("birth_date", "far"),
    "birth dates years apart": ("birth_date", "different"),
    "opposite sex": ("gender", "different"),
    "two national ids": ("national_id", "different"),
}
"""What speaks against a link -> field and name of the level."""

ALLOWED_RATIO = 1.5
ALLOWED_SHARE = 0.01
"""A share may be this many times the shipped model's, and this much more, before a model is refused: noise of small sets."""


@dataclass(frozen=True)
class Contradiction:
    """Share of links (0-1) with one contradiction, by the trained and by the shipped model."""

    name: str
    trained: float
    shipped: float

    @property
    def is_worse(self) -> bool:
        """More than noise allows."""
        return self.trained > self.shipped * ALLOWED_RATIO + ALLOWED_SHARE


def contradictions(  # noqa: PLR0913, PLR0917 - two models, and what they are held against
    patterns: pd.DataFrame,
    numbers: dict[tuple[str, str], int],
    trained: Counts,
    shipped: Counts,
    u: Counts,
    prior_bits: float,
) -> list[Contradiction]:
    """Shares of candidate pairs that each model links, one entry per contradiction that is compared at all.

    `patterns`: candidates with `<field>_level` and pair_count. `numbers`: field and name of a level -> its number.
    `u`: chances among random pairs, the same for both.
    `prior_bits`: what a pair weighs before anything is compared.
    """
    seen = PatternLevels.of(patterns, list(u))
    pairs = patterns["pair_count"].to_numpy(float)
    links = {
        name: pairs * (seen.log2_chance(m) - seen.log2_chance(u) + prior_bits >= 0)
        for name, m in (("trained", trained), ("shipped", shipped))
    }
    found = []
    for name, level in CONTRADICTIONS.items():
        if level in numbers:
            at_level = (patterns[f"{level[0]}_level"] == numbers[level]).to_numpy(bool, na_value=False)
            found.append(
                Contradiction(name, _share(links["trained"], at_level), _share(links["shipped"], at_level))
            )
    return found


def refusal(found: list[Contradiction]) -> str | None:
    """Why a trained model must not be used; None for a sound one."""
    worse = [
        f"{one.name} in {one.trained:.1%} of the links ({one.shipped:.1%} with the shipped model)"
        for one in found
        if one.is_worse
    ]
    return "; ".join(worse) or None


def _share(linked: Floats, chosen: np.ndarray) -> float:
    total = float(linked.sum())
    return float(linked[chosen].sum()) / total if total else 0.0
