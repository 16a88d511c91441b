"""Clusters: average linkage inside each component, cut where the average evidence between two groups turns negative.

Average linkage (Sokal and Michener 1958) needs every pair of a component; a single strong but wrong link then does not
chain two people together, since all their other pairs speak against it. A pair that had little to compare has a small
vote: it is far below a match for want of evidence, not because evidence speaks against it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def cluster_components(components: pd.DataFrame, pairs: pd.DataFrame, settings: pd.DataFrame) -> pd.DataFrame:
    """Cut components into clusters.

    `components`: profile_no, component_no. `pairs`: profile_a, profile_b, match_weight (bits), is_conflict, vote (0-1),
    of every pair inside a component. Returns profile_no, cluster_no (the smallest profile_no of the cluster).
    """
    chosen = dict(zip(settings["setting"], settings["value"].astype(float), strict=True))
    clip = chosen["evidence_clip"]
    members = components.sort_values(["component_no", "profile_no"])
    sizes = members.groupby("component_no")["profile_no"].transform("size")
    cluster_of = dict(zip(members["profile_no"], members["profile_no"], strict=True))
    grouped = members[sizes > 1].groupby("component_no")["profile_no"]
    component_of = dict(zip(members["profile_no"], members["component_no"], strict=True))
    inside = pairs.assign(component_no=pairs["profile_a"].map(component_of))
    inside = inside[inside["component_no"] == inside["profile_b"].map(component_of)]
    pairs_of = dict(iter(inside.groupby("component_no")))
    for component_no, profile_nos in grouped:
        numbers = profile_nos.to_numpy()
        weights, conflicts, votes = _matrices(numbers, pairs_of.get(component_no), clip)
        for group in average_linkage(weights, conflicts, votes, chosen["cluster_floor"]):
            cluster_of.update(dict.fromkeys(numbers[group], numbers[group[0]]))
    ordered = components["profile_no"].sort_values(ignore_index=True)
    return pd.DataFrame({"profile_no": ordered, "cluster_no": ordered.map(cluster_of).astype("int64")})


def average_linkage(
    weights: Floats, conflicts: Flags, votes: Floats | None = None, floor: float = 0.0
) -> list[list[int]]:
    """Merge the two groups with the highest average weight until none is left at or above `floor` (bits).

    `weights`: symmetric, in bits. `conflicts`: pairs that may never meet in one group, however strong the rest is.
    `votes`: 0-1, how much a pair counts in averages (default 1); two groups without any vote between them do not merge.
    Ties go to the lowest positions, so that the result does not depend on anything else. Groups are sorted lists.
    """
    size = len(weights)
    off_diagonal = ~np.eye(size, dtype=bool)
    counts = off_diagonal.astype(np.float64) if votes is None else np.where(off_diagonal, votes, 0.0)
    voting = counts > 0
    if (
        not conflicts.any()
        and bool((voting | ~off_diagonal).all())
        and weights[voting].min(initial=floor) >= floor
    ):
        return [list(range(size))]
    groups: list[list[int]] = [[position] for position in range(size)]
    total = weights * counts
    blocked = conflicts | ~off_diagonal
    while True:
        with np.errstate(invalid="ignore", divide="ignore"):
            average = np.where(blocked | (counts == 0), -np.inf, total / counts)
        a, b = divmod(int(np.argmax(average)), size)
        if average[a, b] < floor:
            break
        a, b = min(a, b), max(a, b)
        for matrix in (total, counts):
            matrix[a] += matrix[b]
            matrix[:, a] = matrix[a]
        blocked[a] |= blocked[b]
        blocked[:, a] = blocked[a]
        blocked[b], blocked[:, b] = True, True
        blocked[a, a] = True
        groups[a] = sorted(groups[a] + groups[b])
        groups[b] = []
    return sorted(group for group in groups if group)


def _matrices(
    numbers: NDArray[np.int64], pairs: pd.DataFrame | None, clip: float
) -> tuple[Floats, Flags, Floats]:
    size = len(numbers)
    weights = np.full((size, size), -clip)
    conflicts = np.zeros((size, size), dtype=bool)
    votes = np.zeros((size, size))
    if pairs is not None:
        a = np.searchsorted(numbers, pairs["profile_a"].to_numpy())
        b = np.searchsorted(numbers, pairs["profile_b"].to_numpy())
        clipped = np.clip(pairs["match_weight"].to_numpy(np.float64), -clip, clip)
        weights[a, b], weights[b, a] = clipped, clipped
        conflicts[a, b] = conflicts[b, a] = pairs["is_conflict"].to_numpy(bool)
        votes[a, b] = votes[b, a] = pairs["vote"].to_numpy(np.float64)
    return weights, conflicts, votes
