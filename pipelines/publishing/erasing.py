"""Taking erased people out of published versions, and out of what builds left behind.

A version's database is written anew without them (DELETE leaves the bytes in a DuckDB file, a copied table does not) and put in
place by one rename; then its manifest tells the new files and tables. In between the version counts as damaged and readers
already see nobody. A version in which an erased person's records are mixed with somebody else's under one id goes as a whole,
unless readers see it: then that customer leaves it, until the next night builds the other one anew.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from pipelines.errors import PublishError, SettingsError
from pipelines.publishing.content_hash import quote_name, table_facts
from pipelines.publishing.layout import DATABASE, ROLES, builds_dir, role_files, version_dir, warehouse_dir
from pipelines.publishing.prune import discard_version
from pipelines.publishing.snapshot import copy_comments
from pipelines.publishing.version import (
    TableFacts,
    current_version,
    read_manifest,
    tell_files,
    write_manifest,
)
from pipelines.settings import Settings
from pipelines.storage.checksums import file_hash
from pipelines.storage.connection import attach_database, open_connection
from pipelines.storage.durable import sync_directory, sync_file
from pipelines.storage.keys import Keys

HasRecord = Callable[[str, str], bool]
"""Whether source and key are those of an erased person's record."""

Note = Callable[[str, int], None]
"""Called with a table (or version) and the number of rows that go, before they do."""

_OLD, _NEW = "stored", "written"
_TELLS_CUSTOMER = ("customer_id", "successor_id")
_LISTS = "customer_ids"


@dataclass(frozen=True)
class Leaving:
    """Who leaves one version: ids of customers and of records; `is_mixed` where a customer has other records as well."""

    customers: tuple[str, ...]
    records: tuple[str, ...]
    is_mixed: bool = False


def erase_from_version(  # noqa: PLR0913, PLR0917 - one version's surroundings
    version: str,
    settings: Settings,
    keys: Keys,
    customers: Iterable[str],
    has_record: HasRecord,
    note: Note,
    beside: Callable[[Path], None],
) -> None:
    """Write a version anew without the erased, if anybody is in it. Raises PublishError where the one that readers see cannot
    be read. `beside` writes the files of roles anew."""
    home = settings.home
    folder = version_dir(home, version)
    half = folder / f".{DATABASE}.erasing"
    half.unlink(missing_ok=True)
    try:
        conn = _attached(settings, keys, folder / DATABASE)
    except SettingsError:
        note(f"{version} as a whole", 1)
        _discard(home, version)
        return
    try:
        leaving = _leaving(conn, set(customers), has_record)
        if leaving.is_mixed and version != current_version(home):
            conn.close()
            note(f"{version} as a whole", 1)
            _discard(home, version)
            return
        is_half = _is_half(home, version)
        if not (leaving.customers or leaving.records or is_half):
            return
        attach_database(conn, half, keys, alias=_NEW)
        removed, facts = _write(conn, leaving)
        conn.execute(f"CHECKPOINT {_NEW}")
    finally:
        conn.close()
    sync_file(half)
    for table, count in removed.items():
        note(f"{version} {table}", count)
    os.replace(half, folder / DATABASE)
    sync_directory(folder)
    if (folder / ROLES).is_dir():
        beside(folder)
    _tell(home, version, facts)


def erase_builds(home: Path) -> dict[str, int]:
    """Remove the databases, compiled models and logs of builds, and the dev warehouse; ledger entries and verdicts of gates
    name nobody and stay. Files removed by folder."""
    found = {}
    for folder in [*sorted(builds_dir(home).glob("*")), warehouse_dir(home) / "dev"]:
        if not folder.is_dir():
            continue
        doomed = [*folder.glob(f"{DATABASE}*"), *folder.glob(".warehouse*"), folder / "dbt"]
        count = sum(1 if path.is_file() else sum(one.is_file() for one in path.rglob("*")) for path in doomed)
        for path in doomed:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        if count:
            found[folder.name] = count
    return found


def _attached(settings: Settings, keys: Keys, path: Path) -> duckdb.DuckDBPyConnection:
    conn = open_connection(settings, keys)
    try:
        if not path.is_file():
            raise SettingsError(f"{path} is gone.")
        attach_database(conn, path, keys, alias=_OLD, read_only=True)
    except BaseException:
        conn.close()
        raise
    return conn


