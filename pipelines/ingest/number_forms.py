"""The forms in which people write numbers, as regular expressions that DuckDB and Python read alike.

A sign before three digits may part thousands or decimals: 1.000 and 1,000 have two readings, as has 1,0000, for Chinese
lists part ten thousands too. Every other form has one reading, whoever wrote it: nothing is parted after a leading 0, and
of two different signs the last is the decimal sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipelines.contracts.model import NumberSigns

_ALIKE = {",": ",", ".": ".", " ": " \u00a0\u2009\u202f", "'": "'\u2019"}
"""What parts groups -> the characters that are written for it."""
AMBIGUOUS = r"[-+]?([1-9][0-9]{0,2}[.,][0-9]{3}|[1-9][0-9]{0,3},[0-9]{4})"
MACHINE = r"[-+]?([0-9]+(\.[0-9]+)?[eE][-+]?[0-9]+|[0-9]*\.[0-9]{4,})"
"""Written by a program, with a decimal point whatever people write there; so are the numbers of `typed_numbers`."""


def groups_of(signs: NumberSigns) -> tuple[str, ...]:
    """What may part groups: the declared sign, else all that cannot be the decimal sign."""
    return (signs.group,) if signs.group else tuple(sign for sign in _ALIKE if sign != signs.decimal)


def group_characters(signs: NumberSigns) -> str:
    return "".join(_ALIKE[group] for group in groups_of(signs))


def form(signs: NumberSigns) -> str:
    """The numbers that are written with these signs."""
    whole = "|".join(["[0-9]+", *(_grouped(group) for group in groups_of(signs))])
    point = re.escape(signs.decimal)
    return rf"[-+]?(({whole})({point}[0-9]+)?|{point}[0-9]+)"


def _grouped(group: str) -> str:
    threes = rf"[1-9][0-9]{{0,2}}([{_ALIKE[group]}][0-9]{{3}})+"
    return rf"{threes}|[1-9][0-9]{{0,3}}(,[0-9]{{4}})+" if group == "," else threes


POINT, COMMA = form(NumberSigns(".")), form(NumberSigns(","))
_SPARE = re.compile(r"[\s¥￥$€£元]|CNY|RMB|USD|EUR|GBP|CHF")


def signs_of(texts: Iterable[str]) -> tuple[NumberSigns | None, bool]:
    """The signs that the numbers among the texts are written with, if these need telling, and whether that is in doubt:
    there are numbers with two readings or both kinds, and nothing that decides."""
    found: set[str] = set()
    groups: set[str] = set()
    is_doubtful = is_marked = False
    for text in texts:
        bare = _SPARE.sub(lambda match: " " if match[0].isspace() else "", text).strip()
        if re.fullmatch(AMBIGUOUS, bare):
            is_doubtful = True
            continue
        for decimal, pattern, other in ((".", POINT, COMMA), (",", COMMA, POINT)):
            if re.fullmatch(pattern, bare):
                groups.update(sign for sign in " '" if set(_ALIKE[sign]) & set(bare))
                if not re.fullmatch(other, bare):
                    found.add(decimal)
                    is_marked |= decimal == "," or "," in bare
    if len(found) != 1:
        return None, is_doubtful or len(found) > 1
    # One of its own way to part groups is told; the other decimal sign is taken as one anyway.
    group = next(iter(groups)) if len(groups) == 1 else None
    return (NumberSigns(found.pop(), group), False) if is_marked or groups else (None, False)
