"""What models, gates and publishing find on a connection: sources, SQL functions, the as-of date and the build.

It composes the pure packages. dbt's plugin uses it as well, so that dbt and Dagster see one and the same.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import duckdb

from pipelines.contracts.load import ContractSet, load_contracts
from pipelines.contracts.source_table import create_source_table
from pipelines.contracts.terms_log import create_terms_table
from pipelines.goals.table import create_goal_table
from pipelines.identity.state import create_state_views
from pipelines.ingest.raw_store import create_raw_views
from pipelines.publishing.built_contracts import CONTRACTS, kept_contracts
from pipelines.publishing.contracts_in_force import contracts_in_force
from pipelines.publishing.kept_build import create_news
from pipelines.publishing.layout import builds_dir, warehouse_dir
from pipelines.publishing.version import current_manifest
from pipelines.settings import Settings
from pipelines.storage.connection import attach_database, prepare_connection
from pipelines.storage.keys import Keys
from pipelines.storage.standardised import create_kept_views

WAREHOUSE_VARIABLE = "UCV_WAREHOUSE"
RETRAIN_VARIABLE = "UCV_RETRAIN"
"""Set by `ucv train` for its own dbt child: the stored match model is left out of sight and a new one trained."""


def prepare_warehouse(conn: duckdb.DuckDBPyConnection, settings: Settings, keys: Keys, path: Path) -> None:
    """Make a connection what models and gates expect: its sources, and the build attached as `warehouse`."""
    prepare_sources(conn, settings, keys, path.parent)
    path.parent.mkdir(parents=True, exist_ok=True)
    attach_database(conn, path, keys)
    create_news(conn, path.parent)


def prepare_sources(
    conn: duckdb.DuckDBPyConnection, settings: Settings, keys: Keys, build: Path | None = None
) -> None:
    """Functions, as-of date, raw, contracts, goals, state and values kept from the last night, without a build.

    The contracts are those that `build` (a folder) began with, where it kept any, else those in force now.
    """
    prepare_connection(conn, settings, keys)
    conn.execute(f"CREATE OR REPLACE MACRO memory.main.as_of_date() AS DATE '{settings.today().isoformat()}'")
    create_raw_views(conn, settings.home)
    create_source_table(conn, _contracts(settings.home, build))
    create_goal_table(conn, settings.home)
    create_terms_table(conn, settings.home)
    create_state_views(conn, settings.home, stored_model=not os.environ.get(RETRAIN_VARIABLE))
    create_kept_views(conn, settings.home)


def _contracts(home: Path, build: Path | None) -> ContractSet:
    if build is not None and kept_contracts(build):
        return load_contracts(home, build / CONTRACTS)
    return contracts_in_force(home).build


def warehouse_path(settings: Settings) -> Path:
    """The database that this process builds: the run's own (UCV_WAREHOUSE), else the data engineer's dev file."""
    given = os.environ.get(WAREHOUSE_VARIABLE)
    return Path(given) if given else dev_path(settings.home)


def dev_path(home: Path) -> Path:
    """The data engineer's own file, in which a plain `dbt build` and single assets are made."""
    return warehouse_dir(home) / "dev" / "warehouse.duckdb"


def begin_dev_file(home: Path) -> None:
    """Let a first model, test or `dbt show` find tables: dev begins as a copy of the published version's build."""
    manifest, path = current_manifest(home), dev_path(home)
    if path.exists() or manifest is None:
        return
    built = builds_dir(home) / manifest.build_id / "warehouse.duckdb"
    if built.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f".{path.name}.{os.getpid()}")
        shutil.copyfile(built, half)
        half.replace(path)
