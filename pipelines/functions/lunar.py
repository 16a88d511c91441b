"""Dates of the lunar calendar, as forms for older people have them: 农历1985年八月十五, 阴历一九七六年闰八月初八."""

from __future__ import annotations

import re
from datetime import date

_MARK = re.compile(
    r"^[\s(（]*(?:[农農阴陰旧舊夏][历曆]|lunar)[\s:：)）]*|[\s(（]*(?:[农農阴陰旧舊夏][历曆]|lunar)[\s)）]*$",
    re.I,
)
_FORM = re.compile(
    r"(\d{4}|[〇○零一二三四五六七八九]{4})[年/.\-\s]\s*([闰閏]?)\s*([正腊臘冬元]|\d{1,2}|[一二三四五六七八九]|十[一二]?)[月/.\-\s]\s*"
    r"(\d{1,2}|初[一二三四五六七八九十]|[十二]?十[一二三四五六七八九]?|[廿卅][一二三四五六七八九]?|三十)[日号]?"
)
_DIGITS = {
    "〇": 0,
    "○": 0,
    "零": 0,
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_MONTHS = {"正": 1, "元": 1, "冬": 11, "腊": 12, "臘": 12, "十": 10, "十一": 11, "十二": 12}
_FIRST, _LAST = 1900, 2100
"""Years of which the tables of calendars agree."""


def lunar_date(text: str) -> date | None:
    """The day of our calendar; None for another form, a year of two digits, or a day that the lunar year does not have."""
    found = _FORM.fullmatch(_MARK.sub("", text))
    if not found:
        return None
    year, month, day = _number(found[1]), _month(found[3]), _day(found[4])
    if not _FIRST <= year < _LAST:
        return None
    from lunar_python import Lunar  # noqa: PLC0415 - few files hold such a date

    try:
        solar = Lunar.fromYmd(year, -month if found[2] else month, day).getSolar()
    except Exception:  # the library raises nothing narrower for a day that is none
        return None
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


def _number(text: str) -> int:
    return int("".join(str(_DIGITS.get(sign, sign)) for sign in text))


def _month(text: str) -> int:
    return _MONTHS.get(text) or _number(text)


def _day(text: str) -> int:
    if text.isascii():
        return int(text)
    tens = {"初": 0, "十": 10, "廿": 20, "卅": 30}
    if text in ("初十", "二十", "三十"):
        return {"初十": 10, "二十": 20, "三十": 30}[text]
    if text.startswith("二十"):
        return 20 + _DIGITS[text[2]]
    return tens[text[0]] + (_DIGITS[text[1]] if len(text) > 1 else 0)
