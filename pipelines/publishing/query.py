"""One read-only SQL statement on the published version. It comes from outside and is not trusted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import PublishError, SettingsError, UcvError
from pipelines.publishing.layout import DATABASE, version_dir
from pipelines.publishing.snapshot import PUBLISHED_SCHEMAS
from pipelines.publishing.version import current_version, describe_versions, version_time
from pipelines.settings import Settings
from pipelines.storage.connection import attach_database, connect, prepare_reader, quote
from pipelines.storage.keys import Keys

_FIRST_WORDS = {"select", "with", "from", "describe", "desc", "show", "summarize"}
_FIRST_WORD = re.compile(r"(?:\s|\(|--[^\n]*(?:\n|$)|/\*.*?\*/)*([a-z_]*)", re.IGNORECASE | re.DOTALL)
_BATCH_ROWS = 10_000
BEFORE = "before"
"""Under which name another version is attached."""

# These come before any row is read: they quote the statement and the catalog, never a stored value.
_SAFE_TO_QUOTE = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)


class QueryError(UcvError):
    """The statement is refused or wrong: a mistake of the caller (exit 2)."""

    exit_code = 2


@dataclass(frozen=True)
class QueryResult:
    """Column names and the rows as tuples, read as they are consumed; errors may come while reading."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]


def run_query(settings: Settings, keys: Keys, sql: str, before: str | None = None) -> QueryResult:
    """Run one SELECT, WITH, FROM, DESCRIBE, SHOW or SUMMARIZE on the version published now.

    Tables of golden and marts need no schema name; those of the version `before` are `before.golden` and `before.marts`. Files, the
    network and every write are out of reach.
    Raises QueryError for a refused or wrong statement, PublishError when nothing is published or `before` is not there.
    """
    check_first_word(sql)
    return run_on(open_reader(settings, keys, before), sql)


def run_on(conn: duckdb.DuckDBPyConnection, sql: str) -> QueryResult:
    """The same on a connection that is locked already; it is closed once the rows are read. Raises QueryError."""
    check_first_word(sql)
    try:
        _check_one_select(conn, sql)
        conn.execute(sql)
        columns = tuple(str(column[0]) for column in conn.description or ())
    except duckdb.Error as error:
        conn.close()
        raise _told(error) from None
    except BaseException:
        conn.close()
        raise
    return QueryResult(columns, _rows(conn))


def open_reader(settings: Settings, keys: Keys, before: str | None = None) -> duckdb.DuckDBPyConnection:
    """A locked, read-only connection on the version published now; it stays on that version until closed.

    Another version, attached as `before`, can be held against it. Raises PublishError where either is not there.
    """
    conn = connect(settings)
    try:
        prepare_reader(conn, settings, keys)
        _attach_current(conn, settings, keys)
        if before is not None:
            _attach_before(conn, settings, keys, before)
        conn.execute("USE warehouse")
        lock_reader(conn, [f"warehouse.{name}" for name in PUBLISHED_SCHEMAS])
    except BaseException:
        conn.close()
        raise
    return conn


def lock_reader(conn: duckdb.DuckDBPyConnection, search_path: list[str]) -> None:
    """Nothing but what is attached can be read from here on, and nothing changed."""
    conn.execute(f"SET search_path = {quote(','.join(search_path))}")
    # A table name must never mean one of our own variables; without external access it cannot, either.
    conn.execute("SET python_enable_replacements = false")
    conn.execute("SET enable_external_access = false")
    conn.execute("SET lock_configuration = true")


def _attach_current(conn: duckdb.DuckDBPyConnection, settings: Settings, keys: Keys) -> None:
    """Attach by the version's own path: the switch may turn, and the version go, while we read."""
    while True:
        version = current_version(settings.home)
        if version is None:
            raise PublishError(
                f"Nothing is published in {settings.home} yet; run `ucv run` (or `ucv demo`) first."
            )
        path: Path = version_dir(settings.home, version) / DATABASE
        try:
            attach_database(conn, path, keys, read_only=True)
            return
        except SettingsError:
            if path.is_file():
                raise
            if version == current_version(settings.home):
                raise PublishError(
                    f"The current version {version} is gone; {describe_versions(settings.home)}. "
                    "Choose one with `ucv rollback --to`."
                ) from None


def _attach_before(conn: duckdb.DuckDBPyConnection, settings: Settings, keys: Keys, version: str) -> None:
    version_time(version)  # a name of another form is no version, and no path
    path = version_dir(settings.home, version) / DATABASE
    if not path.is_file():
        raise PublishError(f"No version {version} to compare with; {describe_versions(settings.home)}.")
    attach_database(conn, path, keys, alias=BEFORE, read_only=True)


def check_first_word(sql: str) -> None:
    """PRAGMA and CALL reach DuckDB's parser as SELECT, so the word itself is looked at first."""
    match = _FIRST_WORD.match(sql)
    word = match.group(1).lower() if match else ""
    if word not in _FIRST_WORDS:
        raise QueryError(
            f"A statement that starts with {word.upper() or 'nothing'} is not allowed: one of "
            f"{', '.join(sorted(w.upper() for w in _FIRST_WORDS))} is, on published tables only."
        )


def _check_one_select(conn: duckdb.DuckDBPyConnection, sql: str) -> None:
    kinds = [statement.type for statement in conn.extract_statements(sql)]
    if len(kinds) != 1:
        raise QueryError(f"Got {len(kinds)} statements, expected one; send them one by one.")
    if kinds[0] != duckdb.StatementType.SELECT:
        raise QueryError(f"A {kinds[0].name} statement is not allowed; published tables can only be read.")


def _rows(conn: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    try:
        while batch := conn.fetchmany(_BATCH_ROWS):
            yield from batch
    except duckdb.Error as error:
        raise _told(error) from None
    finally:
        conn.close()


def _told(error: duckdb.Error) -> QueryError:
    kind = type(error).__name__.removesuffix("Exception")
    if isinstance(error, duckdb.PermissionException):
        return QueryError(
            "Files, extensions and the network are out of reach of a query; it reads published tables."
        )
    if isinstance(error, _SAFE_TO_QUOTE):
        return QueryError(f"The statement is wrong: {str(error).strip()}")
    return QueryError(
        f"The statement failed on the data ({kind} error; values are not shown). Use try_cast where a value "
        "may not convert; `ucv verify` tells whether the version is damaged."
    )
