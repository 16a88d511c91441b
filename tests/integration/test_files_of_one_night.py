"""Files that one night takes follow each other in raw as they were delivered, whatever their hashes and rows say."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from delivery_home import HEADER, LOADED, Home

DAY = "2026-01-01"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Home(tmp_path / "home")


def put(home: Home, name: str, *rows: tuple[str, str], minute: int) -> None:
    path = home.landing("list") / name
    path.write_text(HEADER + "".join(f"{key},{value},{DAY}\n" for key, value in rows), "utf-8")
    moment = LOADED.timestamp() + 60 * minute
    os.utime(path, (moment, moment))


@pytest.mark.parametrize("turn", range(6))  # other bytes, other hashes
def test_of_two_files_the_later_one_is_the_later_load(turn: int, home: Home) -> None:
    contract = home.source("list")
    put(home, "z.csv", ("1", "x"), ("2", f"old {turn}"), minute=1)
    put(home, "a.csv", ("2", f"new {turn}"), minute=2)
    home.take(contract)
    found = home.rows("source_record_id, loaded_at, full_name")
    assert [row[2] for row in found if row[0] == "2"] == [f"old {turn}", f"new {turn}"]
    assert {row[1] for row in found if row[2] != f"new {turn}"} == {LOADED}


def test_a_value_that_went_and_came_back_is_a_change_also_within_a_night(home: Home) -> None:
    contract = home.source("list")
    put(home, "a.csv", ("1", "x"), ("2", "old"), minute=1)
    put(home, "b.csv", ("2", "new"), minute=2)
    home.take(contract)
    put(home, "c.csv", ("2", "old"), ("3", "x"), minute=3)
    put(home, "d.csv", ("2", "old"), ("4", "x"), minute=4)
    taken = [r for r in home.take(contract, LOADED + timedelta(days=1)) if r.status == "accepted"]
    assert [(report.accepted, report.duplicate) for report in taken] == [(2, 0), (1, 1)]


def test_a_record_that_one_snapshot_closes_the_next_one_opens_again(home: Home) -> None:
    mode = "customProperties: [{property: deliveryMode, value: snapshot}]"
    contract = home.source("list", more=mode)
    put(home, "a.csv", ("1", "x"), ("2", "x"), ("3", "x"), minute=1)
    put(home, "b.csv", ("1", "x"), ("2", "x"), minute=2)
    put(home, "c.csv", ("1", "x"), ("2", "x"), ("3", "x"), ("4", "x"), minute=3)
    assert [report.closed for report in home.take(contract)] == [0, 1, 0]
    found = home.rows("source_record_id, loaded_at, operation")
    assert [row[2] for row in found if row[0] == "3"] == ["upsert", "close", "upsert"]
