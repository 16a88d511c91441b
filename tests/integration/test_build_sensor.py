"""When the job `build` follows a night by itself: after news, once, and not after what somebody else has built."""

from __future__ import annotations

import os
import threading
import time
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from delivery_home import GOOD, Home

from pipelines.assets.dbt_manifest import read_manifest_json
from pipelines.assets.dbt_specs import DbtSpecs
from pipelines.assets.graph import build_definitions, night_definitions
from pipelines.assets.nightly import NIGHT_TAG, Nightly
from pipelines.assets.run_options import AS_OF_TAG, FULL_REFRESH_TAG, options_config
from pipelines.assets.warehouse import warehouse_assets
from pipelines.contracts.load import load_contracts
from pipelines.publishing.fingerprint import input_fingerprint
from pipelines.publishing.locks import HomeBusyError, home_lock
from pipelines.schedules import SHELL_TAG, build_sensor
from pipelines.settings import load_settings

AS_OF = date(2026, 1, 2)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("UCV_MIN_FREE_BYTES", "0")
    return Home(tmp_path / "home")


def ask(home: Home, instance: dg.DagsterInstance, result: dg.ExecuteInProcessResult) -> dg.RunRequest | None:
    """What the sensor asks for after this run."""
    ended = next(event for event in result.all_events if event.event_type_value == "PIPELINE_SUCCESS")
    run = instance.get_run_by_id(result.run_id)
    context = dg.build_run_status_sensor_context(
        "build_sensor", ended, dagster_instance=instance, dagster_run=run
    )
    request = build_sensor(load_settings(home.root))(context)
    return request if isinstance(request, dg.RunRequest) else None


def asked(
    home: Home, instance: dg.DagsterInstance, config: dict[str, Any] | None = None, **tags: str
) -> dg.RunRequest | None:
    """What the sensor asks for after a night with this config and these tags."""
    settings = load_settings(home.root)
    job = night_definitions(settings).resolve_job_def("nightly")
    day = {AS_OF_TAG: AS_OF.isoformat()}
    night = job.execute_in_process(instance=instance, tags={**day, **tags}, run_config=config)
    return ask(home, instance, night)


def test_news_ask_for_one_build_with_the_day_of_the_night(home: Home) -> None:
    home.source("list", {"a.csv": GOOD})
    with dg.DagsterInstance.ephemeral() as instance:
        request = asked(home, instance)
        assert request is not None
        (night,) = instance.get_runs()
        assert request.run_key == night.run_id
        assert request.tags[AS_OF_TAG] == AS_OF.isoformat()
        assert request.tags["ucv/night"] == night.run_id
        assert FULL_REFRESH_TAG not in request.tags
        again = asked(home, instance, **{FULL_REFRESH_TAG: "true"})
        assert again is not None
        assert again.tags[FULL_REFRESH_TAG] == "true"


def test_the_config_of_a_night_wins_over_its_tags_and_is_handed_to_the_build(home: Home) -> None:
    home.source("list", {"a.csv": GOOD})
    with dg.DagsterInstance.ephemeral() as instance:
        request = asked(home, instance, options_config(date(2026, 1, 5), True))
        assert request is not None
        assert request.run_config == options_config("2026-01-05", True)
        assert request.tags[AS_OF_TAG] == "2026-01-05"
        assert request.tags[FULL_REFRESH_TAG] == "true"
        build = build_definitions(load_settings(home.root)).resolve_job_def("build")
        assert dg.validate_run_config(build, request.run_config)


@pytest.mark.parametrize("place", ["config", "tag"])
def test_a_wrong_date_is_refused_before_work_begins(home: Home, place: str) -> None:
    home.source("list", {"a.csv": GOOD})
    job = night_definitions(load_settings(home.root)).resolve_job_def("nightly")
    config = options_config("31/01/2026", False) if place == "config" else {}
    tags = {AS_OF_TAG: "31/01/2026"} if place == "tag" else {}
    with dg.DagsterInstance.ephemeral() as instance, pytest.raises(dg.DagsterError) as refused:
        job.execute_in_process(instance=instance, run_config=config, tags=tags)
    told = str(refused.value.__cause__)
    assert "'31/01/2026'; expected a date such as 2026-01-31" in told
    assert not list((home.root / "raw").rglob("*.json"))


@pytest.mark.parametrize("job", ["nightly", "build"])
def test_the_launchpad_describes_every_option(home: Home, job: str) -> None:
    definition = build_definitions(load_settings(home.root)).resolve_job_def(job)
    assert dg.validate_run_config(definition, {}), "nothing must be filled in"
    resources = definition.run_config_schema.config_type.fields["resources"].config_type.fields  # type: ignore[attr-defined]
    options = resources["run_options"].config_type.fields["config"].config_type.fields
    assert set(options) == {"as_of_date", "full_refresh"}
    assert all(len(option.description) > 20 for option in options.values())


def build_of(home: Home, instance: dg.DagsterInstance, **tags: str) -> dg.ExecuteInProcessResult:
    """A run of the first part alone, as the sensor would launch it."""
    settings = load_settings(home.root)

    @dg.asset
    def first_part(nightly: Nightly) -> str:
        return nightly.why_outdated() or "wanted"

    return dg.materialize(
        [first_part], resources={"nightly": Nightly(home=str(settings.home))}, instance=instance,
        tags={AS_OF_TAG: AS_OF.isoformat(), **tags},
    )  # fmt: skip


