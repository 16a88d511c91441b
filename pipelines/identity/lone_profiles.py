"""Profiles that linkage left alone although one pair speaks for a match, and profiles that it took in and nothing speaks for.

The average over a group counts its oldest and poorest profiles as much as the one that has the same birth date and
address. A group must not be merged into another on one pair, but a lone profile risks no more than itself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from pipelines.identity.pair_evidence import PairEvidence


@dataclass(frozen=True)
class LoneBounds:
    """Bits: the support that a lone profile needs (`link`), how far it must lead (`margin`), the lowest average over the group (`floor`)."""

    link: float
    floor: float
    margin: float = 0.0


def attach_lone(groups: list[list[int]], evidence: PairEvidence, bounds: LoneBounds) -> list[list[int]]:
    """Join each group of one to the larger group that supports it best.

    The support must be `margin` bits above that of any other larger group: half a name in a family of three is nobody's.
    No pair may be a conflict. The best supported go first, ties to the lowest positions. Two lone profiles stay
    apart: linkage has judged their one pair already. Groups are sorted lists.
    """
    lone = [group[0] for group in groups if len(group) == 1]
    larger = [list(group) for group in groups if len(group) > 1]
    options = []
    for one in lone:
        best = sorted((-evidence.support([one], group), number) for number, group in enumerate(larger))
        if best and -best[0][0] >= bounds.link:
            runner_up = -best[1][0] if len(best) > 1 else -np.inf
            if -best[0][0] >= runner_up + bounds.margin:
                options.append((best[0][0], one, best[0][1]))
    settled: set[int] = set()
    for _, one, number in sorted(options):
        group = larger[number]
        counts = evidence.votes[one, group]
        average = float((evidence.weights[one, group] * counts).sum() / counts.sum())
        if average >= bounds.floor and not evidence.conflicts[one, group].any():
            larger[number] = [*group, one]
            settled.add(one)
    groups = [sorted(group) for group in larger] + [[one] for one in lone if one not in settled]
    return sorted(groups)


def let_go(
    groups: list[list[int]], evidence: PairEvidence, link: float, kept: Collection[int] = ()
) -> list[list[int]]:
    """Leave each profile alone that the rest of its group supports by less than `link` bits, the worst of a group first.

    It joined when the group knew less. Groups of two stay: their pair was judged. `kept`: positions that a steward has joined.
    """
    found = []
    for group in groups:
        left = list(group)
        while len(left) > 2:
            worst, one = min(
                (
                    (evidence.support([one], [other for other in left if other != one]), one)
                    for one in left
                    if one not in kept
                ),
                default=(np.inf, -1),
            )
            if worst >= link:
                break
            left.remove(one)
            found.append([one])
        found.append(left)
    return sorted(found)
