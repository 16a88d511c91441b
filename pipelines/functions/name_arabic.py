"""Names in Arabic script in latin letters as their bearers write them: a table of frequent names, consonants and likely vowels else."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

_ARABIC = re.compile("[\u0621-\u064a\u0671-\u06d3]")
_SIGNS = re.compile("[\u0640\u064b-\u065f\u0670]")
_ALIKE = str.maketrans("أإآٱىةکیؤئ", "اااايهكيوي")
_LETTERS = dict(
    zip(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهويپچگژء",
        ["a", "b", "t", "th", "j", "h", "kh", "d", "dh", "r", "z", "s", "sh", "s", "d", "t", "z", "a", "gh", "f", "q", "k", "l", "m", "n",
         "h", "w", "y", "p", "ch", "g", "zh", ""],
        strict=True,
    )
)  # fmt: skip
_SMALL_WORDS = {
    "بن": "bin",
    "ابن": "bin",
    "بنت": "bint",
    "ابو": "abu",
    "ابي": "abi",
    "ام": "umm",
    "ال": "al",
    "و": "wa",
}
_SERVANT = "عبد"
_SECOND_HALVES = frozenset({"الدين", "الله", "الاسلام", "الحق", "الهدي", "النور"})
"""Of names of two words that are one (نور الدين)."""


def has_arabic(text: str) -> bool:
    return not text.isascii() and _ARABIC.search(text) is not None


def arabic_reading(text: str) -> str:
    """The name in lower-case latin letters, a word each; what is in other letters stays."""
    plain = _SIGNS.sub("", text).translate(_ALIKE)
    found: list[str] = []
    for word in plain.split():
        is_open = found and found[-1] == _SERVANT
        if is_open or (found and word in _SECOND_HALVES):
            found[-1] = _compound(found[-1], word)
        elif word == _SERVANT:
            found.append(word)
        else:
            found.extend(_word(word))
    return " ".join("abd" if word == _SERVANT else word for word in found)


def _compound(first: str, second: str) -> str:
    rest = _reading(second.removeprefix("ال"))
    if second == "الله":
        return "abdullah" if first == _SERVANT else f"{first.removesuffix('a')}allah"
    return f"abdul{rest}" if first == _SERVANT else f"{first}el{rest}"


def _word(word: str) -> list[str]:
    if word in _SMALL_WORDS:
        return [_SMALL_WORDS[word]]
    if word in _names():
        return [_names()[word]]
    if word.startswith("عبدال") and len(word) > 6:
        return [f"abdul{_reading(word[5:])}"]
    if word.startswith("ال") and len(word) > 4:
        return ["al", _reading(word[2:])]
    return [_reading(word)]


def _reading(word: str) -> str:
    """One word by the table; else its consonants with an a between, و and ي as vowels between consonants."""
    if word in _names():
        return _names()[word]
    spelled = ""
    for place, letter in enumerate(word):
        latin = _LETTERS.get(letter, letter)
        is_last = place == len(word) - 1
        if letter in "وي" and spelled and not spelled.endswith("a"):
            latin = "u" if letter == "و" else "i"
        elif letter == "ه" and is_last and len(word) > 3:
            latin = "a"
        elif latin and latin[0] not in "aeiou" and spelled and spelled[-1] not in "aeiou":
            latin = "a" + latin
        spelled += "" if latin == "a" and spelled.endswith("a") else latin
    return spelled


@cache
def _names() -> dict[str, str]:
    path = files("pipelines.functions.lists").joinpath("arabic_names.csv")
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return {name: row["latin"] for row in rows for name in row["names"].split()}
