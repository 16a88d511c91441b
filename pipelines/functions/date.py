"""Dates as people and systems write them. An ambiguous form is never guessed silently."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from pipelines.functions.date_words import (
    chinese_numerals_to_digits,
    era_letter,
    era_year,
    is_lunar,
    minguo_year,
    month_number,
)
from pipelines.functions.lunar import lunar_date
from pipelines.functions.text import is_placeholder, tidy

DATE_FIELDS = {"value": "DATE", "precision": "VARCHAR", "status": "VARCHAR", "reason": "VARCHAR"}

# Values that systems fill in for 'unknown': first days of their calendars and the ends of their ranges.
JUNK_DATES = frozenset(
    {
        "1900-01-01",
        "1970-01-01",
        "1901-01-01",
        "9999-12-31",
        "0001-01-01",
        "1899-12-30",
        "1899-12-31",
        "2999-12-31",
    }
)
_PATTERN_PARTS = (
    ("yyyy", "%Y"),
    ("yy", "%y"),
    ("MMM", "%b"),
    ("MM", "%m"),
    ("dd", "%d"),
    ("HH", "%H"),
    ("mm", "%M"),
    ("ss", "%S"),
)
_YMD = re.compile(r"(\d{4})(?:[-/.年]|\s+)(\d{1,2})(?:(?:[-/.月]|\s+)(\d{1,2})[日号]?)?月?")
_COMPACT = re.compile(r"(?:1[89]|20)\d{6}")
_SIX = re.compile(r"(\d{2})(\d{2})(\d{2})")
_YEAR = re.compile(r"(1\d{3}|20\d{2})年?")
_THREE = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_SHORT_YEAR = re.compile(r"\d{1,2}[-/.年 ]\d{1,2}[-/.月 ]\d{1,2}[日号]?")
_DAY_WORD_YEAR = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|\.|º)?[\s\-/]*(?:de )?([^\W\d]+)\.?,?[\s\-/]*(?:de )?(\d{2}|\d{4})", re.I
)
_WORD_DAY_YEAR = re.compile(r"([^\W\d]+)\.?\s*(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", re.I)
_WORD_YEAR = re.compile(r"([^\W\d]+)\.?,?\s*(?:de )?(\d{4})", re.I)
_MONTH_FIRST = frozenset({"US", "PH"})
# Countries that write both ways, or year first, so that their name says nothing about 03/04/1990.
_UNDECIDED = frozenset({"CN", "CA", "TW", "HK", "MO", "JP", "KR", "HU", "LT", "ZA", "MN"})
_SERIAL = re.compile(r"[1-6]\d{4}(?:\.\d+)?")
_WEEKDAY = re.compile(
    r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+|\s*[(（]?(?:星期|周)[一二三四五六日天][)）]?",
    re.I,
)
DAY_AND_TIME = re.compile(
    r"^(.+?)(?:T|\s+|(?<=[日号]))(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*([ap]\.?m\.?)?\s*(Z|[+-]\d{2}:?\d{2})?$",
    re.I,
)
EXCEL_EPOCH = datetime(1899, 12, 30)


@lru_cache(maxsize=200_000)
def _parse_date(text: str, pattern: str | None, country: str | None) -> dict[str, Any]:
    if is_placeholder(text):
        return _date(None, None, "junk", "placeholder")
    if pattern:
        try:
            return _date(datetime.strptime(text, strptime_pattern(pattern)).date())
        except ValueError:
            pass
    with_time = DAY_AND_TIME.match(text)
    return _free_date(with_time[1] if with_time else text, country)


def parse_date(raw: str | None, pattern: str | None, country: str | None) -> dict[str, Any] | None:
    """A date by the declared pattern (yyyy-MM-dd …), else any unambiguous form; None for blank.

    03/04/1990 follows `country` (month first in the US); where that does not tell, and for years of two digits, the
    status is 'ambiguous' without a value. Other statuses: valid, repaired (spreadsheet serial, lunar date), junk (placeholders;
    a filled-in date such as 1900-01-01 keeps its value), invalid. precision: day, month or year (first day of it).
    """
    text = tidy(raw)
    return dict(_parse_date(text, pattern, country)) if text else None


def _free_date(text: str, country: str | None) -> dict[str, Any]:
    if is_lunar(text):
        solar = lunar_date(text)
        return _date(solar, "day" if solar else None, "repaired" if solar else "invalid", "lunar_calendar")
    text = text.lstrip("'’‘`").rstrip(".") if text[:1] in "'’‘`" or text.count(".") == 3 else text
    text = minguo_year(text) if country == "TW" else era_letter(text) if country == "JP" else text
    text = era_year(chinese_numerals_to_digits(_WEEKDAY.sub("", text)))
    text = re.sub(r"\s*([年月日号/.\-])\s*", r"\1", text) if re.match(r"\d", text) else text
    try:
        if set(re.sub(r"\D", "", text) or "x") == {"0"}:
            return _date(None, None, "junk", "placeholder")
        return _numeric(text, country) or _worded(text) or _date(None, None, "invalid", "unknown_form")
    except (ValueError, OverflowError):
        return _date(None, None, "invalid", "no_such_day")


def _numeric(text: str, country: str | None) -> dict[str, Any] | None:
    if found := _YMD.fullmatch(text):
        year, month, day = int(found[1]), int(found[2]), found[3]
        return _date(date(year, month, int(day or 1)), "day" if day else "month")
    if _COMPACT.fullmatch(text):
        return _date(date(int(text[:4]), int(text[4:6]), int(text[6:8])))
    if found := _YEAR.fullmatch(text):
        return _date(date(int(found[1]), 1, 1), "year")
    if found := _THREE.fullmatch(text):
        return _three(int(found[1]), int(found[2]), int(found[3]), country)
    if found := _SIX.fullmatch(text):
        return _six(int(found[1]), int(found[2]), int(found[3]))
    if _SHORT_YEAR.fullmatch(text):
        return _date(None, None, "ambiguous", "two_digit_year")
    if _SERIAL.fullmatch(text):
        return _date(
            (EXCEL_EPOCH + timedelta(days=int(float(text)))).date(), "day", "repaired", "spreadsheet_serial"
        )
    return None


def _worded(text: str) -> dict[str, Any] | None:
    if (found := _DAY_WORD_YEAR.fullmatch(text)) and (month := month_number(found[2])):
        if len(found[3]) == 2:
            return _date(None, None, "ambiguous", "two_digit_year")
        return _date(date(int(found[3]), month, int(found[1])))
    if (found := _WORD_DAY_YEAR.fullmatch(text)) and (month := month_number(found[1])):
        return _date(date(int(found[3]), month, int(found[2])))
    if (found := _WORD_YEAR.fullmatch(text)) and (month := month_number(found[1])):
        return _date(date(int(found[2]), month, 1), "month")
    return None


def _six(first: int, second: int, third: int) -> dict[str, Any] | None:
    """Six digits: year and month (196802), or a date with two digits for the year."""
    is_month = first in (19, 20) and 1 <= third <= 12
    is_day = 1 <= second <= 12 and 1 <= third <= 31
    if is_month and not is_day:
        return _date(date(first * 100 + second, third, 1), "month")
    return _date(None, None, "ambiguous", "two_digit_year") if is_day else None


def _three(first: int, second: int, year: int, country: str | None) -> dict[str, Any]:
    is_day_first = bool(country) and country not in _MONTH_FIRST and country not in _UNDECIDED
    if first > 12 or (is_day_first and second <= 12):
        return _date(date(year, second, first))
    if second > 12 or country in _MONTH_FIRST or first == second:
        return _date(date(year, first, second))
    return _date(None, None, "ambiguous", "day_or_month_first")


def strptime_pattern(pattern: str) -> str:
    """A contract's pattern (yyyy-MM-dd) in Python's signs."""
    for theirs, ours in _PATTERN_PARTS:
        pattern = pattern.replace(theirs, ours)
    return pattern.replace("'T'", "T").replace("/M/", "/%m/").replace("/d", "/%d")


def _date(
    value: date | None, precision: str | None = "day", status: str = "valid", reason: str | None = None
) -> dict[str, Any]:
    if value is not None and status in ("valid", "repaired") and value.isoformat() in JUNK_DATES:
        status, reason = "junk", "filled_in_date"
    return {"value": value, "precision": precision, "status": status, "reason": reason}


def is_junk_date(iso_date: str | None) -> bool | None:
    """Whether a date (ISO text) is one that systems fill in for 'unknown'."""
    return None if iso_date is None else iso_date[:10] in JUNK_DATES
