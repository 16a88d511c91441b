"""The identity ledger and match models as they lie in the home's state folder, and as views on a connection.

Ledger files `state/identity_ledger/<sequence>-<version>.parquet` are append-only; the highest sequence of a token or
customer_id wins. Entries: `assign` (token now belongs to customer_id), `release` (token belongs to nobody), `retire`
(customer_id now means successor_id, or nobody), `revive` (customer_id stands for itself again).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.identity.verdicts import active_verdicts, check_verdicts, read_verdicts
from pipelines.storage.checksums import DamageError, checked_name, is_as_named
from pipelines.storage.connection import read_parquet_sql

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

LEDGER_COLUMNS = {
    "entry": "VARCHAR",  # assign or release a token; retire or revive a customer_id (see the views below)
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


def create_state_views(conn: duckdb.DuckDBPyConnection, home: Path, *, stored_model: bool = True) -> None:
    """(Re)create `memory.state.*` over the state folder; everything is empty in a home that never published.

    Without `stored_model` no match model is to be seen, so that one is trained. Raises VerdictError when steward
    verdicts contradict one another, DamageError for a model that is not as it was stored.
    """
    conn.execute("CREATE SCHEMA IF NOT EXISTS memory.state")
    conn.execute(f"CREATE OR REPLACE VIEW memory.state.identity_ledger AS {_ledger_sql(home)}")
    for name, sql in (("identity_assignments", assignments_sql()), ("identity_successors", successors_sql())):
        conn.execute(f"CREATE OR REPLACE VIEW memory.state.{name} AS {sql}")
    model = _model_sql(home) if stored_model else _empty(MODEL_COLUMNS)
    conn.execute(f"CREATE OR REPLACE VIEW memory.state.match_model AS {model}")
    _create_verdicts(conn, home)


def _create_verdicts(conn: duckdb.DuckDBPyConnection, home: Path) -> None:
    held = active_verdicts(read_verdicts(home))
    check_verdicts(held)
    conn.execute(
        "CREATE OR REPLACE TABLE memory.state.steward_verdicts "
        "(number INTEGER, verdict VARCHAR, token_a VARCHAR, token_b VARCHAR, at_date DATE)"
    )
    if held:
        rows = [(v.number, v.verdict, v.token_a, v.token_b, v.at) for v in held]
        conn.executemany("INSERT INTO memory.state.steward_verdicts VALUES (?, ?, ?, ?, ?)", rows)


def assignments_sql(up_to: int | None = None) -> str:
    """Who held which token after ledger file `up_to` (default: the last): token, customer_id."""
    return (
        f"SELECT token, customer_id FROM ({_last_entries('token', ('assign', 'release'), up_to)}) "
        "WHERE entry = 'assign'"
    )


def successors_sql(up_to: int | None = None) -> str:
    """Which ids were retired after ledger file `up_to` (default: the last), and what they mean since."""
    return (
        "SELECT customer_id, successor_id, reason, at_date FROM "
        f"({_last_entries('customer_id', ('retire', 'revive'), up_to)}) WHERE entry = 'retire'"
    )


def _last_entries(key: str, entries: tuple[str, ...], up_to: int | None) -> str:
    limit = "" if up_to is None else f"AND sequence <= {up_to:d}"
    return (
        f"SELECT * FROM memory.state.identity_ledger WHERE entry IN {entries!r} {limit} "
        f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY sequence DESC) = 1"
    )


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
    if not is_as_named(files[-1]):
        raise DamageError(
            f"The match model {files[-1]} differs from what was stored. Nothing was built and readers keep their version: take it "
            "from a backup, or remove it, and the model before it is in force (none: the next night trains one)."
        )
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in MODEL_COLUMNS.items())
    path = str(files[-1]).replace("'", "''")
    return f"SELECT * FROM read_csv('{path}', header = true, columns = {{{types}}})"


def damaged_models(home: Path) -> list[Path]:
    """Stored models that are not what their names tell; those stored before December 2026 tell nothing."""
    return [
        path for path in sorted((home / "state" / "match_models").glob("[0-9]*.csv")) if not is_as_named(path)
    ]


def _empty(columns: dict[str, str]) -> str:
    listed = ", ".join(f'NULL::{kind} AS "{name}"' for name, kind in columns.items())
    return f"SELECT {listed} WHERE false"


def store_model(model: pd.DataFrame, home: Path, name: str, *, by_hand: bool = False) -> Path | None:
    """Keep a model durably as the newest, so that later nights weigh as it does; None when it is stored already.

    `name` tells where it comes from. A model that a night trained for want of a fitting one has `auto` in its file's
    name: it is a result of publishing, while one activated by hand is news for the next night.
    """
    folder = home / "state" / "match_models"
    files = sorted(folder.glob("[0-9]*.csv"))
    text = model[list(MODEL_COLUMNS)].to_csv(index=False)
    if files and files[-1].read_text(encoding="utf-8") == text:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    number = int(files[-1].name.split("-")[0]) + 1 if files else 1
    stem = f"{number:06d}-{'hand' if by_hand else 'auto'}-{name}"
    half = folder / f".{stem}.half"
    with half.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    path = folder / checked_name(stem, half, ".csv")
    half.replace(path)
    return path
