"""The working file of the published version: identity tables with all their parts, for the people who ask why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.errors import UcvError
from pipelines.matching.specification import match_specification
from pipelines.publishing.version import current_manifest
from pipelines.settings import Settings
from pipelines.storage.connection import connect
from pipelines.storage.keys import Keys
from pipelines.warehouse import prepare_warehouse


@contextmanager
def working_file(settings: Settings, keys: Keys) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the version's build as `warehouse` and today's state beside it.

    Raises UcvError when nothing is published or the working file is gone.
    """
    path = working_path(settings)
    conn = connect(settings)
    try:
        prepare_warehouse(conn, settings, keys, path)
        yield conn
    finally:
        conn.close()


def working_path(settings: Settings) -> Path:
    """The working file itself. Raises UcvError when nothing is published or the file is gone."""
    manifest = current_manifest(settings.home)
    if manifest is None:
        raise UcvError("Nothing is published yet; run `ucv run` first.")
    path = settings.home / "warehouse" / "builds" / manifest.build_id / "warehouse.duckdb"
    if not path.exists():
        raise UcvError(
            "The working file of this version is gone; run `ucv run --full-refresh` and ask again."
        )
    return path


def weights_sql() -> str:
    """Every weighed pair of profiles with its levels, weights and parts: candidates, and the pairs that close components."""
    specification = match_specification()
    parts = ", ".join(f"{field}_level, {field}_weight" for field in specification.fields)
    guards = ", ".join(specification.guard_columns)
    columns = (
        f"profile_a, profile_b, entity_type, is_swapped, {parts}, prior_weight, name_correction, {guards}, "
    )
    columns += "match_weight, is_conflict, vote"
    return " UNION ALL ".join(
        f"SELECT {columns} FROM warehouse.identity.{name}"
        for name in ("identity_match_weights", "identity_closure_weights")
    )
