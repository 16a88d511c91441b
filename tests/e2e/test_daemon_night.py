"""A night as in production: a dagster-daemon fires the schedule once, the build follows by itself, and what both leave
behind tells no one's name."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from planted import EMAIL, LATIN_NAME, NAME, PHONE, found_in, plant

from pipelines.assets.dbt_manifest import TARGET_DIR, ensure_manifest
from pipelines.demo.generate import generate_demo
from pipelines.publishing.query import run_query
from pipelines.publishing.version import current_manifest
from pipelines.settings import Settings, load_settings
from pipelines.storage.home import create_home
from pipelines.storage.keys import load_keys

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent.parent
ZONE = "Asia/Kolkata"  # half an hour off every neighbour: another zone's minute cannot pass for this one
AS_OF = date(2026, 11, 1)
PATIENCE = timedelta(minutes=25)  # a guard against hanging, not a measure


@dataclass(frozen=True)
class Night:
    """What the daemon did; `due` is the minute for which the schedule was set, `told` its own output."""

    settings: Settings
    due: datetime
    instance: dg.DagsterInstance
    told: Path

    @property
    def run(self) -> dg.DagsterRun:
        """The one run of the job that the schedule fires."""
        (run,) = self.instance.get_runs(dg.RunsFilter(job_name="nightly"))
        return run

    @property
    def build_run(self) -> dg.DagsterRun:
        """The one run that followed it."""
        (run,) = self.instance.get_runs(dg.RunsFilter(job_name="build"))
        return run

    @property
    def build(self) -> Path:
        return self.settings.home / "warehouse" / "builds" / self.build_run.run_id


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    folder = tmp_path_factory.mktemp("daemon")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        settings = create_home(folder / "home")
        generate_demo(settings.home, 60, as_of=AS_OF)
        plant(settings.home)
        ensure_manifest()
        due = (datetime.now(ZoneInfo(ZONE)) + timedelta(seconds=100)).replace(second=0, microsecond=0)
        told = folder / "daemon.log"
        with told.open("wb") as log:
            daemon = start_daemon(settings, due, log)
            try:
                with dg.DagsterInstance.from_config(str(settings.home / "dagster")) as instance:
                    wait_for_the_run(instance, daemon)
                    yield Night(load_settings(settings.home), due, instance, told)
            finally:
                daemon.terminate()
                daemon.wait(60)


def start_daemon(settings: Settings, due: datetime, log: object) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "UCV_HOME": str(settings.home),
        "DAGSTER_HOME": str(settings.home / "dagster"),
        "UCV_SCHEDULE": f"{due.minute} {due.hour} * * *",
        "UCV_TIME_ZONE": ZONE,
        "UCV_AS_OF_DATE": AS_OF.isoformat(),
        "UCV_MIN_FREE_BYTES": "0",
        "DAGSTER_DISABLE_TELEMETRY": "yes",
    }
    command = [str(Path(sys.executable).parent / "dagster-daemon"), "run", "-w", "workspace.yaml"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)  # type: ignore[call-overload,no-any-return]


def wait_for_the_run(instance: dg.DagsterInstance, daemon: subprocess.Popen[bytes]) -> None:
    """Until night and build have ended and the daemon has had some seconds more to start one too many."""
    deadline = time.monotonic() + PATIENCE.total_seconds()
    while not any(
        run.is_finished and (run.job_name == "build" or not run.is_success) for run in instance.get_runs()
    ):
        assert daemon.poll() is None, "the daemon died"
        assert time.monotonic() < deadline, f"no run ended: {[run.status for run in instance.get_runs()]}"
        time.sleep(1)
    time.sleep(5)


def test_the_daemon_fires_once_at_the_declared_minute_of_the_declared_zone(night: Night) -> None:
    assert night.run.tags["dagster/schedule_name"] == "nightly_schedule"
    (state,) = [s for s in night.instance.all_instigator_state() if s.instigator_name == "nightly_schedule"]
    ticks = night.instance.get_ticks(state.instigator_origin_id, state.selector_id)
    assert [(tick.status.value, tick.timestamp) for tick in ticks] == [("SUCCESS", night.due.timestamp())]
    assert [run_id for tick in ticks for run_id in tick.run_ids] == [night.run.run_id]
    assert state.status.value == "DECLARED_IN_CODE"  # running without anybody having switched it on


def test_the_night_and_its_build_passed_the_queue_and_published(night: Night) -> None:
    manifest = current_manifest(night.settings.home)
    for run in (night.run, night.build_run):
        assert run.status == dg.DagsterRunStatus.SUCCESS, night.told.read_text(encoding="utf-8")[-3000:]
        entries = night.instance.all_logs(run.run_id)
        types = {entry.dagster_event.event_type_value for entry in entries if entry.dagster_event}
        assert "PIPELINE_ENQUEUED" in types
    assert manifest is not None
    assert manifest.run_id == night.build_run.run_id
    assert night.build_run.tags["ucv/night"] == night.run.run_id
    assert night.build_run.tags["ucv/as_of_date"] == AS_OF.isoformat()


def test_every_dbt_test_ran_exactly_once(night: Night) -> None:
    manifest = json.loads(ensure_manifest().read_text(encoding="utf-8"))
    tests = {name for name, node in manifest["nodes"].items() if node["resource_type"] == "test"}
    assert len(tests) > 50
    ran: Counter[str] = Counter()
    for path in (night.build / "dbt").glob("*/run_results.json"):
        ran.update(result["unique_id"] for result in json.loads(path.read_text(encoding="utf-8"))["results"])
    assert {name: ran[name] for name in tests if ran[name] != 1} == {}
    nodes = {name for name, node in manifest["nodes"].items() if node["resource_type"] in ("model", "seed")}
    assert {name: ran[name] for name in nodes if ran[name] != 1} == {}


def test_planted_values_are_in_the_encrypted_store_only(night: Night) -> None:
    home = night.settings.home
    keys = load_keys(night.settings)
    sql = "select * from golden.customers where email = '" + EMAIL + "'"
    rows = list(run_query(night.settings, keys, sql).rows)
    assert any(NAME in str(row) for row in rows), "the control does not find what was stored"
    assert any(PHONE in str(row) for row in rows)
    planted = [
        path for path in (home / "landing").rglob("*") if path.is_file() and found_in(path.read_bytes())
    ]
    assert {path.name for path in planted} == {"planted.jsonl", "no_header.csv"}, "the control of the search"
    assert found_in(json.dumps({"name": NAME}).encode()) == [NAME]

    places = [path for path in home.iterdir() if path.name not in ("landing", "demo")]
    files = [night.told] + [
        path for place in [*places, TARGET_DIR] for path in place.rglob("*") if path.is_file()
    ]
    kinds = {path.suffix for path in files}
    assert {".parquet", ".duckdb", ".db", ".log", ".html", ".json", ".sql"} <= kinds
    assert {str(path): found for path in files if (found := found_in(_content(path)))} == {}


def _content(path: Path) -> bytes:
    """Nothing where the daemon took a journal away after the files were listed: its rows stand in the database beside it by then."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def test_the_refused_file_and_the_quarantined_rows_are_told_without_their_values(night: Night) -> None:
    entries = night.instance.all_logs(night.run.run_id)
    checks = {
        (event.asset_key.path[-1], event.check_name): event
        for entry in entries
        if entry.dagster_event and entry.dagster_event.event_type_value == "ASSET_CHECK_EVALUATION"
        for event in [entry.dagster_event.asset_check_evaluation_data]
    }
    assert not checks["prize_cards", "delivery"].passed
    assert checks["web_registrations", "delivery"].passed
    assert LATIN_NAME not in str(checks)
    web = night.instance.get_latest_materialization_event(dg.AssetKey(["raw", "web_registrations"]))
    assert web is not None
    assert web.asset_materialization is not None
    facts = {name: value.value for name, value in web.asset_materialization.metadata.items()}
    assert facts["rows_in"] == facts["accepted"] + facts["quarantined"] + facts["duplicate"]
    assert facts["quarantined"] >= 4
    assert sum(facts["reasons"].values()) >= 4


def test_every_model_page_shows_rows_columns_and_identity_its_evidence(night: Night) -> None:
    made = {
        event.asset_key.path[-1]: event.step_materialization_data.materialization.metadata
        for event in (entry.dagster_event for entry in night.instance.all_logs(night.build_run.run_id))
        if event and event.asset_key and event.event_type_value == "ASSET_MATERIALIZATION"
    }
    manifest = json.loads(ensure_manifest().read_text(encoding="utf-8"))
    models = {
        node["name"] for node in manifest["nodes"].values() if node["resource_type"] in ("model", "seed")
    }
    assert {name for name in models if "dagster/row_count" not in made.get(name, {})} == set()
    assert {name for name in models if not made[name]["dagster/column_schema"].schema.columns} == set()
    assert "data:image/png" in str(made["identity_match_weights"]["weight_histogram"].value)
    assert made["resolved"]["cluster_sizes"].records
    assert 0 < made["resolved"]["match_rate"].value <= 1
    assert made["published_version"]["version"].value == current_manifest(night.settings.home).version  # type: ignore[union-attr]
