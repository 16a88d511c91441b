"""Chinese address lines: divisions, then town, road, house number, and what lies inside the house."""

from __future__ import annotations

import re
from typing import Any

from pipelines.functions.date_words import chinese_numerals_to_digits
from pipelines.functions.divisions import NO_CITY, Division, read_divisions

_TYPE = r"(?:大街|大道|公路|胡同|路|街(?!道)|道(?!路)|巷|弄堂|里(?!\d*村))"
_LOT = r"[甲乙丙丁]?\d+(?:[-之]\d+)?(?:号|弄)"
_ROAD_WITH_NUMBER = re.compile(rf"^(.*?{_TYPE}(?:[东西南北中一二三四五六七八九十]+段)?)(?={_LOT})")
_ROAD = re.compile(rf"^(.*?{_TYPE}(?:[东西南北中一二三四五六七八九十]+段)?)")
_VILLAGE = re.compile(r"^(.*(?:村|屯|庄|寨|镇|乡|街道|里|新村|小区|花园|苑))")
_NUMBER = re.compile(r"^.*?((?:\d+弄)?[甲乙丙丁]?\d+(?:[-之]\d+)?)号(?!楼|线)")
_INSIDE = re.compile(r"(\d+|[A-Za-z])(?:栋|幢|座|号楼|单元|室|层|房|期|区|门|楼)")
_LAST_ROOM = re.compile(r"(?:^院?|栋|幢|座|号楼|单元|楼|层|门|[-\s])(\d{2,5})$")
_SLASH = re.compile(r"(?<=[㐀-鿿])\s*[/|>]\s*(?=[㐀-鿿])")
_NOTE = re.compile(r"\s*[(（][^()（）\d]*[)）]\s*$")
_POSTCODE = re.compile(r"^\s*[1-8]\d{5}(?=\s*[㐀-鿿])|(?<=\s)[1-8]\d{5}\s*$")
_BETWEEN = re.compile(r"[\s,，、;；。]")
_NUMERAL = re.compile(r"[一二三四五六七八九十]{1,3}(?=号(?![路线院])|栋|幢|单元|室|号楼)")
# What stands between district and road and is written or left out at will.
_TOWN = re.compile(
    r"^(?:[^\d]{1,9}?(?:街道(?:办事处)?|镇|乡)|[^\d]{0,9}?(?:工业园区|工业园|科技园区|科技园|产业园区?|高新技术产业开发区|经济技术开发区|经济开发区|高新区|开发区|经开区|园区|新区))"
)
_HONG_KONG = re.compile(
    r"^(?:香港特别行政区|香港)?(?:(?:香港岛|港岛|九龙|新界)?(?:尖沙咀|旺角|中环|上环|湾仔|铜锣湾|油麻地|佐敦|观塘|沙田|荃湾|北角|深水埗|红磡|元朗|屯门|大埔|金钟)?)"
)
_MACAU = re.compile(r"^(?:澳门(?:特别行政区)?)?(?:澳门半岛|氹仔岛?|路氹城?|路环岛?)?")
_TAIWAN = re.compile(r"^(?:台湾省?)?([^市县\d]{2}[市县])([^区市镇乡\d]{1,3}[区市镇乡])?")


def read_chinese(found: dict[str, Any], line: str, town: str, area: str, region: str) -> None:
    """Fill `found` from a line and from the columns of its divisions; columns win where they name the city."""
    code = _POSTCODE.search(line)
    if code:
        found["postcode"] = found["postcode"] or code[0].strip()
        line = line.replace(code[0], "", 1)
    line = _SLASH.sub("", _NOTE.sub("", line))
    compact = _BETWEEN.sub("", line).removeprefix("中国").removeprefix("中华人民共和国")
    compact = _NUMERAL.sub(lambda numeral: chinese_numerals_to_digits(numeral[0]), compact)
    head, rest = _divisions(found, compact, town, area, region)
    found["province"], found["city"] = head.province or None, head.city
    found["district"], found["division_code"] = head.district or area or None, head.code or None
    if head.city == NO_CITY:
        found["city"], found["district"] = head.district, None
    if head.history:
        found["reason"] = head.history
    _inside_place(found, rest)


def _divisions(found: dict[str, Any], line: str, town: str, area: str, region: str) -> tuple[Division, str]:
    if (found["country"] == "TW" or line.startswith("台湾")) and (taiwan := _TAIWAN.match(line)):
        found["country"] = "TW"
        return Division("台湾省", taiwan[1], taiwan[2], ""), line[taiwan.end() :]
    if found["country"] == "HK" or line.startswith("香港"):
        found["country"] = "HK"
        return Division("香港特别行政区", "香港", None, "810000"), line[_HONG_KONG.match(line).end() :]  # type: ignore[union-attr]
    if found["country"] == "MO" or line.startswith("澳门"):
        found["country"] = "MO"
        return Division("澳门特别行政区", "澳门", None, "820000"), line[_MACAU.match(line).end() :]  # type: ignore[union-attr]
    columns, _, is_column_ambiguous = read_divisions(f"{region}{town}{area}")
    head, rest, is_ambiguous = read_divisions(line)
    if columns is not None and columns.city is not None:
        is_same = head is not None and head.city == columns.city
        return (head if is_same and head and head.district else columns), (rest if is_same else line)
    if head is None or head.city is None:
        is_ambiguous = (is_ambiguous or is_column_ambiguous) and columns is None
        head = columns or head
    if is_ambiguous:
        found["status"], found["reason"] = "ambiguous", "district_in_several_cities"
        rest = re.sub(r"^[^\d]{1,5}?[区县](?=.)", "", rest)
    return head or Division(region, town or None, area or None, ""), rest


def _inside_place(found: dict[str, Any], rest: str) -> None:
    found["line"] = rest or None
    local = rest
    while (town := _TOWN.match(local)) and _ROAD.match(local[town.end() :]):
        local = local[town.end() :]
    road = _ROAD_WITH_NUMBER.match(local) or _ROAD.match(local) or _VILLAGE.match(local)
    found["street"] = road[1] if road else None
    behind = local[road.end() :] if road else local
    number = _NUMBER.match(behind)
    found["house_number"] = number[1] if number else None
    inside = behind[number.end() :] if number else behind
    rooms = _INSIDE.findall(inside)
    last = _LAST_ROOM.search(inside)
    found["unit"] = "-".join([*rooms, *([last[1]] if last else [])]).lower() or None
