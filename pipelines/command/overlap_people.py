"""Who takes part in an overlap with a partner, and by what they are known there."""

from __future__ import annotations

from datetime import date

import duckdb

from pipelines.cooperation.encodings import Traits
from pipelines.cooperation.session import CooperationError
from pipelines.exports.hashing import normal_email

KINDS = ("email", "phone")

# A value that only a bought, leased or shared list delivered is not ours to compare.
_TAKES_PART = """
WITH own AS (SELECT source_system FROM marts.dim_acquisition_terms WHERE acquisition_mode = 'own' AND NOT matching_only),
asked AS (
    SELECT customers.*
    FROM golden.customers AS customers
    WHERE
        customers.entity_type = 'person'
        AND coalesce(customers.birth_date + INTERVAL 14 YEAR <= ?, true)
        AND customers.customer_id NOT IN (
            SELECT customer_id FROM marts.customer_consents WHERE purpose = 'provision' AND verdict = 'refused'
        )
)
"""
_VALUES = """
SELECT DISTINCT delivered.value
FROM asked
INNER JOIN marts.contact_value_sources AS delivered ON asked.customer_id = delivered.customer_id
INNER JOIN own ON delivered.source_system = own.source_system
WHERE delivered.kind = ?
ORDER BY delivered.value
"""
_TRAITS = """
SELECT
    asked.customer_id,
    max(CASE WHEN known.field = 'display_name' THEN asked.latin_name END),
    max(CASE WHEN known.field = 'birth_date' THEN strftime(asked.birth_date, '%Y%m%d') END),
    max(CASE WHEN known.field = 'phone' THEN right(asked.phone, 8) END)
FROM asked
INNER JOIN golden.customer_values AS known ON asked.customer_id = known.customer_id AND known.is_golden
INNER JOIN own ON known.source_system = own.source_system
GROUP BY asked.customer_id
HAVING max(CASE WHEN known.field = 'display_name' THEN asked.latin_name END) IS NOT NULL
ORDER BY asked.customer_id
"""


def customers_with(conn: duckdb.DuckDBPyConnection, by: str, day: date) -> list[str]:
    """The distinct mailboxes (as platforms write them) or numbers (E.164) that take part. CooperationError for another kind."""
    if by not in KINDS:
        raise CooperationError(f"--by is {by!r}; expected one of {', '.join(KINDS)}.")
    rows = conn.execute(_TAKES_PART + _VALUES, [day, by]).fetchall()
    normal = normal_email if by == "email" else str
    return sorted({normal(value) for (value,) in rows})


def traits_of(conn: duckdb.DuckDBPyConnection, day: date) -> list[Traits]:
    """What encodings are made from, of every person with a name that takes part."""
    return [
        Traits(name, birth or "", contact or "")
        for _, name, birth, contact in conn.execute(_TAKES_PART + _TRAITS, [day]).fetchall()
    ]
