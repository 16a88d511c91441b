"""The country that values without one are mostly of: what a draft proposes as defaultCountry."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import phonenumbers

from pipelines.contracts.column_guess import Guesses
from pipelines.contracts.column_values import form_of
from pipelines.contracts.sample import Sample
from pipelines.functions.countries import country_code

_ROWS = 2_000
_FEWEST = 3  # values that speak; fewer are chance
_CHINESE_HOSTS = re.compile(
    r"@(qq|163|126|sina|sohu|foxmail|139|189|yeah|aliyun)\.(com|net|cn)$", re.IGNORECASE
)
_ENDING = re.compile(r"\.([a-z]{2})$", re.IGNORECASE)
_NOT_OF_ONE = frozenset({"io", "co", "me", "tv", "ai", "cc", "eu", "fm", "ly", "to", "ws"})


@dataclass(frozen=True)
class CountryGuess:
    """ISO 3166 alpha-2 code, share (0-1) of the telling values that are of it, and how many these were."""

    country: str
    share: float
    count: int


def guess_country(sample: Sample, guesses: Guesses) -> CountryGuess | None:
    """The country of most telling values: numbers with a prefix, mobiles and ids of China, a column of countries; where
    these are too few, also endings of e-mails and names. None where nothing tells."""
    votes = Counter(_votes(sample, guesses))
    if sum(votes.values()) < _FEWEST:
        votes.update(_weak_votes(sample, guesses))
    if sum(votes.values()) < _FEWEST:
        return None
    country, count = votes.most_common(1)[0]
    return CountryGuess(country, count / votes.total(), votes.total())


def _cells(sample: Sample, guesses: Guesses, *fields: str) -> Iterable[str]:
    for name, guess in guesses.mapped.items():
        if name.rstrip("_23") in fields:
            yield from (
                cell.strip() for cell in sample.values.get(guess.column, ())[:_ROWS] if cell and cell.strip()
            )


def _votes(sample: Sample, guesses: Guesses) -> Iterable[str]:
    for cell in _cells(sample, guesses, "phone"):
        country = _of_phone(cell)
        if country:
            yield country
    yield from ("CN" for cell in _cells(sample, guesses, "national_id") if form_of(cell) == "resident_id")
    for cell in _cells(sample, guesses, "country"):
        code = country_code(cell)
        if code:
            yield code


def _of_phone(cell: str) -> str | None:
    text = cell.lstrip("'`\"=").strip()
    if text.startswith(("+", "00")):
        try:
            number = phonenumbers.parse("+" + text.removeprefix("00").lstrip("+"))
        except phonenumbers.NumberParseException:
            return None
        return phonenumbers.region_code_for_number(number)
    return "CN" if form_of(text) == "mobile_cn" and len(re.sub(r"\D", "", text)) == 11 else None


def _weak_votes(sample: Sample, guesses: Guesses) -> Iterable[str]:
    for cell in _cells(sample, guesses, "email"):
        ending = _ENDING.search(cell)
        if _CHINESE_HOSTS.search(cell):
            yield "CN"
        elif ending and ending[1].lower() not in _NOT_OF_ONE:
            code = "GB" if ending[1].lower() == "uk" else ending[1].upper()
            if code in phonenumbers.SUPPORTED_REGIONS:
                yield code
    yield from (
        "CN"
        for cell in _cells(sample, guesses, "full_name", "city", "address")
        if re.match(r"[\u4e00-\u9fff]{2}", cell)
    )
