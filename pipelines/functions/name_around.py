"""What stands around a name in latin letters: learned and civil titles with their additions, degrees, ordinals of kings and heirs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.functions.lists import words
from pipelines.functions.name_generation import suffix_generation
from pipelines.functions.text import to_ascii

TITLES = words("name_titles")
_DOTTED = words("name_titles_dotted")
"""Titles that are names or parts of them as well: only with a dot behind (Mag. Anna Kehl)."""
_BEHIND = words("name_titles_behind")
"""What follows a learned title (Dr. rer. nat.); Dr. Phil McGraw is called Phil."""
_ALSO_NAMES = frozenset({"phil", "rel", "em", "hum", "theol", "math", "c", "h", "ing", "sc", "soc", "fac"})
_DEGREES = words("name_degrees")
_DEGREES_AND_NAMES = frozenset(
    {"ma", "do", "ba", "pa", "ra", "np", "bs", "op", "od", "of", "fh", "ing", "pe", "be", "kc", "jd"}
)
"""Told from a name by their dots, or by capitals beside a name that is not in capitals."""
_NUMERALS = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}
_LAST = (".", "V", "I")
_DOTTED_WORD = re.compile(r"[^\W\d_]{2}\.")
_AFTER_TITLE = re.compile(r"[\s,\-]*(?:\((?:FH|TU|TH|Univ\.?|BA|DH|HTL)\)[\s,]*)?")
_WORD = re.compile(r"([^\W\d_]+)(\.(?:ssa|ra|na|in|a)\b)?(\.?)")
_BARE_NUMERAL = re.compile(r"(?<=[^\W\d_]{2})\s+(V|VII|VIII)$")
_TITLE_AT_END = re.compile(
    r"(?<=[^\W\d_]{2})[\s,]+((?:Prof\.\s*)?(?:Dr\.?|Dipl\.|Mag\.)(?:[\s-]*[A-Za-z]+\.)*)$", re.IGNORECASE
)
_DEGREE_AT_END = re.compile(r"(?<=[^\W\d_]{2})\s+((?:[A-Za-z]{1,4}\.){1,3}[A-Za-z]{0,4}\.?)$")


@dataclass(frozen=True)
class Around:
    """A name and what stood around it, in plain letters; generation as in `name_generation`."""

    name: str
    honorific: str | None = None
    suffix: str | None = None
    generation: str | None = None


def may_have_around(text: str) -> bool:
    """Whether it is worth looking: most names have neither dots behind words nor titles."""
    if text[-1:] in _LAST or ("." in text and _DOTTED_WORD.search(text)):
        return True
    lower = text.lower()
    if "," not in lower:
        return lower.partition(" ")[0] in TITLES
    return any(_may_be_around(piece) for piece in lower.split(","))


def _may_be_around(piece: str) -> bool:
    piece = piece.strip()
    return piece.partition(" ")[0] in TITLES or piece in _DEGREES or piece in _NUMERALS


def take_around(text: str) -> Around:
    """The name without titles in front or behind and without degrees; of a name with commas also around each part."""
    pieces = [piece.strip() for piece in text.split(",")] if "," in text else [text]
    kept: list[str] = []
    honorific = suffix = generation = None
    for place, piece in enumerate(pieces):
        bare, title = _without_titles(piece)
        honorific = honorific or title
        said = _said_behind(bare, " ".join(kept), place)
        if said is not None:
            suffix = said
            generation = _NUMERALS.get(said) or suffix_generation(said) or generation
        elif bare:
            kept.append(bare)
    name = ", ".join(kept)
    for pattern in (_TITLE_AT_END, _DEGREE_AT_END, _BARE_NUMERAL):
        found = pattern.search(name)
        if found and _is_behind(found[1], name[: found.start()], pattern):
            name, said = name[: found.start()], _letters(found[1])
            suffix, generation = suffix or said, generation or _NUMERALS.get(said)
    return Around(name, honorific, suffix, generation) if name else Around(text)


def _without_titles(text: str) -> tuple[str, str | None]:
    """The text behind its titles, and the last of these; a text of nothing but titles is empty."""
    honorific, start = None, 0
    while found := _WORD.match(text, start):
        word = _letters(found[1])
        if not _is_title(word, bool(found[2] or found[3]), honorific):
            break
        honorific = honorific if honorific and word in _BEHIND else word
        start = _AFTER_TITLE.match(text, found.end()).end()  # type: ignore[union-attr]
    return text[start:].strip(), honorific


def _is_title(word: str, is_dotted: bool, honorific: str | None) -> bool:
    if honorific and word in _BEHIND and (is_dotted or word not in _ALSO_NAMES):
        return True
    return word in TITLES or (is_dotted and word in _DOTTED)


def _said_behind(piece: str, before: str, place: int) -> str | None:
    """The degree or ordinal that a piece behind a comma is; before it stands a whole name (John Smith, V; Smith, John, RN)."""
    said = _letters(piece)
    if not place or len(before.split()) < 2 or len(said) > 7:
        return None
    if said in _DEGREES_AND_NAMES and not ("." in piece or (piece.isupper() and not before.isupper())):
        return None
    return said if said in _DEGREES or said in _NUMERALS else None


def _is_behind(said: str, before: str, pattern: re.Pattern[str]) -> bool:
    if len(before.replace(",", " ").split()) < 2 or (pattern is _BARE_NUMERAL and "," in before):
        return False  # Smith, John V: an initial
    return pattern is not _DEGREE_AT_END or _letters(said) in _DEGREES


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", to_ascii(text))
