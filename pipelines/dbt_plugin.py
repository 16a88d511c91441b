"""The dbt-duckdb plugin that prepares every dbt connection: key, encrypted warehouse, raw and state, SQL functions.

It composes the pure packages, so that a plain `dbt build` in dbt_project/ needs neither flags nor exports.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from pipelines.contracts.load import load_contracts
from pipelines.contracts.source_table import create_source_table
from pipelines.identity.state import create_state_views
from pipelines.ingest.raw_store import create_raw_views
from pipelines.publishing.version import current_manifest
from pipelines.settings import Settings, load_settings
from pipelines.storage.connection import attach_database, prepare_connection
from pipelines.storage.keys import Keys, load_keys
from pipelines.storage.standardised import create_kept_views

WAREHOUSE_VARIABLE = "UCV_WAREHOUSE"
RETRAIN_VARIABLE = "UCV_RETRAIN"
"""Set by `ucv train` for its own dbt child: the stored match model is left out of sight and a new one trained."""


class Plugin(BasePlugin):
    """Named `Plugin` because dbt-duckdb looks for that name."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        self.settings = load_settings()

    def update_connection_config(self, creds: Any, config: dict[str, Any]) -> None:
        # The profile names the attachment so that dbt accepts the database name; the real path and key are ours.
        creds.attach = []
        config.update(memory_limit=self.settings.duckdb_memory_limit, threads=self.settings.threads)

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        keys = load_keys(self.settings)  # here, not earlier: parsing must work without a key file
        path = warehouse_path(self.settings)
        if WAREHOUSE_VARIABLE not in os.environ:
            begin_dev_file(self.settings.home, path)
        prepare_warehouse(conn, self.settings, keys, path)


def prepare_warehouse(conn: duckdb.DuckDBPyConnection, settings: Settings, keys: Keys, path: Path) -> None:
    """Make a connection what models and gates expect: its sources, and the build attached as `warehouse`."""
    prepare_sources(conn, settings, keys)
    path.parent.mkdir(parents=True, exist_ok=True)
    attach_database(conn, path, keys)


def prepare_sources(conn: duckdb.DuckDBPyConnection, settings: Settings, keys: Keys) -> None:
    """Functions, as-of date, raw, contracts, state and values kept from the last night, without a build."""
    prepare_connection(conn, settings, keys)
    conn.execute(f"CREATE OR REPLACE MACRO memory.main.as_of_date() AS DATE '{settings.today().isoformat()}'")
    create_raw_views(conn, settings.home)
    create_source_table(conn, load_contracts(settings.home))
    create_state_views(conn, settings.home, stored_model=not os.environ.get(RETRAIN_VARIABLE))
    create_kept_views(conn, settings.home)


def begin_dev_file(home: Path, path: Path) -> None:
    """Let a first `dbt show` or `dbt test` find tables: dev begins as a copy of the published version's build."""
    manifest = current_manifest(home)
    if path.exists() or manifest is None:
        return
    built = home / "warehouse" / "builds" / manifest.build_id / "warehouse.duckdb"
    if built.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f".{path.name}.{os.getpid()}")
        shutil.copyfile(built, half)
        half.replace(path)


def warehouse_path(settings: Settings) -> Path:
    """The database that this process builds: the run's own (UCV_WAREHOUSE), else the data engineer's dev file."""
    given = os.environ.get(WAREHOUSE_VARIABLE)
    return Path(given) if given else settings.home / "warehouse" / "dev" / "warehouse.duckdb"
