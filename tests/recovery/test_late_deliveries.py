"""Deliveries that come late or in another order give the view that they give in order: a file's own time says when it was."""

from __future__ import annotations

import itertools
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from delivery_home import HEADER, LOADED, Home
from staged_rows import staged

SNAPSHOT = (
    "customProperties: [{property: deliveryMode, value: snapshot}, {property: shrinkLimit, value: 0.9}]"
)

# One line a record: key, name, time of the event.
FILES = {
    "first": [
        "1,old,2026-01-01",
        "2,same,2026-01-01",
        "3,one,2026-01-01",
        "4,gone,2026-01-01",
        "6,x,2026-01-05",
    ],
    "second": [
        "1,new,2026-01-02",
        "2,same,2026-01-01",
        "3,two,2026-01-01",
        "5,late,2026-01-02",
        "6,y,2026-01-02",
    ],
    "third": ["1,newest,2026-01-01", "3,one,2026-01-01", "5,late,2026-01-03", "7,only,2026-01-03"],
}
"""Corrections with a later, the same and an earlier event time, a value that went and came back, records of one file only."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Home(tmp_path / "home")


def deliver(home: Home, source: str, name: str, night: int, mode: str = "") -> str | None:
    """One file lands and a night takes it; its time is that of its place in FILES, whichever night it is."""
    contract = home.source(source, more=mode)
    path = home.landing(source) / f"{name}.csv"
    path.write_text(HEADER + "".join(f"{line}\n" for line in FILES[name]), "utf-8")
    moment = (datetime(2026, 1, 10) + timedelta(days=[*FILES].index(name))).timestamp()
    os.utime(path, (moment, moment))
    report = home.take(contract, LOADED + timedelta(days=night))[-1]
    (home.landing(source) / f"{name}.csv").unlink()
    return report.error_code


def test_whichever_night_takes_a_file_the_records_are_those_of_the_order_of_delivery(home: Home) -> None:
    orders = list(itertools.permutations(FILES))
    for number, order in enumerate(orders):
        for night, name in enumerate(order):
            assert deliver(home, f"order{number}", name, night) is None
    found = staged(home, "source_system, source_record_id, full_name, event_at")
    rows = {number: {row[1:] for row in found if row[0] == f"order{number}"} for number in range(len(orders))}
    names = {key: name for key, name, _ in rows[0]}
    assert names == {"1": "new", "2": "same", "3": "one", "4": "gone", "5": "late", "6": "x", "7": "only"}
    # The one order that cannot be told: when the third file came, its row 3 was that of the first file, and no row was kept of
    # it; the second file's, of the same moment, then counts as the later one. A time of its own for each change tells them apart.
    untold = ("first", "third", "second")
    differing = {
        order: rows[number] ^ rows[0] for number, order in enumerate(orders) if rows[number] != rows[0]
    }
    assert {order: {row[:2] for row in found} for order, found in differing.items()} == {
        untold: {("3", "one"), ("3", "two")}
    }


def test_of_snapshots_the_last_one_holds_and_an_older_one_is_refused_by_name(home: Home) -> None:
    assert [deliver(home, "plain", name, night, SNAPSHOT) for night, name in enumerate(FILES)] == [None] * 3
    mixed = ["first", "third", "second"]
    told = [deliver(home, "mixed", name, night, SNAPSHOT) for night, name in enumerate(mixed)]
    assert told == [None, None, "older_snapshot"]
    found = staged(home, "source_system, source_record_id, full_name")
    wanted = {("1", "newest"), ("3", "one"), ("5", "late"), ("7", "only")}
    for source in ("plain", "mixed"):
        assert {row[1:] for row in found if row[0] == source} == wanted, source


def test_a_record_that_comes_back_in_a_later_snapshot_is_seen_again(home: Home) -> None:
    for night, (name, rows) in enumerate({"a": [1, 2], "b": [1], "c": [1, 2]}.items()):
        contract = home.source("list", more=SNAPSHOT)
        path = home.landing("list") / f"{name}.csv"
        path.write_text(HEADER + "".join(f"{key},x,2020-01-01\n" for key in rows), "utf-8")
        moment = datetime(2026, 1, 10 + night).timestamp()
        os.utime(path, (moment, moment))
        home.take(contract, LOADED + timedelta(days=night))
    assert {row[0] for row in staged(home, "source_record_id")} == {"1", "2"}


def test_a_late_file_repeats_what_was_delivered_before_it_not_what_came_since(home: Home) -> None:
    contract = home.source("list")
    for night, (name, row) in enumerate(
        {"1": "8,v,2026-01-01", "3": "8,w,2026-01-03", "2": "8,v,2026-01-01"}.items()
    ):
        path = home.landing("list") / f"{name}.csv"
        path.write_text(f"{HEADER}{row}\n9,{name},2026-01-01\n", "utf-8")
        moment = datetime(2026, 1, int(name)).timestamp()
        os.utime(path, (moment, moment))
        (report,) = [r for r in home.take(contract, LOADED + timedelta(days=night)) if r.status == "accepted"]
    assert (report.accepted, report.duplicate) == (1, 1), "8 is as it was the day before"
