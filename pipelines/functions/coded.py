"""Values of small lists - sex, education, occupation, currency, traits of organisations - to codes; lists/coded_values.csv."""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from importlib.resources import files

from pipelines.functions.text import LONGEST, tidy, to_ascii, to_simplified

_CURRENCY_SIGNS = {
    "¥": {"CN": "CNY", "JP": "JPY"},
    "元": {"CN": "CNY", "TW": "TWD", "HK": "HKD"},
    "kr": {"SE": "SEK", "NO": "NOK", "DK": "DKK"},
}
_DOLLAR_CODES = {"US": "USD", "AU": "AUD", "CA": "CAD", "NZ": "NZD", "SG": "SGD", "HK": "HKD", "TW": "TWD"}


def standardise_gender(raw: str | None) -> str | None:
    """'male', 'female' or None; 1 and 2 as in ISO 5218, whose 0 and 9 say nothing."""
    return _coded("gender", raw)


def standardise_education(raw: str | None) -> str | None:
    """none, primary, lower_secondary, upper_secondary, vocational, associate, bachelor, master or doctorate; else None."""
    return _coded("education", raw)


def standardise_marital_status(raw: str | None) -> str | None:
    """single, married, divorced, widowed, separated or partnership; else None."""
    return _coded("marital_status", raw)


def standardise_occupation(raw: str | None) -> str | None:
    """A major group of ISCO-08 (manager, professional …) or student, retired, homemaker, unemployed, self_employed."""
    found = _coded("occupation", raw)
    if found or not raw or len(raw) > LONGEST:
        return found
    text = to_simplified(tidy(raw))
    # The head of the term stands last: Sales Manager, 高级工程师.
    heads = text.split()[-1:] if text.isascii() else [text[start:] for start in range(1, len(text) - 1)]
    return next((code for head in heads if (code := _coded("occupation", head))), None)


def standardise_code(family: str | None, raw: str | None) -> str | None:
    """The code of a family of the table, such as market_area or level; None for a word or family that is not there."""
    return _coded(family, raw) if family else None


@lru_cache(maxsize=10_000)
def standardise_currency(raw: str | None, country: str | None) -> str | None:
    """The ISO 4217 code; a sign that several currencies share ($, ¥, 元) needs the country, else None."""
    text = to_simplified(tidy(raw))
    if not text:
        return None
    if text in ("$", "＄"):
        return _DOLLAR_CODES.get(country or "")
    for sign, codes in _CURRENCY_SIGNS.items():
        if text.lower().rstrip(".") == sign:
            return codes.get(country or "")
    return _coded("currency", text)


@lru_cache(maxsize=100_000)
def _coded(family: str, raw: str | None) -> str | None:
    if raw and len(raw) > LONGEST:
        return None
    text = to_simplified(tidy(raw))
    if not text:
        return None
    table = _tables().get(family, {})
    for key in _keys(text):
        if key in table:
            return table[key]
    return None


def _keys(text: str) -> list[str]:
    """Ways to look a value up: as written, without marks, without what stands in brackets or before a code's dot."""
    lower = text.lower()
    bare = re.sub(r"\s*[(\[（].*?[)\]）]\s*", "", lower)
    coded = re.match(r"^\w{1,2}[.:、\-]\s*(.+)$", lower)
    keys = [lower, re.sub(r"[\s.\-_'’/]", "", lower), re.sub(r"[\s.\-_'’/]", "", bare)]
    if coded:
        keys.append(re.sub(r"[\s.\-_'’/]", "", coded[1]))
    return [*keys, *(to_ascii(key) for key in keys if not key.isascii() and ord(max(key)) < 0x250)]


@cache
def _tables() -> dict[str, dict[str, str]]:
    tables: dict[str, dict[str, str]] = {}
    with files("pipelines.functions.lists").joinpath("coded_values.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            tables.setdefault(row["family"], {}).update(dict.fromkeys(row["words"].split(), row["code"]))
    return tables
