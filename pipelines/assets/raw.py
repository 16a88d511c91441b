"""Raw assets, one per contract: read what was delivered, check, quarantine, store once.

An asset is materialised by a run in which a delivery was stored, and only then: so Dagster's own freshness follows what a
source delivers. Without one the run leaves an observation.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import dagster as dg

from pipelines.assets.delivery_checks import DeliveryJudge, delivery_check_specs
from pipelines.assets.layers import RAW_GROUP
from pipelines.assets.nightly import Nightly
from pipelines.assets.readings import keep_reading
from pipelines.assets.shown_results import shown
from pipelines.contracts.load import ContractSet, Problem
from pipelines.contracts.model import Contract
from pipelines.contracts.render import format_problems
from pipelines.errors import ContractError
from pipelines.ingest.acceptance import read_acceptances
from pipelines.ingest.report import SourceReport
from pipelines.ingest.source import ingest_source
from pipelines.quality.delivery import LAYER
from pipelines.quality.results import CheckResult
from pipelines.quality.run_record import write_results

DELIVERY_CHECK = "delivery"
BROKEN = "broken contract:"
# An output that is left out would skip `changes` and the checks of all sources; with this mark, the one that Dagster's own
# observations use, an output goes on to them and counts as no materialisation. Guarded by a test.
_NO_MATERIALIZATION = "__source_asset_observation__"
_RETRY = dg.RetryPolicy(max_retries=2, delay=10, backoff=dg.Backoff.EXPONENTIAL)


def raw_key(source_id: str) -> dg.AssetKey:
    return dg.AssetKey(["raw", source_id])


def raw_assets(contracts: ContractSet) -> list[dg.AssetsDefinition]:
    """One asset per readable contract and one per broken one, so that a broken contract is seen and harms nobody else."""
    readable = [_raw_asset(contract.id, contract) for contract in contracts.contracts]
    ids = {contract.id for contract in contracts.contracts}
    broken = {problem.source_id for problem in contracts.problems if problem.source_id not in ids}
    return readable + [_raw_asset(source_id, None) for source_id in sorted(broken)]


def _raw_asset(source_id: str, contract: Contract | None) -> dg.AssetsDefinition:
    key = raw_key(source_id)

    @dg.asset(
        key=key,
        group_name=RAW_GROUP,
        kinds={"parquet"},
        description=contract.name
        if contract
        else "The contract of this source is broken; see the delivery check.",
        metadata=_contract_metadata(contract) if contract else {},
        freshness_policy=_freshness(contract) if contract else None,
        check_specs=[
            dg.AssetCheckSpec(
                DELIVERY_CHECK, asset=key, description="Contract and deliveries of this source"
            ),
            *(delivery_check_specs(key) if contract else ()),
        ],
        retry_policy=_RETRY,
        dagster_type=dg.Nothing,
    )
    def raw(context: dg.AssetExecutionContext, nightly: Nightly) -> Iterator[Any]:
        current, problems = _current_contract(nightly.contracts(), source_id)
        judge = DeliveryJudge(nightly.settings, nightly.keys, read_acceptances(nightly.settings.home))
        report = _ingest(current, nightly, judge) if current is not None and current.active else None
        keep_reading(nightly, source_id, current, problems, report)
        told = _delivery_result(source_id, report) if current else _broken(context, source_id, problems)
        results = [told, *(judge.results_of(source_id, contract.kind) if contract else ())]
        write_results(nightly.settings.home, nightly.run_id, f"delivery-{source_id}", results)
        yield from (shown(one) for one in results)
        if current is None:
            yield _nothing_new()
        elif report is None:
            context.log.info(f"{source_id}: its contract is a draft or retired; it is checked, but not read.")
            yield from _observed(key, {"contract_status": "not active: checked, but not read"})
        elif any(delivery.status == "accepted" for delivery in report.deliveries):
            yield dg.Output(None, metadata=_metadata(report))
        else:
            yield from _observed(key, _metadata(report))

    return raw


def _current_contract(contracts: ContractSet, source_id: str) -> tuple[Contract | None, list[Problem]]:
    # Read again in the run: the file may have changed since the code location was loaded.
    found = next((contract for contract in contracts.contracts if contract.id == source_id), None)
    return found, [problem for problem in contracts.problems if problem.source_id == source_id]


def _ingest(contract: Contract, nightly: Nightly, judge: DeliveryJudge) -> SourceReport:
    loaded_at = nightly.started_at.replace(tzinfo=None)
    return ingest_source(contract, nightly.settings, nightly.keys, loaded_at, nightly.database(), judge)


def _observed(key: dg.AssetKey, metadata: dict[str, Any]) -> Iterator[Any]:
    yield dg.AssetObservation(key, metadata=metadata)
    yield _nothing_new()


def _nothing_new() -> dg.Output[None]:
    return dg.Output(None, metadata={_NO_MATERIALIZATION: True})


def _broken(context: dg.AssetExecutionContext, source_id: str, problems: list[Problem]) -> CheckResult:
    told = format_problems(problems) or str(ContractError(f"The contract of {source_id} is no longer there."))
    context.log.error(told)
    return replace(
        _delivery_result(source_id),
        passed=False,
        told=f"{BROKEN}\n{told}",
        remedy="Mend the contract; `ucv check` tells where",
    )


def _delivery_result(source_id: str, report: SourceReport | None = None) -> CheckResult:
    """Whether every file of the source was taken. Never blocking: that would stop what is downstream of all sources."""
    refused = [one for one in report.deliveries if one.status == "refused"] if report else []
    return CheckResult(
        asset=f"raw/{source_id}",
        name=DELIVERY_CHECK,
        layer=LAYER,
        severity="fail",
        description="The contract can be used, and every file of the source was taken",
        remedy="Have the refused file delivered again, or mend the contract",
        owner="data steward",
        passed=not refused,
        told="; ".join(f"{one.file_name}: {one.error_code}: {one.error_message}" for one in refused),
    )


def _metadata(report: SourceReport) -> dict[str, Any]:
    rows = [
        dg.TableRecord(
            {
                "file": delivery.file_name,
                "status": delivery.status,
                "rows_in": delivery.rows_in,
                "accepted": delivery.accepted,
                "quarantined": delivery.quarantined,
                "duplicate": delivery.duplicate,
                "told": delivery.error_message or "; ".join(delivery.warnings),
            }
        )
        for delivery in report.deliveries
    ]
    metadata: dict[str, Any] = {
        "rows_in": report.rows_in,
        "accepted": report.accepted,
        "quarantined": report.quarantined,
        "duplicate": report.duplicate,
        "reasons": dg.MetadataValue.json(report.reasons),
        "repairs": dg.MetadataValue.json(report.repairs),
        "absent_columns": dg.MetadataValue.json(report.absent),
    }
    return metadata | ({"deliveries": dg.MetadataValue.table(rows)} if rows else {})


def _contract_metadata(contract: Contract) -> dict[str, Any]:
    return {
        "kind": contract.kind,
        "channel": contract.channel,
        "acquisition_mode": contract.terms.acquisition_mode,
        "path": contract.server.path,
        "contract_version": contract.version,
    }


def _freshness(contract: Contract) -> Any:
    hours = (contract.sla.frequency_hours or 0) + (contract.sla.latency_hours or 0)
    return dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=hours)) if hours else None
