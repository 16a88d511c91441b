"""What checks said last, from the records that runs keep: of sources in the last night, of models in the last build."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipelines.quality.results import CheckResult
from pipelines.quality.run_record import CHECKS, read_results

_NIGHT, _BUILD = ("delivery-*.json", "freshness.json"), ("dbt-*.json", "gate-*.json")
"""Files of a night's record, and of a build's."""


def red_checks(home: Path) -> list[str]:
    """Names such as `identity/resolved: largest_customer` of what keeps the newest build, or the news of a source, from readers.

    Refused files and late sources are told with their source.
    """
    stopped = [one for one in _newest(home, _NIGHT) if one.layer == "delivery" and one.name != "delivery"]
    return [f"{one.asset}: {one.name}" for one in [*stopped, *_newest(home, _BUILD)] if one.is_red]


def source_warnings(home: Path) -> list[CheckResult]:
    """What the newest night found in deliveries and does not call as usual; refused files are told with their source."""
    return [
        one
        for one in _newest(home, _NIGHT)
        if not one.passed and not one.is_red and one.layer == "delivery" and one.name != "delivery"
    ]


def _newest(home: Path, patterns: tuple[str, ...]) -> Iterator[CheckResult]:
    files = [path for pattern in patterns for path in (home / "docs").glob(f"*/{CHECKS}/{pattern}")]
    newest = max(files, key=lambda path: path.stat().st_mtime, default=None)
    if newest is not None:
        is_night = patterns is _NIGHT
        found = read_results(home, newest.parent.parent.name)
        yield from (one for one in found if (one.layer in ("delivery", "freshness")) == is_night)
