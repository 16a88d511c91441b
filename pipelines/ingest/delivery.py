"""One delivery on a connection: staged as text, cast, split into accepted, quarantined and duplicate rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.contracts.fields import fields_of
from pipelines.contracts.model import Contract
from pipelines.errors import DeliveryError, UcvError
from pipelines.ingest.casting import cast_sql
from pipelines.ingest.judging import delivered_fields, judge_rows, split_rows
from pipelines.ingest.landed import Landed
from pipelines.ingest.readers import read_delivery
from pipelines.ingest.staging import stage

_FEW_ROWS = 20  # a handful of bad rows never refuses a file, whatever their share


@dataclass(frozen=True)
class Outcome:
    """What became of the rows; the views `accepted` and `quarantined` stay on the connection."""

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
    stage(conn, landed.path, contract.server, delivered)
    conn.execute(f"CREATE TEMP TABLE cast_rows AS {cast_sql(contract, delivered.header, 'staged')}")
    present = delivered_fields(contract, delivered.header)
    judge_rows(conn, contract, present, home)
    split_rows(conn, contract, present, landed, loaded_at)
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
    closed = 0
    if contract.delivery_mode == "snapshot":
        closed = _number(conn, "SELECT count(*) FROM accepted WHERE operation = 'close'")
    by_reason = "SELECT r, count(*) FROM (SELECT unnest({}) AS r FROM judged JOIN cast_rows USING (row_number) WHERE {}) GROUP BY r ORDER BY r"
    reasons = dict(conn.execute(by_reason.format("reasons", "true")).fetchall())
    repairs = dict(conn.execute(by_reason.format("repairs", "verdict = 'accepted'")).fetchall())
    first, last = _event_times(conn, contract, header)
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


def _event_times(
    conn: duckdb.DuckDBPyConnection, contract: Contract, header: list[str]
) -> tuple[datetime | None, datetime | None]:
    times = [
        name for name in sorted(delivered_fields(contract, header))
        if fields_of(contract.kind)[name].type == "timestamp" and name != "subscription_ends_at"
    ]  # fmt: skip
    if not times:
        return None, None
    event_at = f"greatest({', '.join(times)})"
    sql = f"SELECT min({event_at}), max({event_at}) FROM cast_rows JOIN judged USING (row_number) WHERE verdict = 'accepted'"
    return conn.execute(sql).fetchone() or (None, None)


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
