"""Values as shown to somebody who may recognise them and not read them: SQL over any column, as text."""

from __future__ import annotations

import duckdb

MASK_MACRO = r"""
CREATE OR REPLACE TEMP MACRO masked(one) AS CASE
    WHEN one IS NULL OR one = '' THEN NULL
    WHEN one LIKE '%@%' THEN left(one, 1) || '***@' || split_part(one, '@', 2)
    WHEN regexp_full_match(one, '\d{4}-\d{2}-\d{2}.*') THEN left(one, 4)
    WHEN regexp_full_match(one, '[+]?[0-9Xx ()-]{5,}') THEN '****' || right(one, least(4, length(one) // 3))
    ELSE left(one, 1) || '**' END
"""
"""First letter of a name, mailbox's first letter and its domain, year of a date, last four digits of a number."""


def make_mask(conn: duckdb.DuckDBPyConnection) -> None:
    """Make `masked(text)` on the connection."""
    conn.execute(MASK_MACRO)
