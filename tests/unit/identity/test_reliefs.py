"""A guard gives way where the data have hardly anybody whom it would confuse."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.identity.reliefs import RELIEF_FIELD, relief_rows, relieved
from pipelines.identity.training import active_model
from pipelines.matching.specification import match_specification

RELIEFS = match_specification().reliefs
SETTINGS = {name: value for name, (value, _) in match_specification().settings.items()}
FLOOR = SETTINGS["relief_floor"]


def patterns(alike: int, among: int) -> pd.DataFrame:
    """Pairs that look like twins, and pairs of two people of one home."""
    return pd.DataFrame({
        "pair_count": [alike, among],
        "twins_relief": [True, False],
        "twins_among": [False, True],
        "household_guard": [True, True],
        "twins_guard": [True, False],
    })  # fmt: skip


def bits(found: pd.DataFrame, name: str) -> float:
    row = found[found["label"] == name].iloc[0]
    return float(np.log2(row["m"] / row["u"]))


def test_where_families_are_rare_a_pair_like_twins_is_one_person() -> None:
    found = relief_rows(patterns(600, 50), RELIEFS, SETTINGS)
    assert bits(found, "twins") > 5


def test_where_families_live_together_they_are_twins() -> None:
    found = relief_rows(patterns(600, 6000), RELIEFS, SETTINGS)
    assert bits(found, "twins") < FLOOR


def test_a_handful_of_pairs_proves_nothing() -> None:
    found = relief_rows(patterns(8, 0), RELIEFS, SETTINGS)
    assert bits(found, "twins") < FLOOR


def test_m_and_u_are_shares_of_the_pairs() -> None:
    found = relief_rows(patterns(100, 50), RELIEFS, SETTINGS).set_index("label")
    assert np.isclose(
        found.loc["twins", "u"], (50 * SETTINGS["twins_share"] + SETTINGS["relief_doubt"]) / 100
    )
    assert (found["m"] + found["u"] == 1).all()
    assert (found["field"] == RELIEF_FIELD).all()
    assert list(found.index) == [one.name for one in RELIEFS]


def test_each_relief_names_guards_that_hold_its_pairs_back() -> None:
    found = relieved(patterns(600, 50), relief_rows(patterns(600, 50), RELIEFS, SETTINGS), RELIEFS, FLOOR)
    assert list(found["household_guard"]) == [False, True]
    assert list(found["twins_guard"]) == [False, False]


def test_without_relief_the_guards_stay() -> None:
    found = relieved(patterns(600, 6000), relief_rows(patterns(600, 6000), RELIEFS, SETTINGS), RELIEFS, FLOOR)
    assert list(found["household_guard"]) == [True, True]
    assert list(found["twins_guard"]) == [True, False]


def test_reliefs_are_no_levels_of_a_stored_model() -> None:
    levels = pd.DataFrame({"field": ["gender"], "level": [0]})
    columns = ["model_id", "field", "level", "label", "m", "u", "weight", "is_exact", "description"]
    stored = pd.DataFrame(
        [("kept", "gender", 0, "same", 0.9, 0.5, 0.8, False, ""), ("kept", RELIEF_FIELD, 0, "twins", 0.9, 0.1, 3.2, False, "")],
        columns=columns,
    )  # fmt: skip
    none = pd.DataFrame()
    assert set(active_model(stored, levels, none, none, none)["model_id"]) == {"kept"}
