"""Ledger entries that take the identity ledger back to where it stood when an earlier version was published.

The ledger is only ever added to: what a rolled-back version assigned is released or given back by new entries, and the
ids that only that version knew are retired, so that an id which somebody has already noted still resolves.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from pipelines.identity.state import assignments_sql, successors_sql
from pipelines.storage.connection import PARQUET_WRITE, quote

_REASON = "rolled_back"


def write_compensation(conn: duckdb.DuckDBPyConnection, sequence: int, at: date, path: Path) -> int:
    """Write to `path` the entries that undo everything after ledger file number `sequence`; return how many.

    `conn` has the state views and the Parquet key. Read as the newest ledger file, the result makes assignments equal
    to those after file `sequence`, and successors too, but for ids that had appeared since.
    """
    entries = _entries_sql(sequence, at)
    conn.execute(
        f"COPY (SELECT * FROM ({entries}) ORDER BY entry, token, customer_id) TO {quote(str(path))} ({PARQUET_WRITE})"
    )
    row = conn.execute(f"SELECT count(*) FROM ({entries})").fetchone()
    return int(row[0]) if row else 0


def _entries_sql(sequence: int, at: date) -> str:
    day = f"DATE '{at.isoformat()}'"
    return f"""
    WITH now_held AS ({assignments_sql()}), then_held AS ({assignments_sql(sequence)}),
    now_retired AS ({successors_sql()}), then_retired AS ({successors_sql(sequence)}),
    moved AS (
        SELECT token, now_held.customer_id AS now_id, then_held.customer_id AS then_id
        FROM now_held FULL JOIN then_held USING (token)
        WHERE now_held.customer_id IS DISTINCT FROM then_held.customer_id),
    -- ids that only the later versions knew, and who held most of their records before
    appeared AS (
        SELECT now_id AS customer_id, then_id AS successor_id FROM moved
        WHERE now_id IS NOT NULL AND now_id NOT IN (SELECT customer_id FROM then_held)
        GROUP BY now_id, then_id
        QUALIFY row_number() OVER (PARTITION BY now_id ORDER BY then_id IS NULL, count(*) DESC, then_id) = 1)
    SELECT CASE WHEN then_id IS NULL THEN 'release' ELSE 'assign' END AS entry, token, then_id AS customer_id,
        now_id AS previous_customer_id, NULL::VARCHAR AS successor_id, '{_REASON}' AS reason, {day} AS at_date
    FROM moved
    UNION ALL
    SELECT 'retire', NULL, customer_id, NULL, successor_id, '{_REASON}', {day} FROM appeared
    WHERE customer_id NOT IN (SELECT customer_id FROM then_retired)
    UNION ALL
    SELECT 'retire', NULL, then_retired.customer_id, NULL, then_retired.successor_id, then_retired.reason,
        then_retired.at_date
    FROM then_retired LEFT JOIN now_retired USING (customer_id)
    WHERE now_retired.customer_id IS NULL OR now_retired.successor_id IS DISTINCT FROM then_retired.successor_id
        OR now_retired.reason IS DISTINCT FROM then_retired.reason
    UNION ALL
    SELECT 'revive', NULL, customer_id, NULL, NULL, '{_REASON}', {day} FROM now_retired
    WHERE customer_id IN (SELECT customer_id FROM then_held)
        AND customer_id NOT IN (SELECT customer_id FROM then_retired)"""
