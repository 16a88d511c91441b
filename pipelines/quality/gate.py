"""Running a gate: the layer's rules held against its frames, and published tables against what they usually are."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pandas as pd

from pipelines.errors import GateError
from pipelines.quality.frames import frames_of
from pipelines.quality.held import held
from pipelines.quality.results import CheckResult, Figure
from pipelines.quality.rules import Rule, rules_of


def run_gate(
    layer: str,
    conn: duckdb.DuckDBPyConnection,
    asset: str,
    *,
    published_customers: int | None = None,
    largest_loss: float = 0.5,
) -> list[CheckResult]:
    """Judge one layer (staging, identity, golden) of the build attached as `warehouse`: a result per rule, of `asset`.

    `published_customers` is how many customers readers see (None: nothing is published), `largest_loss` the share of them
    that a version may lose. Raises GateError when the layer was not built.
    """
    try:
        frames = frames_of(layer, conn, published_customers)
    except duckdb.CatalogException as error:
        raise GateError(f"The {layer} gate found no tables to judge; build the layer first.") from error
    rules = rules_of(layer, largest_loss)
    figures = {rule: _figures(rule, frames) for rule in rules}
    judged = iter(held(layer, [figure for found in figures.values() for figure in found]))
    return [_result(rule, asset, [next(judged) for _ in found]) for rule, found in figures.items()]


def _figures(rule: Rule, frames: Sequence[pd.DataFrame]) -> list[Figure]:
    frame = next(frame for frame in frames if rule.column in frame.columns)
    words = rule.column.replace("_", " ")
    return [
        Figure(subject, words, None if pd.isna(value) else round(float(value), 4), rule.low, rule.high, True, "default", rule.severity)
        for subject, value in zip(frame["subject"], frame[rule.column], strict=True)
    ]  # fmt: skip


def _result(rule: Rule, asset: str, figures: Sequence[Figure]) -> CheckResult:
    # Of hundreds of deliveries that balance, ten say as much.
    shown = [one for one in figures if not one.passed] or list(figures[:10])
    return CheckResult(
        asset=asset, name=rule.name, layer=rule.layer, severity=rule.severity, description=rule.description,
        remedy=rule.remedy, owner=rule.owner, figures=tuple(shown), passed=all(one.passed for one in figures),
    )  # fmt: skip
