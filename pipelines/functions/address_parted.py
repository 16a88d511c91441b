"""One-line addresses whose parts stand two blanks or a line apart, as mailing systems and web forms export them."""

from __future__ import annotations

import re

from pipelines.functions.countries import country_code
from pipelines.functions.text import has_han

_LINES = re.compile(r"[\s,]*(?:[\r\n]+|<br\s*/?>)[\s,]*", re.IGNORECASE)
_APART = re.compile(r"\s{2,}")
# Blanks that were hit twice part nothing behind a house number or a word for a unit, and before the last word of a street.
_NUMBER = re.compile(r"\d+[a-z]?", re.IGNORECASE)
_UNIT_WORD = re.compile(r".*\b(?:apt|unit|suite|ste|floor|fl|room|rm|no|flat|box|#)\.?", re.IGNORECASE)
_STREET_WORD = re.compile(
    r"(?:st|street|rd|road|ave|avenue|ln|lane|dr|drive|blvd|boulevard|ct|court|way|pl|place|sq|square|straße|strasse|str|weg|platz)\b.*",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"\d{4,6}(?:-\d{3,4})?|\d{3} \d{2}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{2}-\d{3}|\d{4} ?[A-Z]{2}",
    re.IGNORECASE,
)


def parted_line(line: str) -> tuple[str, str | None]:
    """The line with commas between its parts, and the country that stood behind a postcode at its end as an ISO code."""
    if "\n" in line or "\r" in line or "<" in line:
        line = _LINES.sub(", ", line).strip(", ")
    if "  " not in line.strip() or "," in line or has_han(line):
        return line, None
    parts: list[str] = []
    for part in _APART.split(line.strip()):
        if parts and _belongs(parts[-1], part, is_first=len(parts) == 1):
            parts[-1] += f" {part}"
        else:
            parts.append(part)
    country = None
    if len(parts) > 2 and len(parts[-1]) == 2 and any(map(_CODE.fullmatch, parts[1:][-3:-1])):
        country = country_code(parts[-1])
    return ", ".join(_with_code(parts[:-1] if country else parts)), country


def _belongs(before: str, part: str, *, is_first: bool) -> bool:
    if is_first and _NUMBER.fullmatch(before):
        return True
    ends_street = is_first and _STREET_WORD.fullmatch(part) is not None
    return ends_street or _UNIT_WORD.fullmatch(before) is not None


def _with_code(parts: list[str]) -> list[str]:
    """A postcode beside the state or city in front of it, else beside the city behind it."""
    found: list[str] = []
    for part in parts:
        if found and _are_code_and_place(part, found[-1]):
            found[-1] += f" {part}"
        else:
            found.append(part)
    return found


def _are_code_and_place(one: str, other: str) -> bool:
    """Whether one of two neighbours is a postcode and the other has no digit."""
    return any(
        _CODE.fullmatch(code) and not any(map(str.isdigit, place))
        for code, place in ((one, other), (other, one))
    )
