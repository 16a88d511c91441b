"""Order of parts in names of latin letters: Chinese and Korean, Vietnamese, Spanish, Slavic patronymics, particles."""

from __future__ import annotations

from pipelines.functions.chinese_names import (
    compound_pinyin,
    is_eastern,
    romanised_surnames,
    surname_ranks,
    surname_readings,
)
from pipelines.functions.lists import words

Parts = tuple[str | None, str | None, str | None]

PARTICLES = words("name_particles")
_VIETNAMESE = words("vietnamese_surnames")
# Surnames that are neither words nor names elsewhere: one of them in front is enough.
_ONLY_VIETNAMESE = frozenset({"nguyen", "tran", "pham", "huynh", "ngo", "truong", "dinh", "trinh"})
_VIETNAMESE_MIDDLE = frozenset(
    {
        "van",
        "thi",
        "duc",
        "huu",
        "ngoc",
        "minh",
        "thanh",
        "xuan",
        "quoc",
        "hoang",
        "dinh",
        "anh",
        "hung",
        "thuy",
    }
)
_SPANISH = words("spanish_surnames")
_PATRONYMIC = ("ovich", "evich", "ovna", "evna", "ichna", "ovic", "yevich", "yevna")


def order_of(names: list[str], upper: set[str]) -> Parts:
    """Family, given and middle name of two or more words; `upper` are the words in capitals where others are not."""
    lead = next((place for place, word in enumerate(names) if word not in upper), len(names))
    # The capitals of a surname decide; Chinese names decide below, where compound surnames count.
    is_upper_first = 0 < lead < len(names) and upper == set(names[:lead])
    for read in (_eastern, _vietnamese, _slavic, _spanish):
        found = read(names)
        if found and not (is_upper_first and found[0] != " ".join(names[:lead])):
            return found
    if is_upper_first:
        return " ".join(names[:lead]), names[lead], " ".join(names[lead + 1 :]) or None
    cut = next((place for place, word in enumerate(names) if place and word in PARTICLES), len(names) - 1)
    if cut == len(names) - 1 and names[cut] in PARTICLES:
        cut = max(len(names) - 2, 1)
    return " ".join(names[cut:]), names[0], " ".join(names[1:cut]) or None


def with_particles(family: list[str], given: list[str]) -> tuple[list[str], list[str]]:
    """Family and given names where particles stand behind either, as lists sorted by surname have it: Vries | Peter de."""
    for names in (given, family):
        at = len(names)
        while at > 1 and (
            names[at - 1] in PARTICLES or (names[at - 1] == "t" and names[at - 2] in PARTICLES)
        ):
            at -= 1
        if at < len(names) and names[at] in PARTICLES:
            moved = names[at:]
            del names[at:]
            family[:0] = moved
    return family, given


def eastern_with_english(names: list[str]) -> Parts | None:
    """Surname, Chinese given name and an English one in front (Andy Lau Tak Wah)."""
    found = _eastern(names[1:])
    is_english = not is_eastern(names[0]) and names[1] in surname_readings() and names[1] not in PARTICLES
    return (
        (found[0], found[1], names[0])
        if len(names) == 4 and is_english and found and found[0] == names[1]
        else None
    )


def _eastern(names: list[str]) -> Parts | None:
    """A romanised Chinese or Korean name of two or three words (compound surnames: four), in either order."""
    if len(names) == 4 and (found := eastern_with_english(names)):
        return found
    if (
        len(names) > 2
        and names[0] + names[1] in compound_pinyin()
        and all(is_eastern(word) for word in names)
    ):
        return names[0] + names[1], "".join(names[2:]), None
    if not 2 <= len(names) <= 3 or not all(is_eastern(word) for word in names) or _is_vietnamese(names):
        return None
    readings = surname_readings()
    first = names[0] in readings or names[0] in compound_pinyin()
    last = names[-1] in readings or names[-1] in compound_pinyin()
    is_turned = last and len(names) == 2 and names[0] != "lyu" and _is_rather_surname(names[1], names[0])
    if first and not is_turned:
        return names[0], "".join(names[1:]), None
    if last:
        return names[-1], "".join(names[:-1]), None
    return None


def _is_rather_surname(word: str, other: str) -> bool:
    """Of two surnames the far more frequent one is it, whichever stands first: Hong Li and Wei Zhang are turned, Zhang Wei is not."""
    ranks = surname_ranks()
    if other in romanised_surnames() and other not in ranks:
        return False  # Park Jun: no rank is known for it
    rank = ranks.get(word, len(ranks))
    return rank < 200 and ranks.get(other, len(ranks)) >= 3 * rank + 20


def _is_vietnamese(names: list[str]) -> bool:
    if names[0] in _ONLY_VIETNAMESE:
        return True
    return len(names) > 2 and names[0] in _VIETNAMESE and names[1] in _VIETNAMESE_MIDDLE


def _vietnamese(names: list[str]) -> Parts | None:
    """Family first, the name people are called by last."""
    return (names[0], names[-1], " ".join(names[1:-1]) or None) if _is_vietnamese(names) else None


def _slavic(names: list[str]) -> Parts | None:
    """Family, given, patronymic as documents have it."""
    if len(names) == 3 and names[2].endswith(_PATRONYMIC) and not names[0].endswith(_PATRONYMIC):
        return names[0], names[1], names[2]
    return None


def _spanish(names: list[str]) -> Parts | None:
    """Two surnames, the father's first; also joined by y."""
    if "y" in names[2:-1]:
        cut = names.index("y", 2) - 1
        return (" ".join(names[cut:]), names[0], " ".join(names[1:cut]) or None) if cut > 0 else None
    # María del Carmen is one given name.
    if len(names) > 4 and names[1] in ("del", "de") and {names[-2], names[-1]} <= _SPANISH:
        return " ".join(names[-2:]), names[0], " ".join(names[1:-2])
    is_plain = len(names) > 2 and not any(word in PARTICLES for word in names)
    if is_plain and names[-2] in _SPANISH and names[-1] in _SPANISH | {"zapatero"}:
        return " ".join(names[-2:]), names[0], " ".join(names[1:-2]) or None
    return None
