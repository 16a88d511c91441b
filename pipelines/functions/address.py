"""Addresses to comparable parts: Chinese lines down to unit and room, western lines to house number and street."""

from __future__ import annotations

import re
from typing import Any

from pipelines.functions.address_chinese import read_chinese
from pipelines.functions.address_parted import parted_line
from pipelines.functions.address_western import plain_words, read_western
from pipelines.functions.countries import country_code
from pipelines.functions.divisions_latin import to_hanzi_divisions
from pipelines.functions.lists import words
from pipelines.functions.shown import shown_address
from pipelines.functions.text import has_han, is_placeholder, tidy, to_simplified

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
    "shown": "VARCHAR",
}

# The house number stands behind the street.
_NUMBER_LAST = frozenset(
    {
        "DE",
        "AT",
        "CH",
        "NL",
        "BE",
        "IT",
        "ES",
        "PT",
        "PL",
        "CZ",
        "SK",
        "SE",
        "NO",
        "DK",
        "FI",
        "BR",
        "AR",
        "MX",
        "CL",
        "RU",
        "TR",
        "GR",
        "HU",
        "RO",
        "HR",
        "SI",
    }
)
_SAMPLES = words("address_placeholders")
_MARKS = re.compile(r"[\W_]")


def standardise_address(  # noqa: PLR0913, PLR0917 - the columns of an address
    address: str | None, house_number: str | None, street: str | None, address_line_2: str | None, district: str | None,
    city: str | None, province: str | None, postcode: str | None, country: str | None, default_country: str | None,
) -> dict[str, Any]:  # fmt: skip
    """One address from a whole line, from parts, or both. The country falls back on `default_country`.

    Chinese parts and divisions of China are simplified hanzi, western parts lower-case ASCII. status: valid, partial (no street, or no place),
    ambiguous (a district name that several cities have), junk (samples), missing; reason abolished_district or renamed where a
    division is history.
    """
    address, named = parted_line(address) if address else (address, None)
    given = (address, house_number, street, address_line_2, district, city, province)
    parts = [_part(raw) if raw else "" for raw in given]
    line, number, road, second, area, town, region = parts
    code = country_code(country) or named or default_country or None
    found: dict[str, Any] = dict.fromkeys(ADDRESS_FIELDS)
    found["country"] = code
    found["postcode"] = _postcode(postcode)
    if not any(parts) and not found["postcode"]:
        return {**found, "status": "missing"}
    if _is_sample("".join(parts)):
        return {**found, "status": "junk", "reason": "placeholder"}
    if has_han("".join(parts)):
        if number and number[-1].isdigit():
            number += "号"
        found["country"] = code or "CN"
        read_chinese(found, _whole_line(line, road, number, second), town, area, region)
    else:
        read_western(found, line, number, road, second, is_whole=not (number or road or town))
        for field, part in (("district", area), ("city", town), ("province", region)):
            found[field] = plain_words(part) or found[field]
        if found["country"] == "CN":
            to_hanzi_divisions(found)
    _finish(found)
    own = _shown_line(tidy(address), tidy(house_number), tidy(street), tidy(address_line_2), code or "")
    found["shown"] = shown_address(found, own, tidy(city), tidy(province))
    return found


def _shown_line(line: str, number: str, road: str, second: str, country: str) -> str:
    """What is delivered of house and street, in the order of the country."""
    house = " ".join(filter(None, (road, number) if country in _NUMBER_LAST else (number, road)))
    parts = [part for part in (house, line, second) if part and not is_placeholder(part)]
    return ", ".join(part for place, part in enumerate(parts) if part not in parts[:place])


def _part(raw: str) -> str:
    text = tidy(raw)
    return "" if is_placeholder(text) else to_simplified(text)


def _whole_line(line: str, road: str, number: str, second: str) -> str:
    """What is delivered apart behind the line, unless the line says it already."""
    for part in (f"{road}{number}", second):
        if part.strip("号") and part.strip("号") not in line:
            line += part
    return line


def _postcode(raw: str | None) -> str | None:
    if not raw:
        return None
    text = tidy(raw)
    if re.fullmatch(r"\d{4,6}\.0", text):
        text = text[:-2]
    return None if is_placeholder(text) else re.sub(r"[\s-]", "", text).upper() or None


def _is_sample(whole: str) -> bool:
    letters = _MARKS.sub("", whole).lower()
    return letters in _SAMPLES or (len(letters) > 2 and len(set(letters)) == 1)


def _finish(found: dict[str, Any]) -> None:
    place = f"{found['city'] or ''}{found['district'] or ''}" or found["postcode"]
    if found["street"] and found["house_number"] and place:
        found["match_key"] = (
            f"{found['country'] or ''}|{place}|{found['street']}|{found['house_number']}|{found['unit'] or ''}"
        )
    if found["status"] is None:
        is_enough = (found["street"] and place) or found["postcode"]
        found["status"] = "valid" if is_enough else "partial"
