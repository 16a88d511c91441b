"""Which of several people of one name a name means: Jr, Sr, III, 2nd; 张三（大）, 小王; 1 is the eldest."""

from __future__ import annotations

import re

from pipelines.functions.chinese_names import COMMON, COMPOUND, JAPANESE
from pipelines.functions.lists import words

SUFFIXES = words("name_suffixes")
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")
_BY_WORD = {
    "sr": "1", "snr": "1", "senior": "1", "jr": "2", "jnr": "2", "junior": "2", "ii": "2", "iii": "3", "iv": "4",
}  # fmt: skip
_MAYBE_NAMES = frozenset({"junior", "senior", "ii", "ma"})
"""Suffixes that also are names of their own."""
_BY_CHARACTER = {"大": "1", "长": "1", "長": "1", "父": "1", "小": "2", "幼": "2", "子": "2"}
_WORDS = "|".join(sorted(_BY_WORD))
_BRACKETED = re.compile(rf"[(\[]\s*({_WORDS}|\d{{1,2}}(?:st|nd|rd|th))\.?\s*[)\]]", re.IGNORECASE)
_NOTE = re.compile(rf"(?<=[㐀-鿿])\s*[(\[【<《]\s*([{''.join(_BY_CHARACTER)}])\s*[)\]】>》]")
_BEHIND = re.compile(r"([㐀-鿿]{2,4}[-—–_]|[㐀-鿿]{3} )([大小])")
_SURNAMES = COMMON[:100]


def suffix_generation(word: str) -> str | None:
    """Generation that a suffix in plain letters says (the 12th Earl's is 12); None for Esq or PhD."""
    ordinal = _ORDINAL.fullmatch(word)
    return ordinal[1] if ordinal else _BY_WORD.get(word)


def is_suffix(word: str) -> bool:
    """Whether a word in plain letters may stand behind a name without being part of it."""
    return word in SUFFIXES or _ORDINAL.fullmatch(word) is not None


def is_only_suffix(word: str) -> bool:
    """Whether a suffix can't be a name by itself."""
    return is_suffix(word) and word not in _MAYBE_NAMES


def without_brackets(text: str) -> str:
    """John Smith (Jr.) as John Smith Jr: other notes in brackets are dropped later."""
    return _BRACKETED.sub(r" \1 ", text) if "(" in text or "[" in text else text


def take_mark(name: str) -> tuple[str, str | None]:
    """A name of hanzi without the mark behind it (张三（大）, 张三-小), and the generation that it says."""
    if name.isascii():
        return name, None  # no hanzi
    if note := _NOTE.search(name):
        return (name[: note.start()] + name[note.end() :]).strip(), _BY_CHARACTER[note[1]]
    found = _BEHIND.fullmatch(name)
    bare = found[1][:-1] if found else ""
    if found and bare[0] in COMMON and bare not in COMPOUND | JAPANESE:
        return bare, _BY_CHARACTER[found[2]]
    return name, None


def take_prefix(name: str) -> tuple[str, str | None]:
    """A name of hanzi without 大 or 小 before its surname (大王, 小张伟, 小欧阳), and the generation that it says."""
    rest = name[1:]
    surnames = COMMON if name[:1] == "小" and len(rest) == 1 else _SURNAMES
    is_named = rest[:2] in COMPOUND or (rest[:1] in surnames and len(rest) <= 3)
    if rest and name[0] in "大小" and "·" not in name and is_named and name[:2] not in JAPANESE:
        return rest, _BY_CHARACTER[name[0]]
    return name, None
