"""Raw assets, one per contract: read what was delivered, check, quarantine, store once."""

from datetime import timedelta
from typing import Any

import dagster as dg

from pipelines.assets.layers import RAW_GROUP
from pipelines.assets.nightly import Nightly
from pipelines.contracts.load import ContractSet, Problem
from pipelines.contracts.model import Contract
from pipelines.contracts.render import format_problems
from pipelines.errors import ContractError, UcvError
from pipelines.ingest.report import SourceReport
from pipelines.ingest.source import ingest_source

DELIVERY_CHECK = "delivery"
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
            dg.AssetCheckSpec(DELIVERY_CHECK, asset=key, description="Contract and deliveries of this source")
        ],
        retry_policy=_RETRY,
    )
    def raw(context: dg.AssetExecutionContext, nightly: Nightly):
        current, problems = _current_contract(nightly.contracts(), source_id)
        if current is None:
            return _broken_result(context, source_id, problems)
        if not current.active:
            context.log.info(f"{source_id}: its contract is a draft or retired; it is checked, but not read.")
            return dg.MaterializeResult(
                metadata={"contract_status": "not active: checked, but not read"},
                check_results=[dg.AssetCheckResult(passed=True, check_name=DELIVERY_CHECK)],
            )
        try:
            report = ingest_source(
                current,
                nightly.settings,
                nightly.keys,
                nightly.started_at.replace(tzinfo=None),
                nightly.database(),
            )
        except UcvError as error:
            # A full disk or damaged raw is the same ten seconds later.
            raise dg.Failure(str(error), allow_retries=False) from None
        return _result(report)

    return raw


def _current_contract(contracts: ContractSet, source_id: str) -> tuple[Contract | None, list[Problem]]:
    # Read again in the run: the file may have changed since the code location was loaded.
    found = next((contract for contract in contracts.contracts if contract.id == source_id), None)
    return found, [problem for problem in contracts.problems if problem.source_id == source_id]


def _broken_result(
    context: dg.AssetExecutionContext, source_id: str, problems: list[Problem]
) -> dg.MaterializeResult[Any]:
    told = format_problems(problems) or str(ContractError(f"The contract of {source_id} is no longer there."))
    context.log.error(told)
    check = dg.AssetCheckResult(
        passed=False,
        check_name=DELIVERY_CHECK,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={"problems": dg.MetadataValue.md(f"```\n{told}\n```")},
    )
    return dg.MaterializeResult(check_results=[check])


def _result(report: SourceReport) -> dg.MaterializeResult[Any]:
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
    refused = [delivery for delivery in report.deliveries if delivery.status == "refused"]
    metadata: dict[str, Any] = {
        "rows_in": report.rows_in,
        "accepted": report.accepted,
        "quarantined": report.quarantined,
        "duplicate": report.duplicate,
        "reasons": dg.MetadataValue.json(report.reasons),
        "repairs": dg.MetadataValue.json(report.repairs),
        "absent_columns": dg.MetadataValue.json(report.absent),
        "added_columns": dg.MetadataValue.json(report.added),
    }
    if rows:
        metadata["deliveries"] = dg.MetadataValue.table(rows)
    check = dg.AssetCheckResult(
        passed=not refused,
        check_name=DELIVERY_CHECK,
        # Never blocking: a blocking failure on one source would stop everything downstream of all of them.
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={
            "refused": len(refused),
            "codes": ", ".join(sorted({d.error_code or "" for d in refused})),
            "absent_columns": dg.MetadataValue.json(report.absent),
            "added_columns": dg.MetadataValue.json(report.added),
        },
    )
    return dg.MaterializeResult(metadata=metadata, check_results=[check])


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
