"""DuckDB connections as this project uses them: offline extensions, encrypted spill files, our SQL functions."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import SettingsError
from pipelines.settings import Settings
from pipelines.storage.keys import Keys
from pipelines.storage.spill import give_spill_directory

PARQUET_KEY = "ucv"
"""Name under which the Parquet key is known on every prepared connection."""

# Level 1: on rows of people its files are as small as those of the default level 3, a quarter sooner.
PARQUET_WRITE = f"FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ENCRYPTION_CONFIG {{footer_key: '{PARQUET_KEY}'}}"
"""Options for `COPY … TO … (…)` that write an encrypted Parquet file."""


def read_parquet_sql(paths: list[Path]) -> str:
    """A table expression over encrypted Parquet files that all have the same columns."""
    listed = ", ".join(quote(str(path)) for path in paths)
    return f"read_parquet([{listed}], encryption_config = {{footer_key: '{PARQUET_KEY}'}})"


def quote(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def prepare_connection(conn: duckdb.DuckDBPyConnection, settings: Settings, keys: Keys) -> None:
    """Spill inside the home, load what encryption needs, register the Parquet key and our SQL functions.

    Works offline.
    """
    prepare_reader(conn, settings, keys)
    from pipelines.functions.registry import register_functions  # noqa: PLC0415 - who only reads needs no function

    if register_functions(conn):
        _register_tokens(conn, keys)


def prepare_reader(conn: duckdb.DuckDBPyConnection, settings: Settings, keys: Keys) -> None:
    """As `prepare_connection`, without our SQL functions: their packages take a third of a second to import."""
    prepare_encryption(conn, settings.home)
    conn.execute(f"PRAGMA add_parquet_key('{PARQUET_KEY}', '{keys.duckdb_key('parquet')}')")


def prepare_encryption(conn: duckdb.DuckDBPyConnection, home: Path) -> None:
    """What opening an encrypted database needs, and a place inside the home to spill into."""
    give_spill_directory(conn, home)
    folder = Path(str(files("duckdb_extension_httpfs"))) / "extensions" / f"v{duckdb.__version__}"
    # LOAD by path, not INSTALL: nothing is written to the user's home and nothing goes to the network.
    conn.execute(f"LOAD {quote(str(folder / 'httpfs.duckdb_extension'))}")


def _register_tokens(conn: duckdb.DuckDBPyConnection, keys: Keys) -> None:
    """`record_token(record_id)`: the keyed token under which state remembers a record."""
    import pyarrow as pa  # noqa: PLC0415
    from duckdb.func import PythonUDFType  # noqa: PLC0415
    from duckdb.sqltypes import VARCHAR  # noqa: PLC0415

    tokens = keys.tokeniser()

    def record_tokens(
        texts: Any,
    ) -> Any:  # DuckDB reads the annotations, and cannot see names of this function
        return pa.array([None if text is None else tokens(text) for text in texts.to_pylist()], pa.string())

    conn.create_function("record_token", record_tokens, [VARCHAR], VARCHAR, type=PythonUDFType.ARROW)


def open_connection(settings: Settings, keys: Keys) -> duckdb.DuckDBPyConnection:
    """An in-memory connection, prepared, within the memory and thread limits of the settings."""
    conn = connect(settings)
    prepare_connection(conn, settings, keys)
    return conn


def connect(settings: Settings) -> duckdb.DuckDBPyConnection:
    """An in-memory connection within the memory and thread limits of the settings, not prepared yet."""
    limits: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": settings.duckdb_memory_limit,
        "threads": settings.threads,
    }
    return duckdb.connect(":memory:", config=limits)


def attach_database(  # noqa: PLR0913 - what ATTACH takes, by keyword
    conn: duckdb.DuckDBPyConnection,
    path: Path,
    keys: Keys,
    *,
    alias: str = "warehouse",
    read_only: bool = False,
    purpose: str = "warehouse",
) -> None:
    """Attach an encrypted database file as `alias`; SettingsError when it does not open with this home's key.

    A reader may meet a file of another period while keys change, and then takes that period's key.
    """
    mode = ", READ_ONLY" if read_only else ""
    for one in keys.of_periods() if read_only else (keys,):
        try:
            key = one.duckdb_key(purpose)
            conn.execute(f"ATTACH {quote(str(path))} AS {alias} (ENCRYPTION_KEY '{key}'{mode})")
            return
        except duckdb.Error as error:
            # The statement holds the key, so neither it nor DuckDB's message (which may quote it) is passed on.
            found = error
    reason = "is in use by another process" if "lock" in str(found).lower() else "does not open"
    raise SettingsError(
        f"{path} {reason} ({type(found).__name__}); wait for the other run, or "
        "restore the file or its key (`ucv verify` tells what is damaged)."
    ) from None
