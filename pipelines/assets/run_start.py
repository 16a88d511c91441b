"""What Dagster knows of a run and a step cannot tell: what it was asked for, when it began, and which runs it repeats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import dagster as dg

from pipelines.assets.layers import PUBLISHED


@dataclass(frozen=True)
class RunStart:
    """One run. `started_at` is UTC; `parents` are the runs that it re-executes, nearest first.

    `publishes`: whether the published version is among what it was asked for, as in the job `build` and never when
    somebody picked single assets.
    """

    run_id: str
    started_at: datetime
    tags: Mapping[str, str]
    parents: tuple[str, ...]
    publishes: bool

    @classmethod
    def of(cls, context: dg.InitResourceContext) -> RunStart:
        run, instance = context.run, context.instance
        if run is None or instance is None:
            return cls("no-run", datetime.now(UTC), {}, (), publishes=True)
        record = instance.get_run_record_by_id(run.run_id)
        started = record.start_time if record is not None else None
        return cls(
            run.run_id,
            datetime.fromtimestamp(started, UTC) if started is not None else datetime.now(UTC),
            run.tags,
            _parents(instance, run),
            _publishes(run),
        )


def _publishes(run: dg.DagsterRun) -> bool:
    if not run.asset_selection:
        return not run.asset_check_selection
    return dg.AssetKey([*PUBLISHED]) in run.asset_selection


def _parents(instance: dg.DagsterInstance, run: dg.DagsterRun) -> tuple[str, ...]:
    found: list[str] = []
    parent = run.parent_run_id
    while parent and parent not in found:
        found.append(parent)
        record = instance.get_run_by_id(parent)
        # The root is known even where a run between was deleted.
        parent = record.parent_run_id if record is not None else run.root_run_id
    return tuple(found)
