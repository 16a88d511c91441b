"""Addresses to comparable parts: Chinese lines down to unit and room, western lines to house number and street."""

from __future__ import annotations

import re
from typing import Any

from pipelines.functions.countries import country_code
from pipelines.functions.divisions import Division, read_divisions
from pipelines.functions.text import has_han, tidy, to_ascii, to_simplified

ADDRESS_FIELDS = {
    "country": "VARCHAR",
    "province": "VARCHAR",
    "city": "VARCHAR",
    "district": "VARCHAR",
    "street": "VARCHAR",
    "house_number": "VARCHAR",
    "unit": "VARCHAR",
    "postcode": "VARCHAR",
    "division_code": "VARCHAR",
    "line": "VARCHAR",
    "match_key": "VARCHAR",
    "status": "VARCHAR",
    "reason": "VARCHAR",
}

_ROAD = re.compile(r"^(.*?(?:路|街道|大街|街|大道|道|巷|胡同|弄|村|镇|乡|里))")
_NUMBER = re.compile(r"(\d+(?:[-之]\d+)?)号")
_INSIDE = re.compile(r"(\d+|[A-Za-z])(?:栋|幢|座|号楼|单元|室|层|房)")
_LEADING = re.compile(r"^(\d+[a-z]?(?:[-/]\d+[a-z]?)?)[ ,]+(.+)$")
_TRAILING = re.compile(r"^(.+?)[ ,]+(\d+\s?[a-z]?)$")
_UNIT = re.compile(r"\b(?:apt|apartment|unit|flat|suite|ste|room|rm|#)\.? ?([0-9a-z]+)\b")
_STREET_WORDS = {
    "street": "st", "road": "rd", "avenue": "ave", "drive": "dr", "lane": "ln", "court": "ct", "boulevard": "blvd",
    "place": "pl", "square": "sq", "strasse": "str", "terrace": "tce", "crescent": "cres", "close": "cl",
}  # fmt: skip


def standardise_address(  # noqa: PLR0913, PLR0917 - the columns of an address
    address: str | None, house_number: str | None, street: str | None, address_line_2: str | None, district: str | None,
    city: str | None, province: str | None, postcode: str | None, country: str | None, default_country: str | None,
) -> dict[str, Any]:  # fmt: skip
    """One address from a whole line, from parts, or both. The country falls back on `default_country`.

    status: valid, partial (no street), ambiguous (a district name that several cities have), missing.
    """
    parts = [
        to_simplified(tidy(part))
        for part in (address, house_number, street, address_line_2, district, city, province)
    ]
    line, number, road, second, area, town, region = parts
    code = country_code(country) or default_country or None
    found: dict[str, Any] = dict.fromkeys(ADDRESS_FIELDS)
    found["country"] = code
    found["postcode"] = re.sub(r"[\s-]", "", tidy(postcode)).upper() or None
    if not any(parts) and not found["postcode"]:
        return {**found, "status": "missing"}
    if has_han("".join(parts)):
        _chinese(found, line or f"{region}{town}{area}{road}{number}{second}", town, area, region)
        if code is None:
            found["country"] = "CN"
    else:
        _western(found, line, number, road, second)
        found["district"], found["city"], found["province"] = (_lower(part) for part in (area, town, region))
    _finish(found)
    return found


def _chinese(found: dict[str, Any], line: str, town: str, area: str, region: str) -> None:
    compact = re.sub(r"[\s,，、;；]", "", line).removeprefix("中国")
    head, rest, is_ambiguous = read_divisions(compact)
    if head is None or head.city is None:
        # The divisions stand in columns of their own, or the line begins below them.
        better, _, is_column_ambiguous = read_divisions(f"{region}{town}{area}")
        is_ambiguous = (is_ambiguous or is_column_ambiguous) and better is None
        head = better or head
    head = head or Division(region, town or None, area or None, "")
    found["province"], found["city"] = head.province or None, head.city
    found["district"], found["division_code"] = head.district or area or None, head.code or None
    road = _ROAD.match(rest)
    found["street"] = road[1] if road else None
    number = _NUMBER.search(rest)
    found["house_number"] = number[1] if number else None
    found["unit"] = "-".join(_INSIDE.findall(rest[number.end() :] if number else rest)).lower() or None
    found["line"] = rest or None
    if is_ambiguous:
        found["status"], found["reason"] = "ambiguous", "district_in_several_cities"


def _western(found: dict[str, Any], line: str, number: str, road: str, second: str) -> None:
    text = (
        to_ascii(road or line.split(",", maxsplit=1)[0] if not number else road or line)
        .replace(".", " ")
        .strip()
    )
    unit = _UNIT.search(to_ascii(f"{line} {second}"))
    found["unit"] = unit[1] if unit else None
    text = _UNIT.sub(" ", text).strip(" ,")
    leading, trailing = _LEADING.match(text), _TRAILING.match(text)
    if number:
        found["house_number"] = to_ascii(number).replace(" ", "")
    elif leading:
        found["house_number"], text = leading[1], leading[2]
    elif trailing:
        found["house_number"], text = trailing[2].replace(" ", ""), trailing[1]
    words = re.findall(r"[a-z0-9]+", text)
    found["street"] = " ".join(_STREET_WORDS.get(word, word) for word in words) or None
    found["line"] = " ".join(re.findall(r"[a-z0-9]+", to_ascii(f"{number} {road} {line} {second}"))) or None


def _finish(found: dict[str, Any]) -> None:
    place = found["postcode"] or f"{found['city'] or ''}{found['district'] or ''}"
    if found["street"] and found["house_number"] and place:
        place = f"{found['city'] or ''}{found['district'] or ''}" or place
        inside = found["unit"] or ""
        found["match_key"] = (
            f"{found['country'] or ''}|{place}|{found['street']}|{found['house_number']}|{inside}"
        )
    if found["status"] is None:
        found["status"] = "valid" if found["street"] or found["postcode"] else "partial"


def _lower(part: str) -> str | None:
    return " ".join(re.findall(r"[a-z0-9]+", to_ascii(part))) or None
