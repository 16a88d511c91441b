"""Western address lines, and Chinese ones in latin letters: house number, street, unit, city and postcode."""

from __future__ import annotations

import re
from typing import Any

from pipelines.functions.countries import country_code
from pipelines.functions.lists import words
from pipelines.functions.text import to_ascii

_LEADING = re.compile(r"^(?:no |nr |#)?\s*(\d+[a-z]?(?:[-/]\d+[a-z]?)?(?: ?(?:bis|ter)\b)?)[ ,]+(.+)$")
_TRAILING = re.compile(r"^(.+?)[ ,]+(?:no |nr |n )?(\d+(?:\s?[a-z])?(?:-[a-z0-9]+)?)$")
_UNIT = re.compile(
    r"(?:\b(apartment|apt|unit|flat|suite|ste|room|rm|floor|fl|piso|appt|wohnung)\b|#)\.? ?(?:no )?([0-9]+[a-z]?\b|[a-z]\b)"
    r"|\b(\d+)/f\b"
)
_INSIDE_RANKS = {"unit": 1, "": 2, "floor": 2, "fl": 2, "piso": 2}
_BUILDING = re.compile(r"\b(?:building|bldg|block|blk|tower)\.? ?(?:no )?([0-9]+|[a-z]\b)")
_DISTRICT = re.compile(r"^(.+?)[ -](?:district|dist|qu|county|xian)$")
_STREET_WORDS = {
    "street": "st", "road": "rd", "avenue": "ave", "drive": "dr", "lane": "ln", "court": "ct", "boulevard": "blvd", "av": "ave",
    "place": "pl", "square": "sq", "strasse": "str", "terrace": "tce", "crescent": "cres", "close": "cl", "highway": "hwy",
    "parkway": "pkwy", "circle": "cir", "lu": "rd", "jie": "st", "cl": "cl", "bd": "blvd", "bvd": "blvd",
}  # fmt: skip
_POINTS = {
    "north": "n", "south": "s", "east": "e", "west": "w",
    "northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw",
}  # fmt: skip
_SHORTEST_WITH_POINT = 3  # N Elm St; North Street is a name
_GB_CODE = re.compile(r"^(.*?)\s*\b([a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2})$")
_STATE_CODE = re.compile(r"^(.*?)\s*\b([a-z]{2,3})\s+(\d{4,5}(?:-\d{4})?|[a-z]\d[a-z] ?\d[a-z]\d)$")
_CODE_FIRST = re.compile(r"^(?:[a-z]{1,2}-)?(\d{4,5}(?: [a-z]{2}\b)?|\d{3} \d{2}|\d{2}-\d{3})\s+([a-z].+)$")
_CODE_LAST = re.compile(r"^([a-z .'-]+?)\s+(\d{4,6})$")
# Parts of a country, as plain words joined by _; where a city has the same name (New York, Berlin, Victoria) it is meant.
_REGIONS = frozenset(word.replace("_", " ") for word in words("regions_western"))
_ONLY_NUMBER = re.compile(r"^(?:no |nr )?\d+[a-z]?(?: ?(?:bis|ter))?$")


def read_western(  # noqa: PLR0913 - the columns of an address
    found: dict[str, Any], line: str, number: str, road: str, second: str, *, is_whole: bool
) -> None:
    """Fill `found`; where only a whole line is given, its tail may name city, state and postcode."""
    folded = _fold(line)
    pieces = [piece.strip() for piece in re.split(r",| - ", folded) if piece.strip()]
    inside = _fold(f"{line}, {second}")
    found["unit"] = "-".join(_inside_house(inside)) or None
    if is_whole:
        pieces = _read_tail(found, pieces)
    text = _fold(road) or _street_piece(pieces)
    text = _BUILDING.sub(" ", _UNIT.sub(" ", text)).strip(" ,/")
    leading, trailing = _LEADING.match(text), _TRAILING.match(text)
    if number:
        found["house_number"] = re.sub(r"[^a-z0-9/-]", "", to_ascii(number)) or None
    elif leading:
        found["house_number"], text = leading[1].replace(" ", ""), leading[2]
    elif trailing:
        found["house_number"], text = trailing[2].replace(" ", ""), trailing[1]
    _split_unit_slash(found)
    found["street"] = _street(text)
    found["line"] = plain_words(f"{number} {road} {line} {second}")


