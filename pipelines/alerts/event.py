"""What an alert says: which checks of a run turned red and which passed again. Figures and names of ours, no person's value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pipelines.quality.results import CheckResult, Figure
from pipelines.report.words import counted, expected, number, plain, title

RUN_LAYER = "run"
_NEVER_HOLD = (
    "delivery",
    "freshness",
)  # layers whose red checks let the run go on, so they explain no failure of it
_FIGURES = 5  # of one check in words; the form json has all that failed


@dataclass(frozen=True)
class RunNews:
    """An ended run. `failed` says that the run itself failed; `page` is the address of its page, if it wrote one."""

    run_id: str
    job: str
    as_of_date: str
    at: str
    failed: bool
    failed_steps: tuple[str, ...]
    results: tuple[CheckResult, ...]
    version: str | None = None
    page: str | None = None


@dataclass(frozen=True)
class Turn:
    """A check that turned: `since` is when the first of its failing runs ended (ISO, UTC)."""

    result: CheckResult
    since: str

    @property
    def key(self) -> str:
        return f"{self.result.asset}:{self.result.name}"

    def as_dict(self) -> dict[str, Any]:
        kept = asdict(self.result) | {"figures": [asdict(figure) for figure in self.result.failing]}
        return {"check": self.key, "since": self.since, **kept}


def judged(news: RunNews) -> list[CheckResult]:
    """The run's results, and the run itself as a check: it fails when no red check tells why the run did."""
    holding = [result for result in news.results if result.is_red and result.layer not in _NEVER_HOLD]
    if holding and news.failed:
        return list(news.results)
    steps = ", ".join(news.failed_steps) or "the run itself"
    run = CheckResult(
        asset=f"run/{news.job}",
        name=steps if news.failed else "",
        layer=RUN_LAYER,
        severity="fail",
        description=f"The job {news.job} ends without an error",
        remedy="Ask the data engineer to look at the run in Dagster; readers keep the last good version",
        owner="data engineer",
        passed=not news.failed,
        told=f"ended in an error: {steps}",
    )
    return [*news.results, run]


def event_of(news: RunNews, red: Sequence[Turn], green: Sequence[Turn]) -> dict[str, Any]:
    """The event as JSON holds it."""
    return {
        "run_id": news.run_id,
        "job": news.job,
        "as_of_date": news.as_of_date,
        "at": news.at,
        "run_failed": news.failed,
        "failed_steps": list(news.failed_steps),
        "version": news.version,
        "page": news.page,
        "turned_red": [turn.as_dict() for turn in red],
        "turned_green": [turn.as_dict() for turn in green],
        "text": words_of(news, red, green),
    }


def words_of(news: RunNews, red: Sequence[Turn], green: Sequence[Turn]) -> str:
    """The event for a person, a line per check."""
    counts = [
        counted(len(red), "check") + " turned red" if red else "",
        counted(len(green), "check") + " passed again" if green else "",
    ]
    head = f"Customer view, {news.job} for {news.as_of_date}: {', '.join(filter(None, counts))}."
    readers = f"Readers see {news.version}." if news.version else "Nothing is published yet."
    page = f"Page of the run: {news.page}" if news.page else ""
    lines = [head, *map(_red_line, red), *map(_green_line, green), readers, page]
    return "\n".join(line for line in lines if line)


def _red_line(turn: Turn) -> str:
    result = turn.result
    figures = [_figure(figure) for figure in result.failing[:_FIGURES]]
    more = len(result.failing) - len(figures)
    told = "; ".join(
        [*figures, *([f"and {more} more"] if more else []), *([result.told] if result.told else [])]
    )
    return f"✗ {_named(result)}: {told or result.description}. To do: {result.remedy} ({result.owner or 'nobody named'})."


def _green_line(turn: Turn) -> str:
    return f"✓ {_named(turn.result)} passes again, red since {turn.since[:16]} UTC."


def _named(result: CheckResult) -> str:
    return result.asset if result.layer == RUN_LAYER else f"{title(result)} of {result.asset}"


def _figure(figure: Figure) -> str:
    measured = number(figure.value, figure.measure)
    return f"{figure.subject} {plain(figure.measure)} {measured}, expected {expected(figure)}"
