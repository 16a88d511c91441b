"""A run whose process died must not keep the queue of one for ever."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import dagster as dg
import pytest

from pipelines.command.dead_runs import end_dead_runs
from pipelines.publishing.locks import home_lock
from pipelines.settings import Settings


@dg.job
def nothing() -> None:
    """Stands for the nightly job."""


@pytest.fixture
def instance() -> dg.DagsterInstance:
    return dg.DagsterInstance.ephemeral()


def started_run(instance: dg.DagsterInstance) -> str:
    run = instance.create_run_for_job(nothing)
    event = dg.DagsterEvent(dg.DagsterEventType.RUN_START.value, "nothing")
    instance.report_dagster_event(event, run.run_id)
    return run.run_id


def test_a_started_run_without_the_lock_is_ended(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    run_id = started_run(instance)
    settings = Settings(home=tmp_path)
    assert end_dead_runs(settings, instance) == [], "it may be starting just now"
    assert end_dead_runs(settings, instance, now=time.time() + 600) == [run_id]
    run = instance.get_run_by_id(run_id)
    assert run is not None
    assert run.status == dg.DagsterRunStatus.FAILURE


def test_while_somebody_holds_the_home_nothing_is_ended(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    started_run(instance)
    settings = Settings(home=tmp_path)
    ended: list[list[str]] = []
    with home_lock(settings):
        other = threading.Thread(
            target=lambda: ended.append(end_dead_runs(settings, instance, now=time.time() + 600))
        )
        other.start()
        other.join()
    assert ended == [[]]
