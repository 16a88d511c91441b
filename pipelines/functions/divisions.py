"""Administrative divisions of mainland China: names to province, city and district, from a table that is shipped
(`division_source.py` makes it)."""

from __future__ import annotations

import csv
import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

NAMES_FILE = "division_names.csv"
_LONGEST_NAME = 12
# New areas above counties that are no divisions themselves.
_ZONE = re.compile(r"^(?:雄安|西咸|贵安|两江)新区(?=[^\d路街]{2,3}[区县市])")


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

NO_CITY = "直辖县"
"""In place of a city, of counties that lie straight below their province."""
_ZONE_BEHIND = re.compile(
    r"(?:高新技术|经济技术|工业|高新|经济|产业|科技|综合保税|保税)?(?:产业)?(?:开发区|园区|高新区|经开区|工业园|新区)"
)
_TOWN_BEHIND = re.compile(r"[^\d路街巷道]{1,5}(?:镇|街道)")


@cache
def _tables() -> tuple[dict[str, Division], Names, Names, Names]:
    """Provinces, cities and districts of today by name and short name, and districts of the past."""
    ranks: dict[str, Names] = {"province": {}, "city": {}, "district": {}, "past": {}}
    for rank, name, _, province, city, district, code, history in _rows():
        division = Division(province, city or None, district or None, code, history or None)
        ranks[rank].setdefault(name, []).append(division)
    provinces = {name: found[0] for name, found in ranks["province"].items()}
    return provinces, ranks["city"], ranks["district"], ranks["past"]


@cache
def _rows() -> list[list[str]]:
    text = files("pipelines.functions.lists").joinpath(NAMES_FILE).read_text(encoding="utf-8")
    return list(csv.reader(text.splitlines()))[1:]


@cache
def division_readings() -> dict[str, tuple[str, ...]]:
    """Names of divisions in use -> how they are spelled in pinyin, with their rank and without."""
    return {name: tuple(spoken.split()) for _, name, spoken, *_ in _rows() if spoken}


def division_tables() -> tuple[dict[str, Division], Names, Names]:
    """Provinces, cities and districts of today by name and short name."""
    return _tables()[:3]


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
    longer = _prefix(rest, districts, district_sizes)
    if name and longer and len(longer) > len(name) and _is_longer_district(longer, found):
        return found, rest  # 大理市, 阿拉善左旗
    if name is None or _is_road(rest, name) or (len(name) == 2 and rest[2:3] in ("县", "区")):
        return found, rest
    options = [c for c in cities[name] if found is None or c.province == found.province]
    if len(options) != 1:
        return found, rest
    left = rest[len(name) :]
    whole = f"市{left}" if name.endswith("市") else left
    left = whole if _begins_with_district(whole, options[0]) else whole.removeprefix("市")
    # A short name without its province is a city only where one of its districts follows.
    if found is None and len(name) == 2 and rest[2:3] != "市":
        next_name = _prefix(left, districts, district_sizes)
        is_followed = next_name and any(d.city == options[0].city for d in districts[next_name])
        if left and not (is_followed or _is_alone(left, options[0])):
            return found, rest
    return options[0], left


def _is_longer_district(longer: str, found: Division | None) -> bool:
    """Whether a county-level name that begins like a city is meant: 大理市 is not 大理, but 吉林市 and 本溪市 are cities."""
    _, cities, districts, _ = _tables()
    return (
        longer not in cities
        and longer[-1] in "市旗县"
        and any(_is_within(one, found) for one in districts[longer])
    )


def _begins_with_district(left: str, city: Division) -> bool:
    """Whether 市 begins the name of a district (济南市中区, 青岛市南香港中路), not of what lies in the city (青岛市南京路)."""
    _, cities, districts, _ = _tables()
    if left[:1] != "市" or not any(one.city == city.city for one in districts.get(left[:2], ())):
        return False
    return left[2:3] == "区" or (left[1:3] not in cities and left[1:3] not in _tables()[0])


def _is_alone(left: str, city: Division) -> bool:
    """Whether what follows a city's short name can be in it: a zone, or a town where it has no districts (东莞长安镇)."""
    if _ZONE_BEHIND.match(left):
        return True
    return city.city not in _cities_with_districts() and _TOWN_BEHIND.match(left) is not None


@cache
def _cities_with_districts() -> frozenset[str]:
    return frozenset(one.city for found in _tables()[2].values() for one in found if one.city)


def _is_within(division: Division, found: Division | None) -> bool:
    return found is None or (division.province == found.province and found.city in (None, division.city))
