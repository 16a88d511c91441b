"""Order and bounds of levels: the shipped table, any pattern counts, and what is likeliest under the order."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import UcvError
from pipelines.identity.level_order import LevelOrder, level_orders
from pipelines.identity.training import PSEUDO_FIELDS, train
from pipelines.matching.shipped import shipped_levels, shipped_settings
from pipelines.matching.specification import match_specification

SPECIFICATION = match_specification()
LEVELS = shipped_levels(SPECIFICATION)
SETTINGS = shipped_settings(SPECIFICATION)
QUICK = SETTINGS.assign(value=SETTINGS["value"].mask(SETTINGS["setting"] == "em_rounds", 6))
SIZES = LEVELS.groupby("field").size().to_dict()
POPULATION = pd.DataFrame({"entity_type": ["person", "organisation"], "profile_count": [5_000, 300]})

counts = st.one_of(st.integers(1, 50), st.integers(1_000, 10_000_000))


@st.composite
def pattern(draw: st.DrawFn) -> dict[str, Any]:
    row: dict[str, Any] = {
        "sample": draw(st.sampled_from(["random", "candidate"])),
        "entity_type": draw(st.sampled_from(["person", "organisation"])),
        "is_match": draw(st.sampled_from([None, None, None, True, False])),
        "pair_count": draw(counts),
    }
    row |= {column: draw(st.booleans()) for column in SPECIFICATION.guard_columns}
    for field, size in SIZES.items():
        row[f"{field}_level"] = draw(st.none() | st.integers(0, size - 1))
    return row


def check(model: pd.DataFrame) -> None:
    """Finite, distributions, ordered within each field, bounded where the shipped weight is against a match."""
    assert np.isfinite(model[["m", "u", "weight"]].to_numpy(float)).all()
    for field, order in level_orders(LEVELS).items():
        found = model[model["field"] == field].sort_values("level")
        assert found["m"].sum() == pytest.approx(1)
        assert found["u"].sum() == pytest.approx(1)
        weight = found["weight"].to_numpy()
        for high, low in np.argwhere(order.above):
            assert weight[high] >= weight[low] - 1e-9, (field, high, low)
        shipped = LEVELS[LEVELS["field"] == field].sort_values("level")
        for bits, row in zip(weight, shipped.itertuples(), strict=True):
            if row.m_default < row.u_default:
                assert bits <= math.log2(row.m_default / row.u_default) * 0.6 + 1e-9, (field, row.label)


@settings(max_examples=60)
@given(rows=st.lists(pattern(), min_size=1, max_size=25))
def test_any_counts_give_ordered_bounded_finite_weights(rows: list[dict[str, Any]]) -> None:
    model = train(LEVELS, pd.DataFrame(rows), POPULATION, QUICK)
    assert set(model["field"]) == {*SIZES, *PSEUDO_FIELDS}
    check(model)


def test_similar_values_that_are_always_matches_do_not_outweigh_the_same_value() -> None:
    """The fault that was found: families share the same mailbox, only slips of one person are similar."""
    rows = []
    for sample, level, pairs, given_level in (
        ("random", 0, 400_000, 0), ("random", 3, 30, 0), ("candidate", 3, 9_000, 0), ("candidate", 3, 3_000, 6),
        ("candidate", 1, 900, 6), ("candidate", 0, 30_000, 0),
    ):  # fmt: skip
        row = dict.fromkeys((f"{field}_level" for field in SIZES), None)
        row |= {"sample": sample, "entity_type": "person", "is_match": None, "pair_count": pairs}
        rows.append(
            row | {"email_level": level, "given_level": given_level, "family_level": 4 if level else 0}
        )
    model = train(LEVELS, pd.DataFrame(rows), POPULATION, SETTINGS)
    email = model[model["field"] == "email"].set_index("label")["weight"]
    assert email["same"] >= email["similar"] - 1e-9
    check(model)


@given(
    values=st.lists(st.tuples(st.floats(1e-9, 1), st.floats(1e-9, 1)), min_size=2, max_size=7),
    pairs=st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6))),
)
def test_the_projection_keeps_sum_and_order_and_what_is_in_order(
    values: list[tuple[float, float]], pairs: set[tuple[int, int]]
) -> None:
    m, u = np.array(values).T / np.array(values).sum(axis=0)[:, None]
    above = np.zeros((len(values), len(values)), dtype=bool)
    for low, high in sorted(pairs):
        if low < high < len(values):
            above[high] |= above[low]
            above[high, low] = True
    for high in range(len(values)):  # what is above a level is above all below it
        for low in np.flatnonzero(above[high]):
            above[high] |= above[low]
    order = LevelOrder(above, np.full(len(values), np.inf))
    found = order.project(m, u)
    assert found.sum() == pytest.approx(1)
    ratio = found / u
    for high, low in np.argwhere(above):
        assert ratio[high] >= ratio[low] * (1 - 1e-9)
    assert order.project(found, u) == pytest.approx(found, rel=1e-6)
    for weight in (0.3, 0.9):  # no other m in order is likelier: towards u all of them are
        other = weight * found + (1 - weight) * u
        assert (m * np.log(found)).sum() >= (m * np.log(other)).sum() - 1e-9


def test_levels_that_are_not_comparable_stay_as_they_are_counted() -> None:
    order = level_orders(LEVELS)["email"]
    m, u = np.array([0.2, 0.3, 0.05, 0.45]), np.array([0.9, 0.01, 0.08, 0.01])
    assert order.project(m, u) == pytest.approx(m)
    # A chain pools what falls from one level to the next.
    chain = level_orders(LEVELS.assign(above=None)[LEVELS["field"] == "phone"])["phone"]
    m, u = np.array([0.2, 0.6, 0.2]), np.array([0.9, 0.05, 0.05])
    assert chain.project(m, u) == pytest.approx([0.2, 0.4, 0.4])


def test_a_wrong_order_in_the_shipped_table_is_told() -> None:
    phone = LEVELS[LEVELS["field"] == "phone"].reset_index(drop=True)
    with pytest.raises(UcvError, match="is said to be above nothing_such"):
        level_orders(phone.assign(above=[None, "nothing_such", None]))
    with pytest.raises(UcvError, match="shipped weight"):
        level_orders(phone.assign(m_default=[0.3, 0.69, 0.01]))
