"""The contracts as a table that dbt models read: `memory.raw.sources`, one row per readable contract."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from pipelines.contracts.model import Contract

if TYPE_CHECKING:
    import duckdb

    from pipelines.contracts.load import ContractSet

Value = str | int | float | bool | date | Decimal | list[str] | None

SOURCE_COLUMNS = {
    "source_system": "VARCHAR",
    "source_name": "VARCHAR",
    "contract_version": "VARCHAR",
    "kind": "VARCHAR",
    "channel": "VARCHAR",
    "acquisition_mode": "VARCHAR",
    "vendor": "VARCHAR",
    "vendor_type": "VARCHAR",
    "valid_from": "DATE",
    "valid_to": "DATE",
    "max_uses": "INTEGER",
    "permitted_channels": "VARCHAR[]",
    "permitted_purposes": "VARCHAR[]",
    "net_name_guarantee": "DECIMAL(9,4)",
    "legal_basis": "VARCHAR",
    "licence": "VARCHAR",
    "reciprocity": "VARCHAR",
    "recipient_countries": "VARCHAR[]",
    "matching_only": "BOOLEAN",
    "price_amount": "DECIMAL(18,4)",
    "price_currency": "VARCHAR",
    "price_unit": "VARCHAR",
    "default_country": "VARCHAR",
    "default_currency": "VARCHAR",
    "delivery_mode": "VARCHAR",
    "source_rank": "INTEGER",
    "frequency_hours": "DOUBLE",
    "latency_hours": "DOUBLE",
    "retention_days": "INTEGER",
}


def create_source_table(conn: duckdb.DuckDBPyConnection, contracts: ContractSet) -> None:
    """(Re)create `memory.raw.sources` on the connection from the contracts that could be read."""
    columns = ", ".join(f"{name} {kind}" for name, kind in SOURCE_COLUMNS.items())
    conn.execute("CREATE SCHEMA IF NOT EXISTS memory.raw")
    conn.execute(f"CREATE OR REPLACE TABLE memory.raw.sources ({columns})")
    rows = [map(sql_literal, source_row(contract).values()) for contract in contracts.contracts]
    if rows:
        listed = ", ".join(f"({', '.join(row)})" for row in rows)
        # Written out, since DuckDB imports pandas, a quarter of a second, for the first value that is bound.
        conn.execute(f"INSERT INTO memory.raw.sources VALUES {listed}")


def sql_literal(value: Value) -> str:
    """A SQL literal that casts to the column's type."""
    if value is None:
        return "NULL"
    if isinstance(value, list):
        return f"[{', '.join(map(sql_literal, value))}]::VARCHAR[]"
    return "'" + str(value).replace("'", "''") + "'"


def source_row(contract: Contract) -> dict[str, Value]:
    """One contract as a row of `SOURCE_COLUMNS`."""
    terms, sla = contract.terms, contract.sla
    row: dict[str, Value] = {
        "source_system": contract.id,
        "source_name": contract.name,
        "contract_version": contract.version,
        "kind": contract.kind,
        "channel": contract.channel,
        "acquisition_mode": terms.acquisition_mode,
        "vendor": terms.vendor,
        "vendor_type": terms.vendor_type,
        "valid_from": terms.valid_from,
        "valid_to": terms.valid_to,
        "max_uses": terms.max_uses,
        "permitted_channels": list(terms.permitted_channels),
        "permitted_purposes": list(terms.permitted_purposes),
        "net_name_guarantee": terms.net_name_guarantee,
        "legal_basis": terms.legal_basis,
        "licence": terms.licence,
        "reciprocity": terms.reciprocity,
        "recipient_countries": list(terms.recipient_countries),
        "matching_only": terms.matching_only,
        "price_amount": terms.price_amount,
        "price_currency": terms.price_currency,
        "price_unit": terms.price_unit,
        "default_country": contract.default_country,
        "default_currency": contract.default_currency,
        "delivery_mode": contract.delivery_mode,
        "source_rank": contract.source_rank,
        "frequency_hours": sla.frequency_hours,
        "latency_hours": sla.latency_hours,
        "retention_days": sla.retention_days,
    }
    return row
