"""Match models in the state folder: written once, read back to the last digit, the newest in force."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pandas as pd
from test_training import POPULATION, levels, patterns, settings

from pipelines.identity.state import create_state_views, store_model
from pipelines.identity.training import active_model, train


def trained(prior_pairs: float = 200) -> pd.DataFrame:
    return train(levels(), patterns(2_000, 8_000), POPULATION, settings(prior_pairs))


def stored(home: Path) -> pd.DataFrame:
    with duckdb.connect() as conn:
        create_state_views(conn, home)
        return conn.execute("SELECT * FROM memory.state.match_model ORDER BY field, level").df()


def test_a_model_is_read_back_as_it_was_and_stored_once(tmp_path: Path) -> None:
    assert len(stored(tmp_path)) == 0
    model = trained()
    path = store_model(model, tmp_path, "first")
    assert path is not None
    assert re.fullmatch(r"000001-auto-first\.[0-9a-f]{16}\.csv", path.name)
    again = active_model(stored(tmp_path), levels(), patterns(1, 1), POPULATION, settings())
    for name in ("m", "u", "weight"):
        assert (again[name].to_numpy() == model[name].to_numpy()).all()
    assert store_model(again, tmp_path, "second") is None, "the same weights are no new model"


def test_the_newest_model_is_in_force_and_older_ones_stay(tmp_path: Path) -> None:
    store_model(trained(), tmp_path, "first")
    newer = trained(5_000)
    path = store_model(newer, tmp_path, "steward", by_hand=True)
    assert path is not None
    assert path.name.startswith("000002-hand-steward.")
    assert (stored(tmp_path)["weight"].to_numpy() == newer["weight"].to_numpy()).all()
    assert len(list((tmp_path / "state" / "match_models").iterdir())) == 2
