"""How plausible a reading of bytes is: the log likelihood of its characters, so that readings compare with one another.

Each encoding has a rough model of living text: how often its characters are among the common ones of its language, of the
first level of its national standard, of the second, or none of these. Noise is a reading as well: what is less plausible
than it is no text in any encoding known here.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from functools import cache
from importlib.resources import files
from itertools import product

READINGS = ("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "cp1252")

_ENOUGH = 1 << 15
_ASCII, _NOISE = -math.log(32), -math.log(200)  # a byte
_TEXT = 0.3  # by which each byte of poor text exceeds noise; 0.8 to 1.9 is usual, other alphabets are below 0
_MIXED = -3.0  # a letter beside an ideograph
_ODD, _BROKEN = -16.0, -20.0  # a character that hardly anybody writes; bytes that make none
_BEYOND = re.compile(r"[^\x00-\x7f]")
_MIXTURE = re.compile(r"(?<=[A-Za-z])(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])(?=[A-Za-z])")
_CELLS = re.compile(rb"[\x00-\x2f\x3a-\x3f]+")  # signs that are the second byte of no character
_FREQUENT = "àáâãäåçèéêíñóôöøúüßÀÁÄÅÉÖØÜ"
# Letters of the West between ASCII ones; ð, þ, š, ž and their like more often show Turkish or Mac bytes than themselves.
_WORD = re.compile(
    r"(?<=[A-Za-z])[À-ÖØ-öø-ÿœ]{1,2}(?![^\x00-\x7f])|(?<![^\x00-\x7f])[À-ÖØ-öø-ÿœ]{1,2}(?=[A-Za-z])"
)
_IN_WORDS = dict.fromkeys("ðýþÐÝÞ", -8.0) | dict.fromkeys(_FREQUENT, math.log(0.8 / len(_FREQUENT)))
_APART = dict.fromkeys("‘’“”–—…€£°ºª«»¿¡§·", -4.5) | {"\ufffd": _BROKEN}

# Shares of common characters, first level, second level, signs; then lead bytes of the levels in the national standard.
_Model = tuple[str, tuple[float, float, float, float], range, range]
_MODELS: dict[str, _Model] = {
    "gb18030": ("gb2312", (0.5, 0.38, 0.08, 0.03), range(0xB0, 0xD8), range(0xD8, 0xF8)),
    "big5": ("big5", (0.5, 0.38, 0.08, 0.03), range(0xA4, 0xC7), range(0xC9, 0xFA)),
    "shift_jis": ("shift_jis", (0.6, 0.2, 0.03, 0.03), range(0x88, 0x99), range(0x98, 0xFD)),
    "euc_jp": ("euc_jp", (0.6, 0.2, 0.03, 0.03), range(0xB0, 0xD0), range(0xD0, 0xF5)),
    "euc_kr": ("euc_kr", (0.55, 0.4, 0.02, 0.02), range(0xB0, 0xC9), range(0xCA, 0xFE)),
}
_JAPANESE, _HALF_KANA = ("shift_jis", "euc_jp"), 0.25


def distinct_cells(sample: bytes) -> bytes:
    """Distinct cells and words of the sample that go beyond ASCII, a line each: a value told often is told once.

    Of many every n-th is taken, so that about _ENOUGH bytes come back.
    """
    cells = list(dict.fromkeys(cell for cell in _CELLS.split(sample) if not cell.isascii()))
    return b"\n".join(cells[:: 1 + sum(map(len, cells)) // _ENOUGH])


def plausibility(cells: bytes, codec: str, reading: str) -> float:
    """Log likelihood of `cells` decoded by `codec`, by the model of `reading` (one of READINGS)."""
    text = cells.decode(codec, "replace")
    beyond = _BEYOND.findall(text)
    ascii_only = _ASCII * (len(text) - len(beyond))
    if reading == "cp1252":
        return ascii_only + _western(text, beyond)
    likelihoods = _likelihoods(reading)
    told = sum(count * likelihoods.get(sign, _ODD) for sign, count in Counter(beyond).items())
    return ascii_only + told + _MIXED * len(_MIXTURE.findall(text))


def plausibility_of_noise(cells: bytes) -> float:
    """What a reading must exceed to be text: of these bytes nothing is known but which are ASCII."""
    beyond = sum(byte > 0x7F for byte in cells)
    return _ASCII * (len(cells) - beyond) + (_NOISE + _TEXT) * beyond


def _western(text: str, beyond: list[str]) -> float:
    in_words = Counter(sign for run in _WORD.findall(text) for sign in run)
    apart = Counter(beyond) - in_words
    return sum(count * _IN_WORDS.get(sign, -5.5) for sign, count in in_words.items()) + sum(
        count * _APART.get(sign, -9.0) for sign, count in apart.items()
    )


@cache
def _likelihoods(reading: str) -> dict[str, float]:
    national, shares, first, second = _MODELS[reading]
    kana = {chr(code) for code in range(0x3041, 0x30FD)} if reading in _JAPANESE else set()
    wide = {chr(code) for code in (*range(0xFF01, 0xFF5F), *range(0x3000, 0x3012))} | set("·—“”‘’…、。")
    common = _common()["shift_jis" if reading in _JAPANESE else reading] | kana
    groups = (common, _level(national, first), _level(national, second), wide)
    found = {"\ufffd": _BROKEN}
    for group, share in zip(groups, shares, strict=True):
        found = dict.fromkeys(group, math.log(share / len(group))) | found
    if reading in _JAPANESE:
        half = [chr(code) for code in range(0xFF61, 0xFFA0)]
        found |= dict.fromkeys(half, math.log(_HALF_KANA / len(half)))
    return found


def _level(national: str, leads: range) -> set[str]:
    signs = {bytes(pair).decode(national, "ignore") for pair in product(leads, range(0x40, 0xFF))}
    return {sign for sign in signs if len(sign) == 1 and not sign.isascii()}


@cache
def _common() -> dict[str, frozenset[str]]:
    """Per encoding the characters that most of the names, addresses and headers of its language are written with."""
    text = files(__package__).joinpath("common_characters.csv").read_text(encoding="utf-8")
    return {row["encoding"]: frozenset(row["characters"]) for row in csv.DictReader(text.splitlines())}
