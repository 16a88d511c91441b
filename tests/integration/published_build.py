"""The build behind a published version, with the layers that readers do not see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.publishing.layout import DATABASE, builds_dir
from pipelines.publishing.version import current_manifest
from pipelines.settings import Settings
from pipelines.storage.connection import attach_database, open_connection
from pipelines.storage.keys import load_keys


def build_of(settings: Settings) -> Path:
    manifest = current_manifest(settings.home)
    assert manifest is not None
    return builds_dir(settings.home) / manifest.build_id


@contextmanager
def warehouse(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published version's build, attached as `warehouse`."""
    conn = open_connection(settings, load_keys(settings))
    try:
        attach_database(conn, build_of(settings) / DATABASE, load_keys(settings))
        yield conn
    finally:
        conn.close()
