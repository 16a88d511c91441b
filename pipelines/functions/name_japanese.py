"""Japanese names as they sound: kana by syllables, kanji of frequent names by a table; everything else stays with pinyin."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import Any

from pipelines.functions.text import to_ascii

_KANA = re.compile(r"[ぁ-ゖァ-ヺー・ \u3000]+")
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_DIGRAPH = re.compile("([キシチニヒミリギジヂビピ])([ャュョ])")
_DOUBLED = re.compile(r"ッ(?=.)")
_LONG = re.compile("ou|oo|uu|ー")
_SMALL = {"ャ": "a", "ュ": "u", "ョ": "o"}


def is_kana(text: str) -> bool:
    return not text.isascii() and _KANA.fullmatch(text) is not None


def kana_reading(text: str) -> str:
    """Kana in Hepburn's latin letters without signs of length: たろう is taro."""
    katakana = text.translate(_HIRAGANA)
    spoken = _DIGRAPH.sub(lambda pair: _onset(pair[1]) + _SMALL[pair[2]], katakana)
    doubled = _DOUBLED.sub("~", spoken)
    latin = "".join(letter if letter.isascii() or letter == "ー" else to_ascii(letter) for letter in doubled)
    return _LONG.sub(lambda long: "" if long[0] == "ー" else long[0][0], re.sub(r"~(.)", r"\1\1", latin))


def _onset(letter: str) -> str:
    """キ before ャ is ky, シ is sh."""
    consonants = to_ascii(letter)[:-1]
    return consonants if letter in "シチジヂ" else f"{consonants}y"


def read_kana(whole: str, family: str, given: str) -> dict[str, Any]:
    """Fields of a name in kana: the family first, but for foreign names, whose parts ・ keeps apart."""
    if not (family and given):
        parts = re.split(r"[・]", whole) if "・" in whole else whole.split()
        if "・" in whole and len(parts) > 1:
            parts = [parts[-1], *parts[:-1]]
        family, given = (parts[0], " ".join(parts[1:])) if len(parts) > 1 else (whole, "")
    first, second = (kana_reading(re.sub(r"\s", "", part)) or None for part in (family, given))
    is_whole = bool(first and second)
    return {
        "family": first,
        "given": second,
        "script": "other",
        "family_latin": first,
        "given_latin": second,
        "status": "valid" if is_whole else "partial",
        "reason": None if is_whole else "one_part",
    }


def kanji_reading(part: str, name: str) -> str | None:
    """How a `family` or `given` name in simplified characters is read in Japan; None where the table has none."""
    return kana_reading(name) if is_kana(name) else _readings().get((part, name))


@cache
def _readings() -> dict[tuple[str, str], str]:
    path = files("pipelines.functions.lists").joinpath("japanese_readings.csv")
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return {(row["part"], name): row["reading"] for row in rows for name in row["names"].split()}
