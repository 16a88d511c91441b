"""A profile that average linkage left alone joins the group of one strong pair, and nothing else moves."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipelines.identity.clustering import average_linkage
from pipelines.identity.lone_profiles import Flags, Floats, attach_lone

LINK, FLOOR = 3.0, -4.0


def matrices(
    size: int, pairs: dict[tuple[int, int], float], missing: float = -2.0
) -> tuple[Floats, Flags, Floats]:
    weights = np.full((size, size), missing)
    for (a, b), weight in pairs.items():
        weights[a, b] = weights[b, a] = weight
    return weights, np.zeros((size, size), dtype=bool), np.ones((size, size))


def test_one_strong_pair_joins_a_lone_profile_to_its_group() -> None:
    weights, conflicts, votes = matrices(3, {(0, 1): 8, (1, 2): 5}, missing=-6)
    assert average_linkage(weights, conflicts, votes) == [[0, 1], [2]]
    assert attach_lone([[0, 1], [2]], weights, conflicts, votes, LINK, FLOOR) == [[0, 1, 2]]


def test_a_weak_pair_or_a_bad_average_leaves_it_alone() -> None:
    weights, conflicts, votes = matrices(3, {(0, 1): 8, (1, 2): 2.9})
    assert attach_lone([[0, 1], [2]], weights, conflicts, votes, LINK, FLOOR) == [[0, 1], [2]]
    weights, conflicts, votes = matrices(4, {(0, 1): 8, (0, 2): 8, (1, 2): 8, (2, 3): 5}, missing=-9)
    assert attach_lone([[0, 1, 2], [3]], weights, conflicts, votes, LINK, FLOOR) == [[0, 1, 2], [3]]


def test_a_conflict_with_any_member_keeps_it_out() -> None:
    weights, conflicts, votes = matrices(3, {(0, 1): 8, (1, 2): 5})
    conflicts[0, 2] = conflicts[2, 0] = True
    assert attach_lone([[0, 1], [2]], weights, conflicts, votes, LINK, FLOOR) == [[0, 1], [2]]


def test_two_lone_profiles_stay_as_linkage_left_them() -> None:
    weights, conflicts, votes = matrices(3, {(0, 1): 5, (1, 2): 4})
    assert attach_lone([[0], [1], [2]], weights, conflicts, votes, LINK, FLOOR) == [[0], [1], [2]]


@st.composite
def components(draw: st.DrawFn) -> tuple[Floats, Flags, Floats]:
    size = draw(st.integers(2, 8))
    cells = size * (size - 1) // 2
    upper = np.triu_indices(size, 1)
    weights, conflicts = np.full((size, size), -10.0), np.zeros((size, size), dtype=bool)
    weights[upper] = draw(st.lists(st.integers(-10, 10).map(float), min_size=cells, max_size=cells))
    conflicts[upper] = draw(st.lists(st.sampled_from([False] * 5 + [True]), min_size=cells, max_size=cells))
    return np.maximum(weights, weights.T), conflicts | conflicts.T, np.ones((size, size))


@given(components())
def test_only_lone_profiles_move_and_no_conflict_enters_a_group(
    component: tuple[Floats, Flags, Floats],
) -> None:
    weights, conflicts, votes = component
    before = average_linkage(weights, conflicts, votes)
    after = attach_lone(before, weights, conflicts, votes, LINK, FLOOR)
    assert sorted(place for group in after for place in group) == list(range(len(weights)))
    for group in before:
        if len(group) > 1:
            kept = next(new for new in after if group[0] in new)
            assert set(group) <= set(kept)
            assert len([old for old in before if len(old) > 1 and set(old) <= set(kept)]) == 1
    for group in after:
        assert not conflicts[np.ix_(group, group)].any()
