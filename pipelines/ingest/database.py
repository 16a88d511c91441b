"""A PostgreSQL table or query, read through DuckDB into a file of text columns; the server does the casting to text.

From the highest value of the watermark column on, that value included: rows of the same moment may have been written
since. What was read before is told by its hash like any repeated row. The watermark stands in the delivery's manifest,
so that it moves with what is stored and with nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import duckdb

from pipelines.contracts.headers import column_key
from pipelines.contracts.model import Contract, Database
from pipelines.errors import DeliveryError
from pipelines.ingest.arrival import Arrival, fetched_name
from pipelines.ingest.credentials import credential
from pipelines.ingest.raw_store import Manifest
from pipelines.ingest.typed_numbers import FEW_DECIMALS, PADDED, number_columns
from pipelines.settings import Settings
from pipelines.storage.checksums import file_hash
from pipelines.storage.connection import connect, quote
from pipelines.storage.spill import give_spill_directory, temporary_folder

_CONNECT_SECONDS = 10
_TROUBLES = (
    ("password authentication failed", "login_refused", "does not accept user and password"),
    ("no password supplied", "login_refused", "asks for a password and none is set"),
    ("no pg_hba.conf entry", "login_refused", "does not let this machine or user in"),
    ("permission denied", "not_permitted", "does not let this user read the table"),
    ("does not exist", "not_there", "lacks the database, table or column that the contract names"),
    ("connect", "unreachable", "cannot be reached"),
)
_REMEDIES = {
    "login_refused": "Set UCV_SOURCE_{source}_USER and UCV_SOURCE_{source}_PASSWORD, or the source in the key file.",
    "not_permitted": "Have SELECT granted to it.",
    "not_there": "Correct the contract or have it created.",
    "unreachable": "Start it or mend the network; the next run reads what this one missed.",
    "query_failed": "Try the query there, then run again.",
}


def fetch_rows(contract: Contract, settings: Settings, manifests: list[Manifest]) -> Iterator[Arrival]:
    """One arrival: the rows from the last watermark on. Raises DeliveryError; no message holds what the server said."""
    database = contract.server.database
    assert database is not None
    latest = max(manifests, key=_order, default=None)
    name = fetched_name(f"{database.table or 'query'}.parquet")
    with temporary_folder(settings.home) as folder:
        path = folder / name
        try:
            watermark = _read(contract, database, settings, _watermark(manifests), path)
        except duckdb.Error as error:
            raise _told(contract, database, str(error)) from None
        content = file_hash(path)
        origin = {"watermark": watermark, "content": content}
        if latest and latest.get("origin", {}).get("content") == content:
            yield Arrival(name, None, origin, known_as=str(latest["delivery_id"]))
        else:
            after = str(latest["delivery_id"]) if latest else ""
            yield Arrival(name, path, {**origin, "after": after}, after=after)


def _order(manifest: Manifest) -> str:
    """Readings in the order in which they were stored, also after the clock was set back."""
    return str(manifest.get("loaded_at") or manifest["delivered_at"])


def _watermark(manifests: list[Manifest]) -> str | None:
    marked = [manifest for manifest in manifests if manifest.get("origin", {}).get("watermark") is not None]
    latest = max(marked, key=_order, default=None)
    return latest["origin"]["watermark"] if latest else None


def _read(
    contract: Contract, database: Database, settings: Settings, since: str | None, path: Path
) -> str | None:
    """Write the rows to `path`; the watermark of the last one, or `since` where none came."""
    conn = connect(settings)
    try:
        give_spill_directory(conn, settings.home)
        _attach(conn, contract, database, settings)
        relation = _relation(database)
        columns = {
            row[0]: row[1]
            for row in conn.execute(
                f"DESCRIBE SELECT * FROM postgres_query('source', {quote(f'SELECT * FROM {relation} LIMIT 0')})"
            ).fetchall()
        }
        if database.watermark:
            database = replace(database, watermark=_column(database.watermark, columns))
        if database.watermark and database.watermark not in columns:
            raise DeliveryError(
                "not_there",
                f"{contract.id}: the watermark column {database.watermark} is not among the columns that "
                "came; correct the contract.",
            )
        sql = _rows_sql(contract, database, relation, columns, since)
        conn.execute(
            f"COPY (SELECT * FROM postgres_query('source', {quote(sql)})) TO {quote(str(path))} (FORMAT parquet)"
        )
        if not database.watermark:
            return None
        # Rows come in the order of the watermark.
        last = conn.execute(
            f"SELECT last({_name(database.watermark)} ORDER BY file_row_number) "
            f"FROM read_parquet({quote(str(path))}, file_row_number = true)"
        ).fetchone()
        return str(last[0]) if last and last[0] is not None else since
    finally:
        conn.close()


def _attach(
    conn: duckdb.DuckDBPyConnection, contract: Contract, database: Database, settings: Settings
) -> None:
    folder = Path(str(files("duckdb_extension_postgres_scanner"))) / "extensions" / f"v{duckdb.__version__}"
    conn.execute(f"LOAD {quote(str(folder / 'postgres_scanner.duckdb_extension'))}")
    parts = {"HOST": database.host, "PORT": str(database.port), "DATABASE": database.name}
    for name in ("user", "password"):
        value = credential(settings, contract.id, name)
        if value is not None:
            parts[name.upper()] = value
    listed = ", ".join(f"{name} {quote(value)}" for name, value in parts.items())
    conn.execute(f"CREATE TEMPORARY SECRET source_login (TYPE postgres, {listed})")
    options = f"connect_timeout={_CONNECT_SECONDS} sslmode={database.ssl_mode} options='-c TimeZone=UTC -c DateStyle=ISO'"
    conn.execute(f"ATTACH {quote(options)} AS source (TYPE postgres, SECRET source_login, READ_ONLY)")


def _relation(database: Database) -> str:
    if database.query:
        return f"({database.query.strip().rstrip(';')}) AS delivered"
    return f"{_name(database.schema)}.{_name(database.table or '')} AS delivered"


def _rows_sql(
    contract: Contract, database: Database, relation: str, columns: dict[str, str], since: str | None
) -> str:
    """For the server; `columns`: name -> DuckDB type. Rows without a watermark come each time: nothing tells when they
    changed."""
    numbers = number_columns(contract)
    listed = ", ".join(
        f"{_text(column, kind if column_key(column) in numbers else '')} AS {_name(column)}"
        for column, kind in columns.items()
    )
    mark = f"delivered.{_name(database.watermark)}" if database.watermark else None
    where = f" WHERE {mark} >= {quote(since)} OR {mark} IS NULL" if mark and since is not None else ""
    physical = {column.field: _column(column.physical_name, columns) for column in contract.columns}
    keys = [f"delivered.{_name(physical[field])}" for field in contract.key if physical.get(field) in columns]
    order = ", ".join([f"{mark} NULLS FIRST"] * bool(mark) + keys)
    return f"SELECT {listed} FROM {relation}{where}" + (f" ORDER BY {order}" if order else "")


def _text(column: str, kind: str) -> str:
    text = f"{_name(column)}::text"
    if not kind.startswith(("DECIMAL", "DOUBLE", "FLOAT")):
        return text
    return f"regexp_replace({text}, {quote(FEW_DECIMALS)}, {quote(PADDED)})"


def _column(wanted: str, columns: Iterable[str]) -> str:
    """The name that the server gives to a column of the contract; as wanted where none of its columns is that one."""
    if wanted in columns:
        return wanted
    return next((column for column in columns if column_key(column) == column_key(wanted)), wanted)


def _name(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _told(contract: Contract, database: Database, error: str) -> DeliveryError:
    """What the server said in our words: its own may hold names, values or the text of the login."""
    code, trouble = next(
        ((code, trouble) for sign, code, trouble in _TROUBLES if sign in error),
        ("query_failed", "could not run the query or broke off"),
    )
    remedy = _REMEDIES[code].format(source=contract.id.upper())
    where = f"{database.host}:{database.port}"
    return DeliveryError(code, f"{contract.id}: the PostgreSQL server at {where} {trouble}. {remedy}")
