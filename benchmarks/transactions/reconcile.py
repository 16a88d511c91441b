"""Whether each mart of transactions says what was delivered: sums of money and counts, as SQL on the build behind a version."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import duckdb

# Rates turn dollars into the reporting currency line by line, each rounded to the cent: sums are compared from the lines on.
_VALUE = "(SELECT sum(value) FROM warehouse.marts.fct_transactions)"
_KNOWN = "(SELECT sum(net_value) FROM warehouse.marts.fct_orders WHERE customer_id IS NOT NULL)"
CHECKS = {
    "staging: amounts": ("SELECT sum(amount) FROM warehouse.staging.stg_transactions", "delivered"),
    "fct_transactions: amounts": ("SELECT sum(amount) FROM warehouse.marts.fct_transactions", "delivered"),
    "fct_orders: net_value": ("SELECT sum(net_value) FROM warehouse.marts.fct_orders", _VALUE),
    "order_attribution: first": ("SELECT sum(first_value) FROM warehouse.marts.order_attribution", _VALUE),
    "order_attribution: linear": ("SELECT sum(linear_value) FROM warehouse.marts.order_attribution", _VALUE),
    "customer_360: total_value and unmatched returns": (
        "SELECT sum(total_value + unmatched_return_value) FROM warehouse.marts.customer_360", _KNOWN,
    ),
    "customer_rfm: net_value": (
        "SELECT sum(net_value) FROM warehouse.marts.customer_rfm",
        "(SELECT sum(net_value - unmatched_return_value) FROM warehouse.marts.fct_orders "
        "WHERE customer_id IN (SELECT customer_id FROM warehouse.marts.customer_rfm))",
    ),
    "cohort_retention: net_value": (
        "SELECT sum(net_value) FROM warehouse.marts.cohort_retention",
        "(SELECT sum(net_value) FROM warehouse.marts.fct_orders WHERE customer_id IS NOT NULL AND NOT is_return)",
    ),
    "funnel: reached": (
        "SELECT sum(customers) FROM warehouse.marts.funnel WHERE stage = 'reached' AND campaign_id IS NOT NULL",
        "(SELECT sum(sent_customers) FROM warehouse.marts.campaign_summary)",
    ),
}  # fmt: skip
"""Name -> what the mart says, and what it should say: `delivered`, or SQL."""


@dataclass(frozen=True)
class Check:
    """One comparison; both in the unit of the mart."""

    name: str
    told: Decimal
    expected: Decimal

    @property
    def is_good(self) -> bool:
        return self.told == self.expected


def reconcile(conn: duckdb.DuckDBPyConnection, delivered: Decimal) -> list[Check]:
    """`conn` has the build attached as `warehouse`; `delivered` is what the receipts add up to."""
    checks = []
    for name, (told, expected) in CHECKS.items():
        wanted = f"SELECT {delivered}" if expected == "delivered" else f"SELECT {expected}"
        values = [Decimal(str(conn.execute(sql).fetchone()[0] or 0)) for sql in (told, wanted)]  # type: ignore[index]
        checks.append(Check(name, *values))
    return checks
