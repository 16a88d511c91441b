"""Clusters: average linkage inside each component, cut where the average evidence between two groups turns negative.

Average linkage (Sokal and Michener 1958) needs every pair of a component; a single strong but wrong link then does not
chain two people together, since all their other pairs speak against it. A pair that had little to compare has a small
vote: it is far below a match for want of evidence, not because evidence speaks against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.identity.lone_profiles import attach_lone

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Pairs = list[tuple[int, int]]


def cluster_components(
    components: pd.DataFrame,
    pairs: pd.DataFrame,
    settings: pd.DataFrame,
    verdicts: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Cut components into clusters.

    `components`: profile_no, component_no. `pairs`: profile_a, profile_b, match_weight (bits), is_conflict, vote (0-1),
    of every pair inside a component. `verdicts`: profile_a, profile_b, verdict (must_link or cannot_link), free of
    contradictions; they always hold. Returns profile_no, cluster_no (the smallest profile_no of the cluster).
    """
    chosen = dict(zip(settings["setting"], settings["value"].astype(float), strict=True))
    members = components.sort_values(["component_no", "profile_no"])
    numbers = members["profile_no"].to_numpy(np.int64)
    names, starts, component, sizes = np.unique(
        members["component_no"].to_numpy(np.int64), return_index=True, return_inverse=True, return_counts=True
    )
    inside = _inside(pairs, numbers, component, chosen["evidence_clip"])
    judged = judgements(verdicts, components)
    forbidden = np.isin(names, [number for number, (_, cannot) in judged.items() if cannot])
    disputed = (sizes > 1) & (~_agreeing(inside, sizes, chosen["cluster_floor"]) | forbidden)
    clusters = numbers[starts][component]
    for place in np.flatnonzero(disputed).tolist():
        held = slice(int(starts[place]), int(starts[place] + sizes[place]))
        matrices = _matrices(inside, place, held, chosen["evidence_clip"])
        for group in _groups(matrices, numbers[held], judged.get(int(names[place]), ([], [])), chosen):
            clusters[held][group] = numbers[held][group[0]]
    order = np.argsort(numbers)
    return pd.DataFrame({"profile_no": numbers[order], "cluster_no": clusters[order]})


def _groups(
    matrices: tuple[Floats, Flags, Floats],
    numbers: NDArray[np.int64],
    judged: tuple[Pairs, Pairs],
    chosen: dict[str, float],
) -> list[list[int]]:
    """Groups of one component as sorted places among its `numbers`; `judged`: its must-links and cannot-links."""
    weights, conflicts, votes = matrices
    places = {number: n for n, number in enumerate(numbers.tolist())}
    must, cannot = ([(places[a], places[b]) for a, b in verdicts] for verdicts in judged)
    for a, b in cannot:
        conflicts[a, b] = conflicts[b, a] = True
    groups = average_linkage(weights, conflicts, votes, chosen["cluster_floor"], must)
    bounds = (chosen["lone_link"], chosen["lone_floor"], chosen["lone_margin"])
    return attach_lone(groups, weights, conflicts, votes, *bounds)


@dataclass(frozen=True)
class _Inside:
    """Pairs within components, ordered by component: positions of both in the ordered members, clipped bits, flags and votes."""

    component: NDArray[np.int64]
    a: NDArray[np.int64]
    b: NDArray[np.int64]
    weight: Floats
    is_conflict: Flags
    vote: Floats


def _inside(
    pairs: pd.DataFrame, numbers: NDArray[np.int64], component: NDArray[np.int64], clip: float
) -> _Inside:
    order = np.argsort(numbers)
    a, b = (
        order[np.searchsorted(numbers, pairs[side].to_numpy(np.int64), sorter=order)]
        for side in ("profile_a", "profile_b")
    )
    rows = np.flatnonzero(component[a] == component[b])
    rows = rows[np.argsort(component[a[rows]], kind="stable")]
    return _Inside(
        component[a[rows]],
        a[rows],
        b[rows],
        np.clip(pairs["match_weight"].to_numpy(np.float64)[rows], -clip, clip),
        pairs["is_conflict"].to_numpy(bool)[rows],
        pairs["vote"].to_numpy(np.float64)[rows],
    )


