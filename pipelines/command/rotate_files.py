"""The files that a rotation writes anew, and with which key each of them opens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from pipelines.errors import UcvError
from pipelines.ingest.rekeying import ORIGINAL_PURPOSE, encrypted_files
from pipelines.privacy.roles import key_purpose
from pipelines.publishing.rekeying import build_databases, build_ledgers, role_databases, version_databases
from pipelines.settings import Settings
from pipelines.storage.connection import attach_database, open_connection, read_parquet_sql
from pipelines.storage.keys import Keys
from pipelines.storage.rekey import rekey_database, rekey_parquet, reseal
from pipelines.storage.standardised import kept_files


@dataclass(frozen=True)
class Work:
    """One encrypted file. `purpose` is that of a database's key; `is_rebuilt`: the next night makes it again if need be."""

    path: Path
    purpose: str = "warehouse"
    is_rebuilt: bool = False

    def rekey(self, conn: duckdb.DuckDBPyConnection, old: Keys, new: Keys) -> Path:
        """Write what takes its place, beside it. Raises RekeyError."""
        if self.path.suffix == ".original":
            return reseal(old, new, self.path, ORIGINAL_PURPOSE)
        if self.path.suffix == ".parquet":
            return rekey_parquet(conn, self.path)
        return rekey_database(conn, old, new, self.path, self.purpose)


def files_to_rekey(home: Path) -> Iterator[Work]:
    """Every encrypted file of a home, in a fixed order."""
    for path, _ in encrypted_files(home):
        yield Work(path)
    for path in sorted((home / "state").rglob("*.parquet")):
        yield Work(path)
    for path in version_databases(home):
        yield Work(path)
    for path in role_databases(home):
        yield Work(path, key_purpose(path.stem))
    for path in (*build_ledgers(home), *build_databases(home), *kept_files(home)):
        yield Work(path, is_rebuilt=True)


def opening_periods(settings: Settings, keys: Keys) -> Iterator[tuple[Work, int | None]]:
    """Each encrypted file and the period whose key opens it, tried for real; None where none does."""
    readers = {one.period: open_connection(settings, one) for one in keys.of_periods()}
    try:
        for work in files_to_rekey(settings.home):
            fitting = (one.period for one in keys.of_periods() if _opens(readers[one.period], work, one))
            yield work, next(fitting, None)
    finally:
        for reader in readers.values():
            reader.close()


def _opens(conn: duckdb.DuckDBPyConnection, work: Work, keys: Keys) -> bool:
    alone = replace(keys, others={})
    try:
        if work.path.suffix == ".original":
            with work.path.open("rb") as file:
                size = file.read(8)
                if size:
                    keys.decrypt(file.read(int.from_bytes(size, "big")), ORIGINAL_PURPOSE)
        elif work.path.suffix == ".parquet":
            conn.execute(f"SELECT * FROM {read_parquet_sql([work.path])} LIMIT 0")
        else:
            attach_database(conn, work.path, alone, alias="tried", read_only=True, purpose=work.purpose)
            conn.execute("DETACH tried")
    except (duckdb.Error, UcvError, OSError):
        return False
    return True
