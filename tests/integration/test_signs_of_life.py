"""What ingest notes of time: the latest event that can have been, and known bytes that came once more."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from delivery_home import GOOD, HEADER, LOADED, Home

from pipelines.contracts.model import Contract
from pipelines.ingest.raw_store import list_deliveries
from pipelines.ingest.readings import watched
from pipelines.ingest.seen_again import seen_again
from pipelines.publishing.backup import backup
from pipelines.publishing.fingerprint import read_inputs
from pipelines.quality.freshness import FRESH, STALE
from pipelines.source_freshness import delivery_of, judge_sources

SHANGHAI = ZoneInfo("Asia/Shanghai")
OLD = datetime(2025, 12, 1, 10)
DAILY = "slaProperties: [{property: frequency, value: 1, unit: d}, {property: latency, value: 6, unit: h}]"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Home(tmp_path / "home")


def put(home: Home, name: str, moment: datetime, content: str = GOOD) -> Path:
    path = home.landing("people") / name
    path.write_text(content, encoding="utf-8")
    os.utime(path, (moment.replace(tzinfo=UTC).timestamp(),) * 2)
    return path


def again(home: Home) -> list[datetime]:
    return seen_again(home.root, "registration", "people")


def state(home: Home, contract: Contract, now: datetime = LOADED) -> str:
    judged = judge_sources([watched(contract)], home.root, now.replace(tzinfo=UTC), SHANGHAI)
    return judged["people"].by_delivery.state


def test_a_file_that_still_lies_in_landing_is_no_new_sign_of_life(home: Home) -> None:
    contract = home.source("people", more=DAILY)
    put(home, "a.csv", OLD)
    for night in range(3):
        home.take(contract, LOADED + timedelta(days=night))
    assert again(home) == []
    assert state(home, contract) == STALE


@pytest.mark.parametrize("name", ["a.csv", "b.csv"])
def test_the_same_bytes_once_more_are_a_sign_of_life_once_and_stay_one(home: Home, name: str) -> None:
    contract = home.source("people", more=DAILY)
    put(home, "a.csv", OLD)
    home.take(contract)
    before = read_inputs(home.settings)
    came = LOADED - timedelta(hours=3)
    put(home, name, came)
    for night in range(3):
        assert {report.status for report in home.take(contract, LOADED + timedelta(days=night))} == {"known"}
    assert again(home) == [came]
    assert state(home, contract) == FRESH
    assert state(home, contract, LOADED + timedelta(days=5)) == STALE
    assert read_inputs(home.settings) == before  # nothing to build
    archive = backup(home.settings, home.root.parent / "kept.tar").archive
    assert b".arrivals" in archive.read_bytes()


def test_two_copies_of_one_night_are_one_delivery_and_one_sign_beside_it(home: Home) -> None:
    contract = home.source("people")
    put(home, "a.csv", OLD)
    put(home, "b.csv", OLD + timedelta(hours=1))
    assert [report.status for report in home.take(contract)] == ["accepted", "known"]
    assert again(home) == [OLD + timedelta(hours=1)]


def test_a_file_with_a_moment_in_the_future_is_held_against_the_night_that_saw_it_first(home: Home) -> None:
    contract = home.source("people", more=DAILY)
    put(home, "a.csv", datetime(2099, 1, 1))
    home.take(contract)
    put(home, "b.csv", datetime(2098, 1, 1))
    for night in range(1, 200, 66):
        home.take(contract, LOADED + timedelta(days=night))
    assert again(home) == [LOADED + timedelta(days=1)]
    put(
        home, "c.csv", LOADED + timedelta(days=200)
    )  # what is older than 120 days is forgotten, but not this one
    home.take(contract, LOADED + timedelta(days=200))
    assert again(home) == [LOADED + timedelta(days=1), LOADED + timedelta(days=200)]
    assert state(home, contract, LOADED + timedelta(hours=5)) == FRESH
    assert state(home, contract, LOADED + timedelta(days=20)) == STALE


def test_arrivals_of_long_ago_are_forgotten_and_a_torn_file_is_none(home: Home) -> None:
    contract = home.source("people")
    put(home, "a.csv", OLD)
    home.take(contract)
    (file,) = [path / ".arrivals" for path in (home.root / "raw" / "registration").iterdir()]
    for day in (1, 100, 200):
        put(home, "a.csv", LOADED + timedelta(days=day))
        home.take(contract, LOADED + timedelta(days=day))
    assert again(home) == [LOADED + timedelta(days=100), LOADED + timedelta(days=200)]
    file.write_text('{"2026', encoding="utf-8")
    assert again(home) == []
    home.take(contract, LOADED + timedelta(days=200))
    assert again(home) == [LOADED + timedelta(days=200)]


def test_the_manifest_tells_the_latest_event_that_can_have_been_in_the_homes_zone(home: Home) -> None:
    # LOADED is 08:00 in Shanghai; a day more is tolerated.
    rows = "1,a,2026-01-01\n2,b,2026-01-03 08:00:00\n3,c,2026-01-03 08:00:01\n4,d,2099-01-01\n"
    home.take(home.source("people", {"a.csv": HEADER + rows}))
    (manifest,) = list_deliveries(home.root)
    assert manifest["latest_event_at"] == "2099-01-01T00:00:00"
    assert manifest["latest_past_event_at"] == "2026-01-03T08:00:00"
    assert manifest["future_events"] == 2
    found = delivery_of(manifest, home.root, SHANGHAI)
    assert (found.latest_past_event_at, found.future_events) == (datetime(2026, 1, 3, 8), 2)


def test_a_manifest_that_does_not_tell_it_has_no_event_after_its_file(home: Home) -> None:
    contract = home.source("people")
    put(home, "a.csv", OLD, f"{GOOD}7,x,2099-01-01\n")
    home.take(contract)
    (manifest,) = list_deliveries(home.root)
    for key in ("latest_past_event_at", "future_events", "loaded_at"):
        del manifest[key]
    found = delivery_of(manifest, home.root, SHANGHAI)
    assert found.arrived_at == OLD.replace(tzinfo=UTC)
    assert found.latest_past_event_at == datetime(2025, 12, 1, 18)  # the same moment in Shanghai
    manifest["latest_event_at"] = "2025-11-30T00:00:00"
    assert delivery_of(manifest, home.root, SHANGHAI).latest_past_event_at == datetime(2025, 11, 30)
    manifest["latest_event_at"] = None
    assert delivery_of(manifest, home.root, SHANGHAI).latest_past_event_at is None
    manifest["delivered_at"] = "2099-01-01T00:00:00"  # it was there when its manifest was written
    assert delivery_of(manifest, home.root, SHANGHAI).arrived_at <= datetime.now(UTC)
