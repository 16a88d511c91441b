"""One night from the shell: the jobs that schedule and UI run, on the home's own Dagster instance, a line per finished step."""

from __future__ import annotations

import logging
import os
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from rich.console import Console
from rich.markup import escape

from pipelines.alerts.route import check_routes
from pipelines.command.backfill import Backfill, partition_tags
from pipelines.errors import UcvError
from pipelines.goals.document import check_goals
from pipelines.settings import Settings
from pipelines.storage.home import ensure_instance
from pipelines.storage.keys import load_keys
from pipelines.storage.space import check_space
from pipelines.upgrade import upgrade_home


@dataclass(frozen=True)
class RunOutcome:
    """How a night ended; `failed` names failed steps and red checks of both its jobs, `run_id` is the last one's."""

    run_id: str
    success: bool
    failed: tuple[str, ...]
    seconds: float


def dagster_environment(settings: Settings) -> None:
    """Point this process (and its children) at the home and its Dagster storage; nothing is reported anywhere."""
    os.environ["UCV_HOME"] = str(settings.home)
    os.environ["DAGSTER_HOME"] = str(settings.home / "dagster")
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    os.environ["DO_NOT_TRACK"] = "1"


def run_nightly(
    settings: Settings,
    console: Console,
    *,
    full_refresh: bool = False,
    as_of: date | None = None,
    again: Backfill | None = None,
) -> RunOutcome:
    """Execute the job `nightly` in this process and, when it finds news, the job `build`; before it `backfill`, if asked.

    Raises SettingsError when the home cannot run at all or is of a later release, UcvError when its disk is full, before or while it runs.
    """
    keys = load_keys(settings, to_erase=True)
    check_routes(settings.alerts)
    check_goals(settings.home)
    check_space(settings)
    upgraded = upgrade_home(settings, keys)  # the run itself would, but tells it in Dagster's log alone
    if upgraded:
        console.print(upgraded, highlight=False)
    ensure_instance(settings.home)
    dagster_environment(settings)
    logging.getLogger("alembic").setLevel(logging.ERROR)
    started = time.monotonic()
    import dagster as dg  # noqa: PLC0415 - after the environment is set, and slow
    from sqlalchemy.exc import DatabaseError  # noqa: PLC0415 - Dagster's store

    from pipelines.assets.run_options import options_config  # noqa: PLC0415
    from pipelines.command.dead_runs import end_dead_runs  # noqa: PLC0415

    try:
        with dg.DagsterInstance.get() as instance:
            end_dead_runs(settings, instance)
            results = _execute(settings, instance, console, options_config(as_of, full_refresh), again)
    except DatabaseError as error:
        raise UcvError(
            f"Dagster's store below {settings.home / 'dagster'} could not be read or written ({error.orig}); free space or "
            "mend the disk and run again. What was stored before is kept, and readers keep their version."
        ) from None
    failed = [name for result in results for name in _tell(result, console)]
    is_good = all(result.success for result in results) and not failed
    return RunOutcome(results[-1].run_id, is_good, tuple(failed), time.monotonic() - started)


def _execute(
    settings: Settings, instance: Any, console: Console, config: dict[str, Any], again: Backfill | None
) -> list[Any]:
    """The results of `backfill`, if asked for, of `nightly` and, after news, of `build`."""
    from pipelines.assets.graph import build_definitions, night_definitions  # noqa: PLC0415
    from pipelines.assets.run_alerts import alert_on  # noqa: PLC0415
    from pipelines.command.progress import Progress  # noqa: PLC0415
    from pipelines.command.told import tell_deliveries  # noqa: PLC0415
    from pipelines.schedules import SHELL_TAG, build_config, build_tags, news_of  # noqa: PLC0415

    progress = Progress(console)

    def run(job: Any, its_tags: dict[str, str], its_config: dict[str, Any], **subset: Any) -> Any:
        result = job.execute_in_process(
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}, **its_config},
            instance=instance,
            run_id=progress.listen(instance, str(uuid.uuid4())),
            tags=its_tags,
            raise_on_error=False,
            **subset,
        )
        tell_deliveries(result, console)
        for warning in alert_on(settings, instance, result.run_id):
            console.print(f"[yellow]{warning}[/]", highlight=False)
        return result

    shell = {SHELL_TAG: "true"}
    before = (
        [
            _backfill(
                settings, again, lambda job, tags, keys: run(job, {**shell, **tags}, {}, asset_selection=keys)
            )
        ]
        if again
        else []
    )
    night = run(night_definitions(settings).resolve_job_def("nightly"), shell, config)
    news = news_of(instance, night.run_id)  # whatever else failed: `changes` has looked at every source
    if news is None:
        return [*before, night]
    build = build_definitions(settings).resolve_job_def("build")
    begun = night.dagster_run
    return [*before, night, run(build, build_tags(begun, news), build_config(begun, news))]


def _backfill(settings: Settings, again: Backfill, run: Callable[[Any, dict[str, str], Any], Any]) -> Any:
    """The result of the job `backfill` on the days and sources that are asked for."""
    from pipelines.assets.graph import backfill_definitions  # noqa: PLC0415
    from pipelines.assets.raw_by_day import by_day_key, delivery_days  # noqa: PLC0415

    keys = [by_day_key(source) for source in again.sources] or None
    tags = partition_tags(again, delivery_days(settings))
    return run(backfill_definitions(settings).resolve_job_def("backfill"), tags, keys)


def _tell(result: Any, console: Console) -> list[str]:
    """Print why steps failed and what is held back; the names of failed steps and of red checks that count as errors."""
    import dagster as dg  # noqa: PLC0415

    from pipelines.assets.changes import HELD_CHECK  # noqa: PLC0415

    red = [check for check in result.get_asset_check_evaluations() if not check.passed]
    failures = [event for event in result.all_events if event.is_step_failure]
    for check in red:
        if check.check_name == HELD_CHECK:
            console.print(f"[yellow]{check.description}[/]", highlight=False)
    for event in failures:
        # Not wrapped: a path or command broken in the middle of a word can be neither read nor copied.
        console.print(f"[red]{event.step_key}[/]: {escape(_why(event))}", highlight=False, soft_wrap=True)
    names = [event.step_key or "" for event in failures]
    if not (
        result.success or failures
    ):  # no step has begun: another run holds the home, a setting cannot be used
        job = str(result.dagster_run.job_name)
        told = [_reason(event.job_failure_data.error) for event in result.all_events if event.is_job_failure]
        console.print(f"[red]{job}[/]: {' '.join(told) or 'did not begin'}", highlight=False, soft_wrap=True)
        names.append(job)
    return names + [
        f"{'/'.join(check.asset_key.path)}:{check.check_name}"
        for check in red
        if check.severity == dg.AssetCheckSeverity.ERROR
    ]


def _why(event: Any) -> str:
    failure = event.step_failure_data.user_failure_data
    told = failure.description if failure is not None else _reason(event.step_failure_data.error)
    return str(told).strip()


def _reason(error: Any) -> str:
    """What the deepest error of ours said, without the name of its class; where none is ours, the one that began it."""
    told = "unknown"
    is_ours = False
    while error is not None:
        name, _, words = str(error.message).strip().partition(": ")
        if name.startswith("pipelines."):
            told, is_ours = words, True
        elif not is_ours:
            told = str(error.message).strip()
        error = error.cause
    return told
