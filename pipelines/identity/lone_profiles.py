"""Profiles that average linkage left alone although one pair speaks for a match and little speaks against it.

The average over a group counts its oldest and poorest profiles as much as the one that has the same birth date and
address. A group must not be merged into another on one pair, but a lone profile risks no more than itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def attach_lone(  # noqa: PLR0913, PLR0917 - the matrices of one component and three bounds
    groups: list[list[int]],
    weights: Floats,
    conflicts: Flags,
    votes: Floats,
    link: float,
    floor: float,
    margin: float = 0.0,
) -> list[list[int]]:
    """Join each group of one to the larger group of its strongest pair.

    The pair must reach `link` bits and be `margin` bits above the strongest pair with any other larger group: half a name in
    a family of three is nobody's. The average over the group must reach `floor` bits, and no pair may be a conflict.
    `weights` and `votes` as for average linkage. The strongest pairs go first, ties to the lowest positions. Two lone
    profiles stay apart: linkage has judged their one pair already. Groups are sorted lists.
    """
    lone = [group[0] for group in groups if len(group) == 1]
    larger = [list(group) for group in groups if len(group) > 1]
    options = []
    for one in lone:
        strongest = sorted(
            (-_strongest(weights[one, group], votes[one, group]), number)
            for number, group in enumerate(larger)
        )
        if strongest and -strongest[0][0] >= link:
            runner_up = -strongest[1][0] if len(strongest) > 1 else -np.inf
            if -strongest[0][0] >= runner_up + margin:
                options.append((strongest[0][0], one, strongest[0][1]))
    settled: set[int] = set()
    for _, one, number in sorted(options):
        group = larger[number]
        counts = votes[one, group]
        average = float((weights[one, group] * counts).sum() / counts.sum())
        if average >= floor and not conflicts[one, group].any():
            larger[number] = [*group, one]
            settled.add(one)
    groups = [sorted(group) for group in larger] + [[one] for one in lone if one not in settled]
    return sorted(groups)


def _strongest(weights: Floats, votes: Floats) -> float:
    """The weight of the strongest pair that has a vote; -inf where none has."""
    return float(np.where(votes > 0, weights, -np.inf).max())
