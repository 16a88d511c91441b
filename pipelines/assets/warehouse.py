"""The dbt models as assets: one dbt graph, run in three parts with a gate after each."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from pipelines.assets.dbt_process import FAILED, NodeOutcome, PartOutcome, build_part
from pipelines.assets.dbt_specs import DbtSpecs
from pipelines.assets.judged_build import forget_later_verdicts, part_dir
from pipelines.assets.layers import DBT_SETS, DbtSet
from pipelines.assets.nightly import Nightly
from pipelines.assets.prediction_evidence import prediction_evidence
from pipelines.assets.table_facts import broken_rules, layer_evidence, table_facts
from pipelines.publishing.kept_build import has_new_rows
from pipelines.quality.results import CheckResult
from pipelines.quality.run_record import write_results
from pipelines.settings import DBT_PROJECT_DIR
from pipelines.storage.standardised import keep_standardised

_MOST_TOLD = 5  # failed nodes that a message names
_TELL_SECONDS = 2.0  # a part that runs long says how far it is, and each line is an event to store


def warehouse_assets(specs: DbtSpecs) -> list[dg.AssetsDefinition]:
    """One asset per dbt model and seed, with every dbt test as a check."""
    return [_dbt_set(part, specs) for part in DBT_SETS]


def _dbt_set(part: DbtSet, specs: DbtSpecs) -> dg.AssetsDefinition:
    assets, checks = specs.assets_of(part), specs.checks_of(part)

    @dg.multi_asset(name=part.name, specs=assets, check_specs=checks, can_subset=True)
    def models(context: dg.AssetExecutionContext, nightly: Nightly) -> Iterator[Any]:
        build, is_whole = nightly.build, _is_whole(context, assets)
        if part is DBT_SETS[0] and is_whole and build.publishes:
            outdated = nightly.why_outdated()
            if outdated is not None:
                context.log.info(f"{outdated} Nothing is built; readers keep their version.")
                return
            nightly.begin_build()
        told = build.begin_part(part.name, is_whole=is_whole)
        if told:
            context.log.info(told)
        forget_later_verdicts(nightly, part)
        target = part_dir(nightly, part)
        target.mkdir(parents=True, exist_ok=True)
        with nightly.dbt_environment():
            outcome = build_part(
                _selection(context, part, assets), target, _teller(context, len(assets) + len(checks))
            )
        with nightly.warehouse() as conn:
            if outcome.is_good and not build.is_dev:
                if part.is_standardising and is_whole and has_new_rows(nightly.build_dir):
                    keep_standardised(conn, nightly.settings.home)
                build.end_part(part.name)
            results = list(_results(outcome, specs, conn, {"warehouse": "dev"} if build.is_dev else {}))
        write_results(nightly.settings.home, nightly.run_id, f"dbt-{part.name}", _kept(results))
        yield from results
        if not outcome.is_good:
            told = failure_told(outcome, target, nightly.settings.home, is_dev=build.is_dev)
            raise dg.Failure(told, allow_retries=False)

    return models


def _is_whole(context: dg.AssetExecutionContext, assets: list[dg.AssetSpec]) -> bool:
    return len(context.selected_asset_keys) == len(assets)


def _selection(
    context: dg.AssetExecutionContext, part: DbtSet, assets: list[dg.AssetSpec]
) -> list[str] | str:
    if _is_whole(context, assets):
        return part.name
    tables = {key.path[-1] for key in context.selected_asset_keys}
    return sorted(tables | {key.name for key in context.selected_asset_check_keys})


def _teller(context: dg.AssetExecutionContext, total: int) -> Any:
    """Logs, now and then, how many of the part's models and tests have ended, for the terminal and the page of the run."""
    last = time.monotonic()

    def tell(node: NodeOutcome, count: int) -> None:
        nonlocal last
        if time.monotonic() - last >= _TELL_SECONDS:
            last = time.monotonic()
            context.log.info(f"{count} of {total}: {node.unique_id.split('.')[2]}")

    return tell


def _results(
    outcome: PartOutcome, specs: DbtSpecs, conn: duckdb.DuckDBPyConnection, more: dict[str, Any]
) -> Iterator[Any]:
    """Materialisations of what was built and results of what was tested; nothing of what dbt skipped."""
    facts = table_facts(
        conn, [specs.key(n.unique_id).path[-1] for n in outcome.nodes if not specs.is_test(n.unique_id)]
    )
    for node in outcome.nodes:
        if specs.is_test(node.unique_id):
            if node.status != "skipped":
                yield _check(node, specs, conn)
        elif node.is_good:
            key = specs.key(node.unique_id)
            shown = {
                **facts.get(key.path[-1], {}),
                **layer_evidence(conn, key),
                **prediction_evidence(conn, key),
                "seconds": node.seconds,
                **more,
            }
            yield dg.MaterializeResult(asset_key=key, metadata=shown)


def _check(node: NodeOutcome, specs: DbtSpecs, conn: duckdb.DuckDBPyConnection) -> dg.AssetCheckResult:
    key = specs.check_key(node.unique_id)
    broken = {} if node.status == "pass" else broken_rules(conn, node.compiled_sql)
    return dg.AssetCheckResult(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=node.status == "pass",
        severity=dg.AssetCheckSeverity.WARN if node.status == "warn" else dg.AssetCheckSeverity.ERROR,
        description="; ".join(f"{rule} ({rows:,} rows)" for rule, rows in broken.items()) or None,
        metadata={"broken": dg.MetadataValue.json(broken)} if broken else {},
    )


def _kept(results: list[Any]) -> list[CheckResult]:
    """dbt's tests as the run's record holds them."""
    return [
        CheckResult(
            asset="/".join(one.asset_key.path), name=one.check_name, layer="dbt",
            severity="fail" if one.severity == dg.AssetCheckSeverity.ERROR else "warn",
            description="Keys, relations and logic of the table hold (dbt)", passed=one.passed,
            remedy=f"Look at the rows that break the test: dbt test --select {one.check_name}", owner="data engineer",
            told=one.description or "",
        )
        for one in results if isinstance(one, dg.AssetCheckResult)
    ]  # fmt: skip


def failure_told(outcome: PartOutcome, target: Path, home: Path, *, is_dev: bool) -> str:
    """Which models and tests failed, why, and the command that shows more; dbt's own messages stay in the build, they may
    quote data."""
    failed = [node for node in outcome.nodes if node.status in FAILED]
    if not failed:
        return f"dbt did not finish. Its log is {target / 'dbt.log'}. Readers keep the last good version."
    names = [node.unique_id.split(".")[2] for node in failed]
    lines = [f"{name}: {node.cause}" for name, node in zip(names[:_MOST_TOLD], failed, strict=False)]
    more = f"; and {len(failed) - _MOST_TOLD} more" if len(failed) > _MOST_TOLD else ""
    verb = "test" if all(node.status == "fail" for node in failed) else "build"
    dbt = Path(sys.executable).with_name("dbt")
    command = f"cd {DBT_PROJECT_DIR} && UCV_HOME={home} {dbt} {verb} --select {' '.join(names[:_MOST_TOLD])}"
    hint = (
        " What they read in dev may be missing or old: pick what is upstream as well (+NAME), or remove the dev file, which then "
        "begins as a copy of what is published."
    )
    return (
        f"dbt: {len(failed)} of {len(outcome.nodes)} nodes failed: {'; '.join(lines)}{more}. "
        f"`{command}` shows it whole, values included. Readers keep the last good version.{hint if is_dev else ''}"
    )
