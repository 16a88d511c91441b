"""Personal names to comparable parts: hanzi, pinyin in either order, western names with titles, particles and commas."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from pipelines.functions.chinese_names import (
    compound_pinyin,
    is_pinyin,
    split_hanzi,
    strip_honorific,
    surname_pinyin,
    surname_readings,
)
from pipelines.functions.text import has_han, script_of, tidy, to_ascii, to_pinyin, to_simplified

NAME_FIELDS = {
    "family": "VARCHAR",
    "given": "VARCHAR",
    "middle": "VARCHAR",
    "native": "VARCHAR",
    "family_latin": "VARCHAR",
    "given_latin": "VARCHAR",
    "full_key": "VARCHAR",
    "tokens": "VARCHAR[]",
    "script": "VARCHAR",
    "honorific": "VARCHAR",
    "suffix": "VARCHAR",
    "status": "VARCHAR",
    "reason": "VARCHAR",
}

_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "prof",
        "sir",
        "dame",
        "lord",
        "lady",
        "baron",
        "baroness",
        "earl",
        "viscount",
        "duke",
        "count",
        "rev",
        "st",
        "saint",
        "hon",
        "herr",
        "frau",
        "monsieur",
        "madame",
        "mme",
        "senor",
        "senora",
        "don",
        "dona",
        "capt",
        "captain",
        "col",
        "gen",
        "major",
    ]
)
_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv", "esq", "phd", "md"])
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")
_PARTICLES = frozenset(
    [
        "von",
        "van",
        "der",
        "den",
        "de",
        "la",
        "le",
        "du",
        "di",
        "da",
        "del",
        "dos",
        "das",
        "al",
        "el",
        "bin",
        "ibn",
        "ter",
        "zu",
        "of",
    ]
)
_WORD = re.compile(r"[a-z0-9']+")
_JUNK = frozenset(
    [
        "测试",
        "无",
        "匿名",
        "未知",
        "不详",
        "先生",
        "女士",
        "test",
        "n/a",
        "na",
        "none",
        "null",
        "unknown",
        "anonymous",
        "asdf",
        "xxx",
        "no",
        "name",
        "noname",
        "-",
    ]
)

Parts = tuple[str | None, str | None, str | None]


@lru_cache(maxsize=200_000)
def standardise_name(
    full_name: str | None, family: str | None, given: str | None, middle: str | None, native: str | None
) -> dict[str, Any] | None:
    """A name from its parts as delivered; None when there is none.

    status: valid, partial (an honorific or one part only), junk (placeholder).
    """
    full, family, given, middle, native = (tidy(part) for part in (full_name, family, given, middle, native))
    shown = native if has_han(native) else full or f"{family}{given}" if has_han(family + given) else full
    if has_han(shown):
        return _hanzi(to_simplified(shown), family if has_han(family) else "", given)
    if not (full or family or given):
        return None
    whole = full or " ".join(part for part in (given, middle, family) if part)
    if whole.lower() in _JUNK:
        return _result(None, None, None, whole, "other", status="junk", reason="placeholder")
    return _latin(whole, family, given, middle, bool(full) and not (family or given))


def _hanzi(shown: str, family: str, given: str) -> dict[str, Any]:
    bare, honorific = strip_honorific(re.sub(r"[\s,，]", "", shown))
    if shown in _JUNK or bare in _JUNK or not bare:
        return _result(None, None, None, shown, "han", status="junk", reason="placeholder")
    if family and given:
        surname, rest = to_simplified(family), to_simplified(given)
    else:
        surname, rest = split_hanzi(bare, bool(honorific))
    found = _result(
        surname or None, rest or None, None, shown, "han" if script_of(bare) == "han" else "mixed"
    )
    found["family_latin"] = surname_pinyin(surname) if surname else None
    found["given_latin"] = re.sub(r"[^a-z]", "", to_ascii(to_pinyin(rest))) or None if rest else None
    found["native"] = bare if rest else None
    found["honorific"] = honorific
    found["status"], found["reason"] = (
        ("valid", None) if rest else ("partial", "honorific" if honorific else "one_part")
    )
    return _with_tokens(found)


def _latin(whole: str, family: str, given: str, middle: str, is_free: bool) -> dict[str, Any]:
    honorific, suffix = None, None
    words: list[str] = []
    for word in _WORD.findall(to_ascii(whole.replace("-", "").replace(".", " "))):
        if word in _TITLES and len(words) == 0:
            honorific = word
        elif word in _SUFFIXES or _ORDINAL.fullmatch(word):
            suffix = word
        elif word not in _TITLES:
            words.append(word.replace("'", ""))
    parts = _free_parts(whole, words) if is_free else _given_parts(family, given, middle)
    found = _result(parts[0], parts[1], parts[2], whole, "latin")
    found["family_latin"] = _joined(parts[0])
    found["given_latin"] = _joined(parts[1])
    found["honorific"], found["suffix"] = honorific, suffix
    found["tokens"] = sorted({word for word in words if word not in _PARTICLES}) or None
    found["full_key"] = " ".join(found["tokens"]) if found["tokens"] else None
    if not (parts[0] and parts[1]):
        found["status"], found["reason"] = "partial", "honorific" if honorific else "one_part"
    return found


def _given_parts(family: str, given: str, middle: str) -> Parts:
    return _plain(family), _plain(given), _plain(middle)


def _free_parts(whole: str, words: list[str]) -> Parts:
    if "," in whole:
        before, after = (_WORD.findall(to_ascii(side)) for side in whole.split(",", 1))
        after = [word for word in after if word in words]
        if after and len(before) <= 3 and not _ORDINAL.search(whole.lower()):
            return " ".join(before), after[0], " ".join(after[1:]) or None
    if not words:
        return None, None, None
    if len(words) == 1:
        return words[0], None, None
    chinese = _pinyin_parts(words)
    if chinese:
        return chinese
    cut = next((place for place, word in enumerate(words) if place and word in _PARTICLES), len(words) - 1)
    if cut == len(words) - 1 and words[cut] in _PARTICLES:
        cut = len(words) - 2
    return " ".join(words[cut:]), words[0], " ".join(words[1:cut]) or None


def _pinyin_parts(words: list[str]) -> Parts | None:
    """Surname and given name of a romanised Chinese name of two or three words, in either order."""
    if len(words) > 3 or not all(is_pinyin(word) for word in words):
        return None
    readings = surname_readings()
    first = words[0] in readings or words[0] in compound_pinyin()
    last = words[-1] in readings or words[-1] in compound_pinyin()
    if first and not (last and len(words) == 2 and len(words[1]) < len(words[0])):
        return words[0], "".join(words[1:]), None
    if last:
        return words[-1], "".join(words[:-1]), None
    return None


def _plain(text: str) -> str | None:
    words = [
        word
        for word in _WORD.findall(to_ascii(text.replace("-", "").replace(".", " ")))
        if word not in _TITLES
    ]
    return " ".join(words) or None


def _joined(part: str | None) -> str | None:
    return re.sub(r"[^a-z0-9]", "", part) or None if part else None


def _with_tokens(found: dict[str, Any]) -> dict[str, Any]:
    tokens = sorted({part for part in (found["family_latin"], found["given_latin"]) if part})
    found["tokens"] = tokens or None
    found["full_key"] = " ".join(tokens) or None
    return found


def _result(  # noqa: PLR0913 - the fields of the struct
    family: str | None, given: str | None, middle: str | None, shown: str, script: str,
    *, status: str = "valid", reason: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    found: dict[str, Any] = dict.fromkeys(NAME_FIELDS)
    found.update(family=family, given=given, middle=middle, script=script, status=status, reason=reason)
    return found
