"""When the nightly job runs: by the home's cron line, and when files have landed."""

import hashlib
import time
from pathlib import Path
from typing import Any

import dagster as dg

from pipelines.settings import Settings

_STILL_SECONDS = 60  # a file that changed within the last minute may still be written


def nightly_job():
    return dg.define_asset_job(
        "nightly",
        selection=dg.AssetSelection.all(),
        description="Landing to published view; a night without news ends after `changes`.",
    )


def nightly_schedule(job: Any, settings: Settings) -> dg.ScheduleDefinition:
    return dg.ScheduleDefinition(
        name="nightly_schedule",
        job=job,
        cron_schedule=settings.schedule,
        execution_timezone=settings.time_zone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )


def landing_sensor(job: Any, settings: Settings) -> dg.SensorDefinition:
    @dg.sensor(job=job, name="landing_sensor", minimum_interval_seconds=60)
    def landed() -> dg.RunRequest | dg.SkipReason:
        """Starts a run when landing holds other files than at the last look. Off by default; switch it on in the UI."""
        state = landing_state(settings.home, time.time())
        return (
            dg.RunRequest(run_key=state)
            if state
            else dg.SkipReason("Nothing has landed, or a file is still being written.")
        )

    return landed


def landing_state(home: Path, now: float) -> str | None:
    """A hash of names, sizes and times in landing; None when it is empty or something changed within the last minute."""
    files = sorted(
        path for path in (home / "landing").rglob("*") if path.is_file() and not path.name.startswith(".")
    )
    if not files or any(now - path.stat().st_mtime < _STILL_SECONDS for path in files):
        return None
    told = "\n".join(f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files)
    return hashlib.sha256(told.encode()).hexdigest()
