"""A result as Dagster keeps it: passed or not, severity, figures as a table, those outside first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg

from pipelines.quality.results import CheckResult, outside

_MOST_FIGURES = 200


def shown(
    result: CheckResult,
    page: dg.UrlMetadataValue,
    gx: dg.UrlMetadataValue | None = None,
    more: Mapping[str, Any] | None = None,
) -> dg.AssetCheckResult:
    """`page` is the page of the run, `gx` that of Great Expectations where it has one of this result, `more` other metadata."""
    severity = dg.AssetCheckSeverity.ERROR if result.severity == "fail" else dg.AssetCheckSeverity.WARN
    metadata: dict[str, Any] = {
        "owner": result.owner,
        "severity": result.severity,
        "page": page,
        **({"great_expectations": gx} if gx else {}),
    }
    figures = [*result.failing, *(figure for figure in result.figures if figure.passed)][:_MOST_FIGURES]
    if figures:
        metadata["figures"] = dg.MetadataValue.table([
            dg.TableRecord({
                "of": figure.subject, "measure": figure.measure, "is": figure.value, "from": figure.low, "to": figure.high,
                "passed": figure.passed, "bounds": figure.bounds_from,
            })
            for figure in figures
        ])  # fmt: skip
    metadata |= more or {}
    if result.told:
        metadata["told"] = result.told
    what = result.description if result.passed else f"{outside(result)}. {result.remedy}".removeprefix(". ")
    return dg.AssetCheckResult(
        passed=result.passed,
        asset_key=dg.AssetKey(result.asset.split("/")),
        check_name=result.name,
        severity=severity,
        description=f"{what} ({result.told})" if result.told and result.passed else what,
        metadata=metadata,
    )
