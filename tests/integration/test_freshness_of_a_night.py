"""A small home through the job: sources that never delivered, are late, live in the future; and what `ucv status` says of it."""

from __future__ import annotations

import io
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from delivery_home import GOOD, HEADER, SECRET, Home
from rich.console import Console
from typer.testing import CliRunner

from pipelines.assets.changes import CHANGES_KEY
from pipelines.assets.graph import night_definitions
from pipelines.assets.raw import raw_key
from pipelines.cli import app
from pipelines.command.run import _tell
from pipelines.command.status import read_status
from pipelines.command.status_shown import show
from pipelines.command.told import tell_deliveries
from pipelines.quality.results import CheckResult
from pipelines.quality.run_record import write_results

DAY = 86_400
SLA = "slaProperties: [{property: frequency, value: 1, unit: d}, {property: latency, value: 6, unit: h}]"
RED = f"{SLA}\ncustomProperties: [{{property: freshnessSeverity, value: fail}}]"
QUIET = f"{SLA}\ncustomProperties: [{{property: freshnessSeverity, value: info}}]"


def rows(*moments: str) -> str:
    return HEADER + "".join(f"{number},{SECRET},{moment}\n" for number, moment in enumerate(moments))


@dataclass
class Nights:
    """Two nights in one home, the second without anything new."""

    home: Home
    first: dg.ExecuteInProcessResult
    second: dg.ExecuteInProcessResult

    def checks(self, source: str) -> dict[str, dg.AssetCheckEvaluation]:
        found = self.first.get_asset_check_evaluations()
        return {check.check_name: check for check in found if check.asset_key == raw_key(source)}


def put(home: Home, source: str, more: str, days_ago: float, content: str) -> None:
    home.source(source, {f"{source}.csv": content}, more=more)
    moment = time.time() - days_ago * DAY
    os.utime(home.landing(source) / f"{source}.csv", (moment, moment))


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("freshness")
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        patch.setenv("UCV_MIN_FREE_BYTES", "0")
        home = Home(folder / "home")
        now = datetime.now(ZoneInfo("Asia/Shanghai"))
        put(home, "good", SLA, 0.1, rows(f"{now - timedelta(hours=3):%Y-%m-%d %H:%M:%S}"))
        put(home, "late", RED, 2, rows("2026-01-01"))
        put(home, "quiet", QUIET, 2, rows("2026-01-01"))
        put(home, "future", SLA, 20, rows("2026-01-01", "2099-01-01"))
        put(home, "refused", "", 0.1, "")
        home.source("never", more=RED)
        draft = home.source("later", more=RED).path
        draft.write_text(draft.read_text("utf-8").replace("status: active", "status: draft"), "utf-8")
        (home.root / "contracts" / "broken.yml").write_text("apiVersion: v3.1.0\nid: broken\n", "utf-8")
        job = night_definitions(home.settings).resolve_job_def("nightly")
        with dg.DagsterInstance.ephemeral() as instance:
            yield Nights(
                home, *(job.execute_in_process(instance=instance, raise_on_error=False) for _ in range(2))
            )


def events(night: dg.ExecuteInProcessResult, kind: str) -> list[Any]:
    return [event for event in night.all_events if event.event_type_value == kind]


def test_each_fault_is_found_at_its_own_source(nights: Nights) -> None:
    failed = {
        source: sorted(name for name, check in nights.checks(source).items() if not check.passed)
        for source in ("good", "late", "quiet", "future", "never", "later", "refused", "broken")
    }
    assert failed == {
        "good": [],
        "late": ["delivery_gaps", "event_freshness", "freshness"],
        "quiet": ["delivery_gaps"],
        "future": ["delivery_gaps", "event_freshness", "freshness", "future_events"],
        "never": ["freshness"],
        "later": [],
        "refused": ["delivery", "freshness"],
        "broken": ["delivery"],
    }
    states = {
        source: nights.checks(source)["freshness"].metadata["state"].value
        for source in ("good", "late", "quiet", "future", "never", "later")
    }
    assert states == {
        "good": "fresh", "late": "late", "quiet": "late", "future": "stale", "never": "never delivered", "later": "not judged",
    }  # fmt: skip


