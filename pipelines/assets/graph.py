"""Wires assets, checks, job, schedule and sensor of one home together; no logic."""

from __future__ import annotations

import dagster as dg

from pipelines.assets.changes import CHANGES_KEY, changes_asset
from pipelines.assets.dbt_manifest import ensure_manifest
from pipelines.assets.gates import gate_checks
from pipelines.assets.nightly import Nightly
from pipelines.assets.publish import published_asset
from pipelines.assets.raw import raw_assets
from pipelines.assets.warehouse import dbt_resource, warehouse_assets
from pipelines.contracts.load import load_contracts
from pipelines.schedules import landing_sensor, nightly_job, nightly_schedule
from pipelines.settings import Settings


def build_definitions(settings: Settings) -> dg.Definitions:
    """Everything that Dagster shows of one home."""
    contracts = load_contracts(settings.home)
    raw = raw_assets(contracts)
    models = warehouse_assets(ensure_manifest(), contracts)
    model_keys = sorted(key for part in models for key in part.keys if key.path[0] in ("golden", "marts"))
    job = nightly_job()
    return dg.Definitions(
        assets=[
            *raw,
            changes_asset([asset.key for asset in raw]),
            *models,
            published_asset([key for key in model_keys if key != CHANGES_KEY]),
        ],
        asset_checks=gate_checks(contracts),
        jobs=[job],
        schedules=[nightly_schedule(job, settings)],
        sensors=[landing_sensor(job, settings)],
        resources={"nightly": Nightly(home=str(settings.home)), "dbt": dbt_resource()},
        executor=dg.in_process_executor,
    )
