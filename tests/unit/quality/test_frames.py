"""The figures of a gate from tables as a build holds them."""

from __future__ import annotations

from datetime import date

import duckdb

from pipelines.quality.frames import frame_of


def test_amounts_without_a_currency_are_counted_by_source_unless_its_contract_names_one() -> None:
    with duckdb.connect() as conn:
        conn.execute("ATTACH ':memory:' AS warehouse; CREATE SCHEMA raw")
        conn.execute("CREATE SCHEMA warehouse.standardise; CREATE SCHEMA warehouse.staging")
        conn.execute(
            "CREATE TABLE raw.sources AS FROM (VALUES ('shop', NULL), ('till', 'CNY'), ('web', NULL)) t(source_system, default_currency)"
        )
        conn.execute(
            "CREATE TABLE raw.deliveries (source_system VARCHAR, rows_in INT, accepted INT, quarantined INT, duplicate INT, closed INT)"
        )
        conn.execute("""CREATE TABLE warehouse.standardise.std_records (source_system VARCHAR, full_key VARCHAR, phones VARCHAR[],
            emails VARCHAR[], organisation_key VARCHAR, member_key VARCHAR, customer_ref_key VARCHAR)""")
        conn.execute("""CREATE TABLE warehouse.staging.stg_transactions AS FROM (VALUES ('shop', 12, NULL), ('shop', 12, 'EUR'),
            ('shop', NULL, NULL), ('till', 12, NULL)) t(source_system, amount, currency)""")
        frame = frame_of("staging", conn, date(2026, 1, 1))
    assert dict(zip(frame["subject"], frame["lines_without_currency"], strict=True)) == {
        "shop": 1,
        "till": 0,
        "web": 0,
    }
