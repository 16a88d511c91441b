"""Divisions of mainland China written in latin letters (Gulou District, Nanjing, Jiangsu) to the names of the Chinese table."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from pipelines.functions.divisions import NO_CITY, Division, Names, division_readings, division_tables
from pipelines.functions.text import has_han, to_ascii

# English and other customary names that are no pinyin; 陕西 is spelled apart from 山西.
_EXONYMS = {
    "shaanxi": "陕西省", "innermongolia": "内蒙古自治区", "tibet": "西藏自治区", "peking": "北京市", "tientsin": "天津市",
    "canton": "广州市", "urumqi": "乌鲁木齐市", "lhasa": "拉萨市", "harbin": "哈尔滨市", "hohhot": "呼和浩特市", "qiqihar": "齐齐哈尔市",
    "kashgar": "喀什地区", "tsingtao": "青岛市", "amoy": "厦门市", "nanking": "南京市", "soochow": "苏州市", "hangchow": "杭州市",
    "baotow": "包头市", "ordos": "鄂尔多斯市", "karamay": "克拉玛依市", "shigatse": "日喀则市", "dali": "大理白族自治州",
}  # fmt: skip
_RANK = re.compile(
    r"\s+(?:province|sheng|municipality|city|shi|prefecture|district|dist|qu|county|xian|new area|xinqu|(?:\w+ )?autonomous region|zizhiqu)$"
)


def to_hanzi_divisions(found: dict[str, Any]) -> None:
    """Put province, city, district and code of the Chinese table into `found` where its latin words name them.

    A city that two provinces have (Suzhou) counts only with its province, a district only within its city; words that
    name nothing known stay as they are.
    """
    words = [
        found[part] for part in ("province", "city", "district") if found[part] and not has_han(found[part])
    ]
    provinces, cities, districts = _spellings()
    keys = [_key(word) for word in words]
    province = next((provinces[key] for key in keys if key in provinces), None)
    options = [d for key in keys for d in cities.get(key, ()) if _is_in(d, province, None)]
    if len({option.code for option in options}) != 1:
        return
    city = options[0]
    inside = {
        d.code: d for key in keys for d in districts.get(key, ()) if _is_in(d, city.province, city.city)
    }
    inside.pop(city.code, None)
    area = next(iter(inside.values())) if len(inside) == 1 else None
    found["province"], found["city"] = city.province, city.city
    found["district"] = area.district if area else _left_over(found["district"], city)
    found["division_code"] = (area or city).code
    if city.city == NO_CITY:
        found["city"], found["district"] = found["district"], None


def _left_over(district: str | None, city: Division) -> str | None:
    return None if district and _key(district) in _readings(city.city or "") else district


def _key(word: str) -> str:
    return re.sub(r"[^a-z]", "", _RANK.sub("", to_ascii(word).strip()))


def _is_in(division: Division, province: str | None, city: str | None) -> bool:
    return province in (None, division.province) and city in (None, division.city)


@cache
def _spellings() -> tuple[dict[str, str], Names, Names]:
    """Latin spellings -> name of the province, cities, districts."""
    provinces, cities, districts = division_tables()
    by_province: dict[str, str] = {}
    for division in provinces.values():
        for reading in _readings(division.province):
            by_province.setdefault(reading, division.province)
    by_province["shanxi"] = "山西省"
    return by_province, _by_reading(cities), _by_reading(districts)


def _by_reading(names: Names) -> Names:
    found: Names = {}
    for name, divisions in names.items():
        for reading in _readings(name):
            known = found.setdefault(reading, [])
            known.extend(d for d in divisions if d.history is None and d not in known)
    return found


@cache
def _readings(name: str) -> frozenset[str]:
    customary = {latin for latin, hanzi in _EXONYMS.items() if hanzi == name}
    return frozenset(customary.union(division_readings().get(name, ())))
