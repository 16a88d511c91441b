"""What is known of the pairs of one component, and how much of it speaks for two groups being one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class PairEvidence:
    """Symmetric matrices over the profiles of one component.

    `weights`: bits. `conflicts`: pairs that may never meet in one group. `votes`: 0-1, how much a pair counts in averages; 0 where
    nothing was compared. `fields`: one matrix per field that a profile may lack, its bits, NaN where one side has no value.
    """

    weights: Floats
    conflicts: Flags
    votes: Floats
    fields: Floats = field(default_factory=lambda: np.empty((0, 0, 0)))

    def support(self, some: Sequence[int], others: Sequence[int]) -> float:
        """Bits of the strongest pair between two groups, less what their other profiles say against it; -inf where none has a vote.

        Two namesakes match on the name alone where one of them has no address; that another profile of its group has one, and
        another one, counts as if it were its own. Of a field that the strongest pair compares nothing is added, of the
        others the kindest pair's bits where even they are below zero.
        """
        cross = (np.asarray(some)[:, None], np.asarray(others))
        bits = np.where(self.votes[cross] > 0, self.weights[cross], -np.inf).ravel()
        strongest = int(np.argmax(bits))
        if not len(self.fields):
            return float(bits[strongest])
        told = self.fields[(slice(None), *cross)].reshape(len(self.fields), -1)
        known = ~np.isnan(told)
        unasked = ~known[:, strongest] & known.any(axis=1)
        kindest = np.where(known, told, -np.inf).max(axis=1)
        return float(bits[strongest] + np.minimum(kindest[unasked], 0).sum())
