"""Judging what was set aside of a delivery: whether each row is taken, known already or quarantined."""

from __future__ import annotations

from datetime import datetime

import duckdb
import pyarrow as pa

from pipelines.contracts.fields import LINEAGE
from pipelines.ingest.plan import Plan
from pipelines.ingest.repeats import Passed

_TURN = "(is_passed AND NOT is_bad)::INTEGER + row_number() OVER (PARTITION BY record_hash, is_bad ORDER BY row_number)"


def cast_odd_rows(conn: duckdb.DuckDBPyConnection, plan: Plan, passed: Passed) -> None:
    """Table `odd_rows`: the rows of `odd_text`, cast with care. Table `alike`: hashes and numbers of rows that passed and have
    the content of one that was set aside."""
    conn.execute(f"CREATE OR REPLACE TEMP TABLE odd_rows AS {plan.careful_sql('odd_text')}")
    keys, rows, numbers = passed
    conn.register("passed", pa.table({"key_hash": keys, "row_hash": rows, "row_number": numbers}))
    conn.execute("""
        CREATE OR REPLACE TEMP TABLE alike AS
        SELECT * FROM passed WHERE row_hash IN (
            SELECT hash(record_hash) FROM odd_rows UNION ALL SELECT hash(record_hash) FROM maybe_rows)""")


def overtaken(conn: duckdb.DuckDBPyConnection) -> list[int]:
    """Numbers of rows that passed though an odd row above them says the same: that one is the first."""
    found = conn.execute("""
        SELECT DISTINCT alike.row_number FROM alike
        JOIN odd_rows ON key_hash = hash(record_key) AND row_hash = hash(record_hash)
        WHERE NOT is_bad AND odd_rows.row_number < alike.row_number""").fetchall()
    return [int(row[0]) for row in found]


def judge_aside(conn: duckdb.DuckDBPyConnection, plan: Plan, renewed_before: datetime | None) -> None:
    """Table `aside`: row_number, record_key, record_hash and is_bad of every row in `odd_rows` and `maybe_rows`. Table
    `apart`: row_number and verdict of those that are not taken.

    Of rows alike that have a key the first is taken; rows without one are numbered. A row is known only if its key's latest one
    is this row: a value that went and came back is a change. One that was loaded before `renewed_before` is taken again.
    """
    key = "record_key" if plan.contract.key else f"record_hash || '-' || ({_TURN})"
    conn.execute(f"""
        CREATE OR REPLACE TEMP TABLE aside AS
        SELECT * REPLACE ({key} AS record_key) FROM (
            SELECT *, EXISTS (FROM alike WHERE key_hash = hash(record_key) AND row_hash = hash(record_hash)) AS is_passed
            FROM (SELECT row_number, record_key, record_hash, is_bad FROM odd_rows
                UNION ALL SELECT row_number, source_record_id, record_hash, false FROM maybe_rows))""")
    is_young = f"latest.loaded_at >= TIMESTAMP '{renewed_before}'" if renewed_before else "true"
    conn.execute(f"""
        CREATE OR REPLACE TEMP TABLE apart AS
        SELECT row_number, 'quarantined' AS verdict FROM aside WHERE is_bad
        UNION ALL
        SELECT aside.row_number, 'duplicate'
        FROM aside JOIN latest ON latest.record_hash = aside.record_hash AND latest.source_record_id = aside.record_key
        WHERE NOT aside.is_bad AND latest.operation = 'upsert' AND {is_young}""")
    if plan.contract.key:
        conn.execute("""
            INSERT INTO apart SELECT row_number, 'duplicate'
            FROM (SELECT row_number, is_passed, min(row_number) OVER (PARTITION BY record_key, record_hash) AS first
                FROM aside WHERE NOT is_bad)
            WHERE (is_passed OR row_number > first) AND row_number NOT IN (SELECT row_number FROM apart)""")


def taken_sql(plan: Plan) -> str:
    """SELECT of the rows that were set aside and are taken after all, in the columns that move."""
    return f"""
        WITH kept AS (
            SELECT row_number AS number, record_key AS key FROM aside
            WHERE row_number NOT IN (SELECT row_number FROM apart))
        SELECT maybe_rows.* REPLACE (key AS source_record_id) FROM maybe_rows JOIN kept ON row_number = number
        UNION ALL
        SELECT {plan.moving_columns("key")} FROM odd_rows JOIN kept ON row_number = number"""


def show_rows(conn: duckdb.DuckDBPyConnection, plan: Plan, accepted: str) -> None:
    """Views of the whole delivery: `accepted` (the relation of stored rows, closings too), `quarantined`, and `keyed`: every
    row that was delivered, with record_key and is_bad."""
    conn.execute(f"CREATE OR REPLACE TEMP VIEW accepted AS SELECT * FROM {accepted}")
    conn.execute("""
        CREATE OR REPLACE TEMP VIEW keyed AS
        WITH others AS (SELECT row_number AS number, record_key AS key FROM aside SEMI JOIN apart USING (row_number))
        SELECT *, source_record_id AS record_key, false AS is_bad FROM accepted WHERE operation = 'upsert'
        UNION ALL BY NAME
        SELECT * EXCLUDE (number, key), key AS record_key, false AS is_bad FROM maybe_rows JOIN others ON row_number = number
        UNION ALL BY NAME
        SELECT * EXCLUDE (number, key, record_key), key AS record_key FROM odd_rows JOIN others ON row_number = number""")
    lines = ", ".join(f"({plan.lineage[name]})::{kind} AS {name}" for name, kind in LINEAGE.items())
    conn.execute(f"""
        CREATE OR REPLACE TEMP VIEW quarantined AS
        SELECT {lines}, array_to_string(reasons, ';') AS reasons, delivered
        FROM odd_rows WHERE is_bad ORDER BY row_number""")
