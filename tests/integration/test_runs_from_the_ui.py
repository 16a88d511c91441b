"""What people do on Dagster's pages: a build that failed is gone on with and gives what an undisturbed run gives; single
assets and layers are made in dev, where no reader sees them; a mended contract and a corrected delivery reach the marts."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from small_night import (
    AS_OF,
    OTHER_EMAIL,
    PEOPLE,
    TILL,
    csv_text,
    deliver,
    hashes,
    instance_of,
    make_home,
    night,
    query,
    surroundings,
    till_rows,
)

from pipelines.assets import warehouse as warehouse_assets
from pipelines.assets.dbt_process import NodeOutcome, PartOutcome
from pipelines.assets.graph import build_definitions
from pipelines.command.backfill import Backfill
from pipelines.publishing.version import current_manifest, list_versions
from pipelines.settings import Settings, load_settings
from pipelines.storage.checksums import file_hash
from pipelines.storage.connection import attach_database, connect, prepare_connection
from pipelines.storage.keys import load_keys
from pipelines.warehouse import dev_path


def build_job() -> dg.JobDefinition:
    return build_definitions(load_settings()).resolve_job_def("build")


@dataclass
class Parts:
    """dbt's parts as they are asked for; the one named by `broken` is built and then said to have failed."""

    real: Callable[..., PartOutcome]
    broken: str | None = None
    built: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)  # in the run's event log before its first part ended

    def build(
        self, select: list[str], target: Path, on_node: Callable[[NodeOutcome, int], None]
    ) -> PartOutcome:
        self.built.append(target.name)
        outcome = self.real(select, target, on_node)
        if not self.told:
            self.told += messages(target.parent.parent.name)
        return replace(outcome, is_good=False) if target.name == self.broken else outcome


def messages(run_id: str) -> list[str]:
    """What the run has told so far, as the page of the run reads it: in another process's connection."""
    with dg.DagsterInstance.from_config(os.environ["DAGSTER_HOME"]) as instance:
        return [entry.user_message for entry in instance.all_logs(run_id) if entry.dagster_event is None]


@dataclass
class Failed:
    settings: Settings
    parts: Parts
    run_id: str  # of the build that failed


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Failed]:
    folder = tmp_path_factory.mktemp("ui")
    with surroundings(folder) as patch:
        settings = make_home(folder / "home")
        parts = Parts(warehouse_assets.build_part, broken="golden_models")
        patch.setattr(warehouse_assets, "build_part", parts.build)
        patch.setattr(warehouse_assets, "_TELL_SECONDS", 0.0)
        outcome, told = night(settings)
        assert outcome.failed == ("golden_models",), told
        yield Failed(settings, parts, outcome.run_id)


@contextmanager
def gone_on(failed: Failed) -> Iterator[tuple[Any, list[str]]]:
    """The result of re-executing the failed build from failure, and what its failed steps say."""
    failed.parts.built.clear()
    with instance_of(failed.settings) as instance:
        options = dg.ReexecutionOptions.from_failure(failed.run_id, instance)
        with dg.execute_job(dg.reconstructable(build_job), instance, reexecution_options=options) as result:
            failures = [event for event in result.all_events if event.is_step_failure]
            yield result, [str(event.step_failure_data.error) for event in failures]


def test_progress_of_a_part_is_in_the_event_log_while_it_runs(failed: Failed) -> None:
    told = [message for message in failed.parts.told if " of " in message]
    assert any(message.startswith("1 of ") for message in told)
    assert any("stg_records" in message for message in told)


def test_a_build_whose_inputs_changed_is_not_gone_on_with(failed: Failed) -> None:
    home = failed.settings.home
    contract, ledger = (
        home / "contracts" / "till.yml",
        home / "state" / "identity_ledger" / "000009-v.parquet",
    )
    text = contract.read_text("utf-8")
    contract.write_text(f"{text}# another\n", encoding="utf-8")
    with gone_on(failed) as (result, told):
        assert not result.success
    assert "since then contract changed" in told[0]
    assert "Re-execute all" in told[0]
    contract.write_text(text, encoding="utf-8")
    ledger.parent.mkdir(parents=True, exist_ok=True)
    ledger.touch()  # as another version's publish would leave it
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UCV_AS_OF_DATE", "2026-11-02")
        patch.setattr("pipelines.assets.build_place.BuildRecord.changed", lambda *_: [])
        with gone_on(failed) as (result, told):
            assert not result.success
    assert "the published version" in told[0]
    ledger.unlink()
    assert failed.parts.built == []
    assert current_manifest(home) is None


def test_the_failed_part_alone_is_repeated_and_its_build_published_once(failed: Failed) -> None:
    home = failed.settings.home
    failed.parts.broken = None
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UCV_AS_OF_DATE", "2026-11-09")  # the day of the build stays
        with gone_on(failed) as (result, told):
            assert result.success, told
            assert failed.parts.built == ["golden_models"]
            assert any("done there: staging_models, identity_models" in m for m in messages(result.run_id))
    published = current_manifest(home)
    assert published is not None
    assert (published.build_id, published.run_id) == (failed.run_id, result.run_id)
    assert published.as_of_date == AS_OF
    with instance_of(failed.settings) as instance:
        record = instance.get_run_record_by_id(failed.run_id)
    assert record is not None
    assert record.start_time is not None
    assert datetime.fromisoformat(published.created_at) == datetime.fromtimestamp(record.start_time, UTC)
    assert {verdict["layer"] for verdict in published.verdicts} == {"staging", "identity", "golden"}
    assert len(list_versions(home)) == 1