def test_a_check_tells_when_the_delivery_was_due_who_answers_and_what_to_do(nights: Nights) -> None:
    late = nights.checks("late")["freshness"]
    facts = {name: value.value for name, value in late.metadata.items()}
    due, newest = (datetime.fromisoformat(str(facts[name])) for name in ("due_at", "newest_delivery"))
    assert due - newest == timedelta(hours=30)
    assert due.utcoffset() == timedelta(hours=8)
    assert facts["hours_late"] == pytest.approx(18, abs=1)
    assert (facts["owner"], facts["as_of_version"]) == ("data steward", "none")
    assert "Ask the source" in str(facts["remedy"])
    future = nights.checks("future")["future_events"].metadata
    assert (future["deliveries"].value, future["rows"].value) == (1, 1)
    assert SECRET not in str(nights.first.all_events)


def test_the_contract_that_says_fail_makes_the_night_red_and_keeps_nobody_elses_news(nights: Nights) -> None:
    red = _tell(nights.first, Console(quiet=True))
    assert sorted(red) == [
        "raw/broken:delivery", "raw/late:event_freshness", "raw/late:freshness", "raw/refused:delivery",
    ]  # fmt: skip
    assert nights.first.success
    made = [event.asset_key for event in events(nights.first, "ASSET_MATERIALIZATION")]
    assert CHANGES_KEY in made


def test_a_source_is_materialised_by_the_night_that_stored_a_delivery_and_no_other(nights: Nights) -> None:
    first = {event.asset_key for event in events(nights.first, "ASSET_MATERIALIZATION")}
    assert first == {CHANGES_KEY, *map(raw_key, ("good", "late", "quiet", "future"))}
    second = {event.asset_key for event in events(nights.second, "ASSET_MATERIALIZATION")}
    assert second == {CHANGES_KEY}  # nothing is published yet
    seen = {event.asset_key.path[-1] for event in events(nights.second, "ASSET_OBSERVATION")}
    assert seen == {"good", "late", "quiet", "future", "never", "later", "refused"}
    done = {event.step_key for event in events(nights.second, "STEP_SUCCESS")}
    assert {"freshness_gate", "raw__changes", "raw__never", "raw__broken"} <= done
    assert events(nights.second, "STEP_SKIPPED") == []
    judged = [check.check_name for check in nights.second.get_asset_check_evaluations()]
    assert judged.count("freshness") == judged.count("delivery_gaps") == 7


def test_a_file_that_is_refused_again_is_told_again(nights: Nights) -> None:
    paper = io.StringIO()
    tell_deliveries(nights.second, Console(file=paper, width=200))
    assert "refused: refused.csv refused" in paper.getvalue()


def test_the_terminal_tells_what_is_late_since_when_and_what_to_do(nights: Nights) -> None:
    paper = io.StringIO()
    tell_deliveries(nights.first, Console(file=paper, width=200))
    lines = [
        line for line in paper.getvalue().splitlines() if "newest delivery" in line or "No delivery" in line
    ]
    assert [line.partition(":")[0] for line in lines] == ["future", "late", "never", "refused"]
    assert "late: freshness: late: newest delivery" in lines[1]
    assert "hours late. Ask the source" in lines[1]
    assert "No delivery has come. Put" in lines[2]
    assert "up to 2099-01-01 00:00. Have the clock" in paper.getvalue()


def status(nights: Nights, *words: str) -> tuple[int, str]:
    ended = CliRunner().invoke(app, ["status", "--home", str(nights.home.root), *words])
    assert SECRET not in ended.output
    return ended.exit_code, ended.output


def test_status_shows_a_line_for_each_source_and_its_trouble(nights: Nights) -> None:
    code, text = status(nights)
    assert code == 1
    assert "\x1b" not in text
    lines = {line.split()[0]: line for line in text.splitlines() if line and not line.startswith(" ")}
    assert "fresh" in lines["good"]
    assert "hours late" in lines["late"]
    assert "stale" in lines["future"]
    assert "events in the future in 1 delivery" in lines["future"]
    assert "never delivered" in lines["never"]
    assert "not active" in lines["later"]
    assert "broken contract" in lines["broken"]
    assert "refused.csv refused (empty_file)" in lines["refused"]
    assert "refused: refused.csv refused: " in text  # with what to do about it
    assert "lacks 手机" in lines["good"]
    assert "published: nothing" in text


