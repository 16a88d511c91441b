"""Which digits are nobody's number, and which were written by somebody who had another country in mind."""

from __future__ import annotations

import re

_RUN = re.compile(r"(\d)\1{8}|0{8}$")
_COUNTED = frozenset(
    {"123456789", "1234567890", "0123456789", "01234567890", "12345678900", "1234567891", "12345678910"}
)
_AREA = r"(?:10|2\d|[3-9]\d\d)"
_FIXED = re.compile(rf"({_AREA})(\d{{7,8}})")
_WITH_TRUNK = re.compile(rf"0{_AREA}[2-9]\d{{6,7}}")
_FIRST_GROUP = re.compile(rf"0{_AREA}|0?1\d{{2,}}|[2-9]\d{{1,3}}|(?:0?0?86)?0?|0?86\d{{2,3}}|\d{{10,}}")
_NANP = re.compile(r"(?:1[ .\-])?(?:\(([2-9]\d{2})\)[ .\-]*|([2-9]\d{2})[ .\-])([2-9]\d{2})[ .\-](\d{4})")


def is_nobodys(digits: str) -> bool:
    """Whether nine digits are equal, eight zeros stand at the end, or all digits count up from 1."""
    return digits in _COUNTED or _RUN.search(digits) is not None


def chinese_subscriber(national: str) -> str | None:
    """The part of a fixed number of mainland China behind its area code; None for other numbers."""
    found = _FIXED.fullmatch(national)
    return found[2] if found else None


def is_chinese_shape(text: str) -> bool:
    """Whether the first group of digits is an area code, the head of a mobile or what stands before these."""
    groups = re.findall(r"\d+", text)
    return len(groups) < 2 or _FIRST_GROUP.fullmatch(groups[0]) is not None


def may_be_chinese(number: str) -> bool:
    """Whether what is no number in use has the form of one with a slip: letters, a digit more or less, or a wrong one."""
    has_letter = any(map(str.isalpha, number))
    return (
        has_letter
        or re.fullmatch(r"1\d{9,11}", number) is not None
        or _WITH_TRUNK.fullmatch(number) is not None
    )


def as_north_american(text: str) -> str | None:
    """The number of a form that only North America has ((415) 555-2671), with its country code."""
    found = _NANP.fullmatch(text.strip())
    return f"+1{found[1] or found[2]}{found[3]}{found[4]}" if found else None
