"""Makes the seed `phone_area_codes.csv` from the places that phonenumbers knows: `python -m pipelines.functions.area_code_source`.

One row per area code of mainland China and city that uses it. Cities that share a code (长沙, 株洲 and 湘潭: 0731) stand in
the longer prefixes of phonenumbers; names are those of `division_names.csv`, so that they equal the cities of addresses.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from pipelines.functions.divisions import Division, read_divisions

SEED = Path(__file__).parents[2] / "dbt_project" / "seeds" / "phone_area_codes.csv"
COLUMNS = ("area_code", "province", "city")
_MUNICIPALITIES = ("北京市", "上海市", "天津市", "重庆市")
_NO_CITY = "直辖县"  # of counties that lie straight below their province
_TWO_DIGITS = ("1", "2")  # 010 and 021-029 have no third digit
_SIGNS = str.maketrans(dict.fromkeys("、,，及与", "/"))
_ADDED = {
    "335": "河北省秦皇岛市", "349": "山西省朔州市", "371": "河南省开封市", "471": "内蒙古自治区呼和浩特市", "558": "安徽省亳州市",
    "580": "浙江省舟山市", "701": "江西省鹰潭市", "731": "湖南省株洲市", "772": "广西壮族自治区来宾市", "774": "广西壮族自治区贺州市",
    "775": "广西壮族自治区贵港市", "898": "海南省三沙市/海南省儋州市", "903": "新疆维吾尔自治区和田地区", "935": "甘肃省金昌市",
    "937": "甘肃省嘉峪关市",
}  # fmt: skip
"""What phonenumbers leaves out: cities that share the code of a neighbour, and places that it cuts or misspells."""


def rows() -> list[tuple[str, str, str]]:
    """The rows of the seed, as `COLUMNS`: area codes without the zero of long distance (10, 571).

    A blank city stands for the counties that have no city above them (仙桃: 湖北省): they share codes at will.
    """
    from phonenumbers.geodata import GEOCODE_DATA  # noqa: PLC0415 - 130,000 prefixes

    told = [
        (prefix.removeprefix("86"), names.get("zh", ""))
        for prefix, names in GEOCODE_DATA.items()
        if prefix.startswith("86")
    ]
    found: set[tuple[str, str, str]] = set()
    for national, text in [*told, *_ADDED.items()]:
        size = 2 if national[:1] in _TWO_DIGITS else 3
        if len(national) >= size and not _is_mobile(national):
            found.update((national[:size], place.province, _city(place)) for place in _places(text))
    return sorted(found)


def _is_mobile(national: str) -> bool:
    return national[0] == "1" and national[1:2] != "0"


def _places(text: str) -> list[Division]:
    places = [read_divisions(_whole(part))[0] for part in text.translate(_SIGNS).split("/")]
    return [place for place in places if place is not None and place.city is not None]


def _whole(place: str) -> str:
    """A municipality is its own city."""
    return place * 2 if place in _MUNICIPALITIES else place


def _city(place: Division) -> str:
    is_city = place.city != place.province or place.city in _MUNICIPALITIES
    return (place.city or "") if is_city and place.city != _NO_CITY else ""


def main(target: Path) -> None:
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SEED)
