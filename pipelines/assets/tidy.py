"""The end of a night, quiet or not: what is past its term goes, and the night tells what went."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg

from pipelines.assets.layers import RAW_GROUP
from pipelines.assets.nightly import Nightly
from pipelines.assets.raw import raw_key
from pipelines.ingest.manifests import list_deliveries, taken_at
from pipelines.ingest.raw_retention import expire_raw
from pipelines.publishing.history import publish_moments
from pipelines.publishing.kept_build import give_up
from pipelines.publishing.reports import prune_reports
from pipelines.storage.retention_clock import distrust

WAITS = "retention_waits"
"""Metadata of an observation of `changes`: why nothing went by age."""
REPORTS, RUNS = "reports_removed", "runs_removed"
RAW_REMOVED = "raw_removed"
_RUNS_A_NIGHT = 50  # a home that never removed any catches up over some nights
_NIGHT_KEY = dg.AssetKey([RAW_GROUP, "changes"])


def why_not_by_age(nightly: Nightly) -> str | None:
    """Why nothing may go for its age on this night's clock, or None."""
    home = nightly.settings.home

    def recorded() -> list[datetime]:
        return [*publish_moments(home), *(taken_at(home, manifest) for manifest in list_deliveries(home))]

    return distrust(home, nightly.started_at, recorded)


def tell_wait(context: dg.AssetExecutionContext, why: str) -> None:
    """Tell that nothing goes for its age, to the run's log and to the terminal."""
    context.log.warning(why)
    context.log_event(dg.AssetObservation(_NIGHT_KEY, metadata={WAITS: why}))


def expire_sources(context: dg.AssetExecutionContext, nightly: Nightly) -> bool:
    """Obey the contracts' `retention`; whether anything went, so that the view must be built anew, in a file of its own."""
    found = expire_raw(nightly.contracts(), nightly.settings.home, nightly.started_at)
    for source, went in sorted(found.items()):
        told = {
            RAW_REMOVED: went.deliveries,
            "rows_removed": went.rows,
            "rejected_rows_removed": went.rejected,
        }
        context.log_event(dg.AssetObservation(raw_key(source), metadata=told))
    if found:
        give_up(nightly.settings.home)
    return bool(found)


def tidy_records(context: dg.AssetExecutionContext, nightly: Nightly, *, by_age: bool) -> None:
    """Docs beyond `keep_reports`, and with `by_age` Dagster's record of runs older than `keep_runs_days`."""
    settings = nightly.settings
    reports = prune_reports(settings.home, settings.keep_reports)
    before = nightly.started_at - timedelta(days=settings.keep_runs_days)
    runs = forget_runs(context.instance, before) if by_age else []
    if reports or runs:
        told = {REPORTS: len(reports), RUNS: len(runs)}
        context.log_event(dg.AssetObservation(_NIGHT_KEY, metadata=told))


def forget_runs(instance: dg.DagsterInstance, before: datetime) -> list[str]:
    """Delete ended runs created before a moment, the oldest first, with their events and logs; returns their ids."""
    ended = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
    records = instance.get_run_records(
        dg.RunsFilter(statuses=ended, created_before=before), limit=_RUNS_A_NIGHT, ascending=True
    )
    for record in records:
        run_id = record.dagster_run.run_id
        instance.delete_run(run_id)
        if instance.is_persistent:
            shutil.rmtree(Path(instance.storage_directory()) / run_id, ignore_errors=True)
    return [record.dagster_run.run_id for record in records]
