"""Plain text forms that several families share: width, blanks, script, simplified characters, pinyin."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

from pipelines.functions.lists import words

LONGEST = 500
"""Characters that a name or code may have. What is longer is text in the wrong column, and costs up to its square to read."""

READINGS_FILE = "character_readings.txt"
"""Made by `reading_source.py`."""

_TIDY = re.compile(r"[!-~]+(?: [!-~]+)*")  # words of plain ASCII, one blank between
_BLANKS = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0002ffff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")


def tidy(raw: str | None) -> str:
    """NFKC (full width to half), control and direction marks removed, blanks folded; '' for nothing."""
    if not raw:
        return ""
    if _TIDY.fullmatch(raw):
        return raw
    plain = unicodedata.normalize("NFKC", raw)
    return _BLANKS.sub(" ", _CONTROL.sub(" ", plain)).strip()


_PLACEHOLDERS = words("placeholders")


def is_placeholder(text: str) -> bool:
    """Whether tidy text stands for nothing (无, N/A, -), in any family of fields."""
    return text.lower() in _PLACEHOLDERS


def has_han(text: str) -> bool:
    return not text.isascii() and _HAN.search(text) is not None


def script_of(text: str) -> str:
    """'han', 'latin', 'mixed' or 'other'."""
    han, latin = has_han(text), _LATIN.search(text) is not None
    if han and latin:
        return "mixed"
    return "han" if han else "latin" if latin else "other"


@cache
def _converter() -> object:
    import opencc  # noqa: PLC0415 - half a second, and only where hanzi occur

    return opencc.OpenCC("t2s")


def to_simplified(text: str) -> str:
    """Traditional and variant characters to simplified ones."""
    return _simplified(text) if has_han(text) else text


@lru_cache(maxsize=50_000)
def _simplified(text: str) -> str:
    return str(_converter().convert(text))  # type: ignore[attr-defined]


@cache
def _known_readings() -> dict[str, str]:
    lines = (
        files("pipelines.functions.lists").joinpath(READINGS_FILE).read_text(encoding="utf-8").splitlines()
    )
    parts = (line.split(" ") for line in lines)
    return {character: reading for reading, characters in parts for character in characters}


@cache
def _reading(character: str) -> str:
    if character in _known_readings():
        return _known_readings()[character]
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - slow import, and only for characters outside the main block

    return str(lazy_pinyin(character, style=Style.NORMAL)[0])


def to_pinyin(hanzi: str) -> str:
    """Pinyin without tones or blanks; ü as v; other characters stay. One reading a character, so that it is fast."""
    return "".join(_reading(letter) if has_han(letter) else letter for letter in hanzi).lower()


def to_ascii(text: str) -> str:
    """Lower-case ASCII letters, digits and blanks; accents dropped."""
    return text.lower() if text.isascii() else _to_ascii(text)


@lru_cache(maxsize=50_000)
def _to_ascii(text: str) -> str:
    from anyascii import anyascii  # noqa: PLC0415

    return str(anyascii(text)).lower()
