"""What a check found: figures with the bounds that they were held against, and who answers for them. Never a personal value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

SEVERITIES = ("info", "warn", "fail")
"""info and warn are shown; fail stops the source (a delivery) or the publish (a layer)."""


@dataclass(frozen=True)
class Figure:
    """One measured number. `subject` is what was measured (a source, a column, a table), `measure` how, such as `share given`.

    `low` and `high` are the bounds, both included, None where open; `value` is None where there was nothing to measure.
    `bounds_from` says where they come from: default, contract or learned (`learned from 14 deliveries`).
    """

    subject: str
    measure: str
    value: float | None
    low: float | None
    high: float | None
    passed: bool
    bounds_from: str = "default"
    severity: str = "warn"


@dataclass(frozen=True)
class CheckResult:
    """One check of one asset (`asset` is its path, such as raw/web_registrations). It fails when a figure of it fails."""

    asset: str
    name: str
    layer: str  # delivery, freshness, staging, identity, golden, dbt
    severity: str
    description: str
    remedy: str
    owner: str
    figures: tuple[Figure, ...] = ()
    passed: bool = True
    told: str = ""
    """Words beside the figures, such as "passed as of version …" or the codes of refused files."""

    @property
    def is_red(self) -> bool:
        return not self.passed and self.severity == "fail"

    @property
    def failing(self) -> tuple[Figure, ...]:
        return tuple(figure for figure in self.figures if not figure.passed)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def result_of(values: Mapping[str, Any]) -> CheckResult:
    """The result that `as_dict` wrote. Raises TypeError or KeyError for anything else."""
    figures = tuple(Figure(**figure) for figure in values["figures"])
    return CheckResult(**{**values, "figures": figures})


def outside(result: CheckResult, most: int = 4) -> str:
    """The figures that lie outside, in words: `phone: share valid 0.12, expected 0.5 or more (default)`."""
    told = [_words(figure) for figure in result.failing]
    return "; ".join([*told[:most], *([f"{len(told) - most} more"] if len(told) > most else [])])


def _words(figure: Figure) -> str:
    low, high = figure.low, figure.high
    if low is not None and high is not None:
        expected = f"{low:g} to {high:g}"
    else:
        expected = (
            f"{low:g} or more" if low is not None else f"{high:g} or less" if high is not None else "another"
        )
    value = "nothing" if figure.value is None else f"{figure.value:g}"
    return f"{figure.subject}: {figure.measure} {value}, expected {expected} ({figure.bounds_from})"