def test_a_build_looks_again_whether_it_is_still_wanted(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.source("list", {"a.csv": GOOD})
    with dg.DagsterInstance.ephemeral() as instance:
        assert asked(home, instance) is not None
        of_night = {NIGHT_TAG: "a night"}
        assert build_of(home, instance, **of_night).output_for_node("first_part") == "wanted"
        monkeypatch.setattr("pipelines.assets.nightly.nothing_new", lambda *_: True)
        assert "in the meantime" in build_of(home, instance, **of_night).output_for_node("first_part")
        assert build_of(home, instance).output_for_node("first_part") == "wanted"  # launched by hand
        refresh = {**of_night, FULL_REFRESH_TAG: "true"}
        assert build_of(home, instance, **refresh).output_for_node("first_part") == "wanted"
        monkeypatch.setattr("pipelines.assets.nightly.rolled_back_from", lambda *_: "v1")
        assert "rolled back" in build_of(home, instance, **of_night).output_for_node("first_part")


def test_the_first_part_builds_nothing_that_is_not_wanted_any_more(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.source("list", {"a.csv": GOOD})
    settings = load_settings(home.root)
    first = warehouse_assets(DbtSpecs(read_manifest_json(), load_contracts(home.root)))[0]
    monkeypatch.setattr(Nightly, "why_outdated", lambda _self: "Somebody was quicker.")
    monkeypatch.setattr("pipelines.assets.warehouse.build_part", lambda *_: pytest.fail("built"))
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(
            [first], resources={"nightly": Nightly(home=str(settings.home))}, instance=instance,
            tags={AS_OF_TAG: AS_OF.isoformat(), NIGHT_TAG: "a night"},
        )  # fmt: skip
    assert result.success
    assert result.get_asset_materialization_events() == []
    assert not (home.root / "warehouse" / "builds").exists()


def test_a_build_waits_for_who_holds_the_home_and_a_night_does_not(home: Home) -> None:
    home.source("list", {"a.csv": GOOD})
    held, settings = threading.Event(), load_settings(home.root)

    def hold() -> None:
        with home_lock(settings):
            held.set()
            time.sleep(2)

    with dg.DagsterInstance.ephemeral() as instance:
        other = threading.Thread(target=hold)
        other.start()
        held.wait()
        with pytest.raises(dg.DagsterError) as refused:
            build_of(home, instance)
        assert isinstance(refused.value.__cause__, HomeBusyError)
        assert build_of(home, instance, **{NIGHT_TAG: "a night"}).success
        other.join()


def test_a_night_of_the_shell_is_followed_up_by_the_shell(home: Home) -> None:
    home.source("list", {"a.csv": GOOD})
    with dg.DagsterInstance.ephemeral() as instance:
        assert asked(home, instance, **{SHELL_TAG: "true"}) is None


def test_days_taken_again_in_the_ui_ask_for_a_build_when_rows_changed(home: Home) -> None:
    contract = home.source("list", {"a.csv": GOOD})
    home.source("other", {"b.csv": GOOD})
    os.utime(home.landing("list") / "a.csv", (1_767_600_000, 1_767_600_000))  # 2026-01-05 16:00 in Shanghai
    with dg.DagsterInstance.ephemeral() as instance:
        assert asked(home, instance) is not None
        job = build_definitions(load_settings(home.root)).resolve_implicit_global_asset_job_def()

        def again(first: str, last: str) -> dg.ExecuteInProcessResult:
            tags = {
                "dagster/asset_partition_range_start": first,
                "dagster/asset_partition_range_end": last,
            }
            key = dg.AssetKey(["raw_by_day", "list"])
            return job.execute_in_process(instance=instance, tags=tags, asset_selection=[key])

        assert ask(home, instance, again("2026-01-05", "2026-01-05")) is None
        text = contract.path.read_text("utf-8").replace("name: full_name", "name: native_name")
        contract.path.write_text(text, encoding="utf-8")
        assert ask(home, instance, again("2026-01-06", "2026-01-08")) is None, "no delivery of these days"
        done = again("2026-01-05", "2026-01-07")
        made = [event.materialization for event in done.get_asset_materialization_events()]
        assert {event.partition: event.metadata["replaced"].value for event in made} == {
            "2026-01-05": 1, "2026-01-06": 1, "2026-01-07": 1,
        }  # fmt: skip
        (check,) = done.get_asset_check_evaluations()
        assert [record.data["status"] for record in check.metadata["deliveries"].records] == ["replaced"]  # type: ignore[attr-defined]
        request = ask(home, instance, done)
        assert request is not None
        assert request.tags == {NIGHT_TAG: done.run_id}
    assert {row[0] for row in home.rows("native_name")} == {None, "王小明"}


def test_what_was_published_in_the_meantime_is_not_built_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.source("list", {"a.csv": GOOD})
    with dg.DagsterInstance.ephemeral() as instance:
        assert asked(home, instance) is not None
        published = input_fingerprint(load_settings(home.root), as_of=AS_OF)
        monkeypatch.setattr(
            "pipelines.schedules.nothing_new", lambda _settings, fingerprint: fingerprint == published
        )
        assert asked(home, instance) is None
