"""`ucv train`: what a new model would change, shown before it replaces the one in force, on real identity models."""

from __future__ import annotations

import csv
import io
import random
import re
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from delivery_home import Home
from rich.console import Console
from test_dbt_unit_tests import run_dbt
from test_identity_hard_input import COLUMNS, MORE, read, words

from pipelines.command import train as subject
from pipelines.errors import UcvError
from pipelines.identity.state import store_model
from pipelines.identity.training import MODEL_COLUMNS, PRIOR_FIELD
from pipelines.identity.verdicts import MUST_LINK, record_verdicts
from pipelines.storage.connection import PARQUET_WRITE

BUILD = ("build", "--exclude-resource-types", "unit_test", "test", "--select")


def delivery() -> str:
    """60 people with two records each, the second with another phone, and two who have nothing in common."""
    dice = random.Random(11)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for n in range(60):
        name, born = (
            f"{words(dice)} {words(dice)}".title(),
            f"19{dice.randint(40, 99)}-0{dice.randint(1, 9)}-1{dice.randint(0, 9)}",
        )
        for turn in "ab":
            row = {
                "no": f"{turn}{n}",
                "姓名": name,
                "birth": born,
                "手机": f"+447400{dice.randint(100000, 999999)}",
            }
            writer.writerow({"time": "2026-01-01", **row})
    writer.writerow(
        {
            "no": "far1",
            "姓名": "Oluwaseun Adebayo",
            "birth": "1950-05-05",
            "mail": "olu@north.org",
            "time": "2026-01-01",
        }
    )
    writer.writerow(
        {
            "no": "far2",
            "姓名": "Tamsin Pellow",
            "birth": "1999-12-24",
            "mail": "tp@south.org",
            "time": "2026-01-01",
        }
    )
    return text.getvalue()  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    home = Home(tmp_path / "home")
    home.take(home.source("people", {"a.csv": delivery()}, more=MORE))
    return home


def publish(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the last step of a night does as far as training looks at it: a working file and the ledger."""
    folder = home.root / "state" / "identity_ledger"
    folder.mkdir(parents=True)
    read(home, f"COPY (FROM identity_ledger_entries) TO '{folder}/000001-v.parquet' ({PARQUET_WRITE})")
    monkeypatch.setattr(subject, "current_manifest", lambda _: SimpleNamespace(as_of_date="2026-11-01"))
    monkeypatch.setattr(
        subject, "working_path", lambda settings: settings.home / "warehouse" / "unit" / "warehouse.duckdb"
    )


def trained(home: Home, *, activate: bool = False) -> str:
    text = io.StringIO()
    subject.train(home.settings, Console(file=text, width=120), activate=activate)
    assert not (home.root / "warehouse" / "train").exists()
    return text.getvalue()


def test_training_shows_what_would_change_and_activates_on_request(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_dbt(home.root, tmp_path / "target", *BUILD, "+resolved")
    rows = read(home, f"SELECT {', '.join(MODEL_COLUMNS)} FROM identity_match_model ORDER BY field, level")
    doctored = pd.DataFrame(rows, columns=MODEL_COLUMNS)
    doctored.loc[doctored["field"] == PRIOR_FIELD, "weight"] = -90.0
    store_model(doctored, home.root, "doctored", by_hand=True)
    run_dbt(home.root, tmp_path / "target", *BUILD, "identity_match_model+,+identity_ledger_entries")
    publish(home, monkeypatch)

    token = home.keys.tokeniser()
    record_verdicts(home.root, MUST_LINK, [(token("people:far1"), token("people:far2"))], date(2026, 1, 2))
    told = trained(home)
    assert "-90.00" in told
    assert "Nothing is changed" in told
    for words_of_it in ("122  customers today", "61  customers then", "61  customers that merge into others"):
        assert words_of_it in told
    links = re.search(r"(\d+)  pairs that become links", told)
    assert links is not None
    assert int(links[1]) >= 60
    assert "1  verdicts given since the last run" in told
    assert len(list((home.root / "state" / "match_models").iterdir())) == 1

    assert "000002-hand-" in "".join(trained(home, activate=True).split())
    run_dbt(home.root, tmp_path / "target", *BUILD, *subject.REBUILT)
    assert read(home, "SELECT count(*) FROM identity_random_pairs") == [(0,)], "only training needs them"
    assert read(home, "SELECT count(DISTINCT customer_id) FROM resolved") == [(61,)]


def test_without_a_published_version_there_is_nothing_to_train_on(home: Home) -> None:
    with pytest.raises(UcvError, match="Nothing is published"):
        subject.compare(home.settings)
