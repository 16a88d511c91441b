"""Judging one delivery before its rows are stored: its profile, and a result for each check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from pipelines.quality.delivery_frame import Delivered, delivery_frame, exact_shares
from pipelines.quality.expectations import Earlier, Expectation, expectations_of
from pipelines.quality.measures import CHECKS, Check, check_of, words_of
from pipelines.quality.profile import Profile, profile_of
from pipelines.quality.results import CheckResult, Figure
from pipelines.quality.suite import CONTAINS, DISTINCT, MEAN, STABILITY, Expected, Observed, run_suite

LAYER = "delivery"
_COUNTED = frozenset({"rows", "quarantined", "unrepeated"})
"""Measures that are counted in SQL over the whole delivery, as is what a contract bounds; the others are seen on the frame."""


@dataclass(frozen=True)
class Judgement:
    """`profile` goes into the manifest, `results` hold one per check of `CHECKS`."""

    profile: Profile
    results: tuple[CheckResult, ...]

    @property
    def red(self) -> list[str]:
        """The checks that stop the delivery."""
        return [result.name for result in self.results if result.is_red]


def judge_delivery(  # noqa: PLR0913, PLR0917 - one delivery's surroundings
    conn: duckdb.DuckDBPyConnection,
    delivered: Delivered,
    counts: Mapping[str, int],
    earlier: Earlier,
    weekday: int,
    earlier_sql: str,
    site: Path | None = None,
) -> Judgement:
    """Hold a delivery, whose rows stand in the view `keyed`, against its contract and the deliveries before it.

    `counts` are rows_in, accepted, quarantined and duplicate; `earlier_sql` is that of `delivery_frame`, `site` where Great
    Expectations' page of a failing suite goes.
    """
    frame = delivery_frame(conn, delivered, earlier_sql)
    profile = profile_of(frame, counts, _unrepeated(conn))
    exact = exact_shares(conn, delivered)
    profile["shares"] |= exact
    for column in delivered.contract.columns if len(frame) else ():
        if column.field not in delivered.present and column.field != "source_record_id":
            profile["shares"][f"given:{column.field}"] = [0.0, counts["rows_in"]]
            frame[f"given:{column.field}"] = 0.0
    expected = expectations_of(delivered.contract, profile, weekday, earlier)
    observed = _observe(f"{delivered.contract.id}-", expected, frame, profile, _COUNTED | set(exact), site)
    figures = [_figure(one, seen, profile) for one, seen in zip(expected, observed, strict=True)]
    profile["failed"] = sorted(
        {one.measure for one, seen in zip(expected, figures, strict=True) if not seen.passed}
    )
    asset = f"raw/{delivered.contract.id}"
    return Judgement(profile, tuple(_result(check, asset, expected, figures) for check in CHECKS))


def _unrepeated(conn: duckdb.DuckDBPyConnection) -> float | None:
    """The share of the rows that could be read whose content is not that of an earlier row of the same delivery."""
    row = conn.execute(
        "SELECT count(DISTINCT record_hash) / nullif(count(*), 0) FROM keyed WHERE NOT is_bad"
    ).fetchone()
    return None if row is None or row[0] is None else float(row[0])


def _observe(  # noqa: PLR0913, PLR0917 - one delivery's surroundings
    prefix: str,
    expected: Sequence[Expectation],
    frame: pd.DataFrame,
    profile: Profile,
    counted: Set[str],
    site: Path | None,
) -> list[Observed]:
    """What Great Expectations observes of each expectation: of `counted` measures on one row of figures, of others on the frame."""
    shares = {name: pair[0] for name, pair in profile["shares"].items() if name in counted}
    figures = pd.DataFrame([{"rows": profile["rows"], **shares}]).astype("float64")
    found: dict[int, Observed] = {}
    for name, table, is_counted in (("delivery", figures, True), ("rows", frame, False)):
        its = [turn for turn, one in enumerate(expected) if (one.measure in counted) == is_counted]
        forms = {turn: _forms(expected[turn], table, is_counted=is_counted) for turn in its}
        wanted = [part for turn in its for part in forms[turn]]
        results = iter(run_suite(f"{prefix}{name}", table, wanted, site))
        for turn in its:
            parts = [next(results) for _ in forms[turn]]
            found[turn] = Observed(parts[0].value, all(part.passed for part in parts))
    return [found[turn] for turn in range(len(expected))]


def _forms(one: Expectation, frame: pd.DataFrame, *, is_counted: bool) -> list[Expected]:
    notes = f"{words_of(one.measure)}; {one.bounds_from}"
    if one.reference is not None:
        members = frozenset(one.reference.surely_there(int(frame[one.measure].notna().sum())))
        index = Expected(one.measure, STABILITY, reference=one.reference, notes=notes)
        return [index, Expected(one.measure, CONTAINS, members=members, notes=notes)] if members else [index]
    form = DISTINCT if one.measure.startswith("distinct:") and not is_counted else MEAN
    return [Expected(one.measure, form, one.low, one.high, notes=notes)]


def _figure(one: Expectation, seen: Observed, profile: Profile) -> Figure:
    """The figure as people read it; of classes also which of them are new or gone."""
    field = one.measure.partition(":")[2]
    subject = field or "delivery"
    if one.reference is not None and not seen.passed:
        subject = f"{field}: {moved_classes(profile['classes'][field], one.reference.shares)}"
    value = None if seen.value is None else round(seen.value, 4)
    return Figure(
        subject,
        words_of(one.measure),
        value,
        _rounded(one.low),
        _rounded(one.high),
        seen.passed,
        one.bounds_from,
        one.severity,
    )


def moved_classes(counts: Mapping[str, int], usual: Mapping[str, float]) -> str:
    """The classes whose share moved most, such as `广东省 12 % -> 0 %`; hashed classes stay without a name."""
    total = sum(counts.values()) or 1
    shares = {label: counts.get(label, 0) / total for label in {*counts, *usual}}
    moved = sorted(shares, key=lambda label: -abs(shares[label] - usual.get(label, 0.0)))[:3]
    told = [f"{label} {usual.get(label, 0.0):.0%} -> {shares[label]:.0%}" for label in moved]
    return ", ".join(told)


def _rounded(bound: float | None) -> float | None:
    return None if bound is None else round(bound, 4)


def _result(
    check: Check, asset: str, expected: Sequence[Expectation], figures: Sequence[Figure]
) -> CheckResult:
    pairs = [
        (one, figure)
        for one, figure in zip(expected, figures, strict=True)
        if check_of(one.measure) == check.name
    ]
    failed = [(one, figure) for one, figure in pairs if not figure.passed]
    worst = max((figure.severity for _, figure in failed), key=("info", "warn", "fail").index, default="warn")
    blamed = next((one for one, figure in failed if figure.severity == worst), None)
    return CheckResult(
        asset=asset, name=check.name, layer=LAYER, severity=worst, description=check.description,
        remedy=(blamed and blamed.remedy) or check.remedy, owner=(blamed and blamed.owner) or check.owner,
        figures=tuple(figure for _, figure in pairs), passed=not failed,
    )  # fmt: skip
