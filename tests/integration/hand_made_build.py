"""A build as small as publishing takes one, made by hand."""

from __future__ import annotations

from pathlib import Path

import duckdb
from delivery_home import Home

from pipelines.contracts.terms_log import TERM_COLUMNS
from pipelines.storage.connection import attach_database, open_connection


def build(home: Home, path: Path) -> None:
    """A build as far as publishing reads it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    conn: duckdb.DuckDBPyConnection = open_connection(home.settings, home.keys)
    attach_database(conn, path, home.keys)
    for schema in ("golden", "identity", "marts"):
        conn.execute(f"create schema warehouse.{schema}")
    conn.execute("create table warehouse.golden.customers as select 'C1' as customer_id")
    conn.execute(
        "create table warehouse.identity.identity_ledger_entries as "
        "select 'assign' as entry, 't' as token, 'C1' as customer_id"
    )
    conn.execute(
        "create table warehouse.identity.identity_match_model as select 'm' as model_id, 'f' as field, 1 as level, "
        "'l' as label, 0.5 as m, 0.5 as u, 0.0 as weight, true as is_exact, 'd' as description"
    )
    columns = ", ".join(f"null::{kind} as {name}" for name, kind in TERM_COLUMNS.items())
    conn.execute(
        f"create table warehouse.marts.acquisition_terms_history as select {columns}, null::date as known_until where false"
    )
    conn.close()
