"""When the nightly job runs: by the home's cron line, and when files have landed."""

import hashlib
import json
import time
from typing import Any

import dagster as dg

from pipelines.ingest.landing import arrived, look_at_landing
from pipelines.settings import Settings


def nightly_job():
    return dg.define_asset_job(
        "nightly",
        selection=dg.AssetSelection.all(),
        description="Landing to published view; a night without news ends after `changes`.",
        # A run builds in a directory of its own, so a retry cannot go on where another run ended.
        tags={"dagster/retry_strategy": "ALL_STEPS"},
    )


def nightly_schedule(job: Any, settings: Settings) -> dg.ScheduleDefinition:
    return dg.ScheduleDefinition(
        name="nightly_schedule",
        job=job,
        cron_schedule=settings.schedule,
        execution_timezone=settings.time_zone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Runs by itself while a daemon is up; cron line and time zone stand in the home's ucv.toml.",
    )


def landing_sensor(job: Any, settings: Settings) -> dg.SensorDefinition:
    @dg.sensor(
        job=job,
        name="landing_sensor",
        minimum_interval_seconds=60,
        description="Starts a run as soon as new files lie complete in landing. Off by default: the schedule takes them.",
    )
    def landed(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        seen = look_at_landing(settings.home, time.time())
        if seen is None:
            return dg.SkipReason("A file in landing changed within the last minute; it may still be written.")
        new = arrived(json.loads(context.cursor or "{}"), seen)
        cursor = json.dumps(seen, sort_keys=True)
        if not new:
            return dg.SensorResult(skip_reason="Nothing new has landed.", cursor=cursor)
        # The key as well as the cursor: a daemon that dies between the two must not start the run again.
        key = hashlib.sha256(json.dumps([(path, seen[path]) for path in new]).encode()).hexdigest()
        return dg.SensorResult(run_requests=[dg.RunRequest(run_key=key)], cursor=cursor)

    return landed
