"""The words of an organisation's name that tell it from others: abbreviations written out, numbers as digits, fillers left out."""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from importlib.resources import files

from pipelines.functions.chinese_names import is_pinyin
from pipelines.functions.divisions import division_tables
from pipelines.functions.text import has_han, to_pinyin

_NUMBERS = dict(
    zip(
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"],
        map(str, range(1, 11)),
        strict=True,
    )
) | dict(
    zip(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
        map(str, range(1, 11)),
        strict=True,
    )
)
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th)$")
_CHINESE_NUMBERS = str.maketrans("一二三四五六七八九", "123456789")
_PAIR = 2
_TELLING = 4


@lru_cache(maxsize=1)
def _abbreviations() -> dict[str, str]:
    path = files("pipelines.functions.lists") / "organisation_abbreviations.csv"
    return {row["short"]: row["word"] for row in csv.DictReader(path.read_text("utf-8").splitlines())}


def organisation_words(plain: str) -> list[str]:
    """Distinct words in order of the alphabet; empty where nothing is left.

    `plain`: a name without legal form, in lower case; in latin letters with blanks between words, in hanzi without. A name in
    hanzi has no blanks: its words are the pairs of neighbouring characters of what is left without the place.
    """
    found = _chinese_words(plain) if has_han(plain) else [_word(word) for word in plain.split()]
    return sorted({word for word in found if word})


def organisation_sounds(plain: str) -> list[str]:
    """Pinyin by which a name in hanzi and the same firm's name in latin letters can meet, in order of the alphabet.

    `plain` as above. In hanzi: of two to four neighbouring characters, without the place; in latin letters: the words that are
    pinyin and no place. A reading has four letters and more.
    """
    if has_han(plain):
        left = _without_place(plain)
        found = [to_pinyin(left[at : at + size]) for size in (2, 3, 4) for at in range(len(left) - size + 1)]
    else:
        found = [word for word in plain.split() if is_pinyin(word) and word not in place_sounds()]
    return sorted({sound for sound in found if len(sound) >= _TELLING})


def _word(word: str) -> str:
    """One word as it is compared; empty for a filler."""
    whole = _abbreviations().get(word, word)
    if whole == "-":
        return ""
    whole = _NUMBERS.get(whole, whole)
    ordinal = _ORDINAL.match(whole)
    if ordinal:
        return ordinal[1]
    return whole[:-1] if len(whole) > 3 and whole.endswith("s") and not whole.endswith("ss") else whole


def _chinese_words(text: str) -> list[str]:
    left = _without_place(text).translate(_CHINESE_NUMBERS)
    if len(left) <= _PAIR:
        return [left]
    return [left[place : place + _PAIR] for place in range(len(left) - 1)]


def _without_place(text: str) -> str:
    """The name without the first province or prefecture in it, unless fewer than four characters would be left (南京大学)."""
    for size in (4, 3, 2):
        for start in range(len(text) - size + 1):
            if text[start : start + size] in place_names() and len(text) - size >= _TELLING:
                return text[:start] + text[start + size :]
    return text


@lru_cache(maxsize=1)
def place_names() -> frozenset[str]:
    """Provinces and cities of the rank of a prefecture, long and short names; counties are words of names too often (东方)."""
    provinces, cities, _ = division_tables()
    large = {name for name, found in cities.items() if any(one.code.endswith("00") for one in found)}
    return frozenset(large | set(provinces))


@lru_cache(maxsize=1)
def place_sounds() -> frozenset[str]:
    """The same places in pinyin, without their class word too (shanghai, guangdong)."""
    return frozenset(to_pinyin(re.sub(r"[省市]$", "", name)) for name in place_names())
