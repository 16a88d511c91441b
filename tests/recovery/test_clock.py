"""A clock set back between nights, days of 23 and 25 hours, and an as-of day before that of the last version."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from dagster._utils.schedules import schedule_execution_time_iterator

from pipelines.assets.nightly import Nightly
from pipelines.assets.run_build import RunBuild
from pipelines.assets.run_options import AS_OF_TAG
from pipelines.assets.run_start import RunStart
from pipelines.contracts.load import load_contracts
from pipelines.ingest.landing_retention import clean_landing
from pipelines.ingest.raw_retention import expire_raw
from pipelines.ingest.raw_store import list_deliveries
from pipelines.publishing.fingerprint import Inputs, nothing_new
from pipelines.publishing.history import previous_good
from pipelines.publishing.version import current_manifest, current_version, list_versions
from pipelines.schedules import NIGHTLY_JOB, nightly_schedule
from pipelines.settings import Settings
from tests.integration.delivery_home import HEADER, LOADED, Home
from tests.integration.publishing_home import START
from tests.integration.publishing_home import Home as PublishingHome

BACK = timedelta(days=40)
WEEK = "customProperties: [{property: landingRetention, value: 7}]\nslaProperties: [{property: retention, value: 30, unit: d}]"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Home(tmp_path / "home")


def row(name: str) -> str:
    return HEADER + f"9,{name},2026-01-01\n"


def latest(home: Home) -> str:
    """The name that staging shows: of rows with one event time the one loaded last."""
    return str(home.rows("arg_max(full_name, (registered_at, loaded_at, delivery_id, row_number))")[0][0])


def test_versions_keep_their_order_and_ledger_when_the_clock_is_set_back(tmp_path: Path) -> None:
    home = PublishingHome(tmp_path / "home", keep_versions=2)
    first = home.publish(now=START).version
    second = home.publish(now=START - BACK).version
    third = home.publish(now=START - BACK + timedelta(days=1)).version
    assert first < second < third == current_version(home.path)
    assert list_versions(home.path) == [second, third], (
        "the newest two are kept, not those with the latest clock"
    )
    assert previous_good(home.path) == second
    assert [name[:6] for name in home.ledger()] == ["000001", "000002", "000003"]
    assert nothing_new(home.settings, f"{3:064x}"), "the same inputs are not published again"


def test_a_correction_wins_although_the_clock_was_set_back_before_it(home: Home) -> None:
    contract = home.source("list", {"a.csv": row("before")}, more=WEEK)
    home.take(contract)
    home.source("list", {"b.csv": row("after")}, more=WEEK)
    assert [report.accepted for report in home.take(contract, LOADED - BACK)] == [0, 1]
    assert latest(home) == "after"
    home.source("list", {"c.csv": row("after") + "\n"}, more=WEEK)
    (*_, last) = home.take(contract, LOADED - BACK + timedelta(days=1))
    assert (last.accepted, last.duplicate) == (0, 1), "it is what is known already"
    home.source("list", {"d.csv": row("before") + "\n\n"}, more=WEEK)
    home.take(contract, LOADED + timedelta(days=1))
    assert latest(home) == "before", "a value that comes back is a change"


def test_terms_count_from_what_the_clock_said_and_nothing_goes_early(home: Home) -> None:
    home.take(home.source("list", {"a.csv": row("before")}, more=WEEK))
    (home.landing("list") / "a.csv").unlink()
    contract = home.source("list", {"b.csv": row("after")}, more=WEEK)
    earlier = LOADED - BACK
    home.take(contract, earlier)
    assert {m["taken_at"] for m in list_deliveries(home.root)} == {LOADED.isoformat(), earlier.isoformat()}
    contracts, seen = load_contracts(home.root), earlier.replace(tzinfo=UTC)
    published = [LOADED.replace(tzinfo=UTC), seen]

    def landing_after(days: float) -> dict[str, int]:
        moment = seen + timedelta(days=days)
        return clean_landing(contracts, home.settings, home.keys, published, moment).removed

    assert landing_after(6.9) == {}
    assert landing_after(7) == {"list": 1}, "and not 40 days later either"
    assert expire_raw(contracts, home.root, seen + timedelta(days=29)) == {}
    assert expire_raw(contracts, home.root, seen + timedelta(days=30))["list"].deliveries == 1
    assert expire_raw(contracts, home.root, seen + BACK + timedelta(days=29)) == {}
    assert expire_raw(contracts, home.root, seen + BACK + timedelta(days=30))["list"].deliveries == 1


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize("start", [date(2026, 3, 20), date(2026, 10, 18)], ids=["spring", "autumn"])
@pytest.mark.parametrize("line", ["30 2 * * *", "0 3 * * *", "15 2 * * *"])
def test_the_night_runs_once_a_day_also_where_its_hour_is_missing_or_comes_twice(
    start: date, line: str
) -> None:
    settings = Settings(time_zone="Europe/Berlin", schedule=line)
    schedule = nightly_schedule(NIGHTLY_JOB, settings)
    assert isinstance(schedule.cron_schedule, str)
    begin = datetime(start.year, start.month, start.day, 12, tzinfo=BERLIN).timestamp()
    ticks = schedule_execution_time_iterator(begin, schedule.cron_schedule, schedule.execution_timezone)
    days = Counter(as_of(next(ticks), settings) for _ in range(14))
    assert days == Counter(start + timedelta(days=number) for number in range(1, 15))


def as_of(moment: datetime, settings: Settings, **tags: str) -> date:
    """The day that a run described which began at `moment`."""
    nightly = Nightly(home=str(settings.home))
    facts = RunStart("run", moment.astimezone(UTC), tags, (), publishes=True)
    nightly._settings, nightly._facts, nightly._given_day = settings, facts, nightly.options.day(facts)
    nightly._build = RunBuild(settings.home, facts, nightly._given_day, nightly.inputs)
    return nightly.as_of


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-10-25T00:30+00:00", date(2026, 10, 25)),  # 02:30 in summer time
        ("2026-10-25T01:30+00:00", date(2026, 10, 25)),  # 02:30 once more
        ("2026-10-24T21:59+00:00", date(2026, 10, 24)),
        ("2026-10-24T22:01+00:00", date(2026, 10, 25)),  # summer time, two hours ahead
        ("2026-10-25T22:59+00:00", date(2026, 10, 25)),
        ("2026-10-25T23:01+00:00", date(2026, 10, 26)),  # one hour ahead since that night
        ("2026-03-29T00:59+00:00", date(2026, 3, 29)),
        ("2026-03-29T01:01+00:00", date(2026, 3, 29)),  # 03:01: 02:01 does not exist
        ("2026-03-28T22:59+00:00", date(2026, 3, 28)),
    ],
)
def test_the_as_of_day_is_the_calendar_day_of_the_home(moment: str, day: date) -> None:
    assert as_of(datetime.fromisoformat(moment), Settings(time_zone="Europe/Berlin")) == day


def test_versions_of_the_hour_that_comes_twice_are_in_order(tmp_path: Path) -> None:
    home = PublishingHome(tmp_path / "home")
    summer = home.publish(now=datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)).version
    winter = home.publish(now=datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=BERLIN)).version
    assert "T003000Z" in summer
    assert "T013000Z" in winter
    assert list_versions(home.path) == [summer, winter]


def test_an_as_of_day_before_that_of_the_last_version_is_news_and_is_what_readers_then_see(
    tmp_path: Path,
) -> None:
    home = PublishingHome(tmp_path / "home")
    inputs, day = Inputs(("raw one file",)), date(2026, 11, 22)
    first = home.publish(as_of=day, fingerprint=inputs.fingerprint(day)).version
    earlier = as_of(START, home.settings, **{AS_OF_TAG: "2026-10-01"})
    assert not nothing_new(home.settings, inputs.fingerprint(earlier))
    second = home.publish(as_of=earlier, fingerprint=inputs.fingerprint(earlier))
    assert first < second.version
    manifest = current_manifest(home.path)
    assert manifest is not None
    assert (manifest.version, manifest.as_of_date) == (second.version, "2026-10-01")
    assert previous_good(home.path) == first
