"""Raw assets, one per contract: read what was delivered, check, quarantine, store once.

An asset is materialised by a run in which a delivery was stored, and only then: so Dagster's own freshness follows what a
source delivers. Without one the run leaves an observation.
"""

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any

import dagster as dg

from pipelines.assets.contract_check import check_contract, contract_spec, kept_contract, log_change
from pipelines.assets.delivery_checks import DeliveryJudge, delivery_check_specs
from pipelines.assets.layers import RAW_GROUP
from pipelines.assets.nightly import Nightly
from pipelines.assets.raw_results import (
    broken,
    check_facts,
    delivery_result,
    delivery_spec,
    reading_metadata,
    unread,
)
from pipelines.assets.readings import keep_reading
from pipelines.assets.run_report import gx_link, gx_site, page_link
from pipelines.assets.shown_results import shown
from pipelines.contracts.load import ContractSet, Problem
from pipelines.contracts.model import Contract
from pipelines.errors import UcvError
from pipelines.ingest.acceptance import read_acceptances
from pipelines.ingest.report import SourceReport
from pipelines.ingest.source import ingest_source
from pipelines.publishing.contract_comparison import Comparison
from pipelines.quality.results import CheckResult
from pipelines.quality.run_record import write_results

# An output that is left out would skip `changes` and the checks of all sources; with this mark, the one that Dagster's own
# observations use, an output goes on to them and counts as no materialisation. Guarded by a test.
_NO_MATERIALIZATION = "__source_asset_observation__"
_RETRY = dg.RetryPolicy(max_retries=2, delay=10, backoff=dg.Backoff.EXPONENTIAL)


def raw_key(source_id: str) -> dg.AssetKey:
    return dg.AssetKey(["raw", source_id])


def raw_assets(contracts: ContractSet, gone: Collection[str] = ()) -> list[dg.AssetsDefinition]:
    """One asset per readable contract and one per broken or `gone` one, so that it is seen and harms nobody else."""
    readable = [_raw_asset(contract.id, contract) for contract in contracts.contracts]
    ids = {contract.id for contract in contracts.contracts}
    unusable = {problem.source_id for problem in contracts.problems if problem.source_id not in ids}
    return readable + [_raw_asset(source_id, None) for source_id in sorted(unusable | set(gone))]


def _raw_asset(source_id: str, contract: Contract | None) -> dg.AssetsDefinition:
    key = raw_key(source_id)

    @dg.asset(
        key=key,
        group_name=RAW_GROUP,
        kinds={"parquet"},
        description=contract.name
        if contract
        else "The contract of this source is broken or gone; see its checks.",
        metadata=_contract_metadata(contract) if contract else {},
        freshness_policy=_freshness(contract) if contract else None,
        check_specs=[
            contract_spec(key),
            delivery_spec(key),
            *(delivery_check_specs(key) if contract else ()),
        ],
        retry_policy=_RETRY,
        dagster_type=dg.Nothing,
    )
    def raw(context: dg.AssetExecutionContext, nightly: Nightly) -> Iterator[Any]:
        current, problems = current_contract(nightly.contracts(), source_id)
        change = nightly.in_force().comparisons.get(source_id)
        compared = check_contract(nightly.in_force(), source_id)
        acceptances = read_acceptances(nightly.settings.home)
        judge = DeliveryJudge(nightly.settings, nightly.keys, acceptances, gx_site(nightly))
        is_read = current is not None and current.active and not _is_held(change)
        report = _ingest(current, nightly, judge) if current is not None and is_read else None
        keep_reading(nightly, source_id, current, problems, report)
        told = _told(context, source_id, current, change, problems, report)
        results = [told, *(judge.results_of(source_id, contract.kind) if contract else ())]
        kept = [kept_contract(source_id, compared), *results]
        write_results(nightly.settings.home, nightly.run_id, f"delivery-{source_id}", kept)
        page, gx = page_link(nightly), gx_link(nightly)
        yield compared
        for one in results:
            more = check_facts(report) if one is told else {}
            yield shown(one, page, gx if one.figures and not one.passed else None, more)
        noted = {} if current is None or _is_held(change) else log_change(nightly, change)
        yield from _outputs(key, report, _states(current, change) | noted)

    return raw


def _is_held(change: Comparison | None) -> bool:
    """Whether the source is not read because of its contract: stopped by a change, or gone for good."""
    return change is not None and (change.is_stopped or change.is_gone)


def _told(  # noqa: PLR0913, PLR0917 - what is known of one source
    context: dg.AssetExecutionContext,
    source_id: str,
    current: Contract | None,
    change: Comparison | None,
    problems: list[Problem],
    report: SourceReport | None,
) -> CheckResult:
    """What the delivery check says, and the log with it."""
    if change is not None and _is_held(change):
        if change.is_stopped:
            context.log.error(change.told)
        return unread(source_id, is_stopped=change.is_stopped)
    if current is None:
        result = broken(source_id, problems)
        context.log.error(result.told)
        return result
    if not current.active:
        context.log.info(f"{source_id}: its contract is a draft or retired; it is checked, but not read.")
    return delivery_result(source_id, report)


def _states(current: Contract | None, change: Comparison | None) -> dict[str, Any]:
    if change is not None and _is_held(change):
        return {"contract_change": change.state}
    if current is not None and not current.active:
        return {"contract_status": "not active: checked, but not read"}
    return {}


def _outputs(key: dg.AssetKey, report: SourceReport | None, told: dict[str, Any]) -> Iterator[Any]:
    metadata = (reading_metadata(report) if report else {}) | told
    if report and any(delivery.status == "accepted" for delivery in report.deliveries):
        yield dg.Output(None, metadata=metadata)
        return
    if metadata:
        yield dg.AssetObservation(key, metadata=metadata)
    yield dg.Output(None, metadata={_NO_MATERIALIZATION: True})


def current_contract(contracts: ContractSet, source_id: str) -> tuple[Contract | None, list[Problem]]:
    """The contract as it stands now, None when it is broken or gone, and what is wrong with it."""
    # Read again in the run: the file may have changed since the code location was loaded.
    found = next((contract for contract in contracts.contracts if contract.id == source_id), None)
    return found, [problem for problem in contracts.problems if problem.source_id == source_id]


def _ingest(contract: Contract, nightly: Nightly, judge: DeliveryJudge) -> SourceReport:
    loaded_at = nightly.started_at.replace(tzinfo=None)
    try:
        return ingest_source(
            contract,
            nightly.settings,
            nightly.keys,
            loaded_at,
            nightly.database(),
            judge,
            nightly.erased(),
        )
    except UcvError as error:
        # A full disk or damaged raw is the same ten seconds later.
        raise dg.Failure(str(error), allow_retries=False) from None


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
