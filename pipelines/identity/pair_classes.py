"""Classes of candidate pairs in training: matches, and three kinds of pairs that are none.

Candidates share a blocking key, so that those who do not match still agree in something: people of one household in family
name, home and contact data; namesakes in their names; others in whatever made them candidates. One class for all of them
would leave households to the matches, since a pair that agrees in four fields fits nothing else. So each has level
probabilities of its own (a latent class model: McLachlan and Peel 2000, chapter 2), which are thrown away afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = dict[str, Floats]

_IDS = ("national_id", "other_id")
AT_RANDOM = {
    "household": ("given", "birth_date", "firm_name", *_IDS),
    "other_family": ("family", "mail_domain", *_IDS),
    "namesake": ("birth_date", "address", "phone", "email", "premises", *_IDS),
}
"""Non-matching class -> fields in which its pairs are like random pairs; in all others they agree as often as is counted."""

ALIKE = {
    "household": ("family", "address", "phone", "email", "premises", "switchboard"),
    "namesake": ("family", "given", "full_name", "firm_name", "mail_domain", "switchboard"),
}
"""Non-matching class -> fields in which its pairs agree as matches do, as far as nothing is counted."""

_WHOLE_NAME = "full_name"
_PARTS = ("family", "given")


@dataclass(frozen=True)
class PatternLevels:
    """Levels of every pattern by field, -1 where nothing is compared; each field's pairs count once for a name."""

    levels: dict[str, NDArray[np.int64]]

    @classmethod
    def of(cls, patterns: pd.DataFrame, fields: list[str]) -> PatternLevels:
        """Read `<field>_level` of each field; whole name or its parts stay, never both, as the weight of a name has it."""
        levels = {name: patterns[f"{name}_level"].fillna(-1).to_numpy(int) for name in fields}
        if all(name in levels for name in (_WHOLE_NAME, *_PARTS)):
            whole = levels[_WHOLE_NAME]
            parts_tell = (levels["family"] > 0) & (levels["given"] > 0) | (whole < 0)
            levels[_WHOLE_NAME] = np.where(parts_tell, -1, whole)
            levels |= {name: np.where(parts_tell, levels[name], -1) for name in _PARTS}
        return cls(levels)

    def without(self, field: str) -> PatternLevels:
        """The same patterns, as if nobody had asked for `field`."""
        return PatternLevels({name: level for name, level in self.levels.items() if name != field})

    def log2_chance(self, chances: Counts) -> Floats:
        """log2 of the chance of each pattern where fields are independent; absent fields count as 1."""
        total = np.zeros(len(next(iter(self.levels.values()))))
        for name, level in self.levels.items():
            total += np.where(level >= 0, np.log2(chances[name])[np.maximum(level, 0)], 0.0)
        return total
