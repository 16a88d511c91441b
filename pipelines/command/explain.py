"""Why records belong to one customer: every pair of the customer with each field's level and weight in bits."""

from __future__ import annotations

import duckdb
from rich.console import Console
from rich.table import Table

from pipelines.dbt_plugin import prepare_warehouse
from pipelines.errors import UcvError
from pipelines.publishing.version import current_manifest
from pipelines.settings import Settings
from pipelines.storage.connection import connect
from pipelines.storage.keys import load_keys

FIELDS = ("family", "given", "full_name", "birth_date", "gender", "national_id", "other_id", "phone", "email", "address",
          "birth_place", "occupation", "organisation")  # fmt: skip


def explain(settings: Settings, target: str, console: Console) -> None:
    """`target`: a customer_id (also a retired one) or SOURCE:RECORD. Shows records and pair weights, no personal value.

    Raises UcvError when nothing is published, the target is unknown or the working file is gone.
    """
    manifest = current_manifest(settings.home)
    if manifest is None:
        raise UcvError("Nothing is published yet; run `ucv run` first.")
    path = settings.home / "warehouse" / "builds" / manifest.build_id / "warehouse.duckdb"
    if not path.exists():
        raise UcvError(
            "The working file of this version is gone; run `ucv run --full-refresh` and ask again."
        )
    conn = connect(settings)
    try:
        prepare_warehouse(conn, settings, load_keys(settings), path)
        customer_id = _customer(conn, target)
        _show_records(conn, customer_id, console)
        _show_pairs(conn, customer_id, console)
    finally:
        conn.close()


def _customer(conn: duckdb.DuckDBPyConnection, target: str) -> str:
    row = conn.execute(
        "SELECT customer_id FROM warehouse.golden.customer_xref WHERE customer_id = $1 OR record_id = $1 "
        "UNION ALL SELECT successor_id FROM warehouse.golden.customer_id_history WHERE customer_id = $1 LIMIT 1",
        [target],
    ).fetchone()
    if row is None or row[0] is None:
        raise UcvError(f"{target} is neither a customer_id nor a SOURCE:RECORD of the published version.")
    return str(row[0])


def _show_records(conn: duckdb.DuckDBPyConnection, customer_id: str, console: Console) -> None:
    rows = conn.execute(
        "SELECT x.record_id, r.profile_no FROM warehouse.golden.customer_xref AS x "
        "JOIN warehouse.identity.identity_records AS r USING (record_id) WHERE customer_id = ? ORDER BY ALL",
        [customer_id],
    ).fetchall()
    table = Table(title=f"{customer_id}: {len(rows)} records", title_justify="left")
    for name in ("record", "profile"):
        table.add_column(name)
    for record_id, profile_no in rows:
        table.add_row(record_id, str(profile_no))
    console.print(table)


def _show_pairs(conn: duckdb.DuckDBPyConnection, customer_id: str, console: Console) -> None:
    parts = ", ".join(f"{field}_level, {field}_weight" for field in FIELDS)
    both = " UNION ALL ".join(
        f"SELECT profile_a, profile_b, {parts}, prior_weight, match_weight FROM warehouse.identity.{name}"
        for name in ("identity_match_weights", "identity_closure_weights")
    )
    pairs = conn.execute(
        f"""WITH mine AS (SELECT DISTINCT profile_no FROM warehouse.golden.customer_xref
                JOIN warehouse.identity.identity_records USING (record_id) WHERE customer_id = ?)
        SELECT pairs.* FROM ({both}) AS pairs WHERE profile_a IN (FROM mine) AND profile_b IN (FROM mine)
        ORDER BY profile_a, profile_b""",
        [customer_id],
    ).fetchall()
    labels = dict(
        conn.execute("SELECT field || level, label FROM warehouse.identity.identity_match_model").fetchall()
    )
    for pair in pairs[:50]:
        table = Table(title=f"profiles {pair[0]} and {pair[1]}: {pair[-1]:+.1f} bits", title_justify="left")
        for name in ("field", "level", "bits"):
            table.add_column(name)
        table.add_row("prior", "two random records", f"{pair[-2]:+.1f}")
        for place, field in enumerate(FIELDS):
            level, weight = pair[2 + 2 * place], pair[3 + 2 * place]
            if level is not None:
                table.add_row(field, labels.get(f"{field}{level}", str(level)), f"{weight:+.1f}")
        console.print(table)
    if not pairs:
        console.print("One profile: all records say the same, so that there is no pair to weigh.")
