"""Alerts after a run of the jobs: by a sensor where a daemon is up, by `ucv run` itself; whichever comes first tells it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import dagster as dg

from pipelines.alerts.event import RunNews
from pipelines.alerts.tell import tell
from pipelines.assets.run_report import step_failures
from pipelines.errors import SettingsError
from pipelines.publishing.version import current_version
from pipelines.quality.run_record import read_facts, read_results, record_folder
from pipelines.report.page import PAGE
from pipelines.settings import Settings, load_settings


def alert_on(settings: Settings, instance: dg.DagsterInstance, run_id: str) -> list[str]:
    """Tell what an ended run turned red or green; returns warnings and never raises: an alert is no part of a night."""
    try:
        return tell(settings.home, settings.alerts, _news(settings, instance, run_id))
    except Exception as error:
        return [
            f"The alerts of run {run_id} were not sent ({type(error).__name__}); the next run tells what is red."
        ]


def alert_sensors(jobs: list[Any], settings: Settings) -> list[dg.SensorDefinition]:
    """One sensor for runs that ended well and one for those that did not, running while a daemon is up."""
    ends = {"success": dg.DagsterRunStatus.SUCCESS, "failure": dg.DagsterRunStatus.FAILURE}
    return [_sensor(f"alert_on_{name}", status, jobs, settings) for name, status in ends.items()]


def _sensor(
    name: str, status: dg.DagsterRunStatus, jobs: list[Any], settings: Settings
) -> dg.SensorDefinition:
    @dg.run_status_sensor(
        name=name,
        run_status=status,
        monitored_jobs=jobs,
        minimum_interval_seconds=10,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Tells the routes of ucv.toml which checks turned red and which passed again; see home/alerts.",
    )
    def alerted(context: dg.RunStatusSensorContext) -> dg.SkipReason:
        try:
            routes = load_settings(settings.home)  # as ucv.toml stands now
        except SettingsError as error:
            return dg.SkipReason(f"Nobody was told: {error}")
        warnings = alert_on(routes, context.instance, context.dagster_run.run_id)
        for warning in warnings:
            context.log.warning(warning)
        return dg.SkipReason(
            " ".join(warnings) or f"Run {context.dagster_run.run_id} was told, where it had news."
        )

    return alerted


def _news(settings: Settings, instance: dg.DagsterInstance, run_id: str) -> RunNews:
    run = instance.get_run_by_id(run_id)
    if run is None:
        raise LookupError(run_id)
    facts = read_facts(settings.home, run_id)
    ended = facts.ended_at if facts else None
    has_page = (record_folder(settings.home, run_id) / PAGE).is_file()
    return RunNews(
        run_id=run_id,
        job=run.job_name,
        as_of_date=facts.as_of_date if facts else "unknown day",
        at=ended or datetime.now(UTC).isoformat(timespec="seconds"),
        failed=run.status == dg.DagsterRunStatus.FAILURE,
        failed_steps=tuple(step for step, _ in step_failures(instance, run_id)),
        results=tuple(read_results(settings.home, run_id)),
        version=(facts.version_after if facts else None) or current_version(settings.home),
        page=f"{settings.docs_url}/{run_id}/{PAGE}" if has_page else None,
    )
