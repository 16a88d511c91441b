"""The gates as asset checks: one Dagster check per rule; a failed rule of severity fail stops what comes after."""

from collections.abc import Iterator, Sequence

import dagster as dg
import duckdb

from pipelines.assets.judged_build import judged_of, verdicts_dir
from pipelines.assets.layers import DBT_SETS, DbtSet
from pipelines.assets.nightly import Nightly
from pipelines.assets.run_report import gx_link, gx_site, page_link
from pipelines.assets.shown_results import shown
from pipelines.publishing.history import rolled_back_versions
from pipelines.publishing.version import current_manifest
from pipelines.quality.gate import run_gate
from pipelines.quality.published import (
    AS_USUAL,
    DESCRIPTION,
    OWNER,
    REMEDY,
    judge_shapes,
    past_shapes,
    shapes_of,
)
from pipelines.quality.published_classes import class_frames
from pipelines.quality.results import CheckResult
from pipelines.quality.rules import rules_of
from pipelines.quality.run_record import write_results
from pipelines.quality.verdict import write_verdict

CUSTOMERS = "golden.customers"


def gate_checks(published: Sequence[dg.AssetKey]) -> list[dg.AssetChecksDefinition]:
    """The gate after each part of the dbt graph; the last one also looks at every table that readers will see."""
    return [_layer_gate(part, published if part is DBT_SETS[-1] else ()) for part in DBT_SETS]


def _layer_gate(part: DbtSet, tables: Sequence[dg.AssetKey]) -> dg.AssetChecksDefinition:
    key = dg.AssetKey([*part.gated_asset])
    specs = [
        dg.AssetCheckSpec(rule.name, asset=key, description=rule.description, blocking=rule.severity == "fail",
                          metadata={"severity": rule.severity, "owner": rule.owner, "remedy": rule.remedy, "reason": rule.reason})
        for rule in rules_of(part.gate)
    ]  # fmt: skip
    usual = {"severity": "warn", "owner": OWNER, "remedy": REMEDY}
    specs += [
        dg.AssetCheckSpec(AS_USUAL, asset=one, description=DESCRIPTION, metadata=usual) for one in tables
    ]

    @dg.multi_asset_check(name=f"{part.gate}_gate", specs=specs, can_subset=True)
    def gate(context: dg.AssetCheckExecutionContext, nightly: Nightly) -> Iterator[dg.AssetCheckResult]:
        asked = context.selected_asset_check_keys
        with nightly.warehouse() as conn:
            ruled = _ruled(part, conn, nightly) if any(one.name != AS_USUAL for one in asked) else []
            usual = _against_the_past(conn, nightly) if tables else []
        if not nightly.build.is_dev:  # nothing is published from there
            if ruled:
                write_verdict(verdicts_dir(nightly), part.gate, judged_of(nightly, part), ruled)
            write_results(nightly.settings.home, nightly.run_id, f"gate-{part.gate}", [*ruled, *usual])
        for result in [*ruled, *usual]:
            if dg.AssetCheckKey(dg.AssetKey(result.asset.split("/")), result.name) in asked:
                yield shown(result, page_link(nightly), gx_link(nightly))

    return gate


def _ruled(part: DbtSet, conn: duckdb.DuckDBPyConnection, nightly: Nightly) -> list[CheckResult]:
    manifest = current_manifest(nightly.settings.home)
    seen = manifest.tables.get(CUSTOMERS) if manifest else None
    return run_gate(
        part.gate,
        conn,
        "/".join(part.gated_asset),
        published_customers=seen.rows if seen else None,
        largest_loss=nightly.settings.largest_customer_loss,
        site=gx_site(nightly),
    )


def _against_the_past(conn: duckdb.DuckDBPyConnection, nightly: Nightly) -> list[CheckResult]:
    past = past_shapes(nightly.settings.home, rolled_back_versions(nightly.settings.home))
    frames = class_frames(conn)
    return judge_shapes(shapes_of(conn, frames), past, nightly.as_of.weekday(), frames, gx_site(nightly))
