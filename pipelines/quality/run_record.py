"""The results of all checks of a run, kept as files below the home's docs: one folder per run, one file per step.

Pages, `ucv status` and alerts are made of them; nothing that a night builds is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipelines.quality.results import CheckResult, result_of
from pipelines.storage.durable import write_file

CHECKS = "checks"
_RUN = "run.json"


@dataclass(frozen=True)
class RunFacts:
    """What is known of a run when it begins and when it ends; times are ISO 8601 in UTC.

    `job` is nightly or build, `night_run_id` the night that asked for a build, `version_before` what readers saw when the
    run began, `version_after` what they see now, `failed_steps` the steps that ended in an error. `ended_at` is None while it runs.
    """

    run_id: str
    job: str
    started_at: str
    as_of_date: str
    night_run_id: str | None = None
    version_before: str | None = None
    version_after: str | None = None
    ended_at: str | None = None
    failed_steps: tuple[str, ...] = ()


def record_folder(home: Path, run_id: str) -> Path:
    return home / "docs" / run_id


def write_results(home: Path, run_id: str, step: str, results: Iterable[CheckResult]) -> None:
    """Keep what a step's checks found; a step that is repeated replaces what it said."""
    text = json.dumps([result.as_dict() for result in results], ensure_ascii=False, indent=1)
    write_file(record_folder(home, run_id) / CHECKS / f"{step}.json", text)


def read_results(home: Path, run_id: str) -> list[CheckResult]:
    """Every result of a run, by step; a file that cannot be read is left out."""
    found: list[CheckResult] = []
    for path in sorted((record_folder(home, run_id) / CHECKS).glob("*.json")):
        try:
            found += [result_of(values) for values in json.loads(path.read_text(encoding="utf-8"))]
        except (OSError, ValueError, TypeError, KeyError):
            continue
    return found


def write_facts(home: Path, facts: RunFacts) -> None:
    write_file(record_folder(home, facts.run_id) / _RUN, json.dumps(asdict(facts), indent=1))


def read_facts(home: Path, run_id: str) -> RunFacts | None:
    """What is known of a run; None for one that kept no record."""
    try:
        values: dict[str, Any] = json.loads((record_folder(home, run_id) / _RUN).read_text(encoding="utf-8"))
        return RunFacts(**{**values, "failed_steps": tuple(values["failed_steps"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def recorded_runs(home: Path) -> Iterator[RunFacts]:
    """The runs that kept a record, the newest first."""
    folder = home / "docs"
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    found = [facts for name in names if (facts := read_facts(home, name)) is not None]
    yield from sorted(found, key=lambda facts: facts.started_at, reverse=True)
