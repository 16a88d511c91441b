"""Backfill: for each source the deliveries of a day, taken again from what is stored. A partition is a day of delivery.

Assets of their own beside raw's, because the night is not partitioned: it reads whatever came. Nobody runs them but a person,
from the graph, the job `backfill` or `ucv run --since`; a range of days is one run.
"""

import warnings
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import dagster as dg

from pipelines.assets.layers import BY_DAY, BY_DAY_GROUP
from pipelines.assets.nightly import Nightly
from pipelines.assets.raw import current_contract, raw_key
from pipelines.assets.raw_results import DELIVERY_CHECK, delivery_result, reading_metadata
from pipelines.contracts.load import ContractSet
from pipelines.contracts.model import Contract
from pipelines.errors import ContractError
from pipelines.ingest.manifests import list_deliveries
from pipelines.ingest.retaking import Days, retake_source
from pipelines.settings import Settings

_EARLIEST = date(2000, 1, 1)  # a file's time may be anything


def raw_by_day_assets(contracts: ContractSet, settings: Settings) -> list[dg.AssetsDefinition]:
    """One asset per readable contract, partitioned by the day, in the home's zone, on which a file was delivered."""
    days = delivery_days(settings)
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", dg.BetaWarning
        )  # of backfill_policy; nobody who reads it can do anything
        return [_asset(contract, days) for contract in contracts.contracts]


def by_day_key(source_id: str) -> dg.AssetKey:
    return dg.AssetKey([BY_DAY, source_id])


def delivery_days(settings: Settings) -> dg.DailyPartitionsDefinition:
    """From the first stored delivery to today, both included."""
    zone = ZoneInfo(settings.time_zone)
    told = [datetime.fromisoformat(manifest["delivered_at"]) for manifest in list_deliveries(settings.home)]
    first = min((moment.replace(tzinfo=UTC).astimezone(zone).date() for moment in told), default=None)
    today = datetime.now(zone).date()
    start = min(max(first or today, _EARLIEST), today)
    return dg.DailyPartitionsDefinition(
        start_date=start.isoformat(), timezone=settings.time_zone, end_offset=1
    )


def _asset(contract: Contract, days: dg.DailyPartitionsDefinition) -> dg.AssetsDefinition:
    key, source_id = by_day_key(contract.id), contract.id

    @dg.asset(
        key=key,
        deps=[raw_key(source_id)],
        partitions_def=days,
        backfill_policy=dg.BackfillPolicy.single_run(),
        group_name=BY_DAY_GROUP,
        kinds={"parquet"},
        description=f"{contract.name}: the files delivered on a day, taken again from their sealed originals with today's "
        "contract; their rows in raw are replaced. A build follows when any changed.",
        owners=["team:data-engineering"],
        check_specs=[
            dg.AssetCheckSpec(
                DELIVERY_CHECK,
                asset=key,
                description="Stored deliveries that were taken again",
                metadata={"severity": "fail"},
            )
        ],
    )
    def raw_by_day(context: dg.AssetExecutionContext, nightly: Nightly):
        current, _ = current_contract(nightly.contracts(), source_id)
        if current is None:
            raise ContractError(
                f"The contract of {source_id} is broken or gone; `ucv check` tells where. Its rows stay."
            )
        wanted = _days(context.partition_key_range, nightly.settings)
        report = retake_source(
            current, nightly.settings, nightly.keys, wanted, nightly.database(), nightly.erased()
        )
        replaced = sum(delivery.status == "replaced" for delivery in report.deliveries)
        unchanged = sum(delivery.status == "unchanged" for delivery in report.deliveries)
        context.log.info(
            f"{source_id}: of {len(report.deliveries)} deliveries {replaced} replaced, {unchanged} unchanged"
        )
        metadata = {**reading_metadata(report), "replaced": replaced, "unchanged": unchanged}
        files = metadata.pop("deliveries", None)
        told = delivery_result(source_id, report)
        # A range is materialised once for each of its days; the check is told once.
        check = dg.AssetCheckResult(
            passed=told.passed,
            check_name=DELIVERY_CHECK,
            severity=dg.AssetCheckSeverity.ERROR,
            description=told.told or None,
            metadata={"told": told.told, **({"deliveries": files} if files else {})},
        )
        return dg.MaterializeResult(metadata=metadata, check_results=[check])

    return raw_by_day


def _days(asked: dg.PartitionKeyRange, settings: Settings) -> Days:
    """A range that ends today has no end: a file's own time may lie ahead of the clock."""
    until = date.fromisoformat(asked.end)
    is_open = until >= datetime.now(ZoneInfo(settings.time_zone)).date()
    return Days(date.fromisoformat(asked.start), None if is_open else until, settings.time_zone)