def _agreeing(inside: _Inside, sizes: NDArray[np.int64], floor: float) -> Flags:
    """Components all of whose pairs say yes: most are, and they are one cluster without a closer look."""
    is_yes = (inside.weight >= floor) & (inside.vote > 0) & ~inside.is_conflict
    agreed = np.bincount(inside.component[is_yes], minlength=len(sizes))
    return np.asarray(agreed == sizes * (sizes - 1) // 2)


def average_linkage(
    weights: Floats,
    conflicts: Flags,
    votes: Floats | None = None,
    floor: float = 0.0,
    together: Sequence[tuple[int, int]] = (),
) -> list[list[int]]:
    """Merge the two groups with the highest average weight until none is left at or above `floor` (bits).

    `weights`: symmetric, in bits. `conflicts`: pairs that may never meet in one group, however strong the rest is.
    `votes`: 0-1, how much a pair counts in averages (default 1); two groups without any vote between them do not merge.
    `together`: pairs that are one group from the beginning, whatever weights and conflicts say of them.
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
    for one, other in together:
        a, b = (next(n for n, group in enumerate(groups) if place in group) for place in (one, other))
        if a != b:
            _join(min(a, b), max(a, b), groups, total, counts, blocked)
    while True:
        with np.errstate(invalid="ignore", divide="ignore"):
            average = np.where(blocked | (counts == 0), -np.inf, total / counts)
        a, b = divmod(int(np.argmax(average)), size)
        if average[a, b] < floor:
            break
        _join(min(a, b), max(a, b), groups, total, counts, blocked)
    return sorted(group for group in groups if group)


def _join(  # noqa: PLR0913, PLR0917 - the state of one clustering
    a: int, b: int, groups: list[list[int]], total: Floats, counts: Floats, blocked: Flags
) -> None:
    """Group b becomes part of group a; a < b."""
    for matrix in (total, counts):
        matrix[a] += matrix[b]
        matrix[:, a] = matrix[a]
    blocked[a] |= blocked[b]
    blocked[:, a] = blocked[a]
    blocked[b], blocked[:, b] = True, True
    blocked[a, a] = True
    groups[a] = sorted(groups[a] + groups[b])
    groups[b] = []


def judgements(verdicts: pd.DataFrame | None, components: pd.DataFrame) -> dict[int, tuple[Pairs, Pairs]]:
    """Must-links and cannot-links of each component; between two components a cannot-link holds by itself."""
    found: dict[int, tuple[Pairs, Pairs]] = {}
    if verdicts is not None and len(verdicts):
        component_of = dict(zip(components["profile_no"], components["component_no"], strict=True))
        rows = zip(verdicts["profile_a"], verdicts["profile_b"], verdicts["verdict"], strict=True)
        for a, b, verdict in rows:
            if component_of[a] == component_of[b]:
                found.setdefault(component_of[a], ([], []))[int(verdict == "cannot_link")].append((a, b))
    return found


def _matrices(inside: _Inside, component: int, held: slice, clip: float) -> tuple[Floats, Flags, Floats]:
    """Weights, conflicts and votes between the members of one component, which `held` says among all."""
    size = held.stop - held.start
    weights = np.full((size, size), -clip)
    conflicts = np.zeros((size, size), dtype=bool)
    votes = np.zeros((size, size))
    first, last = np.searchsorted(inside.component, (component, component + 1))
    a, b = inside.a[first:last] - held.start, inside.b[first:last] - held.start
    weights[a, b] = weights[b, a] = inside.weight[first:last]
    conflicts[a, b] = conflicts[b, a] = inside.is_conflict[first:last]
    votes[a, b] = votes[b, a] = inside.vote[first:last]
    return weights, conflicts, votes
