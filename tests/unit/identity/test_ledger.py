"""Customer ids over several nights: who keeps an id, what the log says of the others, and that no id means two people."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pipelines.identity.ledger import assign_customer_ids

NOBODY = pd.DataFrame({"token": [], "customer_id": []}, dtype=object)


def night(
    clusters: dict[str, int], held: pd.DataFrame = NOBODY, retired: tuple[str, ...] = ()
) -> pd.DataFrame:
    """`clusters`: token -> cluster number."""
    records = pd.DataFrame(
        {
            "record_id": [f"s:{t}" for t in clusters],
            "token": list(clusters),
            "cluster_no": list(clusters.values()),
        }
    )
    return assign_customer_ids(records, held, retired)


def changes(found: pd.DataFrame) -> dict[str, str]:
    return dict(zip(found["token"], found["change"], strict=True))


def ids(found: pd.DataFrame) -> dict[str, str]:
    return dict(zip(found["token"], found["customer_id"], strict=True))


def published(found: pd.DataFrame) -> pd.DataFrame:
    return found[["token", "customer_id"]]


def test_a_merge_keeps_the_id_of_the_larger_part() -> None:
    first = night({"a": 1, "b": 1, "c": 2})
    second = night({"a": 1, "b": 1, "c": 1}, published(first))
    assert changes(second) == {"a": "kept", "b": "kept", "c": "merged"}
    assert set(ids(second).values()) == {ids(first)["a"]}


def test_a_split_keeps_the_id_for_the_larger_part_and_gives_a_new_one() -> None:
    first = night({"a": 1, "b": 1, "c": 1})
    second = night({"a": 1, "b": 1, "c": 3}, published(first))
    assert changes(second) == {"a": "kept", "b": "kept", "c": "split"}
    assert ids(second)["c"] not in set(ids(first).values())


def test_a_record_that_goes_to_another_living_customer_moved() -> None:
    first = night({"a": 1, "b": 1, "c": 1, "d": 2, "e": 2})
    second = night({"a": 1, "b": 1, "c": 2, "d": 2, "e": 2}, published(first))
    assert changes(second)["c"] == "moved"
    assert ids(second)["c"] == ids(first)["d"]


def test_a_record_that_comes_anew_is_new_whatever_id_it_gets() -> None:
    first = night({"a": 1})
    second = night({"a": 1, "b": 1, "c": 2}, published(first))
    assert changes(second) == {"a": "kept", "b": "new", "c": "new"}


def test_the_letters_of_an_id_follow_from_its_token_for_ever() -> None:
    assert ids(night({"a": 1, "b": 1})) == {"a": "CH5E27J2F7JVF1", "b": "CH5E27J2F7JVF1"}
    assert ids(night({"a": 1}, retired=("CH5E27J2F7JVF1",))) == {"a": "CEZB5TFB2WG4CY"}


def test_an_id_that_was_retired_is_never_given_to_others() -> None:
    first = night({"a": 1})
    old = ids(first)["a"]
    again = night({"a": 1, "z": 1}, NOBODY, (old,))
    assert old not in set(ids(again).values())
    assert ids(night({"a": 1, "z": 1})) == {"a": old, "z": old}, "without the retirement it would be"


TOKENS = "abcdefgh"
grouping = st.lists(st.integers(0, 3), min_size=len(TOKENS), max_size=len(TOKENS))


@given(grouping, grouping, st.permutations(range(len(TOKENS))))
def test_every_change_has_its_true_reason_and_no_id_means_two_clusters(
    before: list[int], after: list[int], order: list[int]
) -> None:
    first = night(dict(zip(TOKENS, before, strict=True)))
    clusters = dict(zip(TOKENS, after, strict=True))
    second = night(clusters, published(first))
    was, now = ids(first), ids(second)
    assert len({(clusters[t], now[t]) for t in TOKENS}) == len(set(after)) == len(set(now.values()))
    for token, change in changes(second).items():
        expected = (
            "kept" if was[token] == now[token]
            else "merged" if was[token] not in now.values()
            else "moved" if now[token] in was.values()
            else "split"
        )  # fmt: skip
        assert change == expected
    shuffled = night({TOKENS[place]: after[place] for place in order}, published(first))
    assert ids(shuffled) == now
