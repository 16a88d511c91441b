"""The dbt-duckdb plugin that prepares every dbt connection: key, encrypted warehouse, raw and state, SQL functions.

With it a plain `dbt build` in dbt_project/ needs neither flags nor exports.
"""

from __future__ import annotations

import os
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from pipelines.settings import load_settings
from pipelines.storage.keys import load_keys
from pipelines.warehouse import WAREHOUSE_VARIABLE, begin_dev_file, prepare_warehouse, warehouse_path


class Plugin(BasePlugin):
    """Named `Plugin` because dbt-duckdb looks for that name."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        self.settings = load_settings()

    def update_connection_config(self, creds: Any, config: dict[str, Any]) -> None:
        # The profile names the attachment so that dbt accepts the database name; the real path and key are ours.
        self._credentials, self._attachments = creds, creds.attach
        creds.attach = []
        config.update(memory_limit=self.settings.duckdb_memory_limit, threads=self.settings.threads)

    def configure_cursor(self, cursor: Any) -> None:
        # As they were: dbt compares them with the next command's, and keeps the connection where they are the same.
        self._credentials.attach = self._attachments

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        keys = load_keys(self.settings)  # here, not earlier: parsing must work without a key file
        path = warehouse_path(self.settings)
        if WAREHOUSE_VARIABLE not in os.environ:
            begin_dev_file(self.settings.home)
        prepare_warehouse(conn, self.settings, keys, path)
