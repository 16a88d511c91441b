"""Invented Chinese people: names, resident ids, mobile numbers, homes and mailboxes that could exist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pipelines.demo.dice import Dice, scatter
from pipelines.demo.person import Home, Phone
from pipelines.demo.tables import (
    Division,
    Hanzi,
    characters,
    divisions,
    given_characters,
    lines,
    popular_given,
    surnames,
)

MOBILE_SEGMENTS = tuple(
    str(segment)
    for segment in (*range(130, 140), *range(150, 154), *range(155, 160), 166, 173, *range(175, 179),
                    *range(180, 190), 191, 198, 199)
)  # fmt: skip
MAIL_DOMAINS = (
    "qq.com",
    "qq.com",
    "qq.com",
    "163.com",
    "163.com",
    "126.com",
    "sina.com",
    "foxmail.com",
    "139.com",
)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class ChineseName:
    """Simplified family and given name with their pinyin (Zhang, Xiaoming)."""

    family: str
    given: str
    family_latin: str
    given_latin: str


def family_name(dice: Dice) -> Hanzi:
    return dice.weighted(surnames())


def full_name(family: Hanzi, sex: str, dice: Dice) -> ChineseName:
    """A given name for the family name: a fifth of all people bear one of few dozen names."""
    if dice.chance(0.2):
        given = dice.weighted(popular_given(sex))
    else:
        table = given_characters(sex)
        given = dice.weighted(table).simplified
        if dice.chance(0.85):
            given += dice.weighted(table).simplified
    latin = "".join(characters()[one].pinyin for one in given).capitalize()
    return ChineseName(family.simplified, given, family.pinyin.capitalize(), latin)


def resident_id(region: str, birth: date, sex: str, dice: Dice) -> str:
    """An 18-digit resident identity number with its check digit (GB 11643); men have odd sequence numbers."""
    sequence = dice.whole(0, 499) * 2 + (1 if sex == "M" else 0)
    body = f"{region}{birth:%Y%m%d}{sequence:03d}"
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, body, strict=True))
    return body + "10X98765432"[total % 11]


def mobile(index: int, offset: int, since: datetime, dice: Dice) -> Phone:
    """A mobile number; the last eight digits differ for every index."""
    return Phone("86", f"{dice.pick(MOBILE_SEGMENTS)}{scatter(index, offset):08d}", since)


def home(dice: Dice, division: Division | None = None) -> Home:
    """A flat: street and number, or an estate, then building, unit and room."""
    where = division or dice.weighted(divisions())
    street, number = dice.pick(lines("streets_cn.txt")), f"{dice.whole(1, 688)}号"
    if dice.chance(0.3):
        number += dice.pick(lines("estates_cn.txt"))
    floor, door = dice.whole(1, 28), dice.whole(1, 4)
    unit = f"{dice.whole(1, 26)}栋{dice.whole(1, 4)}单元{floor}{door:02d}室"
    return Home(
        "CN", where.province, where.city, where.district, street, number, unit, where.postcode, where.code
    )


def mailbox(name: ChineseName, index: int, offset: int, birth: date, dice: Dice) -> str:
    """An e-mail address that no other index gets: a QQ number, or the name with a number."""
    domain, unique = dice.pick(MAIL_DOMAINS), scatter(index, offset, 7)
    if domain == "qq.com":
        return f"{dice.whole(1, 99)}{unique:07d}@qq.com"
    family, given = name.family_latin.lower(), name.given_latin.lower()
    stem = dice.pick((f"{family}{given}", f"{given}{family}", f"{family}_{given}", f"{given}{birth:%y}_"))
    return f"{stem}{unique:07d}@{domain}"


def region_of_birth(dice: Dice, home: Home) -> str:
    """The district code in the id: where the family was registered, for two of three the present home."""
    return home.division_code if dice.chance(0.65) else dice.weighted(divisions()).code


def surname(hanzi: str) -> Hanzi:
    """The surname written so. Raises StopIteration for one that is not in the table."""
    return next(one for one in surnames().items if one.simplified == hanzi)
