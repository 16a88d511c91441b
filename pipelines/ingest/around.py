"""What stands around a delivered value and is no part of it: blanks, invisible signs, and the guards of spreadsheets.

A spreadsheet that must not turn 00123 into a number gets ="00123", '00123 or `00123. The guard goes wherever it cannot be
meant: an apostrophe is meant in 's-Hertogenbosch and Jan van 't Hof, where one letter stands behind it, and in free text
before any letter.
"""

from __future__ import annotations

import re

from pipelines.storage.connection import quote

_INVISIBLE = r"\s\x0b\p{Z}\p{Cf}"
_EDGES = rf"^[{_INVISIBLE}]+|[{_INVISIBLE}]+$"
_WIDE_STARTS = ((0xA0, 0xA1), (0x2000, 0x2070), (0x3000, 0x3001), (0xFEFF, 0xFF00), (0xFF07, 0xFF08))
"""Ranges of characters beyond ASCII that no plain value begins with; general punctuation holds two apostrophes."""
_WIDE_ENDS = (0xA0, 0x3000, 0x200B, 0x200E, 0x200F, 0x202C, 0x202F, 0x2060, 0x2069, 0xFEFF)
_MARKS = "'`’‘＇"
_FORMULA = r'^=\s*(?:[Tt]\(\s*)?["\']((?s:.*))["\']\s*\)?$'
_BARE_FORMULA = r"^=([-+]?[0-9][0-9.]*)$"
_QUOTED = r'^"([^"]*)"$'
_PAIR = rf"^[{_MARKS}]([^{_MARKS}]*)[{_MARKS}]$"
# Apostrophes in front of words: not before one letter alone ('s-Hertogenbosch, 't Hof, 'tHart).
_BEFORE_WORD = rf"^[{_MARKS}]+((?:[^{_MARKS}A-Za-z]|[a-z][a-z]|[A-Z][^\s-])(?s:.*))$"
_BEFORE_SIGN = rf"^[{_MARKS}]+([^{_MARKS}\pL](?s:.*))$"
_WORDS = re.compile(
    r".*name|address.*|street|district|city|province|birth_place|occupation|job_title|author|industry"
)
_FREE = frozenset({"text", "answer"})


def trimmed(text: str) -> str:
    """SQL: the value without blanks and invisible signs at its ends."""
    return f"CASE WHEN {has_something_around(text)} THEN {_trimmed(text)} ELSE {text} END"


def freed(text: str, trimmed_text: str, field: str) -> str:
    """SQL: the value without anything that stands around it; `trimmed_text` is what `trimmed` made of the text.

    Both are long: each belongs into a column of its own, which the next steps name.
    """
    return f"CASE WHEN {has_something_around(text)} THEN {_unguarded(trimmed_text, field)} ELSE {text} END"


def has_something_around(text: str) -> str:
    """SQL, cheap: whether anything may stand around the value; true for a few values around which nothing does."""
    # Below '(' stand blanks, control characters and !"#$%&'; of these # to & begin numbers and prices.
    starts = f"({text} < '(' AND NOT ({text} >= '#' AND {text} < '''')) OR prefix({text}, '=') OR prefix({text}, '`')"
    ends = _ends(text)
    wide = " OR ".join(
        [
            *(f"({text} >= chr({low}) AND {text} < chr({high}))" for low, high in _WIDE_STARTS),
            *(f"suffix({text}, chr({code}))" for code in _WIDE_ENDS),
        ]
    )
    return f"({starts} OR {ends} OR (strlen({text}) > length({text}) AND ({wide})))"


def has_plain_blanks(text: str) -> str:
    """SQL, cheapest: whether a number has blanks of ASCII at its ends; nothing else around it is cast."""
    return f"({text} < '!' OR {_ends(text)})"


def _ends(text: str) -> str:
    return " OR ".join(f"suffix({text}, chr({code}))" for code in (0x20, 9, 10, 13))


def _trimmed(text: str) -> str:
    return f"regexp_replace({text}, '{_EDGES}', '', 'g')"


def _unguarded(text: str, field: str) -> str:
    """Each step names its input once: a column's expression stays short."""
    text = _without_mark(text, field)
    for pattern in (_FORMULA, _BARE_FORMULA, *(() if field in _FREE else (_QUOTED,))):
        text = _inner(text, pattern)
    return _trimmed(_without_mark(text, field))


def _without_mark(text: str, field: str) -> str:
    if field in _FREE:
        return _inner(text, _BEFORE_SIGN)
    if _WORDS.fullmatch(field):
        return _inner(_inner(text, _PAIR), _BEFORE_WORD)
    return f"ltrim({_inner(text, _PAIR)}, {quote(_MARKS)})"  # codes, numbers and dates


def _inner(text: str, pattern: str) -> str:
    """What the pattern's group holds, where it matches."""
    return f"regexp_replace({text}, {quote(pattern)}, '\\1')"
