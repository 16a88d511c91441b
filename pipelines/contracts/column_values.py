"""What the values of a sample's column look like: shares of forms, how many are filled and different; and masks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_MOST = 500  # different values that are looked at; more tell nothing new

_DAY = r"(?:\d{4}[-/.年]\d{1,2}(?:[-/.月]\d{1,2}日?)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2} [A-Za-zé]{3,9}\.? \d{4}|[A-Za-z]{3,9}\.? \d{1,2},? \d{4})"
_CURRENCY = r"(?:[¥￥$€£元]|CNY|RMB|USD|EUR|GBP|HKD|CHF|R\$)"
_FORMS = {
    "email": r"[^@\s;,]+@[^@\s;,]+\.[^@\s;,]{2,}.*",
    "time": rf"\[?{_DAY}(?:[ T,]+\d{{1,2}}:\d{{2}}.*)?\]?",
    "resident_id": r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])\d{5}[\dXx]",
    "mobile_cn": r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}",
    "phone": r"(?=(?:\D*\d){7,15}\D*$)\+?[\d(][\d ()./-]{5,}\d",
    "number": rf"{_CURRENCY}? ?[-+]?{_CURRENCY}? ?(?:\d[\d.,' \u00a0]*|[.,]\d+) ?(?:{_CURRENCY}|件|%)?",
    "address_ip": r"\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:]{5,}",
    "link": r"(?:https?://|www\.).*",
    "flag": r"(?i:yes|no|true|false|y|n|是|否|有|无|ja|nein|oui|non|sí|si)",
    "han_name": r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff·]{4,12}",
    "words": r"[^\W\d_]+(?:[ .,'’·-]+[^\W\d_]+)*[.,]?",
    "code": r"(?=[^\s]*\d)[#№`'=\"]*[\w#./-]+\"?",
}
"""Forms from the narrowest to the widest; a value has the first that fits, and `text` where none does."""
_COMPILED = {name: re.compile(pattern) for name, pattern in _FORMS.items()}


@dataclass(frozen=True)
class Shape:
    """One column of a sample. Shares are of the different filled values looked at, 0-1; `filled` is of all rows."""

    rows: int
    filled: float
    distinct: float  # different values among the filled ones
    forms: dict[str, float]
    longest: int
    has_decimals: bool

    def share(self, *names: str) -> float:
        """How many of the values have one of these forms; 0 for a column without values."""
        return sum(self.forms.get(name, 0) for name in names)


def shape_of(values: Iterable[str | None]) -> Shape:
    """The shape of one column, its rows in order; None and blanks are not filled."""
    rows = 0
    filled: list[str] = []
    for value in values:
        rows += 1
        if value and value.strip():
            filled.append(value.strip())
    different = list(dict.fromkeys(filled))
    looked = different[:_MOST]
    counts: dict[str, int] = {}
    for value in looked:
        counts[form_of(value)] = counts.get(form_of(value), 0) + 1
    return Shape(
        rows,
        len(filled) / rows if rows else 0,
        len(different) / len(filled) if filled else 0,
        {name: count / len(looked) for name, count in counts.items()},
        max(map(len, looked), default=0),
        any(re.search(r"\d[.,]\d{2}\D*$", value) for value in looked),
    )


@lru_cache(maxsize=50_000)
def form_of(value: str) -> str:
    """The form of one filled value."""
    return next((name for name, pattern in _COMPILED.items() if pattern.fullmatch(value)), "text")


def masked(value: str, longest: int = 24) -> str:
    """The value's form without the value: digits as 9, letters as x or X, other scripts' signs as 某."""
    signs = "".join(_mask(sign) for sign in " ".join(value.split()))
    return signs if len(signs) <= longest else f"{signs[: longest - 1]}…"


def _mask(sign: str) -> str:
    if sign.isdigit():
        return "9"
    if not sign.isalpha():
        return sign if sign.isprintable() else "?"
    if not sign.isascii() and not ("\u00c0" <= sign <= "\u024f"):
        return "某"
    return "X" if sign.isupper() else "x"


def examples(values: Iterable[str | None], count: int = 3) -> list[str]:
    """Masked forms of a column, different ones first, at most `count`."""
    filled = [masked(value.strip()) for value in values if value and value.strip()]
    different = list(dict.fromkeys(filled))[:count]
    return different + filled[: max(0, min(count, len(filled)) - len(different))]
