"""The benchmark of real receipts: what is delivered of the wheel, and that a mart which loses a cent is noticed."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from benchmarks.transactions.journey import CAMPAIGNS, FOLDER, TILLS, journey_tables, sold
from benchmarks.transactions.reconcile import reconcile

MEMBERS = {
    "transactions": {
        "household_id": [2, 1, 1], "basket_id": [9, 8, 8], "transaction_timestamp": ["2017-01-02"] * 3, "store_id": [1, 1, 1],
        "product_id": [5, 5, 5], "quantity": [1, 1, 1], "sales_value": [1.1, 2.2, 2.2],
    },
    "products": {"product_id": [5], "department": ["GROCERY"]},
    "campaigns": {"campaign_id": [3, 3], "household_id": [1, 2]},
    "campaign_descriptions": {"campaign_id": [3], "start_date": ["2017-01-01"]},
    "coupon_redemptions": {
        "household_id": [1], "coupon_upc": [77], "campaign_id": [3], "redemption_date": ["2017-01-03"],
    },
}  # fmt: skip
MARTS = """
    CREATE SCHEMA warehouse.staging; CREATE SCHEMA warehouse.marts;
    CREATE TABLE warehouse.staging.stg_transactions AS SELECT 5.5::decimal(18,2) AS amount;
    CREATE TABLE warehouse.marts.fct_transactions AS SELECT 5.5::decimal(18,2) AS amount, 38.5::decimal(18,2) AS value;
    CREATE TABLE warehouse.marts.fct_orders AS
        SELECT 'c' AS customer_id, 38.5::decimal(18,2) AS net_value, 0::decimal(18,2) AS unmatched_return_value, false AS is_return;
    CREATE TABLE warehouse.marts.order_attribution AS SELECT 38.5::decimal(18,2) AS first_value, 38.5::decimal(18,2) AS linear_value;
    CREATE TABLE warehouse.marts.customer_360 AS
        SELECT 38.5::decimal(18,2) AS total_value, 0::decimal(18,2) AS unmatched_return_value;
    CREATE TABLE warehouse.marts.customer_rfm AS SELECT 'c' AS customer_id, 38.5::decimal(18,2) AS net_value;
    CREATE TABLE warehouse.marts.cohort_retention AS SELECT 38.5::decimal(18,2) AS net_value;
    CREATE TABLE warehouse.marts.funnel AS SELECT 'reached' AS stage, '3' AS campaign_id, 2 AS customers;
    CREATE TABLE warehouse.marts.campaign_summary AS SELECT 2 AS sent_customers;
"""


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    path = tmp_path / "journey.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, columns in MEMBERS.items():
            written = io.BytesIO()
            pd.DataFrame(columns).to_parquet(written)
            archive.writestr(f"{FOLDER}/{name}.parquet", written.getvalue())
    return path


def test_each_line_of_a_receipt_is_delivered_under_a_key_of_its_own(wheel: Path) -> None:
    tables = journey_tables(wheel)
    assert tables[TILLS]["line"].tolist() == ["L0", "L1", "L2"]
    assert tables[TILLS]["department"].tolist() == ["GROCERY"] * 3
    assert sold(tables[TILLS]) == Decimal("5.50")
    assert tables[CAMPAIGNS]["what"].tolist() == ["campaign_send", "campaign_send", "coupon_redemption"]
    assert set(journey_tables(wheel, 1)[TILLS]["household_id"]) == {1}


def test_a_mart_that_loses_a_cent_is_noticed() -> None:
    conn = duckdb.connect()
    conn.execute("ATTACH ':memory:' AS warehouse")
    conn.execute(MARTS)
    checks = reconcile(conn, Decimal("5.50"))
    assert [check.name for check in checks if not check.is_good] == []
    assert len(checks) == 9
    conn.execute("UPDATE warehouse.marts.order_attribution SET linear_value = 38.49")
    conn.execute("UPDATE warehouse.marts.funnel SET customers = 3")
    failed = [check.name for check in reconcile(conn, Decimal("5.51")) if not check.is_good]
    assert failed == [
        "staging: amounts", "fct_transactions: amounts", "order_attribution: linear", "funnel: reached",
    ]  # fmt: skip
