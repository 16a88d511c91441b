"""Clusters: average linkage inside each component, cut where the average evidence between two groups turns negative.

Average linkage (Sokal and Michener 1958) needs every pair of a component; a single strong but wrong link then does not
chain two people together, since all their other pairs speak against it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def cluster_components(components: pd.DataFrame, pairs: pd.DataFrame, settings: pd.DataFrame) -> pd.DataFrame:
    """Cut components into clusters.

    `components`: profile_no, component_no. `pairs`: profile_a, profile_b, match_weight (bits), is_conflict, of every
    pair inside a component. Returns profile_no, cluster_no (the smallest profile_no of the cluster).
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
        weights, conflicts = _matrices(numbers, pairs_of.get(component_no), clip)
        for group in average_linkage(weights, conflicts):
            cluster_of.update(dict.fromkeys(numbers[group], numbers[group[0]]))
    numbers = components["profile_no"].sort_values(ignore_index=True)
    return pd.DataFrame({"profile_no": numbers, "cluster_no": numbers.map(cluster_of).astype("int64")})


def average_linkage(weights: Floats, conflicts: Flags) -> list[list[int]]:
    """Merge the two groups with the highest average weight until none is left at or above zero.

    `weights`: symmetric, in bits. `conflicts`: pairs that may never meet in one group, however strong the rest is.
    Ties go to the lowest positions, so that the result does not depend on anything else. Groups are sorted lists.
    """
    size = len(weights)
    groups: list[list[int]] = [[position] for position in range(size)]
    if not conflicts.any() and weights[~np.eye(size, dtype=bool)].min(initial=0.0) >= 0:
        return [list(range(size))]
    average = weights.astype(np.float64).copy()
    average[conflicts] = -np.inf
    np.fill_diagonal(average, -np.inf)
    counts = np.ones(size)
    while True:
        a, b = divmod(int(np.argmax(average)), size)
        if average[a, b] < 0:
            break
        a, b = min(a, b), max(a, b)
        joined = (counts[a] * average[a] + counts[b] * average[b]) / (counts[a] + counts[b])
        average[a], average[:, a] = joined, joined
        average[b], average[:, b] = -np.inf, -np.inf
        average[a, a] = -np.inf
        counts[a] += counts[b]
        groups[a] = sorted(groups[a] + groups[b])
        groups[b] = []
    return sorted(group for group in groups if group)


def _matrices(numbers: NDArray[np.int64], pairs: pd.DataFrame | None, clip: float) -> tuple[Floats, Flags]:
    size = len(numbers)
    weights = np.full((size, size), -clip)
    conflicts = np.zeros((size, size), dtype=bool)
    if pairs is not None:
        a = np.searchsorted(numbers, pairs["profile_a"].to_numpy())
        b = np.searchsorted(numbers, pairs["profile_b"].to_numpy())
        clipped = np.clip(pairs["match_weight"].to_numpy(np.float64), -clip, clip)
        weights[a, b], weights[b, a] = clipped, clipped
        conflicts[a, b] = conflicts[b, a] = pairs["is_conflict"].to_numpy(bool)
    return weights, conflicts
