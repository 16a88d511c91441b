"""Wires assets, checks, jobs, schedule and sensors of one home together; no logic."""

from __future__ import annotations

from typing import Any

import dagster as dg

from pipelines.assets.changes import changes_asset
from pipelines.assets.freshness import freshness_checks
from pipelines.assets.gates import gate_checks
from pipelines.assets.nightly import Nightly
from pipelines.assets.raw import raw_assets
from pipelines.assets.raw_by_day import raw_by_day_assets
from pipelines.assets.run_options import RunOptions
from pipelines.contracts.load import ContractSet, load_contracts
from pipelines.publishing.contracts_in_force import contracts_in_force
from pipelines.schedules import (
    BACKFILL_JOB,
    BUILD_JOB,
    NIGHTLY_JOB,
    build_sensor,
    landing_sensor,
    nightly_schedule,
)
from pipelines.settings import Settings


def night_definitions(settings: Settings) -> dg.Definitions:
    """What every night runs: sources are read and judged, and `changes` says whether there is anything to build."""
    return _night(settings, load_contracts(settings.home))


def backfill_definitions(settings: Settings) -> dg.Definitions:
    """What `ucv run --since` runs before its night: stored deliveries taken again."""
    options, nightly = _resources(settings)
    return dg.Definitions(
        assets=raw_by_day_assets(load_contracts(settings.home), settings),
        jobs=[BACKFILL_JOB],
        resources={"run_options": options, "nightly": nightly},
        executor=dg.in_process_executor,
    )


def build_definitions(settings: Settings) -> dg.Definitions:
    """Everything that Dagster shows of one home: the night, and the build that follows when there is news."""
    # dbt's manifest takes a second: a night without news needs none of these.
    from pipelines.assets.dbt_manifest import read_manifest_json  # noqa: PLC0415
    from pipelines.assets.dbt_specs import DbtSpecs  # noqa: PLC0415
    from pipelines.assets.publish import published_asset  # noqa: PLC0415
    from pipelines.assets.run_alerts import alert_sensors  # noqa: PLC0415
    from pipelines.assets.warehouse import warehouse_assets  # noqa: PLC0415

    contracts = load_contracts(settings.home)
    specs = DbtSpecs(read_manifest_json(), contracts)
    models = warehouse_assets(specs)
    shown = sorted(key for part in models for key in part.keys if key.path[0] in ("golden", "marts"))
    return dg.Definitions.merge(
        _night(settings, contracts),
        dg.Definitions(
            assets=[*models, published_asset(shown), *raw_by_day_assets(contracts, settings)],
            asset_checks=gate_checks(specs.published()),
            jobs=[BUILD_JOB, BACKFILL_JOB],
            schedules=[nightly_schedule(NIGHTLY_JOB, settings)],
            sensors=[
                landing_sensor(NIGHTLY_JOB, settings),
                build_sensor(settings),
                *alert_sensors([NIGHTLY_JOB, BUILD_JOB], settings),
            ],
        ),
    )


def _night(settings: Settings, contracts: ContractSet) -> dg.Definitions:
    changed = contracts_in_force(settings.home, contracts).comparisons.values()
    raw = raw_assets(contracts, [change.source_id for change in changed if change.is_gone])
    options, nightly = _resources(settings)
    return dg.Definitions(
        assets=[*raw, changes_asset([asset.key for asset in raw])],
        asset_checks=[freshness_checks([contract.id for contract in contracts.contracts])],
        jobs=[NIGHTLY_JOB],
        resources={"run_options": options, "nightly": nightly},
        executor=dg.in_process_executor,
    )


def _resources(settings: Settings) -> tuple[Any, Nightly]:
    options = RunOptions.configure_at_launch()
    return options, Nightly(home=str(settings.home), options=options)
