"""A home with a key, and small hand-made build databases, for the publishing tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from pipelines.publishing.publish import publish
from pipelines.publishing.version import Manifest
from pipelines.settings import Settings
from pipelines.storage.connection import PARQUET_WRITE, attach_database, open_connection, quote
from pipelines.storage.keys import Keys

START = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
AS_OF = date(2026, 11, 22)
SECRET = "Marker-In-Staging-Only"


class Home:
    """A home whose n-th build says `n` in every row of `golden.customers`."""

    def __init__(self, folder: Path, keep_versions: int = 5) -> None:
        self.settings = Settings(home=folder, home_id="test", keep_versions=keep_versions, min_free_bytes=0)
        self.path = folder
        self.keys = Keys("test", bytes(range(32)))
        self.nights = 0

    def build(self, night: int, rows: int = 3, ledger: bool = True) -> Path:
        """Write a build database and, beside it, its ledger entries; return the database's path."""
        folder = self.path / "warehouse" / "builds" / f"b{night:03d}"
        folder.mkdir(parents=True, exist_ok=True)
        conn = open_connection(self.settings, self.keys)
        attach_database(conn, folder / "warehouse.duckdb", self.keys)
        for schema in ("staging", "golden", "marts"):
            conn.execute(f"create schema warehouse.{schema}")
        conn.execute(f"create table warehouse.staging.stg_names as select '{SECRET}' as full_name")
        conn.execute(
            "create table warehouse.golden.customers as "
            f"select 'C' || i as customer_id, {night} as night, (i * 1.10)::decimal(9, 2) as amount, "
            f"'marked ' || i as note from range({rows}) as t(i)"
        )
        conn.execute("comment on table warehouse.golden.customers is 'One row per customer.'")
        conn.execute("comment on column warehouse.golden.customers.night is 'The build''s number.'")
        conn.execute(
            "create view warehouse.marts.customer_360 as "
            "select customer_id, night from warehouse.golden.customers"
        )
        if ledger:
            target = quote(str(folder / "ledger.parquet"))
            conn.execute(f"copy (select 'token' as token, {night} as night) to {target} ({PARQUET_WRITE})")
        conn.close()
        return folder / "warehouse.duckdb"

    def publish(self, build_db: Path | None = None, **options: object) -> Manifest:
        """Publish a build (default: the next night's) a day after the one before."""
        self.nights += 1
        build_db = build_db or self.build(self.nights)
        ledger = build_db.parent / "ledger.parquet"
        facts: dict[str, object] = {
            "now": START + timedelta(days=self.nights),
            "as_of": AS_OF,
            "run_id": f"run-{self.nights}",
            "fingerprint": f"{self.nights:064x}",
            "verdicts": [{"gate": "golden", "passed": True}],
            "ledger_entries": ledger if ledger.exists() else None,
        }
        return publish(build_db, self.settings, self.keys, **{**facts, **options})  # type: ignore[arg-type]

    def ledger(self) -> list[str]:
        """The names of the ledger files in state."""
        return sorted(path.name for path in (self.path / "state" / "identity_ledger").glob("*"))

    def leftovers(self) -> list[str]:
        """What is in the versions directory and is neither a version nor the switch."""
        folder = self.path / "warehouse" / "versions"
        return sorted(path.name for path in folder.glob("*") if path.name.startswith("."))

    def run_on_build(self, build_db: Path, sql: str) -> None:
        """Change a build database, also one that is not there yet."""
        build_db.parent.mkdir(parents=True, exist_ok=True)
        conn = open_connection(self.settings, self.keys)
        attach_database(conn, build_db, self.keys)
        conn.execute(sql)
        conn.close()

    def open(self, path: Path) -> duckdb.DuckDBPyConnection:
        """A connection with the database attached read-only."""
        conn = open_connection(self.settings, self.keys)
        attach_database(conn, path, self.keys, read_only=True)
        return conn
