"""Runs that Dagster takes for running although their process died, as after a power cut: with a queue of one, no other
run would ever start."""

from __future__ import annotations

import time

import dagster as dg

from pipelines.publishing.locks import HomeBusyError, home_lock
from pipelines.settings import Settings

_STARTING_SECONDS = 120.0  # a run that began just now may not have taken the lock yet


def end_dead_runs(settings: Settings, instance: dg.DagsterInstance, now: float | None = None) -> list[str]:
    """Mark as failed every run that counts as started while nobody holds the home; return their ids.

    A live run holds the home's lock from its first step to its last, and the lock goes with its process.
    """
    moment = time.time() if now is None else now
    try:
        with home_lock(settings):
            records = instance.get_run_records(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED]))
            dead = [r for r in records if moment - (r.start_time or moment) > _STARTING_SECONDS]
            for record in dead:
                instance.report_run_failed(
                    record.dagster_run, "The process of this run died; readers kept the last good version."
                )
    except HomeBusyError:
        return []
    return [record.dagster_run.run_id for record in dead]
