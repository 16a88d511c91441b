"""What speaks for two groups: their strongest pair, and what their other profiles say of what that pair could not compare."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.identity.clustering import cluster_components
from pipelines.identity.linkage import LinkageBounds, average_linkage
from pipelines.identity.pair_evidence import PairEvidence

PHONE, ADDRESS = 0, 1
UNKNOWN = float("nan")


def known(
    size: int, weights: dict[tuple[int, int], float], fields: tuple[dict[tuple[int, int], float], ...] = ()
) -> PairEvidence:
    matrix = np.full((size, size), -9.0)
    bits = np.full((len(fields), size, size), np.nan)
    for (a, b), weight in weights.items():
        matrix[a, b] = matrix[b, a] = weight
    for number, told in enumerate(fields):
        for (a, b), weight in told.items():
            bits[number, a, b] = bits[number, b, a] = weight
    return PairEvidence(matrix, np.zeros((size, size), dtype=bool), np.ones((size, size)), bits)


def test_an_address_that_another_profile_of_the_group_has_counts_against_a_namesake() -> None:
    evidence = known(3, {(0, 1): 20, (0, 2): 2, (1, 2): -1}, ({}, {(1, 2): -3.0}))
    assert evidence.support([2], [0]) == 2
    assert evidence.support([2], [0, 1]) == -1


def test_the_kindest_of_several_addresses_counts() -> None:
    moved = known(4, {(0, 3): 2}, ({}, {(1, 3): -3.0, (2, 3): 8.0}))
    assert moved.support([3], [0, 1, 2]) == 2
    elsewhere = known(4, {(0, 3): 2}, ({}, {(1, 3): -3.0, (2, 3): -1.0}))
    assert elsewhere.support([3], [0, 1, 2]) == 1


def test_what_the_strongest_pair_compares_itself_is_not_counted_twice() -> None:
    evidence = known(3, {(0, 2): 2, (1, 2): -1}, ({(0, 2): -2.5, (1, 2): -3.0}, {}))
    assert evidence.support([2], [0, 1]) == 2


def test_each_field_counts_by_itself() -> None:
    evidence = known(4, {(0, 3): 5}, ({(1, 3): -2.0}, {(2, 3): -3.0}))
    assert evidence.support([3], [0, 1, 2]) == 0


def test_pairs_without_a_vote_support_nothing() -> None:
    evidence = known(2, {(0, 1): 5})
    evidence.votes[:] = 0
    assert evidence.support([0], [1]) == -np.inf


def test_a_lone_profile_joins_only_with_the_support_that_lone_link_asks() -> None:
    evidence = known(3, {(0, 1): 20, (0, 2): 4, (1, 2): 4}, ({}, {(1, 2): -3.0}))
    assert average_linkage(evidence, LinkageBounds(0.0, lone=1.0)) == [[0, 1, 2]]
    assert average_linkage(evidence, LinkageBounds(0.0, lone=1.5)) == [[0, 1], [2]]


def test_two_groups_need_more_than_one_weak_pair() -> None:
    four = {(0, 1): 20.0, (2, 3): 20.0, (0, 2): 3.0, (0, 3): 3.0, (1, 2): 3.0, (1, 3): 3.0}
    assert average_linkage(known(4, four), LinkageBounds(0.0, group=3.0)) == [[0, 1, 2, 3]]
    assert average_linkage(known(4, four), LinkageBounds(0.0, group=3.5)) == [[0, 1], [2, 3]]


def test_a_group_that_was_put_off_is_asked_again_when_it_has_grown() -> None:
    # 0 and 1 are no match for 2 and 3 until 4 has joined them, which agrees with both
    five = {(0, 1): 20.0, (2, 3): 20.0, (0, 2): 3.0, (0, 3): 3.0, (1, 2): 3.0, (1, 3): 3.0}
    joining = five | {(0, 4): 1.0, (1, 4): 1.0, (2, 4): 9.0, (3, 4): -8.0}
    assert average_linkage(known(5, joining), LinkageBounds(0.0, group=4.0)) == [[0, 1, 2, 3, 4]]


def frames(*, address_bits: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two profiles of one person and a namesake; the second profile alone has an address to compare with the namesake's."""
    pairs = pd.DataFrame(
        [(0, 1, 9.0, UNKNOWN), (0, 2, 2.0, UNKNOWN), (1, 2, 2.0 + address_bits, address_bits)],
        columns=["profile_a", "profile_b", "match_weight", "address_bits"],
    ).assign(is_conflict=False, vote=1.0)
    return pd.DataFrame({"profile_no": range(3), "component_no": 0}), pairs


def clustered(components: pd.DataFrame, pairs: pd.DataFrame) -> list[int]:
    bounds = {
        "evidence_clip": 10,
        "cluster_floor": 0,
        "firm_floor": 2,
        "group_link": 4,
        "lone_link": 0,
        "lone_margin": 0,
        "lone_floor": -6,
    }
    settings = pd.DataFrame({"setting": bounds.keys(), "value": bounds.values()})
    return list(cluster_components(components, pairs, settings)["cluster_no"])


def test_bits_of_fields_reach_the_clusters() -> None:
    assert clustered(*frames(address_bits=-1.5)) == [0, 0, 0]
    assert clustered(*frames(address_bits=-2.5)) == [0, 0, 2]


def test_a_namesake_leaves_the_cluster_when_what_came_later_contradicts() -> None:
    rows = [
        (0, 1, 2.0, UNKNOWN),
        (2, 3, 10.0, UNKNOWN),
        (1, 2, 9.0, 5.0),
        (1, 3, -7.0, UNKNOWN),
        (0, 2, -1.0, -3.0),
        (0, 3, -1.0, -3.0),
    ]
    pairs = pd.DataFrame(rows, columns=["profile_a", "profile_b", "match_weight", "address_bits"])
    components = pd.DataFrame({"profile_no": range(4), "component_no": 0})
    assert clustered(components, pairs.assign(is_conflict=False, vote=1.0)) == [0, 1, 1, 1]


def test_organisations_have_a_floor_of_their_own() -> None:
    """Four profiles in two groups, 1.5 bits apart on average, 5 at best: enough for two persons' groups, not for two branches."""
    rows = [(0, 1, 9.0), (2, 3, 9.0), (0, 2, 5.0), (0, 3, -1.0), (1, 2, 1.0), (1, 3, 1.0)]
    pairs = pd.DataFrame(rows, columns=["profile_a", "profile_b", "match_weight"]).assign(
        is_conflict=False, vote=1.0
    )
    components = pd.DataFrame({"profile_no": range(4), "component_no": 0})
    assert clustered(components, pairs.assign(is_firm=False)) == [0, 0, 0, 0]
    assert clustered(components, pairs.assign(is_firm=True)) == [0, 0, 2, 2]


def test_of_equal_averages_the_one_with_most_votes_comes_first_whatever_the_last_digits_say() -> None:
    """Profile 3 agrees as well with 0 alone as with 1 and 2; 1 and 2 are one already, and may not meet 0."""
    rows = [(0, 1, -4.0), (0, 2, -4.0), (1, 2, 9.0), (0, 3, 3.0 + 1e-12), (1, 3, 3.0), (2, 3, 3.0)]
    pairs = pd.DataFrame(rows, columns=["profile_a", "profile_b", "match_weight"]).assign(
        is_conflict=False, vote=1.0
    )
    pairs["is_conflict"] = pairs["match_weight"] < 0
    assert clustered(pd.DataFrame({"profile_no": range(4), "component_no": 0}), pairs) == [0, 1, 1, 1]
