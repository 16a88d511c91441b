"""The page of one run: one file that loads nothing, made from the record and what the run's own log tells."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.quality.results import CheckResult, Figure
from pipelines.quality.run_record import RunFacts, read_facts, read_results, record_folder
from pipelines.report import words
from pipelines.report.chart import sparkline
from pipelines.report.history import Past, key_of, look_back
from pipelines.report.templating import template_environment
from pipelines.report.verdict import SeenVersion, StepError, Verdict, judge
from pipelines.report.version_page import VERSION_PAGE
from pipelines.storage.durable import write_file

if TYPE_CHECKING:
    from jinja2 import Environment

PAGE = "index.html"
SUMMARY = "summary.json"
KNOWN = "known"
"""The status of a file that an earlier run has read."""
_FIGURES = 40  # of one failing check; the rest is counted
_FILES = 200  # of a run's deliveries; the rest is counted


@dataclass(frozen=True)
class DeliveredFile:
    """One file that a run was given, with its rows; `told` is why it was refused, or what was odd about it."""

    source: str
    file: str
    status: str
    rows_in: int
    accepted: int
    quarantined: int
    duplicate: int
    told: str


@dataclass(frozen=True)
class RunTold:
    """What the record does not hold. `downstream` gives the published tables that each asset reaches; asked when a check fails."""

    errors: tuple[StepError, ...] = ()
    deliveries: tuple[DeliveredFile, ...] = ()
    seen: SeenVersion | None = None
    had_news: bool = False
    downstream: Callable[[], Mapping[str, Sequence[str]]] = dict
    gates_site: str | None = None
    """Great Expectations' pages of this run, relative to its folder."""


def write_page(home: Path, facts: RunFacts, told: RunTold, zone: str) -> Path:
    """Write the page of an ended run and its one-line summary; returns the page's path. `zone` is the clock that it tells."""
    night = _night_of(home, facts)
    groups = [(facts, read_results(home, facts.run_id))]
    if night is not None:
        groups.append((night, read_results(home, night.run_id)))
    results = [result for _, group in groups for result in group]
    pasts = {key: past for run, group in groups for key, past in look_back(home, run, group).items()}
    verdict = judge(facts, results, told.errors, told.seen, had_news=told.had_news)
    failing = sorted((r for r in results if not r.passed), key=lambda r: (not r.is_red, r.asset, r.name))
    reached = told.downstream() if failing else {}
    text = (
        environment()
        .get_template("run.html.j2")
        .render(
            facts=facts,
            night=night,
            night_page=_page_beside(home, night),
            version_page=version_page_of(home, facts, VERSION_PAGE),
            verdict=verdict,
            told=told,
            deliveries=_first_files(told.deliveries),
            known_files=sum(file.status == KNOWN for file in told.deliveries),
            failing=[_failing(result, pasts[key_of(result)], reached, zone) for result in failing],
            passed=_by_asset(result for result in results if result.passed),
            moment=lambda at: words.moment(at, zone),
            zone=zone,
        )
    )
    folder = record_folder(home, facts.run_id)
    write_file(folder / SUMMARY, json.dumps(asdict(verdict), ensure_ascii=False))
    write_file(folder / PAGE, text)
    return folder / PAGE


def read_summary(home: Path, run_id: str) -> Verdict | None:
    """The verdict that stands on a run's page; None for a run that wrote none."""
    try:
        return Verdict(**json.loads((record_folder(home, run_id) / SUMMARY).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


@cache
def environment() -> Environment:
    """The templates' environment, with the words of a run."""
    return template_environment(
        counted=words.counted, number=words.number, expected=words.expected, plain=words.plain, title=words.title,
        coded=words.coded,
    )  # fmt: skip


def _night_of(home: Path, facts: RunFacts) -> RunFacts | None:
    """The night that asked for a build; its checks belong to what is published."""
    if facts.night_run_id is None:
        return None
    known = read_facts(home, facts.night_run_id)
    return known or RunFacts(facts.night_run_id, "nightly", facts.started_at, facts.as_of_date)


def _first_files(deliveries: Sequence[DeliveredFile]) -> list[DeliveredFile]:
    """The new files; those that need somebody first, so that a long list hides none of them."""
    new = [file for file in deliveries if file.status != KNOWN]
    return sorted(new, key=lambda file: (file.status == "accepted", file.source, file.file))[:_FILES]


def _page_beside(home: Path, run: RunFacts | None) -> str | None:
    """The page of another run, as a link from a run's page; None where it has none."""
    has_one = run is not None and (record_folder(home, run.run_id) / PAGE).is_file()
    return f"../{run.run_id}/{PAGE}" if run is not None and has_one else None


def version_page_of(home: Path, run: RunFacts, link: str) -> str | None:
    """`link` where the run made the page of the version that it published, else None."""
    return link if (record_folder(home, run.run_id) / VERSION_PAGE).is_file() else None


def _failing(
    result: CheckResult, past: Past, reached: Mapping[str, Sequence[str]], zone: str
) -> dict[str, Any]:
    figures = sorted(result.figures, key=lambda figure: figure.passed)
    shown = [figure for figure in figures if not figure.passed][:_FIGURES] or figures[:_FIGURES]
    return {
        "result": result,
        "figures": [(figure, _line(figure, past)) for figure in shown],
        "more": len(result.figures) - len(shown),
        "since": words.moment(past.since.started_at, zone),
        "past": past,
        "downstream": reached.get(result.asset, ()),
    }


def _line(figure: Figure, past: Past) -> Any:
    return sparkline(past.figures.get((figure.subject, figure.measure), []))


def _by_asset(results: Any) -> list[tuple[str, list[CheckResult]]]:
    grouped: dict[str, list[CheckResult]] = defaultdict(list)
    for result in results:
        grouped[result.asset].append(result)
    return sorted(grouped.items())
