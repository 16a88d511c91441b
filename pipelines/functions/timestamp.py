"""Timestamps as systems write them: ISO, a date with a clock, epochs, spreadsheet serials."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from pipelines.functions.date import DAY_AND_TIME, EXCEL_EPOCH, parse_date, strptime_pattern
from pipelines.functions.text import tidy

TIMESTAMP_FIELDS = {"value": "TIMESTAMP", "status": "VARCHAR", "reason": "VARCHAR"}


@lru_cache(maxsize=200_000)
def _parse_timestamp(text: str, pattern: str | None, country: str | None) -> dict[str, Any]:
    if pattern:
        try:
            return _moment(datetime.strptime(text, strptime_pattern(pattern)))
        except ValueError:
            pass
    try:
        found = datetime.fromisoformat(text) if "-" in text[:-6] else None
        if found:
            return _moment(found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found)
    except (ValueError, OverflowError):
        pass
    if re.fullmatch(r"1\d{9}|1\d{12}", text):
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        return _moment(datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None), "repaired", "epoch")
    if re.fullmatch(r"[1-6]\d{4}\.\d+", text):
        moment = EXCEL_EPOCH + timedelta(seconds=round(float(text) * 86_400))
        return _moment(moment, "repaired", "spreadsheet_serial")
    if re.fullmatch(r"20\d{12}", text):
        text = f"{text[:8]} {text[8:10]}:{text[10:12]}:{text[12:]}"
    return _day_and_clock(text, country)


def parse_timestamp(raw: str | None, pattern: str | None, country: str | None) -> dict[str, Any] | None:
    """A timestamp; with a zone it becomes UTC, without one the wall time stays. A bare date is its midnight."""
    text = tidy(raw)
    return dict(_parse_timestamp(text, pattern, country)) if text else None


def _day_and_clock(text: str, country: str | None) -> dict[str, Any]:
    parts = DAY_AND_TIME.match(text)
    day = parse_date(parts[1] if parts else text, None, country)
    if day is None or day["value"] is None:
        return _moment(None, day["status"] if day else "invalid", day["reason"] if day else None)
    moment = datetime.combine(day["value"], time())
    if parts:
        try:
            clock = time.fromisoformat(parts[2].zfill(5) if parts[2].count(":") == 1 else parts[2].zfill(8))
        except ValueError:
            return _moment(None, "invalid", "no_such_time")
        moment = datetime.combine(day["value"], clock)
        half = (parts[3] or "").lower()[:1]
        if half and not 1 <= clock.hour <= 12:
            return _moment(None, "invalid", "no_such_time")
        if half:
            moment += timedelta(hours=12 * (half == "p") - 12 * (clock.hour == 12))
        if parts[4] and parts[4].upper() != "Z":
            sign = -1 if parts[4][0] == "+" else 1
            moment += sign * timedelta(hours=int(parts[4][1:3]), minutes=int(parts[4][-2:]))
    return _moment(moment, day["status"], day["reason"])


def _moment(value: datetime | None, status: str = "valid", reason: str | None = None) -> dict[str, Any]:
    return {"value": value, "status": status, "reason": reason}
