"""The figures that a gate's rules look at, computed in SQL: one row per source, per delivery, or one for the whole build."""

from __future__ import annotations

import duckdb
import pandas as pd

_DELIVERIES = """
    SELECT source_system || ' ' || delivery_id AS subject,
        rows_in - accepted - quarantined - duplicate AS unaccounted_rows
    FROM memory.raw.deliveries ORDER BY subject"""

_SOURCES = """
    SELECT sources.source_system AS subject,
        CASE WHEN delivered.source_system IS NOT NULL THEN coalesce(held.records, 0) END AS records,
        held.identified_share, coalesce(amounts.without_currency, 0) AS lines_without_currency
    FROM memory.raw.sources AS sources
    LEFT JOIN (SELECT DISTINCT source_system FROM memory.raw.deliveries) AS delivered USING (source_system)
    LEFT JOIN (
        SELECT source_system, count(*) AS records, avg(CASE WHEN full_key IS NOT NULL OR len(phones) > 0 OR len(emails) > 0
            OR organisation_key IS NOT NULL OR member_key IS NOT NULL OR customer_ref_key IS NOT NULL THEN 1 ELSE 0 END)
            AS identified_share
        FROM warehouse.standardise.std_records GROUP BY source_system) AS held USING (source_system)
    LEFT JOIN (
        SELECT lines.source_system, count(*) AS without_currency
        FROM warehouse.staging.stg_transactions AS lines JOIN memory.raw.sources USING (source_system)
        WHERE lines.amount IS NOT NULL AND lines.currency IS NULL AND sources.default_currency IS NULL
        GROUP BY lines.source_system) AS amounts USING (source_system)
    ORDER BY subject"""

_IDENTITY = """
    SELECT 'all' AS subject,
        (SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM warehouse.identity.resolved GROUP BY customer_id))
            AS largest_customer,
        (SELECT count(DISTINCT customer_id) FROM warehouse.identity.resolved) AS customers,
        (SELECT count(*) FROM warehouse.identity.customer_id_changes)
            / nullif((SELECT count(DISTINCT customer_id) FROM memory.state.identity_assignments), 0) AS retired_share"""

_GOLDEN = """
    SELECT 'all' AS subject,
        (SELECT count(*) FROM warehouse.golden.customers) / nullif({published}, 0) AS kept_share,
        (SELECT avg((phone IS NOT NULL OR email IS NOT NULL)::INTEGER) FROM warehouse.golden.customers)
            AS contactable_share"""

_FRAMES = {"staging": (_DELIVERIES, _SOURCES), "identity": (_IDENTITY,), "golden": (_GOLDEN,)}


def frames_of(
    layer: str, conn: duckdb.DuckDBPyConnection, published_customers: int | None = None
) -> list[pd.DataFrame]:
    """The layer's frames: `subject` and one float column per figure, null where there is none.

    `published_customers` is how many customers readers see, None before the first version.
    """
    published = "NULL" if published_customers is None else str(int(published_customers))
    found = []
    for sql in _FRAMES[layer]:
        frame = conn.execute(sql.replace("{published}", published)).df()
        figures = [column for column in frame.columns if column != "subject"]
        found.append(frame.astype(dict.fromkeys(figures, "float64")))
    return found
