"""Clusters: average linkage inside each component, then a second look at profiles alone and at profiles that fit no more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.identity.linkage import LinkageBounds, average_linkage
from pipelines.identity.lone_profiles import LoneBounds, attach_lone, let_go
from pipelines.identity.pair_evidence import Flags, Floats, PairEvidence

Pairs = list[tuple[int, int]]


def cluster_components(
    components: pd.DataFrame,
    pairs: pd.DataFrame,
    settings: pd.DataFrame,
    verdicts: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Cut components into clusters.

    `components`: profile_no, component_no. `pairs`: profile_a, profile_b, match_weight (bits), is_conflict, vote (0-1),
    is_firm (absent: a person) of every pair inside a component, and for each field but names `<field>_bits`, NaN where one side has no
    value; without these columns a group knows no more than its pairs. `verdicts`: profile_a, profile_b, verdict (must_link or cannot_link), free of
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
    sure = max(chosen["cluster_floor"], chosen["firm_floor"], chosen["lone_link"], chosen["group_link"])
    disputed = (sizes > 1) & (~_agreeing(inside, sizes, sure) | forbidden)
    clusters = numbers[starts][component]
    for place in np.flatnonzero(disputed).tolist():
        held = slice(int(starts[place]), int(starts[place] + sizes[place]))
        evidence = _evidence(inside, place, held, chosen["evidence_clip"])
        floor = chosen["firm_floor" if inside.is_firm_component(place) else "cluster_floor"]
        told = judged.get(int(names[place]), ([], []))
        for group in _groups(evidence, numbers[held], told, chosen | {"cluster_floor": floor}):
            clusters[held][group] = numbers[held][group[0]]
    order = np.argsort(numbers)
    return pd.DataFrame({"profile_no": numbers[order], "cluster_no": clusters[order]})


def _groups(
    evidence: PairEvidence,
    numbers: NDArray[np.int64],
    judged: tuple[Pairs, Pairs],
    chosen: dict[str, float],
) -> list[list[int]]:
    """Groups of one component as sorted places among its `numbers`; `judged`: its must-links and cannot-links."""
    places = {number: n for n, number in enumerate(numbers.tolist())}
    must, cannot = ([(places[a], places[b]) for a, b in verdicts] for verdicts in judged)
    for a, b in cannot:
        evidence.conflicts[a, b] = evidence.conflicts[b, a] = True
    linkage = LinkageBounds(chosen["cluster_floor"], chosen["lone_link"], chosen["group_link"])
    lone = LoneBounds(chosen["lone_link"], chosen["lone_floor"], chosen["lone_margin"])
    groups = attach_lone(average_linkage(evidence, linkage, must), evidence, lone)
    doubted = let_go(groups, evidence, lone.link, {place for pair in must for place in pair})
    return attach_lone(doubted, evidence, lone) if doubted != groups else groups


@dataclass(frozen=True)
class _Inside:
    """Pairs within components, ordered by component: positions of both in the ordered members, clipped bits, flags, votes, bits of fields."""

    component: NDArray[np.int64]
    a: NDArray[np.int64]
    b: NDArray[np.int64]
    weight: Floats
    is_conflict: Flags
    vote: Floats
    fields: Floats
    is_firm: Flags

    def is_firm_component(self, component: int) -> bool:
        """Whether organisations are compared in a component; a component is of one entity type."""
        first = int(np.searchsorted(self.component, component))
        return (
            first < len(self.component) and self.component[first] == component and bool(self.is_firm[first])
        )


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
        pairs.filter(regex="_bits$").to_numpy(np.float64)[rows],
        pairs["is_firm"].to_numpy(bool)[rows] if "is_firm" in pairs else np.zeros(len(rows), dtype=bool),
    )


def _agreeing(inside: _Inside, sizes: NDArray[np.int64], floor: float) -> Flags:
    """Components all of whose pairs say yes without doubt: most are, and they are one cluster without a closer look."""
    is_yes = (inside.weight >= floor) & (inside.vote > 0) & ~inside.is_conflict
    agreed = np.bincount(inside.component[is_yes], minlength=len(sizes))
    return np.asarray(agreed == sizes * (sizes - 1) // 2)


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


def _evidence(inside: _Inside, component: int, held: slice, clip: float) -> PairEvidence:
    """What is known between the members of one component, which `held` says among all."""
    size = held.stop - held.start
    weights = np.full((size, size), -clip)
    conflicts = np.zeros((size, size), dtype=bool)
    votes = np.zeros((size, size))
    first, last = np.searchsorted(inside.component, (component, component + 1))
    a, b = inside.a[first:last] - held.start, inside.b[first:last] - held.start
    weights[a, b] = weights[b, a] = inside.weight[first:last]
    conflicts[a, b] = conflicts[b, a] = inside.is_conflict[first:last]
    votes[a, b] = votes[b, a] = inside.vote[first:last]
    fields = np.full((inside.fields.shape[1], size, size), np.nan)
    fields[:, a, b] = fields[:, b, a] = inside.fields[first:last].T
    return PairEvidence(weights, conflicts, votes, fields)
