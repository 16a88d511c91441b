"""How a check fared in the runs before: since when it fails, when it passed last, and its figures run by run."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from pipelines.quality.results import CheckResult, Figure, result_of
from pipelines.quality.run_record import CHECKS, RunFacts, record_folder, recorded_runs

SHOWN_RUNS = 30
_READ_RUNS = 120  # a check that is red for longer is told to be so "or longer"

CheckKey = tuple[str, str]
"""Asset and name of a check."""
FigureKey = tuple[str, str]
"""Subject and measure of a figure."""


@dataclass(frozen=True)
class Point:
    """A figure as one run measured it; `at` is when that run began."""

    at: str
    figure: Figure


@dataclass
class Past:
    """What the record tells of one check that fails now.

    `since` is the first of the runs that failed in a row, this one included, `failing_runs` their number. `is_whole` says that
    the run before them passed or that there was none; else the record was not read further. `figures` are oldest first.
    """

    since: RunFacts
    failing_runs: int = 1
    is_whole: bool = False
    last_passed: RunFacts | None = None
    figures: dict[FigureKey, list[Point]] = field(default_factory=dict)

    def add(self, run: RunFacts, result: CheckResult, *, is_shown: bool) -> None:
        """Take in the next earlier run that judged the check."""
        if not self.is_whole:
            if result.passed:
                self.last_passed, self.is_whole = run, True
            else:
                self.since, self.failing_runs = run, self.failing_runs + 1
        if is_shown:
            self.put(run, result)

    def put(self, run: RunFacts, result: CheckResult) -> None:
        for figure in result.figures:
            points = self.figures.setdefault((figure.subject, figure.measure), [])
            points.insert(0, Point(run.started_at, figure))


def key_of(result: CheckResult) -> CheckKey:
    return result.asset, result.name


def look_back(home: Path, run: RunFacts, results: Iterable[CheckResult]) -> dict[CheckKey, Past]:
    """The past of each failing check among the results of a run, from earlier runs of the same job."""
    pasts = {key_of(result): Past(since=run) for result in results if not result.passed}
    for result in results:
        if key_of(result) in pasts:
            pasts[key_of(result)].put(run, result)
    if not pasts:
        return pasts
    number = 1
    for earlier in islice(_earlier(home, run), _READ_RUNS):
        number += 1
        if number > SHOWN_RUNS and all(past.is_whole for past in pasts.values()):
            return pasts
        for result in _results_of(home, earlier.run_id, pasts.keys()):
            pasts[key_of(result)].add(earlier, result, is_shown=number <= SHOWN_RUNS)
    if number <= _READ_RUNS:
        for past in pasts.values():
            past.is_whole = True
    return pasts


def _results_of(home: Path, run_id: str, keys: Collection[CheckKey]) -> Iterator[CheckResult]:
    """What a run found by these checks. Of a run's hundreds of results only the files that name one are parsed."""
    names = [json.dumps(name, ensure_ascii=False) for _, name in keys]
    for path in sorted((record_folder(home, run_id) / CHECKS).glob("*.json")):
        with suppress(OSError, ValueError, TypeError, KeyError):
            text = path.read_text(encoding="utf-8")
            if any(name in text for name in names):
                found = [values for values in json.loads(text) if (values["asset"], values["name"]) in keys]
                yield from [result_of(values) for values in found]


def _earlier(home: Path, run: RunFacts) -> Iterator[RunFacts]:
    for other in recorded_runs(home):
        if other.job == run.job and other.run_id != run.run_id and other.started_at <= run.started_at:
            yield other
