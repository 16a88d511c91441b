"""Where the page of a run lies."""

from __future__ import annotations

from pathlib import Path

from pipelines.errors import UcvError
from pipelines.quality.run_record import record_folder, recorded_runs
from pipelines.report.page import PAGE
from pipelines.report.run_list import newest_page
from pipelines.settings import Settings


def page_of(settings: Settings, run_id: str | None) -> Path:
    """The page of a run, by default of the newest one that has a page. Raises UcvError where there is none."""
    if run_id is None:
        newest = newest_page(settings.home)
        if newest is None:
            raise UcvError(
                f"No run of {settings.home} has written a page yet; start one with `ucv run`, or with the schedule."
            )
        return newest
    known = [run.run_id for run in recorded_runs(settings.home)]
    if run_id not in known:
        told = f"the newest are {', '.join(known[:3])}" if known else "there is none yet"
        raise UcvError(f"No run {run_id!r} is recorded in {settings.home}; {told}.")
    path = record_folder(settings.home, run_id) / PAGE
    if not path.is_file():
        raise UcvError(
            f"Run {run_id} has no page: it is still running, or its process died; look into Dagster."
        )
    return path
