"""One delivery on a connection: staged as text, cast, split into accepted, quarantined and duplicate rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa

from pipelines.contracts.fields import LINEAGE, fields_of, raw_schema
from pipelines.contracts.model import Contract
from pipelines.errors import DeliveryError, UcvError
from pipelines.ingest.casting import cast_sql
from pipelines.ingest.raw_store import raw_relation_sql
from pipelines.ingest.readers import Delivered, Row, read_delivery
from pipelines.storage.connection import quote

_BATCH = 50_000
_FEW_ROWS = 20  # a handful of bad rows never refuses a file, whatever their share


@dataclass(frozen=True)
class Landed:
    """A file in landing: delivery_id is the start of the SHA-256 of its bytes; facts are size and mtime."""

    path: Path
    delivery_id: str
    delivered_at: datetime
    facts: tuple[int, int]


@dataclass(frozen=True)
class Outcome:
    """What became of the rows; the tables `accepted` and `quarantined` stay on the connection."""

    counts: dict[str, int]
    reasons: dict[str, int]
    repairs: dict[str, int]
    warnings: tuple[str, ...]
    header: list[str]
    extra_columns: list[str]
    first_event_at: datetime | None
    latest_event_at: datetime | None


def load_delivery(
    conn: duckdb.DuckDBPyConnection, landed: Landed, contract: Contract, home: Path, loaded_at: datetime
) -> Outcome:
    """Stage, check and split one delivery. Raises DeliveryError when the file is refused as a whole."""
    delivered = read_delivery(landed.path, contract.server)
    warnings = _check_columns(delivered.header, contract, landed.path.name)
    _stage(conn, delivered)
    conn.execute(f"CREATE TEMP TABLE cast_rows AS {cast_sql(contract, delivered.header, 'staged')}")
    _identify(conn, contract, landed, home, loaded_at)
    outcome = _count(conn, contract, delivered.header, warnings)
    _check_shares(outcome.counts, contract, landed.path.name)
    return outcome


def _check_columns(header: list[str], contract: Contract, file_name: str) -> tuple[str, ...]:
    absent = [column for column in contract.columns if column.physical_name not in header]
    needed = [c.physical_name for c in absent if c.required or c.field in contract.key]
    if needed:
        raise DeliveryError(
            "missing_column",
            f"{file_name} lacks {', '.join(needed[:5])}, which the contract requires; deliver it again with them.",
        )
    mapped = {column.physical_name for column in contract.columns}
    added = [name for name in header if name and name not in mapped]
    told = [f"column {column.physical_name} is absent" for column in absent]
    return tuple(told + [f"column {name} is not in the contract; kept in extra" for name in added])


def _stage(conn: duckdb.DuckDBPyConnection, delivered: Delivered) -> None:
    width = len(delivered.header)
    columns = ", ".join(f"c{index} VARCHAR" for index in range(width))
    conn.execute(f"CREATE TEMP TABLE staged (row_number BIGINT, problem VARCHAR, broken VARCHAR, {columns})")
    names = ["row_number", "problem", "broken", *(f"c{index}" for index in range(width))]
    types = [pa.int64(), *[pa.string()] * (width + 2)]
    for batch in _batches(delivered.rows):
        good = [values if problem is None else [None] * width for _, values, problem in batch]
        broken = [
            None if problem is None else "\x1f".join(v or "" for v in values) for _, values, problem in batch
        ]
        arrays = [
            [number for number, _, _ in batch],
            [problem for _, _, problem in batch],
            broken,
            *map(list, zip(*good, strict=True)),
        ]
        batch_table = pa.table([pa.array(a, t) for a, t in zip(arrays, types, strict=True)], names=names)  # noqa: F841 - read by name
        conn.execute("INSERT INTO staged SELECT * FROM batch_table")


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, _BATCH)):
        # A lone surrogate cannot be stored as text anywhere.
        yield [
            (n, [None if v is None else v.encode("utf-8", "replace").decode() for v in vs], p)
            for n, vs, p in batch
        ]


def _identify(
    conn: duckdb.DuckDBPyConnection, contract: Contract, landed: Landed, home: Path, loaded_at: datetime
) -> None:
    """Give rows their hash and key, and split them: table `judged` with `verdict` per row."""
    fields = [
        name
        for name in fields_of(contract.kind)
        if name != "source_record_id" or contract.key == ("source_record_id",)
    ]
    hashed = ", ".join(f"coalesce('=' || {name}::VARCHAR, '-')" for name in [*fields, "extra"])
    keyed = " || '|' || ".join(f"{name}::VARCHAR" for name in contract.key)
    key = (
        keyed
        or "record_hash || '-' || row_number() OVER (PARTITION BY record_hash, len(reasons) = 0 ORDER BY row_number)"
    )
    conn.execute(
        f"CREATE TEMP TABLE hashed AS SELECT *, md5(concat_ws(chr(31), {hashed})) AS record_hash FROM cast_rows"
    )
    conn.execute(f"""
        CREATE TEMP TABLE keyed AS
        SELECT * REPLACE ({key} AS source_record_id), {quote(contract.id)} AS source_system,
            {quote(landed.delivery_id)} AS delivery_id, TIMESTAMP '{loaded_at}' AS loaded_at, 'upsert' AS operation
        FROM hashed""")
    earlier = raw_relation_sql(home, contract.kind, contract.id)
    # Known only if the key's latest row is this one: a value that went and came back is a change.
    conn.execute(f"""
        CREATE TEMP TABLE latest AS
        SELECT source_record_id, arg_max(record_hash, (loaded_at, row_number)) AS record_hash,
            arg_max(operation, (loaded_at, row_number)) AS operation
        FROM ({earlier}) GROUP BY source_record_id""")
    conn.execute("""
        CREATE TEMP TABLE judged AS
        SELECT keyed.*, CASE
            WHEN len(reasons) > 0 THEN 'quarantined'
            WHEN latest.record_hash = keyed.record_hash AND latest.operation = 'upsert' THEN 'duplicate'
            WHEN row_number() OVER (PARTITION BY keyed.source_record_id, keyed.record_hash, len(reasons) > 0 ORDER BY row_number) > 1
                THEN 'duplicate'
            ELSE 'accepted' END AS verdict
        FROM keyed LEFT JOIN latest ON keyed.source_record_id = latest.source_record_id""")
    columns = ", ".join(raw_schema(contract.kind))
    conn.execute(
        f"CREATE TEMP TABLE accepted AS SELECT {columns} FROM judged WHERE verdict = 'accepted' ORDER BY row_number"
    )
    if contract.delivery_mode == "snapshot":
        _close_absent(conn, contract, landed, loaded_at)
    conn.execute(f"""
        CREATE TEMP TABLE quarantined AS
        SELECT {", ".join(LINEAGE)}, array_to_string(reasons, ';') AS reasons,
            coalesce(broken, to_json(staged)::VARCHAR) AS delivered
        FROM judged JOIN staged USING (row_number) WHERE verdict = 'quarantined' ORDER BY row_number""")


def _close_absent(
    conn: duckdb.DuckDBPyConnection, contract: Contract, landed: Landed, loaded_at: datetime
) -> None:
    held, gone, rows = conn.execute("""
        SELECT count(*) FILTER (operation = 'upsert'),
            count(*) FILTER (operation = 'upsert' AND source_record_id NOT IN (SELECT source_record_id FROM keyed
                WHERE source_record_id IS NOT NULL)),
            (SELECT count(*) FROM keyed)
        FROM latest""").fetchone() or (0, 0, 0)
    if not rows and held:
        raise DeliveryError(
            "empty_snapshot",
            f"{landed.path.name} is a snapshot without rows; {held} records would be closed.",
        )
    if held and gone / held > contract.shrink_limit:
        raise DeliveryError(
            "shrink", f"{landed.path.name} lacks {gone} of {held} records ({gone / held:.0%}), more than the contract's "
            f"shrinkLimit of {contract.shrink_limit:.0%}; deliver the whole list or raise the limit."
        )  # fmt: skip
    values = {"source_system": quote(contract.id), "delivery_id": quote(landed.delivery_id), "row_number": "0",
              "loaded_at": f"TIMESTAMP '{loaded_at}'", "record_hash": "md5('closed')", "operation": "'close'",
              "source_record_id": "source_record_id"}  # fmt: skip
    # The closing carries the delivery's time in updated_at, so that it follows what it closes.
    values["updated_at"] = f"TIMESTAMP '{landed.delivered_at}'"
    columns = ", ".join(
        f"({values.get(name, 'NULL')})::{kind} AS {name}" for name, kind in raw_schema(contract.kind).items()
    )
    conn.execute(f"""
        INSERT INTO accepted SELECT {columns} FROM latest
        WHERE operation = 'upsert' AND source_record_id NOT IN (SELECT source_record_id FROM keyed
            WHERE source_record_id IS NOT NULL)""")


def _count(
    conn: duckdb.DuckDBPyConnection, contract: Contract, header: list[str], warnings: tuple[str, ...]
) -> Outcome:
    counts = {"accepted": 0, "quarantined": 0, "duplicate": 0}
    counts.update(conn.execute("SELECT verdict, count(*) FROM judged GROUP BY verdict").fetchall())
    rows_in = _number(conn, "SELECT count(*) FROM staged")
    if rows_in != sum(counts.values()):
        raise UcvError(
            f"{contract.id}: {rows_in} rows came in but {sum(counts.values())} were judged; this is a fault of ours."
        )
    closed = _number(conn, "SELECT count(*) FROM accepted WHERE operation = 'close'")
    by_reason = "SELECT r, count(*) FROM (SELECT unnest({}) AS r FROM judged WHERE {}) GROUP BY r ORDER BY r"
    reasons = dict(conn.execute(by_reason.format("reasons", "true")).fetchall())
    repairs = dict(conn.execute(by_reason.format("repairs", "verdict = 'accepted'")).fetchall())
    times = [
        name
        for name, field in fields_of(contract.kind).items()
        if field.type == "timestamp" and name != "subscription_ends_at"
    ]
    event_at = f"greatest({', '.join(times)})"
    first, last = conn.execute(
        f"SELECT min({event_at}), max({event_at}) FROM accepted WHERE operation = 'upsert'"
    ).fetchone() or (None, None)
    mapped = {column.physical_name for column in contract.columns}
    extra = [name for name in header if name and name not in mapped]
    return Outcome(
        {"rows_in": rows_in, **counts, "closed": closed},
        reasons,
        repairs,
        warnings,
        header,
        extra,
        first,
        last,
    )


def _check_shares(counts: dict[str, int], contract: Contract, file_name: str) -> None:
    bad, rows = counts["quarantined"], counts["rows_in"]
    if bad > _FEW_ROWS and bad / rows > contract.max_quarantine_share:
        raise DeliveryError(
            "too_many_quarantined",
            f"{file_name}: {bad} of {rows} rows ({bad / rows:.0%}) cannot be taken, more than the contract's "
            f"maxQuarantineShare of {contract.max_quarantine_share:.0%}; have the file mended, or correct the contract.",
        )


def _number(conn: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = conn.execute(sql).fetchone()
    return int(row[0]) if row else 0
