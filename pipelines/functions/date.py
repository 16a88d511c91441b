"""Dates and timestamps as people and systems write them. An ambiguous form is never guessed silently."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from pipelines.functions.text import tidy

DATE_FIELDS = {"value": "DATE", "precision": "VARCHAR", "status": "VARCHAR", "reason": "VARCHAR"}
TIMESTAMP_FIELDS = {"value": "TIMESTAMP", "status": "VARCHAR", "reason": "VARCHAR"}

_PATTERN_PARTS = (
    ("yyyy", "%Y"),
    ("MMM", "%b"),
    ("MM", "%m"),
    ("dd", "%d"),
    ("HH", "%H"),
    ("mm", "%M"),
    ("ss", "%S"),
)
_YMD = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?")
_COMPACT = re.compile(r"(19|20)\d{6}")
_YEAR = re.compile(r"(1\d{3}|20\d{2})年?")
_THREE = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_WORDS = ("%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y", "%d-%b-%y")
_MONTH_FIRST = frozenset({"US", "PH"})
_SERIAL = re.compile(r"[1-6]\d{4}(?:\.0+)?")
_TIME = re.compile(r"^(.+?)[T ](\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|[+-]\d{2}:?\d{2})?$")


@lru_cache(maxsize=200_000)
def parse_date(raw: str | None, pattern: str | None, country: str | None) -> dict[str, Any] | None:
    """A date by the declared pattern (yyyy-MM-dd …), else any unambiguous form; None for blank.

    03/04/1990 follows `country` (month first in the US), without one it is 'ambiguous' and has no value.
    """
    text = tidy(raw)
    if not text:
        return None
    if pattern:
        try:
            return _date(datetime.strptime(text, _strptime(pattern)).date())
        except ValueError:
            pass
    with_time = _TIME.match(text)
    return _free_date(with_time[1] if with_time else text, country)


def _free_date(text: str, country: str | None) -> dict[str, Any]:
    try:
        if found := _YMD.fullmatch(text):
            year, month, day = int(found[1]), int(found[2]), found[3]
            return _date(date(year, month, int(day or 1)), "day" if day else "month")
        if _COMPACT.fullmatch(text):
            return _date(date(int(text[:4]), int(text[4:6]), int(text[6:8])))
        if found := _YEAR.fullmatch(text):
            return _date(date(int(found[1]), 1, 1), "year")
        if found := _THREE.fullmatch(text):
            return _three(int(found[1]), int(found[2]), int(found[3]), country)
        if _SERIAL.fullmatch(text):
            return _date(
                date(1899, 12, 30) + timedelta(days=int(float(text))), "day", "repaired", "spreadsheet_serial"
            )
    except ValueError:
        return _date(None, None, "invalid", "no_such_day")
    for pattern in _WORDS:
        try:
            return _date(datetime.strptime(text, pattern).date())
        except ValueError:
            continue
    return _date(None, None, "invalid", "unknown_form")


def _three(first: int, second: int, year: int, country: str | None) -> dict[str, Any]:
    if first > 12 or (country and country not in _MONTH_FIRST and country != "CN" and second <= 12):
        return _date(date(year, second, first))
    if second > 12 or country in _MONTH_FIRST or first == second:
        return _date(date(year, first, second))
    return _date(None, None, "ambiguous", "day_or_month_first")


@lru_cache(maxsize=200_000)
def parse_timestamp(raw: str | None, pattern: str | None, country: str | None) -> dict[str, Any] | None:
    """A timestamp; with a zone it becomes UTC, without one the wall time stays. A bare date is its midnight."""
    text = tidy(raw)
    if not text:
        return None
    if pattern:
        try:
            return _moment(datetime.strptime(text, _strptime(pattern)))
        except ValueError:
            pass
    try:
        found = datetime.fromisoformat(text)
        return _moment(found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found)
    except (ValueError, OverflowError):
        pass
    if re.fullmatch(r"1\d{9}|1\d{12}", text):
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        return _moment(datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None), "repaired", "epoch")
    parts = _TIME.match(text)
    day = _free_date(parts[1] if parts else text, country)
    if day["value"] is None:
        return _moment(None, day["status"], day["reason"])
    try:
        clock = datetime.fromisoformat(f"{day['value'].isoformat()} {parts[2].zfill(5)}") if parts else None
    except ValueError:
        return _moment(None, "invalid", "no_such_time")
    return _moment(clock or datetime.combine(day["value"], datetime.min.time()), day["status"], day["reason"])


def _strptime(pattern: str) -> str:
    for theirs, ours in _PATTERN_PARTS:
        pattern = pattern.replace(theirs, ours)
    return pattern.replace("%m", "%m").replace("'T'", "T").replace("/M/", "/%m/").replace("/d", "/%d")


def _date(
    value: date | None, precision: str | None = "day", status: str = "valid", reason: str | None = None
) -> dict[str, Any]:
    return {"value": value, "precision": precision, "status": status, "reason": reason}


def _moment(value: datetime | None, status: str = "valid", reason: str | None = None) -> dict[str, Any]:
    return {"value": value, "status": status, "reason": reason}
