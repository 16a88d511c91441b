"""One night from the shell: the jobs that schedule and UI run, on the home's own Dagster instance, a line per finished step."""

from __future__ import annotations

import logging
import os
import time
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from rich.console import Console

from pipelines.errors import UcvError
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
    settings: Settings, console: Console, *, full_refresh: bool = False, as_of: date | None = None
) -> RunOutcome:
    """Execute the job `nightly` in this process and, when it finds news, the job `build`.

    Raises SettingsError when the home cannot run at all or is of a later release, UcvError when its disk is full, before or while it runs.
    """
    keys = load_keys(settings)
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

    from pipelines.command.dead_runs import end_dead_runs  # noqa: PLC0415

    try:
        with dg.DagsterInstance.get() as instance:
            end_dead_runs(settings, instance)
            results = _execute(settings, instance, console, _tags(full_refresh, as_of))
    except DatabaseError as error:
        raise UcvError(
            f"Dagster's store below {settings.home / 'dagster'} could not be read or written ({error.orig}); free space or "
            "mend the disk and run again. What was stored before is kept, and readers keep their version."
        ) from None
    failed = [name for result in results for name in _tell(result, console)]
    is_good = all(result.success for result in results) and not failed
    return RunOutcome(results[-1].run_id, is_good, tuple(failed), time.monotonic() - started)


def _tags(full_refresh: bool, as_of: date | None) -> dict[str, str]:
    from pipelines.assets.nightly import AS_OF_TAG, FULL_REFRESH_TAG  # noqa: PLC0415
    from pipelines.schedules import SHELL_TAG  # noqa: PLC0415

    tags = {SHELL_TAG: "true"} | ({FULL_REFRESH_TAG: "true"} if full_refresh else {})
    return tags | ({AS_OF_TAG: as_of.isoformat()} if as_of else {})


def _execute(settings: Settings, instance: Any, console: Console, tags: dict[str, str]) -> list[Any]:
    """The results of `nightly` and, after news, of `build`."""
    from pipelines.assets.graph import build_definitions, night_definitions  # noqa: PLC0415
    from pipelines.command.progress import Progress  # noqa: PLC0415
    from pipelines.command.told import tell_deliveries  # noqa: PLC0415
    from pipelines.schedules import build_tags, news_of  # noqa: PLC0415

    progress = Progress(console)

    def run(job: Any, its_tags: dict[str, str]) -> Any:
        result = job.execute_in_process(
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            instance=instance,
            run_id=progress.listen(instance, str(uuid.uuid4())),
            tags=its_tags,
            raise_on_error=False,
        )
        tell_deliveries(result, console)
        return result

    night = run(night_definitions(settings).resolve_job_def("nightly"), tags)
    news = news_of(instance, night.run_id)  # whatever else failed: `changes` has looked at every source
    if news is None:
        return [night]
    return [
        night,
        run(build_definitions(settings).resolve_job_def("build"), build_tags(night.dagster_run, news)),
    ]


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
        console.print(f"[red]{event.step_key}[/]: {_why(event)}", highlight=False)
    return [event.step_key or "" for event in failures] + [
        f"{'/'.join(check.asset_key.path)}:{check.check_name}"
        for check in red
        if check.severity == dg.AssetCheckSeverity.ERROR
    ]


def _why(event: Any) -> str:
    error = event.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    failure = event.step_failure_data.user_failure_data
    told = failure.description if failure is not None else error.message if error is not None else "unknown"
    return str(told).strip()
