"""Profiles that average linkage left alone although one pair speaks for a match and little speaks against it.

The average over a group counts its oldest and poorest profiles as much as the one that has the same birth date and
address. A group must not be merged into another on one pair, but a lone profile risks no more than itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def attach_lone(  # noqa: PLR0913, PLR0917 - the matrices of one component and two bounds
    groups: list[list[int]], weights: Floats, conflicts: Flags, votes: Floats, link: float, floor: float
) -> list[list[int]]:
    """Join each group of one to the group of its strongest pair.

    The pair must reach `link` bits, the average over the group `floor` bits, and no pair may be a conflict. `weights` and
    `votes` as for average linkage. The strongest pairs go first, ties to the lowest positions; a lone profile that was
    joined to another one makes a group that grows no further by this. Groups are sorted lists.
    """
    home = {place: number for number, group in enumerate(groups) for place in group}
    lone = [group[0] for group in groups if len(group) == 1]
    grown: dict[int, list[int]] = {number: list(group) for number, group in enumerate(groups)}
    options = sorted(
        (-float(weights[one, other]), one, other)
        for one in lone
        for other in range(len(weights))
        if other != one and weights[one, other] >= link and votes[one, other] > 0
    )
    settled: set[int] = set()
    for _, one, other in options:
        target = home[other]
        if one in settled or home[one] == target or len(grown[home[one]]) > 1:
            continue
        group = grown[target]
        counts = votes[one, group]
        average = float((weights[one, group] * counts).sum() / counts.sum())
        if average >= floor and not conflicts[one, group].any():
            grown[target] = sorted([*group, one])
            del grown[home[one]]
            home[one] = target
            settled |= {one, *([other] if len(group) == 1 else [])}
    return sorted(grown.values())
