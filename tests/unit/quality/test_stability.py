"""The population stability index against its definition, the limit that is learned, and Great Expectations' view of it."""

from __future__ import annotations

import random
from collections import Counter
from math import log

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.quality.stability import reference_of, stability
from pipelines.quality.suite import STABILITY, Expected, run_suite

SHARES = {"a": 0.5, "b": 0.3, "c": 0.19, "other": 0.01}


def drawn(seed: int, rows: int = 400, shares: dict[str, float] = SHARES) -> dict[str, int]:
    return dict(Counter(random.Random(seed).choices([*shares], [*shares.values()], k=rows)))


def test_the_index_is_that_of_its_definition() -> None:
    """(0.6-0.5)ln(0.6/0.5) + (0.4-0.5)ln(0.4/0.5), by hand 0.0405."""
    assert stability({"a": 600, "b": 400}, {"a": 0.5, "b": 0.5}) == pytest.approx(
        0.1 * log(1.2) - 0.1 * log(0.8)
    )
    assert stability({"a": 600, "b": 400}, {"a": 0.5, "b": 0.5}) == pytest.approx(0.0405, abs=1e-4)
    # A class that is not usual counts with the others.
    assert stability({"a": 700, "new": 300}, {"a": 0.7, "other": 0.3}) == pytest.approx(0, abs=1e-9)


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 1000), min_size=1))
def test_the_index_is_never_negative_and_zero_for_the_same_shares(counts: dict[str, int]) -> None:
    total = sum(counts.values())
    assert stability(counts, {label: count / total for label, count in counts.items()}) == pytest.approx(
        0, abs=1e-9
    )
    assert stability(counts, {"a": 0.7, "other": 0.3}) >= 0


def test_fewer_than_seven_deliveries_or_thirty_rows_give_no_reference() -> None:
    past = [drawn(seed) for seed in range(7)]
    assert reference_of(past[:6], 400) is None
    assert reference_of(past, 29) is None
    assert reference_of([*past[:6], drawn(9, 29)], 400) is None
    assert reference_of(past, 400) is not None


@pytest.mark.parametrize(
    "counts",
    [
        {"a": 400}, {"a": 100, "b": 280, "c": 20}, {"a": 280, "b": 120}, {"a": 140, "b": 84, "c": 53, "new": 123},
    ],
    ids=["all one", "turned", "one gone", "a new one"],
)  # fmt: skip
def test_what_changed_lies_above_the_limit_and_what_did_not_below(counts: dict[str, int]) -> None:
    reference = reference_of([drawn(seed) for seed in range(20)], 400)
    assert reference is not None
    assert stability(counts, reference.shares) > reference.limit
    assert all(stability(drawn(seed), reference.shares) <= reference.limit for seed in range(100, 200))


def test_a_first_delivery_of_everything_does_not_widen_the_limit() -> None:
    usual = [drawn(seed) for seed in range(20)]
    whole_past = {"z": 90_000, "y": 10_000}
    with_past, without = reference_of([whole_past, *usual], 400), reference_of(usual, 400)
    assert with_past is not None
    assert without is not None
    assert with_past.deliveries == 20
    assert with_past.limit == pytest.approx(without.limit)
    assert "z" not in with_past.shares


def test_a_class_of_which_twelve_rows_are_expected_is_sure_to_be_there() -> None:
    reference = reference_of([{"a": 970, "b": 30}] * 8, 400)
    assert reference is not None
    assert reference.surely_there(400) == {"a", "b"}
    assert reference.surely_there(399) == {"a"}
    sometimes = reference_of([{"a": 970, "b": 30}, {"a": 1000}] * 5, 400)
    assert sometimes is not None
    assert sometimes.surely_there(4000) == {"a"}


def test_great_expectations_sees_the_same_index() -> None:
    reference = reference_of([drawn(seed) for seed in range(20)], 400)
    assert reference is not None
    for counts in (drawn(77), {"a": 400}):
        frame = pd.DataFrame(
            {"label:x": [label for label, count in counts.items() for _ in range(count)] + [None] * 5}
        )
        (seen,) = run_suite("x", frame, [Expected("label:x", STABILITY, reference=reference)])
        assert seen.value == pytest.approx(stability(counts, reference.shares))
        assert seen.passed == (stability(counts, reference.shares) <= reference.limit)
