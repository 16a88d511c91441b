"""Raw assets, one per contract: read what was delivered, check, quarantine, store once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import dagster as dg

from pipelines.assets.delivery_checks import DeliveryJudge, delivery_check_specs, shown
from pipelines.assets.layers import RAW_GROUP
from pipelines.assets.nightly import Nightly
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
    )
    def raw(context: dg.AssetExecutionContext, nightly: Nightly):
        judge = DeliveryJudge(nightly.settings, nightly.keys, read_acceptances(nightly.settings.home))
        result, told = _read(context, nightly, source_id, judge)
        results = [told, *(judge.results_of(source_id, contract.kind) if contract else ())]
        write_results(nightly.settings.home, nightly.run_id, f"delivery-{source_id}", results)
        return result._replace(check_results=[shown(one) for one in results])

    return raw


def _read(
    context: dg.AssetExecutionContext, nightly: Nightly, source_id: str, judge: DeliveryJudge
) -> tuple[dg.MaterializeResult[Any], CheckResult]:
    """Take what lies at the source; what to show of it, and what its delivery check says."""
    current, problems = _current_contract(nightly.contracts(), source_id)
    if current is None:
        return dg.MaterializeResult(), _broken(context, source_id, problems)
    if not current.active:
        context.log.info(f"{source_id}: its contract is a draft or retired; it is checked, but not read.")
        shown_status = {"contract_status": "not active: checked, but not read"}
        return dg.MaterializeResult(metadata=shown_status), _delivery_result(source_id)
    report = ingest_source(
        current,
        nightly.settings,
        nightly.keys,
        nightly.started_at.replace(tzinfo=None),
        nightly.database(),
        judge,
    )
    return dg.MaterializeResult(metadata=_metadata(report)), _delivery_result(source_id, report)


def _current_contract(contracts: ContractSet, source_id: str) -> tuple[Contract | None, list[Problem]]:
    # Read again in the run: the file may have changed since the code location was loaded.
    found = next((contract for contract in contracts.contracts if contract.id == source_id), None)
    return found, [problem for problem in contracts.problems if problem.source_id == source_id]


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
    if rows:
        metadata["deliveries"] = dg.MetadataValue.table(rows)
    return metadata


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
