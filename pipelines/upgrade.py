"""Bringing a home of an earlier release to the form that this code writes: one small step per number.

A step may be killed at any point and is then done once more: it changes only what still lacks the new form, each file in one
step, and the home's number moves last.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.ingest.manifests import Manifest, list_deliveries, manifest_path, parquet_path, write_manifest
from pipelines.publishing.locks import home_lock
from pipelines.settings import Settings
from pipelines.storage.connection import open_connection, read_parquet_sql
from pipelines.storage.home import ensure_instance
from pipelines.storage.home_version import HOME_VERSION, home_version, refuse_newer, write_home_version
from pipelines.storage.keys import Keys

_UNTOLD: dict[str, Any] = {
    "repairs": {}, "header": [], "absent_columns": [], "extra_columns": [], "first_event_at": None, "latest_event_at": None,
    "origin": {},
}  # fmt: skip
"""What manifests of earlier releases do not tell, and what then stands for it."""


def upgrade_home(settings: Settings, keys: Keys) -> str | None:
    """Take a home to `HOME_VERSION`; returns a sentence for whoever ran it, None when there was nothing to do.

    Holds the home's lock. Raises SettingsError for a home of a later release, HomeBusyError while a run holds it.
    """
    refuse_newer(settings.home)
    begun = home_version(settings.home)
    if begun == HOME_VERSION:
        return None
    with home_lock(settings):
        for number in range(home_version(settings.home), HOME_VERSION):
            STEPS[number](settings, keys)
            write_home_version(settings.home, number + 1)
    return f"The home was upgraded from form {begun} to {HOME_VERSION}; what lies in it is kept."


def _complete_manifests(settings: Settings, keys: Keys) -> None:
    """Form 2: a manifest tells when its delivery was loaded, from which its terms count, and has every key that is read."""
    ensure_instance(settings.home)
    with open_connection(settings, keys) as conn:
        for manifest in list_deliveries(settings.home):
            if "loaded_at" not in manifest or any(name not in manifest for name in _UNTOLD):
                told = {**_UNTOLD, **manifest}
                told.setdefault("loaded_at", _loaded_at(conn, settings.home, manifest))
                write_manifest(settings.home, told)


def _loaded_at(conn: duckdb.DuckDBPyConnection, home: Path, manifest: Manifest) -> str:
    """As its rows tell; of a delivery without any, when its manifest was written, which was a little later."""
    rows = read_parquet_sql([parquet_path(home, manifest)])
    found = conn.execute(f"SELECT max(loaded_at) FROM {rows}").fetchone()
    if found and found[0] is not None:
        return str(found[0].isoformat())
    written = manifest_path(home, manifest).stat().st_mtime
    return datetime.fromtimestamp(written, UTC).replace(tzinfo=None).isoformat()


STEPS: dict[int, Callable[[Settings, Keys], None]] = {1: _complete_manifests}
"""From which number a step leads to the next."""
