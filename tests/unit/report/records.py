"""Runs written into a home's record as the steps of a night write them."""

from __future__ import annotations

from pathlib import Path

from pipelines.quality.results import CheckResult, Figure
from pipelines.quality.run_record import RunFacts, write_facts, write_results

QUARANTINE = "quarantine_share"


def facts(day: int, job: str = "build", **told: object) -> RunFacts:
    """A run of November that published nothing unless `told` says so."""
    values: dict[str, object] = {
        "version_before": "v1", "version_after": "v1", "ended_at": f"2026-11-{day:02}T18:31:00+00:00", **told,
    }  # fmt: skip
    return RunFacts(
        f"run{day:02}-{job}", job, f"2026-11-{day:02}T18:30:00+00:00", f"2026-11-{day:02}", **values
    )  # type: ignore[arg-type]


def figure(value: float | None, low: float | None = None, high: float | None = 0.2, **told: object) -> Figure:
    fits = value is None or ((low is None or value >= low) and (high is None or value <= high))
    values: dict[str, object] = {"subject": "web_registrations", "measure": QUARANTINE, **told}
    return Figure(value=value, low=low, high=high, passed=fits, **values)  # type: ignore[arg-type]


def check(*figures: Figure, **told: object) -> CheckResult:
    values: dict[str, object] = {
        "asset": "staging/stg_records", "name": QUARANTINE, "layer": "staging", "severity": "fail",
        "description": "No more than a fifth of a source's rows are quarantined",
        "remedy": "Send the claim file to the source", "owner": "data steward",
        "passed": all(one.passed for one in figures), **told,
    }  # fmt: skip
    return CheckResult(figures=tuple(figures), **values)  # type: ignore[arg-type]


def keep(home: Path, run: RunFacts, *results: CheckResult) -> RunFacts:
    write_facts(home, run)
    write_results(home, run.run_id, "gate", results)
    return run
