"""Writing a file anew with the key of another period, beside the old one and under a name that nothing reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.errors import UcvError
from pipelines.settings import Settings
from pipelines.storage.connection import (
    PARQUET_KEY,
    PARQUET_WRITE,
    attach_database,
    connect,
    prepare_reader,
    quote,
    read_parquet_sql,
)
from pipelines.storage.durable import sync_directory, sync_file
from pipelines.storage.keys import Keys
from pipelines.storage.prepared import prepared_path

_NEXT = "ucv_next"
_OLD, _NEW = "stored", "written"


class RekeyError(UcvError):
    """A file could not be written with another key: nothing was changed."""


@contextmanager
def rekeying(settings: Settings, old: Keys, new: Keys) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that reads with the old key and may write with the new one; without our SQL functions: nothing is computed."""
    with connect(settings) as conn:
        prepare_reader(conn, settings, old)
        conn.execute(f"PRAGMA add_parquet_key('{_NEXT}', '{new.duckdb_key('parquet')}')")
        yield conn


def rekey_parquet(conn: duckdb.DuckDBPyConnection, source: Path) -> Path:
    """An encrypted Parquet file with the new key; its rows are compared. Raises RekeyError."""
    target = _fresh(source)
    write = PARQUET_WRITE.replace(PARQUET_KEY, _NEXT)
    read = read_parquet_sql([source])
    try:
        conn.execute(f"COPY (FROM {read}) TO {quote(str(target))} ({write}, USE_TMP_FILE false)")
        written = read_parquet_sql([target]).replace(f"'{PARQUET_KEY}'", f"'{_NEXT}'")
        _compare(conn, source, read, written)
    except (duckdb.Error, UcvError) as error:
        raise _told(source, target, error) from None
    return _settled(target)


def rekey_database(conn: duckdb.DuckDBPyConnection, old: Keys, new: Keys, source: Path, purpose: str) -> Path:
    """An encrypted database with the new key, tables and views as they were; rows are compared. Raises RekeyError."""
    target = _fresh(source)
    try:
        attach_database(conn, source, old, alias=_OLD, read_only=True, purpose=purpose)
        attach_database(conn, target, new, alias=_NEW, purpose=purpose)
        conn.execute(f"COPY FROM DATABASE {_OLD} TO {_NEW}")
        conn.execute(f"CHECKPOINT {_NEW}")
        for schema, table in _tables(conn):
            name = f'"{schema}"."{table}"'
            _compare(conn, source, f"{_OLD}.{name}", f"{_NEW}.{name}")
    except (duckdb.Error, UcvError) as error:
        raise _told(source, target, error) from None
    finally:
        for alias in (_OLD, _NEW):
            conn.execute(f"DETACH DATABASE IF EXISTS {alias}")
    return _settled(target)


def reseal(old: Keys, new: Keys, source: Path, purpose: str) -> Path:
    """Sealed blocks (length in 8 bytes, then the cipher) with the new key. Raises RekeyError."""
    target = _fresh(source)
    try:
        with source.open("rb") as reader, target.open("wb") as writer:
            while size := reader.read(8):
                block = new.encrypt(old.decrypt(reader.read(int.from_bytes(size, "big")), purpose), purpose)
                writer.write(len(block).to_bytes(8, "big") + block)
    except (OSError, UcvError) as error:
        raise _told(source, target, error) from None
    return _settled(target)


def _tables(conn: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    sql = "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = ? ORDER BY ALL"
    return [(str(schema), str(table)) for schema, table in conn.execute(sql, [_OLD]).fetchall()]


def _compare(conn: duckdb.DuckDBPyConnection, source: Path, old: str, new: str) -> None:
    sums = [
        conn.execute(f"SELECT count(*), sum(hash(one)) FROM {table} AS one").fetchone()
        for table in (old, new)
    ]
    if sums[0] != sums[1]:
        raise RekeyError(f"{source.name} came out with other rows than it has")


def _fresh(source: Path) -> Path:
    target = prepared_path(source)
    target.unlink(missing_ok=True)
    return target


def _settled(target: Path) -> Path:
    sync_file(target)
    sync_directory(target.parent)
    return target


def _told(source: Path, target: Path, error: Exception) -> RekeyError:
    """DuckDB's message may hold a value or a key, so it is not passed on."""
    for path in (target, target.with_name(f"{target.name}.wal")):
        path.unlink(missing_ok=True)
    return RekeyError(
        f"{source} could not be written with the new key ({type(error).__name__}): it is damaged, of another key, or the disk "
        "is full. `ucv verify` tells which. Everything is as it was; `ucv keys rotate` goes on where it stopped."
    )
