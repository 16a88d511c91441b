"""The twelve drifts: each turns one source's ordinary delivery into one that nobody has agreed to."""

from __future__ import annotations

import random
from collections.abc import Callable

import pandas as pd

from benchmarks.drift.nights import Nights

Drift = Callable[[pd.DataFrame, Nights, random.Random], pd.DataFrame]


def half_volume(rows: pd.DataFrame, nights: Nights, dice: random.Random) -> pd.DataFrame:
    return rows.head(len(rows) // 2)


def province_gone(rows: pd.DataFrame, nights: Nights, dice: random.Random) -> pd.DataFrame:
    return rows[rows["province"] != "四川省"]


def column_emptied(rows: pd.DataFrame, nights: Nights, dice: random.Random) -> pd.DataFrame:
    return rows.assign(email="")


def other_currency(rows: pd.DataFrame, nights: Nights, dice: random.Random) -> pd.DataFrame:
    return rows.assign(amount=(rows["amount"].astype(float) / 7.12).round(2))


def shifted_a_year(rows: pd.DataFrame, nights: Nights, dice: random.Random) -> pd.DataFrame:
    shifted = pd.to_datetime(rows["registered_at"]) - pd.DateOffset(years=1)
    return rows.assign(registered_at=shifted.dt.strftime("%Y-%m-%d %H:%M:%S"))


def resold_list(rows: pd.DataFrame, nights: Nights, dice: random.Random) -> pd.DataFrame:
    """Nine rows in ten are people whom the other vendor sold before, under new keys."""
    sold = dice.sample(nights.people["list_a"], int(len(rows) * 0.9))
    resold = pd.DataFrame(sold).assign(id=list(rows["id"].head(len(sold))))
    return pd.concat([resold, rows.tail(len(rows) - len(sold))])


def emails_shuffled(rows: pd.DataFrame, nights: Nights, dice: random.Random) -> pd.DataFrame:
    shuffled = list(rows["email"])
    dice.shuffle(shuffled)
    return rows.assign(email=shuffled)


def without_area_code(rows: pd.DataFrame, nights: Nights, dice: random.Random) -> pd.DataFrame:
    return rows.assign(phone=rows["phone"].str.replace(r"^0\d+-", "", regex=True))


def one_gender(rows: pd.DataFrame, nights: Nights, dice: random.Random) -> pd.DataFrame:
    return rows.assign(gender="男")


def new_category(rows: pd.DataFrame, nights: Nights, dice: random.Random) -> pd.DataFrame:
    chosen = [dice.random() < 0.3 for _ in range(len(rows))]
    return rows.assign(product_category=rows["product_category"].mask(chosen, "礼品卡"))


def repeated_rows(rows: pd.DataFrame, nights: Nights, dice: random.Random) -> pd.DataFrame:
    return pd.concat([rows, rows.sample(frac=0.25, random_state=dice.randrange(10**6))])


def all_consent(rows: pd.DataFrame, nights: Nights, dice: random.Random) -> pd.DataFrame:
    return rows.assign(consent_marketing="true")


DRIFTS: dict[str, tuple[str, Drift]] = {
    "half volume": ("orders", half_volume),
    "one province gone": ("list_b", province_gone),
    "a column emptied": ("web", column_emptied),
    "amounts in another currency's size": ("orders", other_currency),
    "dates shifted a year": ("web", shifted_a_year),
    "a vendor's list resold": ("list_b", resold_list),
    "e-mails shuffled among rows": ("web", emails_shuffled),
    "phones without area code": ("list_a", without_area_code),
    "gender all one value": ("list_a", one_gender),
    "a new category at 30 %": ("orders", new_category),
    "duplicates at 20 %": ("list_a", repeated_rows),
    "consent all yes": ("web", all_consent),
}
"""What is injected -> the source that it is injected into, and how."""
