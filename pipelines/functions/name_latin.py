"""Names in latin letters: titles, suffixes, nicknames in quotes and commas taken off, then the order of the parts."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from pipelines.functions.chinese_names import is_eastern, surname_readings
from pipelines.functions.name_around import TITLES, Around, may_have_around, take_around
from pipelines.functions.name_generation import (
    is_only_suffix,
    is_suffix,
    suffix_generation,
    without_brackets,
)
from pipelines.functions.name_orders import PARTICLES, Parts, order_of, with_particles
from pipelines.functions.name_several import first_of
from pipelines.functions.text import to_ascii

_WORD = re.compile(r"[a-z0-9']+")
_QUOTED = re.compile(r"[\"“”„«»]\s*[^\"“”„«»]+?[\"“”«»]|[(\[].*?[)\]]|(?<=\s)['‘][A-Za-z]+['’](?=\s)")
_DEGREE = re.compile(r"\b(Ph)\.\s?(D)\b\.?|\b(M)\.(D)\.")
# Surnames with ü, and how it is written where the dots are lost.
_ROUNDED = {"lv": ("lu", "lyu"), "nv": ("nu", "nyu")}
_KOREAN_PAIRS = frozenset({"남궁", "황보", "제갈", "선우", "독고", "사공", "서문"})


def read_latin(whole: str, family: str, given: str, middle: str, is_free: bool) -> dict[str, Any]:
    """Fields of a name without hanzi; `is_free` says that its parts are not delivered apart."""
    whole = without_brackets(whole)
    if not is_free and " " in given and is_only_suffix(_fold(family).strip()):
        is_free = True  # a whole name was cut before its last word: John Smith | Jr
    text = _QUOTED.sub(" ", whole)
    text = text if _WORD.search(to_ascii(text)) else whole
    text, is_several = first_of(text) if is_free else (text, False)
    if not is_free:
        given, is_several = first_of(given)  # John & Mary | Smith
    around = take_around(text) if may_have_around(text) else Around(text)
    text = around.name
    if not is_free:
        family, given, middle = (
            take_around(part).name if part and may_have_around(part) else part
            for part in (family, given, middle)
        )
    lone = frozenset() if is_free else frozenset({_fold(family).strip(), _fold(given).strip()})
    honorific, suffix, names = _sorted_words(text, lone)
    generation = around.generation
    if not generation and (suffix or not is_free):
        generation = _generation((text,) if is_free else (middle, given, family, text), lone)
    honorific, suffix = around.honorific or honorific, around.suffix or suffix
    parts = _free_parts(text, names) if is_free else _own_parts(family, given, middle)
    status, reason = ("suspicious", "several_people") if is_several else _judged(parts, honorific)
    if parts[0] in _ROUNDED and parts[0] not in names:
        names = [parts[0] if word in _ROUNDED[parts[0]] else word for word in names]
    return {
        "family": parts[0], "given": parts[1], "middle": parts[2], "script": "latin",
        "family_latin": _joined(parts[0]), "given_latin": _joined(parts[1]), "honorific": honorific, "suffix": suffix,
        "generation": generation,
        "tokens": sorted({word for word in names if word not in PARTICLES}) or None, "status": status, "reason": reason,
    }  # fmt: skip


def _judged(parts: Parts, honorific: str | None) -> tuple[str, str | None]:
    if not (parts[0] and parts[1]):
        return "partial", "honorific" if honorific else "one_part"
    return ("partial", "initials") if len(parts[0]) == len(parts[1]) == 1 else ("valid", None)


def read_hangul(name: str) -> dict[str, Any]:
    """A Korean name: the first syllable is the surname, but for a few of two syllables."""
    size = 2 if name[:2] in _KOREAN_PAIRS and len(name) > 2 else 1
    family, given = to_ascii(name[:size]), to_ascii(name[size:])
    return {
        "family": family,
        "given": given,
        "script": "other",
        "family_latin": family,
        "given_latin": given,
        "status": "valid",
    }


@lru_cache(maxsize=50_000)
def _fold(text: str) -> str:
    return to_ascii(
        text.replace("-", "").replace("‐", "").replace(".", " ").replace("’", "'").replace("`", "'")
    )


def _generation(texts: tuple[str, ...], lone: frozenset[str]) -> str | None:
    """What the last suffix behind a name says, of the last text that has one; Sr before a name is Señor."""
    if len(texts) > 1 and texts[-1] == " ".join(filter(None, (texts[1], texts[0], texts[2]))):
        texts = texts[:-1]  # put together from the parts
    behind = [word for text in texts for word in _WORD.findall(_fold(text))[1:] if word not in lone]
    alone = [word for word in _WORD.findall(_fold(texts[0])) if len(texts) > 1 and is_only_suffix(word)]
    return next(filter(None, map(suffix_generation, reversed([*alone, *behind]))), None)


def _sorted_words(text: str, lone: frozenset[str]) -> tuple[str | None, str | None, list[str]]:
    """Title, suffix and names; a word that is a whole part by itself (`lone`: Neymar | Junior) is a name."""
    honorific, suffix = None, None
    names: list[str] = []
    for word in _WORD.findall(_fold(_degrees(text))):
        if word in TITLES and not names:
            honorific = word
        elif names and word not in lone and is_suffix(word):
            suffix = word
        elif word not in TITLES and word.strip("'"):
            names.append(word.replace("'", ""))
    return honorific, suffix, names


def _degrees(text: str) -> str:
    return _DEGREE.sub(lambda found: "".join(filter(None, found.groups())), text) if "." in text else text


def _free_parts(text: str, names: list[str]) -> Parts:
    if "," in text and (found := _by_comma(text, names)):
        return found
    if not names:
        return None, None, None
    if len(names) == 1:
        return names[0], None, None
    parts = order_of(names, _upper_words(text, names))
    if parts[0] in ("lyu", "nyu") or (parts[0] in ("lu", "nu") and re.search("[üǖǘǚǜ]", text.lower())):
        return parts[0][0] + "v", parts[1], parts[2]
    return parts


def _own_parts(family: str, given: str, middle: str) -> Parts:
    """Parts delivered apart; particles belong to the family, in whatever column they stand (Vries | Peter | de)."""
    parts = _plain(family), _plain(given), _plain(middle, True)
    if not (parts[0] and parts[1]):
        return parts
    names, first, between = parts[0].split(), parts[1].split(), (parts[2] or "").split()
    if between and PARTICLES.issuperset([word for word in between if word != "t"]):
        names, between = between + names, []
    names, first = with_particles(names, first)
    return " ".join(names), " ".join(first), " ".join(between) or None


def _by_comma(text: str, names: list[str]) -> Parts | None:
    """Family before the comma; a suffix after it is no given name; Chan Tai Man, Peter has his whole name before it."""
    sides = [
        [word for word in _WORD.findall(_fold(side).replace("'", "")) if word in names]
        for side in text.split(",")
    ]
    before, after = sides[0], [word for side in sides[1:] for word in side]
    if len(sides) > 2 and sides[1] and PARTICLES.issuperset(sides[1]):  # Vries, de, Peter
        before, after = sides[1] + before, [word for side in sides[2:] for word in side]
    before, after = with_particles(before, after)
    if not after or not before or len([word for word in before if word not in PARTICLES]) > 3:
        return None
    if len(before) == 3 and before[0] in surname_readings() and all(is_eastern(word) for word in before):
        return before[0], "".join(before[1:]), after[0]
    if len(before) == 1 and before[0] in surname_readings() and all(is_eastern(word) for word in after):
        return before[0], "".join(after), None
    return " ".join(before), after[0], " ".join(after[1:]) or None


def _upper_words(text: str, names: list[str]) -> set[str]:
    """Words in capitals, where some other word is not; initials say nothing."""
    pieces = [piece for piece in re.split(r"[\s,.]+", text.replace("-", "")) if len(piece) > 1]
    upper = {to_ascii(piece).replace("'", "") for piece in pieces if piece.isupper()}
    return upper & set(names) if len(upper) < len({piece.lower() for piece in pieces}) else set()


@lru_cache(maxsize=50_000)
def _plain(text: str, may_vanish: bool = False) -> str | None:
    """Words of a part delivered apart, without titles and without suffixes behind a name (`may_vanish`: or alone)."""
    words_held = [word.replace("'", "") for word in _WORD.findall(_fold(text)) if word not in TITLES]
    names = [word for place, word in enumerate(words_held) if not (place and is_suffix(word))]
    if names and is_only_suffix(names[0]) and (may_vanish or len(names) > 1):
        names = names[1:]
    return " ".join(filter(None, names)) or None


@lru_cache(maxsize=50_000)
def _joined(part: str | None) -> str | None:
    return re.sub(r"[^a-z0-9]", "", part) or None if part else None