def _discard(home: Path, version: str) -> None:
    """The version goes; of the one that readers see nothing can be told, so that they see nothing of it any more."""
    if version == current_version(home):
        raise PublishError(
            f"Version {version}, which readers see, cannot be read, so that nobody can be erased from it; `ucv verify --repair` "
            "goes back to a whole one, then repeat."
        )
    discard_version(home, version)


def _leaving(conn: duckdb.DuckDBPyConnection, customers: set[str], has_record: HasRecord) -> Leaving:
    rows = conn.execute(
        f"SELECT source_system, source_record_id, record_id, customer_id FROM {_OLD}.golden.customer_xref"
    ).fetchall()
    gone = [row for row in rows if has_record(str(row[0]), str(row[1]))]
    records = {str(row[2]) for row in gone}
    ids = {str(row[3]) for row in gone} | (customers & {str(row[3]) for row in rows})
    is_mixed = any(str(row[3]) in ids and str(row[2]) not in records for row in rows)
    return Leaving(tuple(sorted(ids)), tuple(sorted(records)), is_mixed)


def _is_half(home: Path, version: str) -> bool:
    """Whether a kill came between the database and the manifest that tells of it."""
    known = read_manifest(home, version).files.get(DATABASE)
    return known is None or file_hash(version_dir(home, version) / DATABASE) != known.sha256


def _write(conn: duckdb.DuckDBPyConnection, leaving: Leaving) -> tuple[dict[str, int], dict[str, TableFacts]]:
    conn.execute(
        "CREATE TEMP TABLE left_customers AS SELECT unnest(?::VARCHAR[]) AS id", [[*leaving.customers]]
    )
    conn.execute("SET VARIABLE left_customers = ?::VARCHAR[]", [[*leaving.customers]])
    conn.execute("CREATE TEMP TABLE left_records AS SELECT unnest(?::VARCHAR[]) AS id", [[*leaving.records]])
    removed, facts = {}, {}
    tables = conn.execute(
        "SELECT schema_name, table_name, estimated_size FROM duckdb_tables() WHERE database_name = ? ORDER BY ALL",
        [_OLD],
    ).fetchall()
    for schema, table, _ in tables:
        conn.execute(f"CREATE SCHEMA IF NOT EXISTS {_NEW}.{quote_name(schema)}")
        name = f"{quote_name(schema)}.{quote_name(table)}"
        conn.execute(f"CREATE TABLE {_NEW}.{name} AS {_kept_sql(conn, schema, table)}")
        copy_comments(conn, (_OLD, schema, table), f"{_NEW}.{name}")
        facts[f"{schema}.{table}"] = told = table_facts(conn, _NEW, schema, table)
        before = conn.execute(f"SELECT count(*) FROM {_OLD}.{name}").fetchone() or (0,)
        if before[0] != told.rows:
            removed[f"{schema}.{table}"] = int(before[0]) - told.rows
    return removed, facts


def _kept_sql(conn: duckdb.DuckDBPyConnection, schema: str, table: str) -> str:
    """A SELECT of the rows that name nobody who leaves; from lists of customers those who leave are taken out."""
    columns = conn.execute(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = ? AND schema_name = ? AND table_name = ?",
        [_OLD, schema, table],
    ).fetchall()
    texts = [name for name, kind in columns if kind == "VARCHAR"]
    tests = [
        f"coalesce({quote_name(name)} NOT IN (SELECT id FROM left_customers), true)"
        for name in texts
        if name.endswith(_TELLS_CUSTOMER)
    ]
    if "record_id" in texts:
        tests.append("coalesce(record_id NOT IN (SELECT id FROM left_records), true)")
    if {"source_system", "source_record_id"} <= {*texts}:
        tests.append(
            "coalesce(source_system || ':' || source_record_id NOT IN (SELECT id FROM left_records), true)"
        )
    replaced = ", ".join(
        f"list_filter({quote_name(name)}, lambda one: NOT list_contains(getvariable('left_customers'), one)) AS {quote_name(name)}"
        for name, kind in columns
        if kind == "VARCHAR[]" and name.endswith(_LISTS)
    )
    where = f"WHERE {' AND '.join(tests)}" if tests else ""
    return f"SELECT * {f'REPLACE ({replaced})' if replaced else ''} FROM {_OLD}.{quote_name(schema)}.{quote_name(table)} {where}"


def _tell(home: Path, version: str, facts: dict[str, TableFacts]) -> None:
    folder = version_dir(home, version)
    write_manifest(folder, replace(read_manifest(home, version), tables=facts))
    tell_files(home, version, [folder / DATABASE, *role_files(folder)])
