"""Dagster's events of a home: the same files as Dagster's own store, in both directions, with connections that stay open."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import dagster as dg
import pytest

from pipelines.assets.event_store import HomeEventLogStorage
from pipelines.storage.home import ensure_instance


@dg.asset
def made() -> dg.MaterializeResult[None]:
    return dg.MaterializeResult(metadata={"rows": 3})


def run_in(folder: Path) -> Counter[str]:
    """Types of the events of one run in the instance below `folder`."""
    with dg.DagsterInstance.from_config(str(folder)) as instance:
        run = dg.materialize([made], instance=instance)
        entries = instance.all_logs(run.run_id)
    return Counter(entry.dagster_event.event_type_value for entry in entries if entry.dagster_event)


def seen_in(folder: Path) -> tuple[str, list[Counter[str]], int]:
    """Which store reads, the events of every run, and how often `made` was materialised."""
    with dg.DagsterInstance.from_config(str(folder)) as instance:
        runs = [
            Counter(
                e.dagster_event.event_type_value for e in instance.all_logs(run.run_id) if e.dagster_event
            )
            for run in instance.get_runs()
        ]
        made_events = instance.fetch_materializations(dg.AssetKey("made"), limit=10).records
        return type(instance.event_log_storage).__name__, runs, len(made_events)


def test_dagsters_own_store_reads_what_ours_wrote_and_the_other_way_round(tmp_path: Path) -> None:
    ensure_instance(tmp_path)
    folder = tmp_path / "dagster"
    ours = (folder / "dagster.yaml").read_text(encoding="utf-8")
    first = run_in(folder)
    assert first["ASSET_MATERIALIZATION"] == 1
    own = ours[: ours.index("# Dagster's events")]
    (folder / "dagster.yaml").write_text(own, encoding="utf-8")
    assert seen_in(folder) == ("SqliteEventLogStorage", [first], 1)
    second = run_in(folder)
    assert second == first
    ensure_instance(tmp_path)  # an old home gets our store with its next night
    assert (folder / "dagster.yaml").read_text(encoding="utf-8") == own.rstrip() + "\n" + ours[len(own) :]
    assert seen_in(folder) == ("HomeEventLogStorage", [second, first], 2)


def test_a_house_that_chose_its_own_store_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "dagster").mkdir()
    text = "storage:\n  postgres:\n    postgres_url: {env: PG}\n"
    (tmp_path / "dagster" / "dagster.yaml").write_text(text, encoding="utf-8")
    ensure_instance(tmp_path)
    assert (tmp_path / "dagster" / "dagster.yaml").read_text(encoding="utf-8") == text


@pytest.fixture
def store(tmp_path: Path) -> HomeEventLogStorage:
    ensure_instance(tmp_path)
    instance = dg.DagsterInstance.from_config(str(tmp_path / "dagster"))
    found = instance.event_log_storage
    assert isinstance(found, HomeEventLogStorage)
    return found


def test_a_connection_is_opened_once_and_syncs_with_the_checkpoint_only(store: HomeEventLogStorage) -> None:
    with store.index_connection() as conn:
        first = conn.connection.dbapi_connection
        assert conn.exec_driver_sql("PRAGMA synchronous").scalar() == 1  # NORMAL
        assert conn.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    with store.index_connection() as conn:
        assert conn.connection.dbapi_connection is first


def test_the_files_of_many_runs_are_not_all_kept_open(store: HomeEventLogStorage) -> None:
    for number in range(12):
        with store.run_connection(f"run-{number}"):
            pass
    assert len(store._engines) == 8


def test_a_failed_transaction_leaves_nothing_and_the_store_usable(store: HomeEventLogStorage) -> None:
    with pytest.raises(ZeroDivisionError), store.index_connection() as conn:
        conn.exec_driver_sql("CREATE TABLE half (n INTEGER)")
        conn.exec_driver_sql("INSERT INTO half VALUES (1)")
        raise ZeroDivisionError
    with store.index_connection() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM event_logs").scalar() == 0
