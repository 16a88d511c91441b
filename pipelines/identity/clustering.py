"""Clusters: average linkage inside each component, cut where the average evidence between two groups turns negative.

Average linkage (Sokal and Michener 1958) needs every pair of a component; a single strong but wrong link then does not
chain two people together, since all their other pairs speak against it. A pair that had little to compare has a small
vote: it is far below a match for want of evidence, not because evidence speaks against it.
"""

from __future__ import annotations

from collections.abc import Sequence

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
    clip = chosen["evidence_clip"]
    members = components.sort_values(["component_no", "profile_no"])
    component_of = dict(zip(members["profile_no"], members["component_no"], strict=True))
    inside = pairs.assign(component_no=pairs["profile_a"].map(component_of))
    inside = inside[inside["component_no"] == inside["profile_b"].map(component_of)]
    judged = judgements(verdicts, component_of)
    by_component = members.groupby("component_no")["profile_no"]
    sizes = by_component.transform("size")
    is_whole = members["component_no"].isin(
        _agreeing(inside, by_component.size(), chosen)
        - {number for number, (_, cannot) in judged.items() if cannot}
    )
    first = members["profile_no"].where(~is_whole, by_component.transform("min"))
    cluster_of = dict(zip(members["profile_no"], first, strict=True))
    disputed = members[(sizes > 1) & ~is_whole]
    pairs_of = dict(
        iter(inside[inside["component_no"].isin(disputed["component_no"])].groupby("component_no"))
    )
    for component_no, profile_nos in disputed.groupby("component_no")["profile_no"]:
        numbers = profile_nos.to_numpy()
        weights, conflicts, votes = _matrices(numbers, pairs_of.get(component_no), clip)
        must, cannot = judged.get(int(numbers[0]), ([], []))
        places = {number: place for place, number in enumerate(numbers.tolist())}
        together = [(places[a], places[b]) for a, b in must]
        for a, b in cannot:
            conflicts[places[a], places[b]] = conflicts[places[b], places[a]] = True
        groups = average_linkage(weights, conflicts, votes, chosen["cluster_floor"], together)
        for group in attach_lone(
            groups,
            weights,
            conflicts,
            votes,
            chosen["lone_link"],
            chosen["lone_floor"],
            chosen["lone_margin"],
        ):
            cluster_of.update(dict.fromkeys(numbers[group], numbers[group[0]]))
    ordered = components["profile_no"].sort_values(ignore_index=True)
    return pd.DataFrame({"profile_no": ordered, "cluster_no": ordered.map(cluster_of).astype("int64")})


def _agreeing(inside: pd.DataFrame, sizes: pd.Series[int], chosen: dict[str, float]) -> set[int]:
    """Components all of whose pairs say yes: most are, and they are one cluster without a closer look."""
    clip = chosen["evidence_clip"]
    is_yes = (inside["match_weight"].clip(-clip, clip) >= chosen["cluster_floor"]) & (inside["vote"] > 0)
    is_yes &= ~inside["is_conflict"].astype(bool)
    agreed = inside[is_yes].groupby("component_no").size()
    wanted = (sizes * (sizes - 1) // 2).reindex(agreed.index)
    return set(agreed.index[agreed == wanted])


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


def judgements(verdicts: pd.DataFrame | None, component_of: dict[int, int]) -> dict[int, tuple[Pairs, Pairs]]:
    """Must-links and cannot-links of each component; between two components a cannot-link holds by itself."""
    found: dict[int, tuple[Pairs, Pairs]] = {}
    if verdicts is not None:
        rows = zip(verdicts["profile_a"], verdicts["profile_b"], verdicts["verdict"], strict=True)
        for a, b, verdict in rows:
            if component_of[a] == component_of[b]:
                found.setdefault(component_of[a], ([], []))[int(verdict == "cannot_link")].append((a, b))
    return found


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