def _inside_house(text: str) -> list[str]:
    """Building, then unit, floor and room, the larger first, as Chinese addresses have them."""
    building = _BUILDING.search(text)
    units = sorted((_INSIDE_RANKS.get(hit[1] or "", 3), hit[2] or hit[3]) for hit in _UNIT.finditer(text))
    return [*([building[1]] if building else []), *(unit for _, unit in units)]


def plain_words(part: str) -> str | None:
    """Lower-case ASCII words."""
    return " ".join(re.findall(r"[a-z0-9]+", to_ascii(part))) or None


def _fold(text: str) -> str:
    plain = re.sub(r"\bp\.? ?o\.? box", "po box", to_ascii(text)).replace("c/ ", "calle ")
    return re.sub(r"\s+", " ", re.sub(r"\.(?=\D|$)", " ", plain)).strip()


def _split_unit_slash(found: dict[str, Any]) -> None:
    """12/34 George St is unit 12 of number 34 in Australia and New Zealand."""
    number = found["house_number"] or ""
    if found["country"] in ("AU", "NZ") and "/" in number:
        unit, _, found["house_number"] = number.partition("/")
        found["unit"] = found["unit"] or unit


def _street(text: str) -> str | None:
    names = [re.sub(r"(?<=[a-z]{3})(?:strasse|str)$", "str", name) for name in re.findall(r"[a-z0-9]+", text)]
    if len(names) >= _SHORTEST_WITH_POINT:
        names[0], names[-1] = _POINTS.get(names[0], names[0]), _POINTS.get(names[-1], names[-1])
    return " ".join(_STREET_WORDS.get(name, name) for name in names) or None


def _street_piece(pieces: list[str]) -> str:
    """The piece that holds the street, joined with a number of its own (Rua Augusta, 1500)."""
    kept = [left for piece in pieces if (left := _BUILDING.sub("", _UNIT.sub("", piece)).strip(" #/"))]
    for place, piece in enumerate(kept):
        if _ONLY_NUMBER.match(piece) and len(kept) > 1:
            other = kept[place + 1] if place == 0 else kept[place - 1]
            return f"{piece} {other}" if place == 0 else f"{other} {piece}"
    return next((piece for piece in kept if re.search(r"\d", piece)), kept[0] if kept else "")


def _read_tail(found: dict[str, Any], pieces: list[str]) -> list[str]:
    """Take country, postcode, state, city and district off the end of a line; the first piece is never taken."""
    rest = list(pieces)
    if (
        len(rest) > 1
        and country_code(rest[-1])
        and not re.search(r"\d", rest[-1])
        and (len(rest[-1]) > 2 or rest[-1] == "uk")
    ):
        found["country"] = country_code(rest.pop())
    while (
        len(rest) > 1
        and not _ONLY_NUMBER.match(rest[-1])
        and not _UNIT.fullmatch(rest[-1])
        and _take(found, rest[-1])
    ):
        rest.pop()
    return rest


def _take(found: dict[str, Any], piece: str) -> bool:
    town, state, code = _place(piece)
    if town and not state and not found["province"] and plain_words(town) in _REGIONS:
        state, town = plain_words(town), None
    if found["city"] and found["country"] in ("CN", "HK", "TW") and (named := _DISTRICT.match(piece)):
        found["district"] = found["district"] or plain_words(named[1])
        return True
    if found["city"] and not (code or state):
        # Nanjing, Jiangsu: what stands last was the province after all.
        if found["country"] == "CN" and not found["province"] and not re.search(r"\d", piece):
            found["province"], found["city"] = found["city"], plain_words(piece)
            return True
        return False
    if not (town or state or code):
        return False
    found["city"] = plain_words(town or "") or found["city"]
    found["province"] = found["province"] or state
    found["postcode"] = found["postcode"] or (re.sub(r"[\s-]", "", code).upper() if code else None)
    return True


def _place(piece: str) -> tuple[str | None, str | None, str | None]:
    """City, state and postcode of the tail of a line; all None for a piece that is none of these."""
    if british := _GB_CODE.match(piece):
        return british[1] or None, None, british[2]
    if american := _STATE_CODE.match(piece):
        return american[1] or None, american[2], american[3]
    if first := _CODE_FIRST.match(piece):
        return first[2], None, first[1]
    if last := _CODE_LAST.match(piece):
        return last[1], None, last[2]
    if re.fullmatch(r"\d{5}-\d{3}", piece):
        return None, None, piece
    if re.fullmatch(r"[a-z]{2}", piece):
        return None, piece, None
    return (piece, None, None) if not re.search(r"\d", piece) else (None, None, None)