def test_its_content_is_that_of_an_undisturbed_run(failed: Failed) -> None:
    before = hashes(failed.settings)
    outcome, told = night(failed.settings, full_refresh=True)
    assert outcome.success, told
    assert hashes(failed.settings) == before
    assert len(list_versions(failed.settings.home)) == 2


def seen_by_readers(settings: Settings) -> dict[str, str]:
    """Every file of versions, builds and state but for what publishing never reads again, with its hash."""
    folders = [
        settings.home / "warehouse" / "versions",
        settings.home / "warehouse" / "builds",
        settings.home / "state",
    ]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return {str(path): file_hash(path) for path in files}


def made_alone(
    settings: Settings, keys: Collection[dg.AssetKey]
) -> tuple[dg.ExecuteInProcessResult, list[str]]:
    """The run of the assets that somebody picked in the graph, and what it told."""
    job = build_definitions(settings).resolve_implicit_global_asset_job_def()
    with instance_of(settings) as instance:
        result = job.execute_in_process(instance=instance, asset_selection=[*keys], raise_on_error=False)
        return result, messages(result.run_id)


def dev_rows(settings: Settings, table: str) -> int:
    with connect(settings) as conn:
        keys = load_keys(settings)
        prepare_connection(conn, settings, keys)
        attach_database(conn, dev_path(settings.home), keys)
        (count,) = conn.execute(f"SELECT count(*) FROM warehouse.{table}").fetchone() or (0,)
        conn.execute(f"DELETE FROM warehouse.{table}")
    return int(count)


@pytest.mark.parametrize("picked", ["one mart", "a layer"])
def test_single_assets_are_made_in_dev_where_no_reader_sees_them(failed: Failed, picked: str) -> None:
    settings = failed.settings
    before = seen_by_readers(settings)
    mart = dg.AssetKey(["marts", "customer_360"])
    graph = build_definitions(settings).resolve_asset_graph()
    layer = dg.AssetSelection.groups("g6_marts").resolve(graph)
    keys = {mart} if picked == "one mart" else layer
    result, told = made_alone(settings, keys)
    assert result.success, told
    made = {event.asset_key: event.materialization for event in result.get_asset_materialization_events()}
    assert made.keys() == keys
    assert {event.metadata["warehouse"].value for event in made.values()} == {"dev"}
    assert any("dev warehouse" in message and "nothing is published" in message for message in told)
    assert dev_rows(settings, "marts.customer_360") == PEOPLE
    assert seen_by_readers(settings) == before


def test_the_published_version_alone_is_refused(failed: Failed) -> None:
    before = seen_by_readers(failed.settings)
    result, _ = made_alone(failed.settings, {dg.AssetKey(["publish", "published_version"])})
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    assert "This run has no build" in str(failure.step_failure_data.error)
    assert seen_by_readers(failed.settings) == before


@pytest.fixture(scope="module")
def mended(failed: Failed) -> tuple[Settings, str]:
    """A night in which the club's contract is mended, what it delivered taken again, and the till's file corrected."""
    home = failed.settings.home
    contract = home / "contracts" / "club.yml"
    text = contract.read_text("utf-8")
    contract.write_text(text.replace("列_email", f"列_{OTHER_EMAIL}"), encoding="utf-8")
    rows = till_rows()
    for row in rows[:3]:  # wrong were amount and day, the day too late
        row |= {"amount": "1000", "transacted_at": "2026-09-15 10:00:00"}
    deliver(home, "till", "corrected.csv", csv_text(TILL, rows), 1_790_100_000)
    outcome, told = night(failed.settings, again=Backfill(date(2026, 1, 1), None, ("club",)))
    assert outcome.success, told
    return failed.settings, told


def test_a_mended_mapping_reaches_the_customers_through_what_was_delivered_before(
    mended: tuple[Settings, str],
) -> None:
    settings, told = mended
    assert "club: 1 of 1 stored deliveries taken again had other rows and were replaced" in told
    (found,) = query(settings, "select count(*), count(*) filter (where email like 'right%') from customers")
    assert found == (PEOPLE, PEOPLE)
    (known,) = query(settings, "select count(*) from customer_values where value like 'person%@%'")
    assert known == (0,)


def test_a_corrected_delivery_replaces_the_wrong_one_in_customers_and_marts(
    mended: tuple[Settings, str],
) -> None:
    settings, _ = mended
    right = {row["source_record_id"]: row for row in till_rows()}
    worth = sum(float(row["amount"]) for row in right.values()) + sum(
        1000 - float(right[f"t{n}"]["amount"]) for n in range(3)
    )
    (orders,) = query(settings, "select count(*), sum(net_value) from fct_orders")
    assert (orders[0], float(orders[1])) == (2 * PEOPLE, worth)
    days = query(settings, "select ordered_at, net_value from fct_orders where net_value = 1000")
    assert [str(day)[:10] for day, _ in days] == ["2026-09-15"] * 3
    (total,) = query(settings, "select sum(total_value) from customer_360")
    assert float(total[0]) == worth
