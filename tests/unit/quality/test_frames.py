"""The figures of a gate from hand-made tables, as a build holds them."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pandas as pd
import pytest

from pipelines.errors import GateError
from pipelines.quality.frames import frames_of
from pipelines.quality.gate import run_gate

STAGING = """
    ATTACH ':memory:' AS warehouse; CREATE SCHEMA raw;
    CREATE SCHEMA warehouse.standardise; CREATE SCHEMA warehouse.staging;
    CREATE TABLE raw.sources AS FROM (VALUES ('shop', NULL), ('till', 'CNY'), ('web', NULL)) t(source_system, default_currency);
    CREATE TABLE raw.deliveries AS FROM (VALUES ('shop', 'd1', 10, 6, 3, 1, 0), ('shop', 'd2', 10, 6, 3, 0, 0),
        ('till', 'd3', 5, 5, 0, 0, 2)) t(source_system, delivery_id, rows_in, accepted, quarantined, duplicate, closed);
    CREATE TABLE warehouse.standardise.std_records AS FROM (VALUES
        ('shop', 'a b', []::VARCHAR[], []::VARCHAR[], NULL, NULL, NULL), ('shop', NULL, ['1'], [], NULL, NULL, NULL),
        ('shop', NULL, [], ['e'], NULL, NULL, NULL), ('shop', NULL, [], [], 'o', NULL, NULL), ('shop', NULL, [], [], NULL, 'm', NULL),
        ('shop', NULL, [], [], NULL, NULL, 'c'), ('shop', NULL, [], [], NULL, NULL, NULL), ('shop', NULL, [], [], NULL, NULL, NULL))
        t(source_system, full_key, phones, emails, organisation_key, member_key, customer_ref_key);
    CREATE TABLE warehouse.staging.stg_transactions AS FROM (VALUES ('shop', 12, NULL), ('shop', 12, 'EUR'),
        ('shop', NULL, NULL), ('till', 12, NULL)) t(source_system, amount, currency);"""
IDENTITY = """
    ATTACH ':memory:' AS warehouse; CREATE SCHEMA warehouse.identity; CREATE SCHEMA state;
    CREATE TABLE warehouse.identity.resolved AS FROM (VALUES ('c1'), ('c1'), ('c1'), ('c2')) t(customer_id);
    CREATE TABLE warehouse.identity.customer_id_changes AS FROM (VALUES ('c9')) t(customer_id);
    CREATE TABLE state.identity_assignments AS FROM (VALUES ('c1'), ('c1'), ('c2'), ('c3'), ('c9')) t(customer_id);"""
GOLDEN = """
    ATTACH ':memory:' AS warehouse; CREATE SCHEMA warehouse.golden;
    CREATE TABLE warehouse.golden.customers AS FROM (VALUES (1, 'p', NULL), (2, NULL, 'e'), (3, 'p', 'e'), (4, NULL, NULL))
        t(customer_id, phone, email);"""


@pytest.fixture
def conn() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        yield made


def figures(frame: pd.DataFrame, column: str) -> dict[str, float | None]:
    values = [None if pd.isna(value) else value for value in frame[column]]
    return dict(zip(frame["subject"], values, strict=True))


def test_every_delivery_is_balanced_by_itself(conn: duckdb.DuckDBPyConnection) -> None:
    # What a snapshot closes came in no row of its own: it is in none of the counts.
    conn.execute(STAGING)
    deliveries, _ = frames_of("staging", conn)
    assert figures(deliveries, "unaccounted_rows") == {"shop d1": 0, "shop d2": 1, "till d3": 0}


def test_records_and_those_that_identify_somebody_are_counted_by_source(
    conn: duckdb.DuckDBPyConnection,
) -> None:
    conn.execute(STAGING)
    _, sources = frames_of("staging", conn)
    assert figures(sources, "records") == {"shop": 8, "till": 0, "web": None}
    assert figures(sources, "identified_share") == {"shop": 0.75, "till": None, "web": None}


def test_amounts_without_a_currency_are_counted_by_source_unless_its_contract_names_one(
    conn: duckdb.DuckDBPyConnection,
) -> None:
    conn.execute(STAGING)
    _, sources = frames_of("staging", conn)
    assert figures(sources, "lines_without_currency") == {"shop": 1, "till": 0, "web": 0}


def test_the_largest_customer_the_customers_and_the_retired_ids(conn: duckdb.DuckDBPyConnection) -> None:
    conn.execute(IDENTITY)
    (frame,) = frames_of("identity", conn)
    assert frame.to_dict("records") == [
        {"subject": "all", "largest_customer": 3, "customers": 2, "retired_share": 0.25}
    ]


@pytest.mark.parametrize(("published", "kept"), [(None, None), (0, None), (4, 1.0), (16, 0.25)])
def test_customers_kept_and_contactable(
    conn: duckdb.DuckDBPyConnection, published: int | None, kept: float | None
) -> None:
    conn.execute(GOLDEN)
    (frame,) = frames_of("golden", conn, published)
    assert figures(frame, "kept_share") == {"all": kept}
    assert figures(frame, "contactable_share") == {"all": 0.75}


def test_a_gate_without_its_layer_says_what_is_missing(conn: duckdb.DuckDBPyConnection) -> None:
    conn.execute("ATTACH ':memory:' AS warehouse")
    with pytest.raises(GateError, match="build the layer first"):
        run_gate("golden", conn, "golden/customers")
