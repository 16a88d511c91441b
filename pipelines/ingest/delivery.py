"""One delivery as a straight line: open, plan, read and cast row by row, judge what was set aside, and tell what came out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import duckdb

from pipelines.contracts.headers import by_contract
from pipelines.contracts.model import Contract
from pipelines.errors import DeliveryError, UcvError
from pipelines.ingest.earlier import earlier_deliveries
from pipelines.ingest.event_times import delivered_event_fields, event_times, newest_possible
from pipelines.ingest.judging import show_rows
from pipelines.ingest.key_index import create_latest
from pipelines.ingest.landed import Landed
from pipelines.ingest.manifests import Manifest
from pipelines.ingest.no_record_rows import counted, no_records_told
from pipelines.ingest.opened import open_delivery
from pipelines.ingest.outcome import Outcome
from pipelines.ingest.plan import Plan, plan_delivery
from pipelines.ingest.raw_retention import renewal_moment
from pipelines.ingest.row_hashes import absent_columns
from pipelines.ingest.writing import Writing
from pipelines.storage.connection import read_parquet_sql

_FEW_ROWS = 20  # a handful of bad rows never refuses a file, whatever their share


def load_delivery(  # noqa: PLR0913, PLR0917 - one delivery's surroundings
    conn: duckdb.DuckDBPyConnection,
    landed: Landed,
    contract: Contract,
    home: Path,
    loaded_at: datetime,
    rows: Path,
    zone: tzinfo = UTC,
    *,
    earlier: list[Manifest] | None = None,
    is_accepted: bool = False,
) -> Outcome:
    """Read, check and split one delivery; its accepted rows are written to `rows`, encrypted. `zone` is that of its wall times.

    `earlier` are the deliveries to compare with, oldest first; default all that were delivered before this one.
    `is_accepted`: somebody answers for it, so that the contract's limits on its content do not hold. Raises DeliveryError
    when the file is refused as a whole.
    """
    if earlier is None:
        earlier = earlier_deliveries(contract, home, landed)
    contract, delivered, warnings = open_delivery(landed.path, contract)
    plan = plan_delivery(contract, by_contract(delivered.header, contract), landed, loaded_at)
    create_latest(conn, contract, home, earlier)
    writing = Writing(conn, landed, rows, renewal_moment(contract, loaded_at), is_limited=not is_accepted)
    rows_in = writing.write(plan, delivered)
    show_rows(conn, plan, read_parquet_sql([rows]))
    outcome = _count(conn, plan, rows_in, newest_possible(loaded_at, zone))
    outcome = replace(outcome, warnings=(*warnings, *outcome.warnings), rows=rows, loaded_at=loaded_at)
    if not is_accepted:
        _check_shares(outcome, contract, landed)
    return outcome


def _count(conn: duckdb.DuckDBPyConnection, plan: Plan, rows_in: int, newest: datetime) -> Outcome:
    counts = {"accepted": 0, "quarantined": 0, "duplicate": 0}
    counts.update(conn.execute("SELECT verdict, count(*) FROM apart GROUP BY verdict").fetchall())
    stored = "SELECT count(*) FROM accepted WHERE operation {} 'close'"
    counts["accepted"] = _number(conn, stored.format("<>"))
    if rows_in != sum(counts.values()):
        raise UcvError(
            f"{plan.contract.id}: {rows_in} rows came in but {sum(counts.values())} were judged; this is a fault of ours."
        )
    closed = _number(conn, stored.format("=")) if plan.contract.delivery_mode == "snapshot" else 0
    by_code = "SELECT r, count(*) FROM (SELECT unnest({}) AS r FROM odd_rows WHERE {}) GROUP BY r ORDER BY r"
    reasons = dict(conn.execute(by_code.format("reasons", "is_bad")).fetchall())
    is_taken = "row_number NOT IN (SELECT row_number FROM apart)"
    repairs = dict(conn.execute(by_code.format("repairs", is_taken)).fetchall())
    spare = no_records_told(reasons)
    mapped = {column.physical_name for column in plan.contract.columns}
    events = event_times(conn, delivered_event_fields(plan.contract, plan.header), newest)
    return Outcome(
        {"rows_in": rows_in, **counts, "closed": closed},
        reasons,
        repairs,
        (spare,) if spare else (),
        plan.header,
        tuple(column.physical_name for column in absent_columns(plan.contract, plan.header)),
        list(plan.schema),
        [name for name in plan.header if name and name not in mapped],
        events.first,
        events.latest,
        events.latest_past,
        events.in_future,
    )


def _check_shares(outcome: Outcome, contract: Contract, landed: Landed) -> None:
    file_name = landed.path.name
    spare = sum(counted(outcome.reasons).values())
    bad, rows = outcome.counts["quarantined"] - spare - len(landed.held), outcome.counts["rows_in"] - spare
    if bad > _FEW_ROWS and bad / rows > contract.max_quarantine_share:
        raise DeliveryError(
            "too_many_quarantined",
            f"{file_name}: {bad} of {rows} rows ({bad / rows:.0%}) cannot be taken, more than the contract's "
            f"maxQuarantineShare of {contract.max_quarantine_share:.0%}; have the file mended, or correct the contract.",
        )


def _number(conn: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = conn.execute(sql).fetchone()
    return int(row[0]) if row else 0
