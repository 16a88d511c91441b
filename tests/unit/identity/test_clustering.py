"""Clusters: average linkage, conflicts, stable ids."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.identity.components import connected_components
from pipelines.identity.ledger import assign_customer_ids
from pipelines.identity.linkage import LinkageBounds, average_linkage
from pipelines.identity.pair_evidence import PairEvidence

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
        "value": [0.0, 3.0, 10.0, 0.0, 0.0, 0.0, 3.0, -4.0, 0.0],
    }
)


def matrix(size: int, pairs: dict[tuple[int, int], float]) -> np.ndarray:
    weights = np.full((size, size), -10.0)
    for (a, b), bits in pairs.items():
        weights[a, b] = weights[b, a] = bits
    return weights


def linked(
    weights: np.ndarray, conflicts: np.ndarray | None = None, votes: np.ndarray | None = None
) -> list[list[int]]:
    free, all_vote = np.zeros(weights.shape, dtype=bool), np.ones(weights.shape)
    evidence = PairEvidence(
        weights, free if conflicts is None else conflicts, all_vote if votes is None else votes
    )
    return average_linkage(evidence, LinkageBounds())


def test_a_single_strong_link_does_not_chain_two_people() -> None:
    weights = matrix(4, {(0, 1): 10, (2, 3): 10, (1, 2): 8})
    assert linked(weights) == [[0, 1], [2, 3]]


def test_conflicting_records_never_meet_however_strong_the_rest_is() -> None:
    weights = matrix(3, {(0, 1): 10, (1, 2): 10, (0, 2): 10})
    conflicts = np.zeros((3, 3), dtype=bool)
    conflicts[0, 2] = conflicts[2, 0] = True
    assert all(not {0, 2} <= set(group) for group in linked(weights, conflicts))


def test_pairs_that_compare_nothing_have_no_part_in_the_average() -> None:
    weights = matrix(3, {(0, 1): 2, (1, 2): 2})
    votes = np.ones((3, 3))
    votes[0, 2] = votes[2, 0] = 0
    assert linked(weights, votes=votes) == [[0, 1, 2]]
    assert len(linked(weights)) > 1


@settings(max_examples=40)
@given(st.lists(st.floats(-10, 10), min_size=15, max_size=15), st.permutations(range(6)))
def test_order_of_records_does_not_change_clusters(bits: list[float], order: list[int]) -> None:
    upper = np.zeros((6, 6))
    upper[np.triu_indices(6, 1)] = np.round(np.array(bits) + np.arange(15) * 1e-3, 6)
    weights = upper + upper.T
    plain = {frozenset(group) for group in linked(weights)}
    turned = weights[np.ix_(order, order)]
    shuffled = {frozenset(order[place] for place in group) for group in linked(turned)}
    assert plain == shuffled


def test_an_oversized_component_falls_apart_at_its_weakest_links() -> None:
    links = pd.DataFrame({"profile_a": [1, 2, 3], "profile_b": [2, 3, 4], "match_weight": [9.0, 1.0, 9.0]})
    found = connected_components(pd.DataFrame({"profile_no": [1, 2, 3, 4]}), links, SETTINGS)
    assert found["component_no"].tolist() == [1, 1, 3, 3]


def records(**clusters: str) -> pd.DataFrame:
    rows = [
        (f"s:{token}", token, number) for number, tokens in enumerate(clusters.values()) for token in tokens
    ]
    return pd.DataFrame(rows, columns=["record_id", "token", "cluster_no"])


def held(found: pd.DataFrame) -> pd.DataFrame:
    return found[["token", "customer_id"]]


EMPTY = pd.DataFrame({"token": pd.Series(dtype="object"), "customer_id": pd.Series(dtype="object")})


def test_ids_survive_a_rebuild_a_merge_and_a_split() -> None:
    first = assign_customer_ids(records(one="abc", two="de"), EMPTY)
    ids = first.set_index("token")["customer_id"]
    again = assign_customer_ids(records(one="abc", two="de"), held(first))
    assert set(again["change"]) == {"kept"}
    merged = assign_customer_ids(records(one="abcde"), held(first))
    assert set(merged["customer_id"]) == {ids["a"]}
    split = assign_customer_ids(records(one="ab", two="c", three="de"), held(first)).set_index("token")
    assert split.loc["a", "customer_id"] == ids["a"]
    assert split.loc["c", "customer_id"] not in set(ids)


def test_new_ids_do_not_depend_on_the_order_of_rows() -> None:
    rows = records(one="abc", two="de")
    one = assign_customer_ids(rows, EMPTY).set_index("token")["customer_id"]
    other = assign_customer_ids(rows.iloc[::-1], EMPTY).set_index("token")["customer_id"]
    assert one.to_dict() == other.to_dict()