def test_status_for_machines_tells_the_same(nights: Nights) -> None:
    code, text = status(nights, "--json")
    told = json.loads(text)
    assert (code, told["good"]) == (1, False)
    by_id = {one["source"]: one for one in told["sources"]}
    assert {name: one["state"] for name, one in by_id.items()} == {
        "good": "fresh", "late": "late", "quiet": "late", "future": "stale", "never": "never delivered",
        "later": "not active", "broken": "broken contract", "refused": "never delivered",
    }  # fmt: skip
    assert by_id["late"]["severity"] == "fail"
    assert [by_id["good"][name] for name in ("rows_in", "accepted", "absent_columns")] == [1, 1, ["手机"]]
    assert by_id["refused"]["files_not_taken"][0]["code"] == "empty_file"
    assert by_id["future"]["by_event"]["newest"].startswith("2026-01-01T00:00:00+08:00")
    assert by_id["late"]["by_delivery"]["hours_late"] > 17


@pytest.mark.parametrize("width", [30, 60, 300])
def test_status_can_be_read_on_every_terminal(nights: Nights, width: int) -> None:
    paper = io.StringIO()
    found = read_status(nights.home.settings, datetime.now(ZoneInfo("UTC")))
    show(found, Console(file=paper, width=width, force_terminal=True, color_system="standard"))
    text = paper.getvalue()
    assert "\x1b[32mfresh" in text or "\x1b[1;32mfresh" in text
    assert "…" not in text
    for source in found.sources:
        assert source.id in text


def test_status_is_good_only_where_nothing_is_late_refused_or_red(nights: Nights) -> None:
    found = read_status(nights.home.settings, datetime.now(ZoneInfo("UTC")))
    by_id = {source.id: source for source in found.sources}
    bad = {name for name in by_id if not replace(found, sources=(by_id[name],)).is_good}
    assert bad == {"late", "future", "never", "refused", "broken"}
    calm = replace(found, sources=tuple(by_id[name] for name in ("good", "quiet", "later")))
    assert calm.is_good
    assert not replace(calm, red=("golden: mixed_customers",)).is_good


def test_status_does_not_check_contracts_that_the_last_run_has_read(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, now = nights.home.settings, datetime.now(ZoneInfo("UTC"))
    before = read_status(settings, now)
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.contracts.load.load_contracts", lambda _: pytest.fail("checked"))
        assert read_status(settings, now) == before
    path = nights.home.root / "contracts" / "late.yml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("value: fail", "value: info"), "utf-8")
    after = {source.id: source for source in read_status(settings, now).sources}
    path.write_text(text, "utf-8")
    assert not after["late"].is_late
    assert after["refused"].is_refused  # as the last run told it
    assert after["broken"].watched is None


def test_status_names_the_red_checks_of_the_newest_build(nights: Nights) -> None:
    def judged(name: str, severity: str, passed: bool) -> CheckResult:
        return CheckResult("golden/customers", name, "golden", severity, "", "", "", passed=passed)

    for run, passed, age in (("old", False, 100), ("new", True, 50)):
        results = [judged("customers_kept", "fail", passed), judged("contactable_share", "warn", False)]
        write_results(nights.home.root, run, "gate-golden", results)
        os.utime(nights.home.root / "docs" / run / "checks" / "gate-golden.json", (time.time() - age,) * 2)
    now = datetime.now(ZoneInfo("UTC"))
    assert read_status(nights.home.settings, now).red == ()
    os.utime(nights.home.root / "docs" / "old" / "checks" / "gate-golden.json")
    assert read_status(nights.home.settings, now).red == ("golden/customers: customers_kept",)
    assert "golden/customers: customers_kept" in status(nights)[1]


def test_a_home_without_anything_is_good_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    home = Home(tmp_path / "home")
    ended = CliRunner().invoke(app, ["status", "--home", str(home.root)])
    assert (ended.exit_code, "ucv contract new" in ended.output) == (0, True)
    home.source("good", {"a.csv": GOOD}, more="")
    ended = CliRunner().invoke(app, ["status", "--home", str(home.root)])
    assert (ended.exit_code, "never delivered" in ended.output) == (1, True)
