"""Names and addresses for people to read: the accents, characters and capitals as delivered, around the standardised parts."""

from __future__ import annotations

import re
from typing import Any

from pipelines.functions.lists import words
from pipelines.functions.name_orders import PARTICLES
from pipelines.functions.text import has_han, to_ascii, to_simplified

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
        if not re.search(rf"\b{re.escape(to_ascii(part))}\b", to_ascii(" ".join(shown))):
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
    for word in (word for text in delivered for word in re.split(r"[\s,;\"“”()]+", text)):
        bare = word.strip(".'’")
        for plain in (to_ascii(bare), to_ascii(re.sub("[üǖǘǚǜ]", "v", bare.lower()))):
            key = re.sub(r"[^a-z0-9]", "", plain)
            if key:
                found.setdefault(key, _cased(bare, is_name=True))
    return found


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


def _capital(word: str) -> str:
    return re.sub(r"(?:^|(?<=[-'’]))\w", lambda letter: letter[0].upper(), word.lower())
