"""Clusters depend on what was found about pairs, and on nothing else: not on rows' order, numbers or strangers."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.identity.clustering import cluster_components
from pipelines.identity.components import connected_components
from pipelines.identity.linkage import LinkageBounds, average_linkage
from pipelines.identity.lone_profiles import LoneBounds, attach_lone, let_go
from pipelines.identity.pair_evidence import PairEvidence

SIZE = 9
SETTINGS = pd.DataFrame(
    {
        "setting": [
            "link_floor",
            "component_cap",
            "evidence_clip",
            "cluster_floor",
            "firm_floor",
            "group_link",
            "lone_link",
            "lone_floor",
            "lone_margin",
        ],
        "value": [0.0, 5.0, 10.0, 0.0, 0.0, 4.0, 3.0, -4.0, 0.0],
    }
)
PAIRS = [(a, b) for a in range(SIZE) for b in range(a + 1, SIZE)]
CONFLICTS = (4, 8, 12)  # pairs with two valid identity numbers may agree in all else
Clusters = set[frozenset[int]]

# Whole bits make ties, the hard case of order; a third of the pairs were never compared.
bits = st.one_of(st.none(), st.integers(-12, 12), st.integers(-12, 12))
evidence = st.lists(bits, min_size=len(PAIRS), max_size=len(PAIRS))


def compared(weights: list[int | None], numbers: list[int]) -> pd.DataFrame:
    rows = [
        (numbers[a], numbers[b], float(weight), weight in CONFLICTS, 1.0)
        for (a, b), weight in zip(PAIRS, weights, strict=True)
        if weight is not None
    ]
    return pd.DataFrame(rows, columns=["profile_a", "profile_b", "match_weight", "is_conflict", "vote"])


def clusters(pairs: pd.DataFrame, numbers: list[int]) -> Clusters:
    """Sets of positions in `numbers`, through components and average linkage as the nightly models call them."""
    links = pairs[(pairs["match_weight"] >= 0) & ~pairs["is_conflict"]]
    components = connected_components(pd.DataFrame({"profile_no": numbers}), links, SETTINGS)
    turned = components.iloc[::-1][["profile_no", "component_no"]]  # no order is promised by a database
    found = cluster_components(turned, pairs, SETTINGS)
    place = {number: position for position, number in enumerate(numbers)}
    return {
        frozenset(place[number] for number in group["profile_no"] if number in place)
        for _, group in found.groupby("cluster_no")
    }


@settings(max_examples=60, deadline=None)
@given(evidence, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_cluster(weights: list[int | None], dice: random.Random) -> None:
    numbers = list(range(SIZE))
    pairs = compared(weights, numbers)
    order = dice.sample(range(len(pairs)), len(pairs))
    assert clusters(pairs.iloc[order], numbers) == clusters(pairs, numbers)


@settings(max_examples=60, deadline=None)
@given(evidence, st.lists(st.integers(0, 10**6), min_size=SIZE, max_size=SIZE, unique=True))
def test_numbers_that_later_records_shift_change_no_cluster(
    weights: list[int | None], drawn: list[int]
) -> None:
    """Profiles are numbered in the order of their content: what comes later only pushes numbers apart."""
    shifted = sorted(drawn)
    plain = list(range(SIZE))
    assert clusters(compared(weights, shifted), shifted) == clusters(compared(weights, plain), plain)


@settings(max_examples=60, deadline=None)
@given(evidence, evidence)
def test_strangers_change_no_cluster(weights: list[int | None], others: list[int | None]) -> None:
    plain, far = list(range(SIZE)), list(range(100, 100 + SIZE))
    alone = clusters(compared(weights, plain), plain)
    both = pd.concat([compared(others, far), compared(weights, plain)], ignore_index=True)
    among_strangers = clusters(both, plain + far)
    assert {group for group in among_strangers if min(group) < SIZE} == alone


@settings(max_examples=60, deadline=None)
@given(evidence)
def test_conflicting_profiles_never_share_a_cluster(weights: list[int | None]) -> None:
    found = clusters(compared(weights, list(range(SIZE))), list(range(SIZE)))
    conflicts = {pair for pair, weight in zip(PAIRS, weights, strict=True) if weight in CONFLICTS}
    assert not any(set(pair) <= group for pair in conflicts for group in found)


yes = st.sampled_from((0, 1, 5, 9, 11, 12))
few = st.lists(st.one_of(yes, yes, yes, bits), min_size=6, max_size=6)


@settings(max_examples=200, deadline=None)
@given(few, st.booleans())
def test_a_component_that_agrees_throughout_is_what_linkage_makes_of_it(
    weights: list[int | None], is_kept_apart: bool
) -> None:
    pairs = [(a, b) for a in range(4) for b in range(a + 1, 4)]
    bits, votes, conflicts = np.full((4, 4), -10.0), np.zeros((4, 4)), np.zeros((4, 4), dtype=bool)
    rows = []
    for (a, b), weight in zip(pairs, weights, strict=True):
        if weight is not None:
            rows.append((a, b, float(weight), weight in CONFLICTS, 0.5))
            bits[a, b] = bits[b, a] = max(min(weight, 10), -10)
            votes[a, b] = votes[b, a] = 0.5
            conflicts[a, b] = conflicts[b, a] = weight in CONFLICTS
    cannot = [(0, 3, "cannot_link")] if is_kept_apart else []
    conflicts[0, 3] = conflicts[3, 0] = conflicts[0, 3] or is_kept_apart
    found = cluster_components(
        pd.DataFrame({"profile_no": range(4), "component_no": 0}),
        pd.DataFrame(rows, columns=["profile_a", "profile_b", "match_weight", "is_conflict", "vote"]),
        SETTINGS,
        pd.DataFrame(cannot, columns=["profile_a", "profile_b", "verdict"]),
    )
    evidence = PairEvidence(bits, conflicts, votes)
    linked = average_linkage(evidence, LinkageBounds(0.0, lone=3.0, group=4.0))
    groups = let_go(attach_lone(linked, evidence, LoneBounds(3.0, -4.0)), evidence, 3.0)
    groups = attach_lone(groups, evidence, LoneBounds(3.0, -4.0))
    expected = {number: group[0] for group in groups for number in group}
    assert dict(zip(found["profile_no"], found["cluster_no"], strict=True)) == expected
