"""Names and addresses for people to read: the accents, characters and capitals as delivered, around the standardised parts."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from pipelines.functions.lists import words
from pipelines.functions.name_orders import PARTICLES
from pipelines.functions.text import has_han, to_ascii, to_simplified

_BETWEEN = re.compile(r"[\s,;\"“”()]+")
_ROUNDED = re.compile("[üǖǘǚǜ]")
_NO_LETTER = re.compile(r"[^a-z0-9]+")
_INITIAL = re.compile(r"(?:^|(?<=[-'’]))\w")
_FAMILY_FIRST = words("vietnamese_surnames")
_COMPASS = frozenset({"nw", "ne", "sw", "se", "po", "p.o."})
_SMALL = frozenset({"of", "the", "and", "upon", "am", "im", "an", "der", "die", "das", "sur", "sous"})


def shown_name(found: dict[str, Any], delivered: tuple[str, ...]) -> str | None:
    """Given, middle and family name (hanzi: family first) as `delivered` writes them; titles and notes are left out."""
    native = found["native"]
    if native:
        return next((kept for text in delivered if (kept := _same_characters(native, text))), native)
    if found["family"] and has_han(found["family"]):
        return str(found["family"])
    hangul = next((text.replace(" ", "") for text in delivered if re.fullmatch(r"[가-힣 ]+", text)), None)
    if hangul:
        return hangul
    spellings = _spellings(delivered)
    order = ("given", "middle", "family")
    if found["middle"] and found["family"] in _FAMILY_FIRST:
        order = ("family", "middle", "given")
    parts = [word for part in order for word in re.split(r"\s+", found[part] or "") if word]
    return " ".join(spellings.get(word) or _capital(word) for word in parts) or None


def shown_address(found: dict[str, Any], line: str, town: str, region: str) -> str | None:
    """One line for an envelope. Chinese: from the province to the room; western: as delivered, then what it does not say."""
    if found["status"] in ("junk", "missing"):
        return None
    if has_han(f"{found['province'] or ''}{found['city'] or ''}{found['line'] or ''}") and not _is_latin(
        line
    ):
        parts = (found["province"], found["city"], found["district"], found["line"])
        return (
            " ".join([*dict.fromkeys(part for part in parts if part), *filter(None, [found["postcode"]])])
            or None
        )
    shown: list[str] = []
    for part in filter(None, (line, town, region)):
        plain, told = to_ascii(part), to_ascii(" ".join(shown))
        # each pattern is another one to compile: most parts are not there at all
        if plain not in told or not re.search(rf"\b{re.escape(plain)}\b", told):
            shown.append(_cased(part))
    code = found["postcode"]
    if code and code not in re.sub(r"[\s-]", "", " ".join(shown)).upper():
        shown.append(code)
    return ", ".join(shown) or None


def _is_latin(line: str) -> bool:
    return bool(line) and not has_han(line)


def _same_characters(native: str, text: str) -> str | None:
    """Where the simplified name stands in the text as delivered (traditional, blanks inside)."""
    compact = re.sub(r"\s", "", text)
    simple = to_simplified(compact)
    start = simple.find(native) if len(simple) == len(compact) else -1
    return compact[start : start + len(native)] if start >= 0 else None


def _spellings(delivered: tuple[str, ...]) -> dict[str, str]:
    """Standardised word -> how it is delivered."""
    found: dict[str, str] = {}
    for text in delivered:
        for word in _BETWEEN.split(text) if text else ():
            keys, shown = _spelling(word)
            for key in keys:
                found.setdefault(key, shown)
    return found


@lru_cache(maxsize=50_000)  # few words make many names
def _spelling(word: str) -> tuple[tuple[str, ...], str]:
    """Standardised forms of one word, ü as u and as v, and how it is shown."""
    bare = word.strip(".'’")
    plain = (to_ascii(bare), to_ascii(_ROUNDED.sub("v", bare.lower())))
    if len(bare) == 1 and word[:1] in "'’":
        return (to_ascii(bare),), word  # van 't Hof
    keys = filter(None, (_NO_LETTER.sub("", text) for text in plain))
    return tuple(dict.fromkeys(keys)), _cased(bare, is_name=True)


def _cased(text: str, *, is_name: bool = False) -> str:
    """Text in capitals or in small letters only gets capital initials; mixed text stays as it is."""
    if not (text.isupper() or text.islower()) or (is_name and text in PARTICLES):
        return text
    if not is_name and len(text) <= 3:
        return text.upper()  # NY, NSW
    return " ".join(_address_word(word, is_name=is_name) for word in text.split(" "))


def _address_word(word: str, *, is_name: bool) -> str:
    if not is_name and word.lower() in _COMPASS:
        return word.upper()
    if not is_name and (word.lower() in _SMALL | PARTICLES or any(map(str.isdigit, word))):
        return word.upper() if any(map(str.isdigit, word)) else word.lower()
    if not is_name and word.isupper() and len(word) <= 3:
        return word  # a state behind its city
    return _capital(word)


@lru_cache(maxsize=50_000)
def _capital(word: str) -> str:
    return _INITIAL.sub(lambda letter: letter[0].upper(), word.lower())
