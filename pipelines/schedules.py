"""The two jobs and what starts them: the night by the home's cron line and by landed files, the build by a night with news."""

import hashlib
import json
import time
from typing import Any

import dagster as dg

from pipelines.assets.changes import CHANGES_KEY
from pipelines.assets.layers import BY_DAY, BY_DAY_GROUP, RAW_GROUP
from pipelines.assets.nightly import NIGHT_TAG
from pipelines.assets.run_options import AS_OF_TAG, FULL_REFRESH_TAG, options_config, refresh_asked
from pipelines.ingest.landing import arrived, look_at_landing
from pipelines.publishing.fingerprint import nothing_new
from pipelines.settings import Settings

# When the process of a run dies, a night is cheap to repeat and sees what came since; a build goes on where it ended.
_NIGHT_RETRY = {"dagster/retry_strategy": "ALL_STEPS"}
_BUILD_RETRY = {"dagster/retry_strategy": "FROM_FAILURE"}

SHELL_TAG = "ucv/shell"
"""On a night that `ucv run` executes, and follows up itself."""

NIGHTLY_JOB = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.groups(RAW_GROUP),
    description="Reads every source, judges deliveries and freshness, and decides: with news the job `build` follows by itself.",
    tags=_NIGHT_RETRY,
)

BUILD_JOB = dg.define_asset_job(
    "build",
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups(RAW_GROUP, BY_DAY_GROUP),
    description="Builds the view from what lies in raw, judges it, and publishes it when every gate passes. Re-executed from "
    "failure it goes on in the same build.",
    tags=_BUILD_RETRY,
)

BACKFILL_JOB = dg.define_asset_job(
    "backfill",
    selection=dg.AssetSelection.groups(BY_DAY_GROUP),
    description="Takes the files of chosen days again from what is stored, with today's contracts: all sources; pick single ones "
    "in the group g1_raw_by_day. The job `build` follows by itself when rows changed.",
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


def build_sensor(settings: Settings) -> dg.SensorDefinition:
    @dg.run_status_sensor(
        name="build_sensor",
        run_status=dg.DagsterRunStatus.SUCCESS,
        request_job=BUILD_JOB,
        minimum_interval_seconds=10,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Starts the job `build` when a night, or a backfill, ended with news.",
    )
    def built(context: dg.RunStatusSensorContext) -> dg.RunRequest | dg.SkipReason:
        run = context.dagster_run
        if SHELL_TAG in run.tags or run.job_name == BUILD_JOB.name:
            return dg.SkipReason("A build, or a run that `ucv run` follows up itself.")
        news = news_of(context.instance, run.run_id)
        if news is not None:
            if not refresh_asked(run) and nothing_new(settings, str(news.metadata["fingerprint"].value)):
                return dg.SkipReason("What the night brought was published in the meantime.")
            return dg.RunRequest(
                run_key=run.run_id, tags=build_tags(run, news), run_config=build_config(run, news)
            )
        if rows_replaced(context.instance, run.run_id):
            return dg.RunRequest(run_key=run.run_id, tags={NIGHT_TAG: run.run_id})
        return dg.SkipReason("The run brought nothing new; readers keep their version.")

    return built


def rows_replaced(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Whether a run took stored deliveries again and their rows changed."""
    made = _materialised(instance, run_id)
    return any(event.asset_key.path[0] == BY_DAY and event.metadata["replaced"].value for event in made)


def news_of(instance: dg.DagsterInstance, run_id: str) -> dg.AssetMaterialization | None:
    """What `changes` materialised in a night's run; None when there was nothing to build."""
    return next((made for made in _materialised(instance, run_id) if made.asset_key == CHANGES_KEY), None)


def _materialised(instance: dg.DagsterInstance, run_id: str) -> list[dg.AssetMaterialization]:
    entries = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
    return [made for entry in entries if (made := entry.asset_materialization) is not None]


def build_tags(night: dg.DagsterRun, news: dg.AssetMaterialization) -> dict[str, str]:
    """The tags of the build that follows a night: whose news it builds, and what it was asked for, to filter runs by."""
    tags = {AS_OF_TAG: str(news.metadata["as_of_date"].value), NIGHT_TAG: night.run_id}
    return tags | ({FULL_REFRESH_TAG: "true"} if refresh_asked(night) else {})


def build_config(night: dg.DagsterRun, news: dg.AssetMaterialization) -> dict[str, Any]:
    """The config of the build that follows a night: the same as-of day, the same wish for a full refresh."""
    return options_config(str(news.metadata["as_of_date"].value), refresh_asked(night))
