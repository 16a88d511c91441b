"""Running a gate: the layer's rules as a Great Expectations suite over its frame, the verdict, and data docs."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from pipelines.errors import GateError
from pipelines.quality.frames import frame_of
from pipelines.quality.offline_docs import make_offline
from pipelines.quality.rules import Rule, rules_of

LAST_LAYER = "golden"
DOCS_SITE = "gx/uncommitted/data_docs/local_site"
"""Great Expectations' pages, below the docs of a run."""


@dataclass(frozen=True)
class CheckResult:
    """One rule of a gate; `failing` are the subjects (sources, or 'all') whose figure lies outside, with the figure."""

    name: str
    layer: str
    severity: str
    passed: bool
    failing: dict[str, float]
    expected: str
    description: str
    remedy: str
    owner: str


@dataclass(frozen=True)
class Verdict:
    """What a gate says; it holds readers back when a rule of severity fail failed."""

    layer: str
    results: tuple[CheckResult, ...]

    @property
    def passed(self) -> bool:
        return all(result.passed or result.severity != "fail" for result in self.results)

    def as_dict(self) -> dict[str, Any]:
        return {
            "layer": self.layer,
            "passed": self.passed,
            "results": [asdict(result) for result in self.results],
        }


def run_gate(
    layer: str,
    conn: duckdb.DuckDBPyConnection,
    as_of: date,
    docs_dir: Path | None = None,
    *,
    is_quiet: bool = False,
) -> Verdict:
    """Judge one layer (staging, identity, golden, freshness) of the build attached as `warehouse`.

    With `docs_dir`, Great Expectations' data docs are written there, by the last gate or one that a rule fails.
    On a quiet night, one that builds nothing, the same
    rules are judged without it: its import alone takes longer than all the rest of such a night.
    Raises GateError when the layer was not built.
    """
    try:
        frame = frame_of(layer, conn, as_of)
    except duckdb.CatalogException as error:
        raise GateError(f"The {layer} gate found no tables to judge; build the layer first.") from error
    rules = rules_of(layer)
    passed = _judge(rules, frame) if is_quiet else _expect(layer, rules, frame, docs_dir)
    return Verdict(
        layer, tuple(_result(rule, frame, is_met) for rule, is_met in zip(rules, passed, strict=True))
    )


def _expect(layer: str, rules: tuple[Rule, ...], frame: pd.DataFrame, docs_dir: Path | None) -> list[bool]:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    import great_expectations as gx  # noqa: PLC0415 - seven seconds
    from great_expectations.expectations.core import ExpectColumnValuesToBeBetween  # noqa: PLC0415

    context: Any = (
        gx.get_context(mode="file", project_root_dir=str(docs_dir))
        if docs_dir
        else gx.get_context(mode="ephemeral")
    )
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_or_update_pandas(layer).add_dataframe_asset(layer)
    batch = asset.add_batch_definition_whole_dataframe("whole")
    suite = context.suites.add_or_update(gx.ExpectationSuite(name=layer))
    for rule in rules:
        suite.add_expectation(
            ExpectColumnValuesToBeBetween(
                column=rule.column,
                min_value=rule.low,
                max_value=rule.high,
                meta={"notes": rule.description, "remedy": rule.remedy},
            )
        )
    definition = context.validation_definitions.add_or_update(
        gx.ValidationDefinition(name=layer, data=batch, suite=suite)
    )
    checkpoint = gx.Checkpoint(name=layer, validation_definitions=[definition], result_format="BOOLEAN_ONLY")
    ran = context.checkpoints.add_or_update(checkpoint).run(batch_parameters={"dataframe": frame})
    found = next(iter(ran.run_results.values())).results
    by_column = {result.expectation_config.kwargs["column"]: bool(result.success) for result in found}
    if docs_dir and (layer == LAST_LAYER or not all(by_column.values())):
        context.build_data_docs()  # of all gates that were judged so far; each time costs as much as the gate itself
        make_offline(docs_dir / DOCS_SITE, docs_dir.parent)
    return [by_column[rule.column] for rule in rules]


def _judge(rules: tuple[Rule, ...], frame: pd.DataFrame) -> list[bool]:
    return [_outside(rule, frame).empty for rule in rules]


def _outside(rule: Rule, frame: pd.DataFrame) -> pd.DataFrame:
    figure = frame[rule.column]
    low = -float("inf") if rule.low is None else rule.low
    high = float("inf") if rule.high is None else rule.high
    return frame[figure.notna() & ((figure < low) | (figure > high))]


def _result(rule: Rule, frame: pd.DataFrame, passed: bool) -> CheckResult:
    outside = _outside(rule, frame)
    failing = dict(zip(outside["subject"], outside[rule.column].round(4), strict=True))
    expected = f"{rule.column} from {'any' if rule.low is None else rule.low} to {'any' if rule.high is None else rule.high}"
    return CheckResult(
        rule.name,
        rule.layer,
        rule.severity,
        passed,
        failing,
        expected,
        rule.description,
        rule.remedy,
        rule.owner,
    )


def write_verdict(verdict: Verdict, folder: Path) -> None:
    """Keep the verdict beside the build, where publishing looks for it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{verdict.layer}.json").write_text(
        json.dumps(verdict.as_dict(), ensure_ascii=False, indent=1), encoding="utf-8"
    )


def read_verdicts(folder: Path) -> list[dict[str, Any]]:
    """Every verdict of a build, by layer name."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
