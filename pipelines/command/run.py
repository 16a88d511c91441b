"""One nightly run from the shell: the same Dagster job on the home's own instance, with a line per finished step."""

from __future__ import annotations

import logging
import os
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from rich.console import Console

from pipelines.errors import UcvError
from pipelines.settings import Settings
from pipelines.storage.home import ensure_instance
from pipelines.storage.keys import load_keys
from pipelines.storage.space import check_space


@dataclass(frozen=True)
class RunOutcome:
    """How a run ended; `failed` names failed steps and red checks."""

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
    """Execute the nightly job once in this process. Raises SettingsError when the home cannot run at all, UcvError when its
    disk is full, before or while it runs."""
    load_keys(settings)
    check_space(settings)
    ensure_instance(settings.home)
    dagster_environment(settings)
    # On a night without news Dagster would say of skipped checks that nothing gates on them: there is nothing to gate.
    for name in ("alembic", "dagster._core.execution.plan.active"):
        logging.getLogger(name).setLevel(logging.ERROR)
    import dagster as dg  # noqa: PLC0415 - after the environment is set, and slow
    from sqlalchemy.exc import DatabaseError  # noqa: PLC0415 - Dagster's store

    from pipelines.assets.changes import HELD_CHECK  # noqa: PLC0415
    from pipelines.assets.graph import build_definitions  # noqa: PLC0415
    from pipelines.assets.nightly import AS_OF_TAG, FULL_REFRESH_TAG  # noqa: PLC0415
    from pipelines.command.dead_runs import end_dead_runs  # noqa: PLC0415
    from pipelines.command.told import tell_deliveries  # noqa: PLC0415

    tags = {FULL_REFRESH_TAG: "true"} if full_refresh else {}
    if as_of:
        tags[AS_OF_TAG] = as_of.isoformat()
    started = time.monotonic()
    job = build_definitions(settings).resolve_job_def("nightly")
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    try:
        with dg.DagsterInstance.get() as instance:
            end_dead_runs(settings, instance)
            with Progress(console, instance):
                result = job.execute_in_process(
                    run_config=quiet, instance=instance, tags=tags, raise_on_error=False
                )
    except DatabaseError as error:
        raise UcvError(
            f"Dagster's store below {settings.home / 'dagster'} could not be read or written ({error.orig}); free space or "
            "mend the disk and run again. What was stored before is kept, and readers keep their version."
        ) from None
    tell_deliveries(result, console)
    failed = [event.step_key or "" for event in result.all_events if event.is_step_failure]
    red = [check for check in result.get_asset_check_evaluations() if not check.passed]
    failed += [
        f"{'/'.join(c.asset_key.path)}:{c.check_name}"
        for c in red
        if c.severity == dg.AssetCheckSeverity.ERROR
    ]
    for check in red:
        if check.check_name == HELD_CHECK:
            console.print(f"[yellow]{check.description}[/]", highlight=False)
    for event in result.all_events:
        if event.is_step_failure:
            console.print(f"[red]{event.step_key}[/]: {_why(event)}", highlight=False)
    return RunOutcome(result.run_id, result.success and not failed, tuple(failed), time.monotonic() - started)


def _why(event: Any) -> str:
    error = event.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    failure = event.step_failure_data.user_failure_data
    told = failure.description if failure is not None else error.message if error is not None else "unknown"
    return str(told).strip()


class Progress:
    """Prints a line for each step as it ends, read from the instance's event log."""

    def __init__(self, console: Console, instance: Any) -> None:
        self.console, self.instance = console, instance
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        self.known = {run.run_id for run in self.instance.get_runs(limit=20)}
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.thread.join()

    def _watch(self) -> None:
        from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - Dagster's store

        with suppress(OSError, SQLAlchemyError):  # of a full disk the run itself tells
            self._tell_steps()

    def _tell_steps(self) -> None:
        told: set[str] = set()
        while True:
            is_last = self.done.wait(1.0)
            for run in self.instance.get_runs(limit=1):
                if run.run_id not in self.known:
                    for step in self.instance.get_run_step_stats(run.run_id):
                        if step.end_time and step.step_key not in told:
                            told.add(step.step_key)
                            seconds = step.end_time - (step.start_time or step.end_time)
                            self.console.print(
                                f"  {step.step_key:<44} {str(step.status.value).lower():<10} {seconds:6.1f} s",
                                highlight=False,
                            )
            if is_last:
                return
