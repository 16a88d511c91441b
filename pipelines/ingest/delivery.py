"""One delivery on a connection: staged as text, cast, split into accepted, quarantined and duplicate rows."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from pathlib import Path

import duckdb

from pipelines.contracts.headers import by_contract
from pipelines.contracts.model import Contract
from pipelines.errors import DeliveryError, UcvError
from pipelines.ingest.cast_rows import careful_sql, odd_text_sql, plain_sql
from pipelines.ingest.earlier import earlier_deliveries
from pipelines.ingest.event_times import delivered_event_fields, event_times, newest_possible
from pipelines.ingest.judging import (
    absent_columns,
    delivered_fields,
    hashed_sql,
    judge_rows,
    split_rows,
    stored_schema,
)
from pipelines.ingest.landed import Landed
from pipelines.ingest.manifests import Manifest
from pipelines.ingest.no_record_rows import counted, mark_no_records, no_records_told
from pipelines.ingest.number_doubt import (
    doubtful_numbers,
    has_decimal_commas,
    signed_by_country,
    suspected_numbers,
    undeclared_numbers,
)
from pipelines.ingest.opened import open_delivery, read_again
from pipelines.ingest.outcome import Outcome
from pipelines.ingest.raw_retention import renewal_moment
from pipelines.ingest.readers import Delivered
from pipelines.ingest.staging import is_irregular, streams

_TAKEN = "row_number NOT IN (SELECT row_number FROM apart)"
_FEW_ROWS = 20  # a handful of bad rows never refuses a file, whatever their share


def load_delivery(  # noqa: PLR0913, PLR0917 - one delivery's surroundings
    conn: duckdb.DuckDBPyConnection,
    landed: Landed,
    contract: Contract,
    home: Path,
    loaded_at: datetime,
    zone: tzinfo = UTC,
    *,
    earlier: list[Manifest] | None = None,
    is_accepted: bool = False,
) -> Outcome:
    """Stage, check and split one delivery; `zone` is that of its wall times.

    `earlier` are the deliveries to compare with, oldest first; default all that were delivered before this one.
    `is_accepted`: somebody answers for it, so that the contract's limits on its content do not hold. Raises DeliveryError
    when the file is refused as a whole.
    """
    if earlier is None:
        earlier = earlier_deliveries(contract, home, landed)
    conn.execute("CREATE TEMP TABLE held_rows (row_number BIGINT)")
    if landed.held:
        conn.executemany("INSERT INTO held_rows VALUES (?)", [[number] for number in landed.held])
    contract, delivered, warnings = open_delivery(landed.path, contract)
    header = by_contract(delivered.header, contract)
    rows_in = _cast_rows(conn, landed, contract, delivered)
    judge_rows(conn, contract, home, earlier, renewal_moment(contract, loaded_at))
    split_rows(
        conn, contract, delivered_fields(contract, header), landed, loaded_at, is_limited=not is_accepted
    )
    outcome = _count(conn, contract, header, warnings, rows_in, loaded_at, zone)
    if not is_accepted:
        _check_shares(outcome, contract, landed)
    return outcome


def _cast_rows(
    conn: duckdb.DuckDBPyConnection, landed: Landed, contract: Contract, delivered: Delivered
) -> int:
    """View `cast_rows`; returns how many rows were read."""
    header = by_contract(delivered.header, contract)
    present = delivered_fields(contract, header)
    suspected = suspected_numbers(contract, header)
    rows_in = _cast_plain_rows(conn, landed, contract, delivered, suspected)
    if not suspected and has_decimal_commas(conn, contract, header):
        # Once more: numbers with two readings were taken for plain.
        suspected = undeclared_numbers(contract, header)
        _cast_plain_rows(conn, landed, contract, read_again(landed.path, contract), suspected)
    doubtful = doubtful_numbers(conn, contract, header) if suspected else suspected
    signed = signed_by_country(conn, contract, header, doubtful)
    if signed is not contract:
        return _cast_rows(conn, landed, signed, read_again(landed.path, contract))
    careful = careful_sql(contract, header, "odd_text", doubtful, _held(landed))
    conn.execute(f"CREATE TEMP TABLE odd_rows AS {hashed_sql(contract, present, careful)}")
    conn.execute("""
        CREATE TEMP VIEW cast_rows AS
        SELECT * EXCLUDE (odd_text), []::VARCHAR[] AS reasons, []::VARCHAR[] AS repairs, false AS is_bad,
            NULL::VARCHAR AS delivered
        FROM plain_rows WHERE odd_text IS NULL
        UNION ALL BY NAME SELECT * FROM odd_rows""")
    return rows_in


def _cast_plain_rows(
    conn: duckdb.DuckDBPyConnection,
    landed: Landed,
    contract: Contract,
    delivered: Delivered,
    suspected: frozenset[str],
) -> int:
    """Table `plain_rows`, and `odd_text` of the rows that are set aside in it; returns how many rows were read."""
    header = by_contract(delivered.header, contract)
    present = delivered_fields(contract, header)
    for stream in streams(landed.path, contract.server, delivered):
        plain = plain_sql(
            contract,
            header,
            "delivered_rows",
            is_clean=stream.is_clean,
            doubtful=suspected,
            is_held=_held(landed),
        )
        conn.register("delivered_rows", stream.reader())
        try:
            conn.execute(f"CREATE OR REPLACE TEMP TABLE plain_rows AS {hashed_sql(contract, present, plain)}")
            # A table of its own, since otherwise every use of a column would take it out of the list once more.
            conn.execute(
                f"CREATE OR REPLACE TEMP TABLE odd_text AS {odd_text_sql(contract, header, 'plain_rows')}"
            )
            mark_no_records(conn, contract, header)
            return stream.rows
        except duckdb.Error:
            if isinstance(stream.error, DeliveryError):
                raise stream.error from None
            if not is_irregular(stream):
                raise
        finally:
            conn.unregister("delivered_rows")
    raise UcvError(f"{contract.id}: no reader took {landed.path.name}; this is a fault of ours.")


def _held(landed: Landed) -> str | None:
    """The condition for rows that resemble an erased person, if there are any."""
    return "row_number IN (SELECT row_number FROM held_rows)" if landed.held else None


def _count(  # noqa: PLR0913, PLR0917 - the facts of one delivery
    conn: duckdb.DuckDBPyConnection,
    contract: Contract,
    header: list[str],
    warnings: tuple[str, ...],
    rows_in: int,
    loaded_at: datetime,
    zone: tzinfo,
) -> Outcome:
    counts = {"accepted": 0, "quarantined": 0, "duplicate": 0}
    counts.update(conn.execute("SELECT verdict, count(*) FROM apart GROUP BY verdict").fetchall())
    counts["accepted"] = _number(conn, f"SELECT count(*) FROM cast_rows WHERE {_TAKEN}")
    if rows_in != sum(counts.values()):
        raise UcvError(
            f"{contract.id}: {rows_in} rows came in but {sum(counts.values())} were judged; this is a fault of ours."
        )
    closed = 0
    if contract.delivery_mode == "snapshot":
        closed = _number(conn, "SELECT count(*) FROM accepted WHERE operation = 'close'")
    by_code = "SELECT r, count(*) FROM (SELECT unnest({}) AS r FROM cast_rows WHERE {}) GROUP BY r ORDER BY r"
    reasons = dict(conn.execute(by_code.format("reasons", "is_bad")).fetchall())
    repairs = dict(conn.execute(by_code.format("repairs", f"len(repairs) > 0 AND {_TAKEN}")).fetchall())
    events = event_times(
        conn, delivered_event_fields(contract, header), _TAKEN, newest_possible(loaded_at, zone)
    )
    mapped = {column.physical_name for column in contract.columns}
    extra = [name for name in header if name and name not in mapped]
    spare = no_records_told(reasons)
    return Outcome(
        {"rows_in": rows_in, **counts, "closed": closed},
        reasons,
        repairs,
        (*warnings, spare) if spare else warnings,
        header,
        tuple(column.physical_name for column in absent_columns(contract, header)),
        list(stored_schema(contract, delivered_fields(contract, header))),
        extra,
        events.first,
        events.latest,
        events.latest_past,
        events.in_future,
        loaded_at,
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
