"""The identity ledger and match models as they lie in the home's state folder, and as views on a connection.

Ledger files `state/identity_ledger/<sequence>-<version>.parquet` are append-only; the highest sequence of a token wins.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.storage.connection import read_parquet_sql

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

LEDGER_COLUMNS = {
    "entry": "VARCHAR",  # assign: token now belongs to customer_id; retire: customer_id now means successor_id
    "token": "VARCHAR",
    "customer_id": "VARCHAR",
    "previous_customer_id": "VARCHAR",
    "successor_id": "VARCHAR",
    "reason": "VARCHAR",
    "at_date": "DATE",
}

MODEL_COLUMNS = {
    "model_id": "VARCHAR",
    "field": "VARCHAR",
    "level": "INTEGER",
    "label": "VARCHAR",
    "m": "DOUBLE",
    "u": "DOUBLE",
    "weight": "DOUBLE",
    "is_exact": "BOOLEAN",
    "description": "VARCHAR",
}


def create_state_views(conn: duckdb.DuckDBPyConnection, home: Path) -> None:
    """(Re)create `memory.state.*` over the state folder; everything is empty in a home that never published."""
    conn.execute("CREATE SCHEMA IF NOT EXISTS memory.state")
    conn.execute(f"CREATE OR REPLACE VIEW memory.state.identity_ledger AS {_ledger_sql(home)}")
    conn.execute(
        "CREATE OR REPLACE VIEW memory.state.identity_assignments AS "
        "SELECT token, arg_max(customer_id, sequence) AS customer_id FROM memory.state.identity_ledger "
        "WHERE entry = 'assign' GROUP BY token"
    )
    conn.execute(
        "CREATE OR REPLACE VIEW memory.state.identity_successors AS "
        "SELECT customer_id, arg_max(successor_id, sequence) AS successor_id, arg_max(reason, sequence) AS reason, "
        "arg_max(at_date, sequence) AS at_date FROM memory.state.identity_ledger WHERE entry = 'retire' GROUP BY customer_id"
    )
    conn.execute(f"CREATE OR REPLACE VIEW memory.state.match_model AS {_model_sql(home)}")


def _ledger_sql(home: Path) -> str:
    files = sorted((home / "state" / "identity_ledger").glob("[0-9]*.parquet"))
    columns = ", ".join(f'"{name}"' for name in LEDGER_COLUMNS)
    parts = [
        f"SELECT {columns}, {int(path.name.split('-')[0])} AS sequence FROM {read_parquet_sql([path])}"
        for path in files
    ]
    return " UNION ALL ".join(parts) if parts else _empty({**LEDGER_COLUMNS, "sequence": "BIGINT"})


def _model_sql(home: Path) -> str:
    files = sorted((home / "state" / "match_models").glob("[0-9]*.csv"))
    if not files:
        return _empty(MODEL_COLUMNS)
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in MODEL_COLUMNS.items())
    path = str(files[-1]).replace("'", "''")
    return f"SELECT * FROM read_csv('{path}', header = true, columns = {{{types}}})"


def _empty(columns: dict[str, str]) -> str:
    listed = ", ".join(f'NULL::{kind} AS "{name}"' for name, kind in columns.items())
    return f"SELECT {listed} WHERE false"


def store_model(model: pd.DataFrame, home: Path, version: str) -> Path | None:
    """Keep the first trained model, so that later nights weigh as this one did; None when one is stored already."""
    folder = home / "state" / "match_models"
    if any(folder.glob("[0-9]*.csv")):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"000001-{version}.csv"
    half = folder / f".{path.name}.half"
    model[list(MODEL_COLUMNS)].to_csv(half, index=False)
    half.replace(path)
    return path
