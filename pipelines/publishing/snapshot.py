"""Copying what a build publishes (golden and marts) into a fresh encrypted database.

A fresh file, not a copy of the build's: DELETE and CHECKPOINT leave old bytes in a DuckDB file, and the
build's other layers must not travel.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import duckdb

from pipelines.errors import PublishError, SettingsError
from pipelines.publishing.content_hash import quote_name, table_facts
from pipelines.publishing.layout import DATABASE
from pipelines.publishing.version import TableFacts
from pipelines.settings import Settings
from pipelines.storage.connection import attach_database, open_connection, quote
from pipelines.storage.keys import Keys

PUBLISHED_SCHEMAS = ("golden", "marts")

# A full disk ends a commit (TransactionException) or the whole database (FatalException) as well as a write.
_DISK_ERRORS = (duckdb.IOException, duckdb.TransactionException, duckdb.FatalException, OSError)

# The build keeps the alias that its views name in full; the new file has another one.
_BUILD, _TARGET = "warehouse", "published"


def write_snapshot(
    build_db: Path,
    folder: Path,
    settings: Settings,
    keys: Keys,
    unchanged: Mapping[str, TableFacts] = MappingProxyType({}),
) -> dict[str, TableFacts]:
    """Write `folder`/warehouse.duckdb and return the facts of its tables, keyed `schema.table`.

    Every table and view becomes a table; the facts of `unchanged` ones are known. PublishError when there is no build, it has nothing to publish, or a
    table does not copy.
    """
    if not build_db.is_file():
        raise PublishError(f"No build at {build_db}; expected the database that `dbt build` wrote.")
    target = folder / DATABASE
    conn = open_connection(settings, keys)
    try:
        attach_database(conn, build_db, keys, alias=_BUILD, read_only=True)
        try:
            attach_database(conn, target, keys, alias=_TARGET)
        except SettingsError:
            raise _not_written(target, "it cannot be made") from None
        relations = _relations(conn)
        if not relations:
            raise PublishError(
                f"{build_db} has no table in {' or '.join(PUBLISHED_SCHEMAS)}; did dbt run to its end?"
            )
        for schema in PUBLISHED_SCHEMAS:
            conn.execute(f"create schema if not exists {_TARGET}.{schema}")
        facts = {}
        for schema, name in relations:
            known = unchanged.get(f"{schema}.{name}")
            facts[f"{schema}.{name}"] = _copy(conn, schema, name, known)
        try:
            conn.execute(f"checkpoint {_TARGET}")
        except duckdb.Error as error:
            raise _not_written(target, type(error).__name__) from None
    finally:
        conn.close()
    if target.with_name(f"{DATABASE}.wal").exists():
        raise PublishError(f"{target} was not checkpointed whole; free memory or disk and run again.")
    return facts


def _not_written(target: Path | str, why: str) -> PublishError:
    return PublishError(
        f"{target} could not be written ({why}); free space or mend the disk and run again. Readers keep the version they see."
    )


def _relations(conn: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    rows = conn.execute(
        """
        select schema_name, table_name from duckdb_tables() where database_name = $build
        union all
        select schema_name, view_name from duckdb_views() where database_name = $build and not internal
        order by all
        """,
        {"build": _BUILD},
    ).fetchall()
    return [(schema, name) for schema, name in rows if schema in PUBLISHED_SCHEMAS]


def _copy(conn: duckdb.DuckDBPyConnection, schema: str, name: str, known: TableFacts | None) -> TableFacts:
    source = f"{_BUILD}.{quote_name(schema)}.{quote_name(name)}"
    target = f"{_TARGET}.{quote_name(schema)}.{quote_name(name)}"
    try:
        conn.execute(f"create table {target} as from {source}")
        copy_comments(conn, (_BUILD, schema, name), target)
        return known or table_facts(conn, _TARGET, schema, name)
    except _DISK_ERRORS as error:
        raise _not_written(target, type(error).__name__) from None
    except duckdb.Error as error:
        # DuckDB's message may quote a value, so it is not passed on.
        raise PublishError(
            f"{schema}.{name} does not copy ({type(error).__name__}); try `dbt show` on this model."
        ) from None


def copy_comments(conn: duckdb.DuckDBPyConnection, source: tuple[str, str, str], target: str) -> None:
    """Keep the descriptions that dbt wrote, so that readers see them with the columns; `source` is database, schema, table."""
    place = [*source]
    where = "where database_name = ? and schema_name = ?"
    told = conn.execute(
        f"""
        select comment from duckdb_tables() {where} and table_name = ?
        union all select comment from duckdb_views() {where} and view_name = ?
        """,
        [*place, *place],
    ).fetchone()
    if told and told[0]:
        conn.execute(f"comment on table {target} is {quote(told[0])}")
    columns = conn.execute(
        f"select column_name, comment from duckdb_columns() {where} and table_name = ? "
        "and comment is not null order by column_index",
        place,
    ).fetchall()
    for column, comment in columns:
        conn.execute(f"comment on column {target}.{quote_name(column)} is {quote(comment)}")
