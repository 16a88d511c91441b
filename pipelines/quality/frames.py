"""The figures that rules look at, computed in SQL: one row per source, or one row for the whole build."""

from __future__ import annotations

from datetime import date

import duckdb
import pandas as pd

_STAGING = """
    SELECT sources.source_system AS subject,
        coalesce(delivered.unaccounted, 0) AS unaccounted_rows,
        CASE WHEN delivered.source_system IS NOT NULL THEN coalesce(held.records, 0) END AS records,
        delivered.quarantine_share, held.identified_share,
        coalesce(amounts.without_currency, 0) AS lines_without_currency
    FROM memory.raw.sources AS sources
    LEFT JOIN (
        SELECT source_system, sum(rows_in - accepted - quarantined - duplicate + closed) AS unaccounted,
            sum(quarantined) / nullif(sum(rows_in), 0) AS quarantine_share
        FROM memory.raw.deliveries GROUP BY source_system) AS delivered USING (source_system)
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
        (SELECT count(*) FROM warehouse.standardise.std_records) - (SELECT count(*) FROM warehouse.identity.resolved)
            - (SELECT count(*) FROM warehouse.identity.unidentified_records) AS unaccounted_records,
        (SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM warehouse.identity.resolved GROUP BY customer_id))
            AS largest_customer,
        (SELECT count(DISTINCT customer_id) FROM warehouse.identity.resolved) AS customers,
        (SELECT count(*) FROM warehouse.identity.customer_id_changes)
            / nullif((SELECT count(DISTINCT customer_id) FROM memory.state.identity_assignments), 0) AS retired_share"""

_GOLDEN = """
    SELECT 'all' AS subject,
        (SELECT count(*) FROM warehouse.identity.resolved) - (SELECT count(*) FROM warehouse.golden.customer_xref)
            AS unlinked_records,
        (SELECT count(*) FROM warehouse.golden.customers)
            - (SELECT count(DISTINCT customer_id) FROM warehouse.golden.customer_xref) AS surplus_customers,
        (SELECT count(*) FROM (SELECT 1 FROM warehouse.golden.customer_xref GROUP BY customer_id
            HAVING count(DISTINCT entity_type) > 1)) AS mixed_customers,
        (SELECT avg((phone IS NOT NULL OR email IS NOT NULL)::INTEGER) FROM warehouse.golden.customers)
            AS contactable_share,
        (SELECT count(*) FROM warehouse.staging.stg_transactions) - (SELECT count(*) FROM warehouse.marts.fct_transactions)
            AS missing_transactions,
        coalesce((SELECT sum(amount) FROM warehouse.staging.stg_transactions), 0)
            - coalesce((SELECT sum(amount) FROM warehouse.marts.fct_transactions), 0) AS amount_difference"""


def frame_of(layer: str, conn: duckdb.DuckDBPyConnection, as_of: date) -> pd.DataFrame:
    """The layer's frame: `subject` (a source or 'all') and one float column per figure; null where there is none."""
    frame = conn.execute({"staging": _STAGING, "identity": _IDENTITY, "golden": _GOLDEN}[layer]).df()
    figures = [column for column in frame.columns if column != "subject"]
    return frame.astype(dict.fromkeys(figures, "float64"))
