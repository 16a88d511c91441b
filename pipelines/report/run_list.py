"""The list of runs at docs/index.html: the newest first, each with its verdict and its page."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from pipelines.quality.run_record import RunFacts, record_folder, recorded_runs
from pipelines.report import words
from pipelines.report.page import PAGE, environment, read_summary, version_page_of
from pipelines.report.verdict import UNENDED, Verdict
from pipelines.report.version_page import VERSION_PAGE
from pipelines.storage.durable import write_file

SHOWN = 200


def write_run_list(home: Path, zone: str) -> Path:
    """Write docs/index.html; returns its path. `zone` is the clock that it tells."""
    shown = list(islice(recorded_runs(home), SHOWN + 1))
    rows = [
        (
            run,
            verdict_of(home, run),
            _page_of(home, run),
            version_page_of(home, run, f"{run.run_id}/{VERSION_PAGE}"),
        )
        for run in shown[:SHOWN]
    ]
    text = (
        environment()
        .get_template("runs.html.j2")
        .render(
            rows=rows,
            is_cut=len(shown) > SHOWN,
            moment=lambda at: words.moment(at, zone),
            zone=zone,
        )
    )
    path = home / "docs" / PAGE
    write_file(path, text)
    return path


def newest_page(home: Path) -> Path | None:
    """The page of the newest run that has one."""
    return next((path for run in recorded_runs(home) if (path := _path(home, run)).is_file()), None)


def verdict_of(home: Path, run: RunFacts) -> Verdict:
    """What a run's page says; a run without one is still going on, or its process died."""
    unended = Verdict(UNENDED, "It has not ended: it is running now, or its process died.", "尚未结束。")
    return read_summary(home, run.run_id) or unended


def _page_of(home: Path, run: RunFacts) -> str | None:
    return f"{run.run_id}/{PAGE}" if _path(home, run).is_file() else None


def _path(home: Path, run: RunFacts) -> Path:
    return record_folder(home, run.run_id) / PAGE
