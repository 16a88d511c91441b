"""A profile that average linkage left alone joins the group of one strong pair, and nothing else moves."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipelines.identity.linkage import LinkageBounds, average_linkage
from pipelines.identity.lone_profiles import LoneBounds, attach_lone, let_go
from pipelines.identity.pair_evidence import PairEvidence

BOUNDS = LoneBounds(link=3.0, floor=-4.0)


def known(size: int, pairs: dict[tuple[int, int], float], missing: float = -2.0) -> PairEvidence:
    weights = np.full((size, size), missing)
    for (a, b), weight in pairs.items():
        weights[a, b] = weights[b, a] = weight
    return PairEvidence(weights, np.zeros((size, size), dtype=bool), np.ones((size, size)))


def test_one_strong_pair_joins_a_lone_profile_to_its_group() -> None:
    evidence = known(3, {(0, 1): 8, (1, 2): 5}, missing=-6)
    assert average_linkage(evidence, LinkageBounds()) == [[0, 1], [2]]
    assert attach_lone([[0, 1], [2]], evidence, BOUNDS) == [[0, 1, 2]]


def test_a_weak_pair_or_a_bad_average_leaves_it_alone() -> None:
    evidence = known(3, {(0, 1): 8, (1, 2): 2.9})
    assert attach_lone([[0, 1], [2]], evidence, BOUNDS) == [[0, 1], [2]]
    evidence = known(4, {(0, 1): 8, (0, 2): 8, (1, 2): 8, (2, 3): 5}, missing=-9)
    assert attach_lone([[0, 1, 2], [3]], evidence, BOUNDS) == [[0, 1, 2], [3]]


def test_a_conflict_with_any_member_keeps_it_out() -> None:
    evidence = known(3, {(0, 1): 8, (1, 2): 5})
    evidence.conflicts[0, 2] = evidence.conflicts[2, 0] = True
    assert attach_lone([[0, 1], [2]], evidence, BOUNDS) == [[0, 1], [2]]


def test_two_lone_profiles_stay_as_linkage_left_them() -> None:
    evidence = known(3, {(0, 1): 5, (1, 2): 4})
    assert attach_lone([[0], [1], [2]], evidence, BOUNDS) == [[0], [1], [2]]


@st.composite
def components(draw: st.DrawFn) -> PairEvidence:
    size = draw(st.integers(2, 8))
    cells = size * (size - 1) // 2
    upper = np.triu_indices(size, 1)
    weights, conflicts = np.full((size, size), -10.0), np.zeros((size, size), dtype=bool)
    weights[upper] = draw(st.lists(st.integers(-10, 10).map(float), min_size=cells, max_size=cells))
    conflicts[upper] = draw(st.lists(st.sampled_from([False] * 5 + [True]), min_size=cells, max_size=cells))
    return PairEvidence(np.maximum(weights, weights.T), conflicts | conflicts.T, np.ones((size, size)))


@given(components())
def test_only_lone_profiles_move_and_no_conflict_enters_a_group(evidence: PairEvidence) -> None:
    before = average_linkage(evidence, LinkageBounds())
    after = attach_lone(before, evidence, BOUNDS)
    assert sorted(place for group in after for place in group) == list(range(len(evidence.weights)))
    for group in before:
        if len(group) > 1:
            kept = next(new for new in after if group[0] in new)
            assert set(group) <= set(kept)
            assert len([old for old in before if len(old) > 1 and set(old) <= set(kept)]) == 1
    for group in after:
        assert not evidence.conflicts[np.ix_(group, group)].any()


def test_the_best_supported_group_must_lead_by_the_margin() -> None:
    evidence = known(5, {(0, 1): 8, (2, 3): 8, (1, 4): 6, (2, 4): 4})
    two_homes = [[0, 1], [2, 3], [4]]
    assert attach_lone(two_homes, evidence, LoneBounds(3.0, -4.0, margin=2.0)) == [[0, 1, 4], [2, 3]]
    assert attach_lone(two_homes, evidence, LoneBounds(3.0, -4.0, margin=2.5)) == two_homes


def test_a_profile_that_its_group_no_longer_supports_is_let_go() -> None:
    evidence = known(4, {(0, 1): 9, (0, 2): 9, (1, 2): 9, (2, 3): 2.5})
    assert let_go([[0, 1, 2, 3]], evidence, 3.0) == [[0, 1, 2], [3]]
    assert let_go([[0, 1, 2, 3]], evidence, 2.5) == [[0, 1, 2, 3]]


def test_what_a_steward_joined_is_never_let_go() -> None:
    evidence = known(4, {(0, 1): 9, (0, 2): 9, (1, 2): 9, (2, 3): 2.5})
    assert let_go([[0, 1, 2, 3]], evidence, 3.0, kept={2, 3}) == [[0, 1, 2, 3]]


def test_a_pair_that_linkage_judged_is_not_judged_again() -> None:
    assert let_go([[0, 1]], known(2, {(0, 1): 1}), 3.0) == [[0, 1]]
