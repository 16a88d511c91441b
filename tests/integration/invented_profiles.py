"""Invented people as a delivery, and profiles of random values: pairs of either agree wholly, nearly or not."""

from __future__ import annotations

import csv
import io
import random
from typing import Any

import duckdb
from test_identity_hard_input import COLUMNS, words

WORDS = (
    "sorvin", "sorvim", "sorvinkomiran", "sorvinkomirna", "komiran sorvin", "delhar", "del", "han", "f", "ab", "王小", "小",
    "sorvin@north.org", "sorvim@north.org", "sorvin@south.org", "sorvin1234", "****in1234", "+447400123456", "+447400123465",
    "+497400123456",
)  # fmt: skip
DATES = (
    "1970-03-04", "1970-04-03", "1970-03-05", "1970-03-09", "1970-03-28", "1971-03-06", "1980-03-10", "1978-11-20",
    "1999-12-24", "1970-01-01",
)  # fmt: skip


CITIES = ("London", "Londn", "Leeds", "York", "")


def slipped(text: str, dice: random.Random) -> str:
    place = dice.randrange(1, len(text) - 1)
    return dice.choice((text, text, text[:place] + text[place + 1 :]))


def delivery() -> str:
    """120 people with two records each, among them slips, missing values, turned names and shared contacts."""
    dice = random.Random(7)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for n in range(120):
        given, family = words(dice), words(dice)
        born = f"19{dice.randint(40, 99)}-0{dice.randint(1, 9)}-0{dice.randint(1, 9)}"
        phone, mail = f"+447400{dice.randint(100000, 999999)}", f"{given}{n % 40}@north.org"
        for turn in "ab":
            name = f"{slipped(given, dice)} {slipped(family, dice)}".title()
            row = {
                "no": f"{turn}{n}",
                "姓名": ", ".join(reversed(name.split())) if n % 10 == 0 else name,
                "birth": dice.choice((born, born, born[:8] + born[9] + "0", "")).replace("-00", "-01"),
                "手机": dice.choice((phone, phone[:-1] + "0", "")),
                "mail": dice.choice((mail, mail.replace("north", "south"), "")),
                "city": dice.choice(CITIES),
            }
            writer.writerow({"time": "2026-01-01", **row})
    return text.getvalue()


def any_value(kind: str, dice: random.Random) -> Any:
    """A value of a column type of DuckDB; one in five is missing."""
    if kind.endswith("[]"):
        return [any_value(kind[:-2], dice) or "han" for _ in range(dice.randint(0, 2))]
    made = {"VARCHAR": WORDS, "DATE": DATES, "BOOLEAN": (True, False)}.get(kind, range(4))
    return dice.choice(made) if kind == "BOOLEAN" or dice.random() < 0.8 else None


def invent(conn: duckdb.DuckDBPyConnection, kinds: dict[str, str], rows: int) -> None:
    """Table profiles with the columns `kinds` (name -> type), numbered from 0 by profile_no: persons and organisations in turn."""
    dice = random.Random(3)
    conn.execute(f"CREATE TABLE profiles ({', '.join(f'{name} {kind}' for name, kind in kinds.items())})")
    for number in range(rows):
        row = {name: any_value(kind, dice) for name, kind in kinds.items()}
        row |= {"profile_no": number, "entity_type": ("person", "organisation")[number % 2]}
        conn.execute(f"INSERT INTO profiles VALUES ({', '.join('?' * len(row))})", list(row.values()))
