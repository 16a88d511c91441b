"""Average linkage (Sokal and Michener 1958): the two groups that agree best become one, until none agree any more.

It needs every pair of a component; a single strong but wrong link then does not chain two people together, since all
their other pairs speak against it. A pair that had little to compare has a small vote: it is far below a match for want
of evidence, not because evidence speaks against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.identity.pair_evidence import Flags, Floats, PairEvidence

_TIE = 0.1  # bits; a smaller lead says nothing, and last digits differ from run to run
_DIGITS = 9


@dataclass(frozen=True)
class LinkageBounds:
    """Bits that make two groups one: their average (`floor`), and their support where one (`lone`) or none (`group`) is a single profile."""

    floor: float = 0.0
    lone: float = -np.inf
    group: float = -np.inf


def average_linkage(
    evidence: PairEvidence, bounds: LinkageBounds, together: Sequence[tuple[int, int]] = ()
) -> list[list[int]]:
    """Merge the two groups with the highest average weight until none is left within the bounds.

    `together`: pairs that are one group from the beginning, whatever weights and conflicts say of them. Two groups without any
    vote between them do not merge. Ties go to the pair of groups with most votes, then to the lowest positions.
    Groups are sorted lists.
    """
    state = _State(evidence)
    for one, other in together:
        a, b = (next(n for n, group in enumerate(state.groups) if place in group) for place in (one, other))
        if a != b:
            state.join(min(a, b), max(a, b))
    while (found := state.closest(bounds.floor)) is not None:
        if _is_supported(evidence, state.groups[found[0]], state.groups[found[1]], bounds):
            state.join(*found)
        else:
            state.put_off(*found)
    return sorted(group for group in state.groups if group)


def _is_supported(evidence: PairEvidence, some: list[int], others: list[int], bounds: LinkageBounds) -> bool:
    """Whether two groups may become one; of two single profiles there is nothing to ask beside their pair."""
    fewer, more = sorted((len(some), len(others)))
    if more == 1:
        return True
    return evidence.support(some, others) >= (bounds.lone if fewer == 1 else bounds.group)


class _State:
    """Groups so far, with sums of bits and votes between them; group n is at place n, an empty list once it was merged."""

    def __init__(self, evidence: PairEvidence) -> None:
        size = len(evidence.weights)
        off_diagonal = ~np.eye(size, dtype=bool)
        self.groups: list[list[int]] = [[place] for place in range(size)]
        self.counts: Floats = np.where(off_diagonal, evidence.votes, 0.0)
        self.total: Floats = evidence.weights * self.counts
        self.blocked: Flags = evidence.conflicts | ~off_diagonal
        self.later: Flags = np.zeros((size, size), dtype=bool)

    def closest(self, floor: float) -> tuple[int, int] | None:
        """The two groups of the highest average, of those within a tie the one with most votes; the lower place first, None below `floor`."""
        with np.errstate(invalid="ignore", divide="ignore"):
            average = np.where(
                self.blocked | self.later | (self.counts == 0), -np.inf, self.total / self.counts
            )
        equal = average >= max(average.max() - _TIE, floor)
        votes = np.where(equal, np.round(self.counts, _DIGITS), -1.0)
        a, b = divmod(int(np.argmax(votes)), len(average))
        return (min(a, b), max(a, b)) if average[a, b] >= floor else None

    def join(self, a: int, b: int) -> None:
        """Group b becomes part of group a; a < b. What was put off for either may be asked again."""
        for matrix in (self.total, self.counts):
            matrix[a] += matrix[b]
            matrix[:, a] = matrix[a]
        self.blocked[a] |= self.blocked[b]
        self.blocked[:, a] = self.blocked[a]
        self.blocked[b], self.blocked[:, b] = True, True
        self.blocked[a, a] = True
        self.later[a], self.later[:, a] = False, False
        self.groups[a] = sorted(self.groups[a] + self.groups[b])
        self.groups[b] = []

    def put_off(self, a: int, b: int) -> None:
        """Do not ask for these two again before one of them has changed."""
        self.later[a, b] = self.later[b, a] = True
