"""Who is told after a run: once, by the sensor of a daemon or by `ucv run`, and never at the cost of the run."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from delivery_home import GOOD, SECRET, Home
from rich.console import Console

from pipelines.assets.graph import night_definitions
from pipelines.assets.run_alerts import alert_on, alert_sensors
from pipelines.assets.run_options import AS_OF_TAG
from pipelines.command.run import run_nightly
from pipelines.errors import SettingsError
from pipelines.quality.results import CheckResult, Figure
from pipelines.quality.run_record import write_results
from pipelines.schedules import NIGHTLY_JOB
from pipelines.settings import load_settings

LATE = CheckResult(
    asset="raw/list", name="freshness", layer="freshness", severity="fail", description="It delivers in time",
    remedy="Ask the source", owner="data steward", figures=(Figure("list", "hours_late", 9.0, None, 0.0, passed=False),),
    passed=False,
)  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("UCV_MIN_FREE_BYTES", "0")
    for name in ("UCV_HOME", "DAGSTER_HOME"):  # `run_nightly` sets them for its process
        monkeypatch.setenv(name, str(tmp_path / "home"))
    made = Home(tmp_path / "home")
    made.source("list", {"a.csv": GOOD})
    return made


def events(home: Home) -> list[dict[str, Any]]:
    paths = sorted((home.root / "alerts").glob("2*.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def test_sensor_and_shell_tell_a_night_once_with_its_red_checks_and_its_page(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load_settings(home.root)
    on_success, _ = alert_sensors([NIGHTLY_JOB], settings)
    with dg.DagsterInstance.ephemeral() as instance:
        job = night_definitions(settings).resolve_job_def("nightly")
        night = job.execute_in_process(instance=instance, tags={AS_OF_TAG: "2026-01-02"})
        write_results(home.root, night.run_id, "freshness_gate", [LATE])
        ended = next(event for event in night.all_events if event.event_type_value == "PIPELINE_SUCCESS")
        context = dg.build_run_status_sensor_context(
            "alert_on_success",
            ended,
            dagster_instance=instance,
            dagster_run=instance.get_run_by_id(night.run_id),
        )
        assert isinstance(on_success(context), dg.SkipReason)
        assert alert_on(settings, instance, night.run_id) == []
        (event,) = events(home)
        assert [turn["check"] for turn in event["turned_red"]] == ["raw/list:freshness"]
        assert (event["job"], event["as_of_date"], event["run_failed"]) == ("nightly", "2026-01-02", False)
        assert event["page"] == f"{settings.docs_url}/{night.run_id}/index.html"
        monkeypatch.setattr("pipelines.assets.run_alerts.tell", lambda *_: 1 / 0)
        (warning,) = alert_on(settings, instance, night.run_id)
        assert "ZeroDivisionError" in warning
        (home.root / "ucv.toml").write_text("alerts = 7\n", encoding="utf-8")
        told = on_success(context)
        assert isinstance(told, dg.SkipReason)
        assert "Nobody was told" in str(told.skip_message)


def test_the_shell_tells_a_night_that_broke_and_a_hook_without_an_address_stops_it_before(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr("pipelines.assets.nightly.read_inputs", broken)
    outcome = run_nightly(load_settings(home.root), Console(file=io.StringIO()))
    assert not outcome.success
    (event,) = events(home)
    assert event["run_id"] == outcome.run_id
    assert [turn["check"] for turn in event["turned_red"]] == ["run/nightly:raw__changes"]
    assert SECRET not in json.dumps(event, ensure_ascii=False)
    with (home.root / "ucv.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[alerts]]\nurl_env = "NO_SUCH_HOOK"\n')
    with pytest.raises(SettingsError, match="NO_SUCH_HOOK"):
        run_nightly(load_settings(home.root), Console(file=io.StringIO()))
