"""Which decimal sign a country writes, from the Unicode CLDR that babel carries."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages
from babel.numbers import get_decimal_symbol


@lru_cache(maxsize=300)
def decimal_sign(country: str) -> str | None:
    """'.' or ',' for an ISO 3166 alpha-2 country; None where its official languages differ (CH, CA) or CLDR does not tell."""
    signs = set()
    for language in get_official_languages(country, de_facto=True):
        try:
            signs.add(get_decimal_symbol(Locale.parse(f"{language}_{country}")))
        except (UnknownLocaleError, ValueError):
            continue
    return signs.pop() if len(signs) == 1 else None
