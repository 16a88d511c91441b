"""The gates as asset checks: one Dagster check per rule; a failed rule of severity fail stops what comes after."""

from collections.abc import Iterator

import dagster as dg

from pipelines.assets.layers import DBT_SETS, DbtSet
from pipelines.assets.nightly import Nightly
from pipelines.quality.gate import CheckResult, run_gate, write_verdict
from pipelines.quality.rules import rules_of

_SEVERITY = {
    "fail": dg.AssetCheckSeverity.ERROR,
    "warn": dg.AssetCheckSeverity.WARN,
    "info": dg.AssetCheckSeverity.WARN,
}


def gate_checks() -> list[dg.AssetChecksDefinition]:
    """The gate after each part of the dbt graph."""
    return [_layer_gate(part) for part in DBT_SETS]


def _layer_gate(part: DbtSet) -> dg.AssetChecksDefinition:
    key = dg.AssetKey([*part.gated_asset])
    specs = [
        dg.AssetCheckSpec(rule.name, asset=key, description=rule.description, blocking=rule.severity == "fail",
                          metadata={"owner": rule.owner, "remedy": rule.remedy})
        for rule in rules_of(part.gate)
    ]  # fmt: skip

    @dg.multi_asset_check(name=f"{part.gate}_gate", specs=specs)
    def gate(nightly: Nightly) -> Iterator[dg.AssetCheckResult]:
        with nightly.warehouse() as conn:
            verdict = run_gate(part.gate, conn, nightly.as_of, nightly.docs_dir)
        write_verdict(verdict, nightly.build_dir / "verdicts")
        for result in verdict.results:
            yield _check(result, key, nightly)

    return gate


def _check(result: CheckResult, key: dg.AssetKey, nightly: Nightly) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=result.passed,
        asset_key=key,
        check_name=result.name,
        severity=_SEVERITY[result.severity],
        description=result.description if result.passed else result.remedy,
        metadata={
            "expected": result.expected,
            "outside": dg.MetadataValue.json(result.failing),
            "docs": docs_link(nightly),
        },
    )


def docs_link(nightly: Nightly) -> dg.UrlMetadataValue:
    """The data docs of this run, as `ucv ui` serves them; the file lies below the home's docs folder."""
    index = nightly.docs_dir / "gx" / "uncommitted" / "data_docs" / "local_site" / "index.html"
    place = index.relative_to(nightly.settings.home / "docs").as_posix()
    return dg.MetadataValue.url(f"{nightly.settings.docs_url}/{place}")
