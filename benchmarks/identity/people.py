"""Invented people for the benchmark of speed: Zipf-distributed names, three records in ten repeat somebody with slips."""

from __future__ import annotations

import numpy as np
import pandas as pd

DUPLICATES = 0.3
_SYLLABLES = (
    "ba",
    "ko",
    "mi",
    "ran",
    "tel",
    "sor",
    "vin",
    "del",
    "har",
    "gus",
    "lo",
    "ne",
    "pri",
    "quin",
    "sta",
    "wer",
)
_LETTERS = np.array(list("abcdefghijklmnopqrstuvwxyz"))
COLUMNS = ("first_name", "surname", "dob", "phone", "email", "city", "postcode")


def people(records: int, seed: int = 11) -> pd.DataFrame:
    """`records` rows of text: unique_id, COLUMNS and `cluster`, the person; missing values are null."""
    dice = np.random.default_rng(seed)
    originals = records - int(records * DUPLICATES)
    persons = _persons(dice, originals)
    of_row = np.concatenate([np.arange(originals), dice.integers(0, originals, records - originals)])
    frame = persons.iloc[of_row].reset_index(drop=True)
    slipped = np.arange(originals, records)
    for name, share in (
        ("first_name", 0.15),
        ("surname", 0.1),
        ("dob", 0.06),
        ("phone", 0.1),
        ("email", 0.1),
    ):
        rows = slipped[dice.random(len(slipped)) < share]
        frame.loc[rows, name] = [_slip(dice, text) for text in frame.loc[rows, name]]
    moved = slipped[dice.random(len(slipped)) < 0.15]
    frame.loc[moved, ["city", "postcode"]] = persons.iloc[dice.integers(0, originals, len(moved))][
        ["city", "postcode"]
    ].to_numpy()
    for name, share in (("phone", 0.25), ("email", 0.3), ("dob", 0.05), ("postcode", 0.1)):
        frame.loc[dice.random(records) < share, name] = None
    frame.insert(0, "unique_id", [f"r{n}" for n in range(records)])
    return frame.assign(cluster=of_row.astype(str))


def _persons(dice: np.random.Generator, count: int) -> pd.DataFrame:
    first, last = _words(dice, 4_000), _words(dice, 30_000)
    names = pd.DataFrame(
        {"first_name": first[_zipf(dice, len(first), count)], "surname": last[_zipf(dice, len(last), count)]}
    )
    days = pd.Timestamp("1940-01-01") + pd.to_timedelta(dice.integers(0, 24_000, count), unit="D")
    place = _zipf(dice, 3_000, count)
    towns = _words(dice, 3_000)
    mailbox = dice.integers(1, 10**6, count).astype(str)
    return names.assign(
        dob=pd.Series(days).dt.strftime("%Y-%m-%d"),
        phone=[
            f"+4474{number:08d}"
            for number in dice.permutation(10**8 if count > 10**7 else 10 * count)[:count]
        ],
        email=names["first_name"].str[:3] + names["surname"] + mailbox + "@example.org",
        city=towns[place],
        postcode=[
            f"{town % 90 + 10:02d}{part:03d}"
            for town, part in zip(place, dice.integers(0, 1000, count), strict=True)
        ],
    )


def _words(dice: np.random.Generator, count: int) -> np.ndarray:
    parts = dice.choice(_SYLLABLES, size=(count * 3, 3))
    words = pd.unique(pd.Series(["".join(row) for row in parts]))
    tails = dice.choice(_LETTERS, size=len(words))
    words = pd.unique(pd.Series(words) + tails)
    return np.asarray(dice.permutation(words)[:count], dtype=object)


def _zipf(dice: np.random.Generator, size: int, count: int) -> np.ndarray:
    chance = 1 / np.arange(10, size + 10)
    return dice.choice(size, size=count, p=chance / chance.sum())


def _slip(dice: np.random.Generator, text: str) -> str:
    place = int(dice.integers(0, len(text)))
    digit = text[place].isdigit()
    other = str(dice.integers(0, 10)) if digit else str(dice.choice(_LETTERS))
    kind = dice.integers(0, 3)
    if kind == 0 or not text[place].isalnum() or digit:
        return text[:place] + (other if text[place].isalnum() else text[place]) + text[place + 1 :]
    return text[:place] + text[place + 1 :] if kind == 1 else text[:place] + other + text[place:]
