"""Words in dates: months in western languages, Chinese numerals, years of eras, and what betrays a lunar date."""

from __future__ import annotations

import re
from functools import cache

from pipelines.functions.text import to_ascii

# Month by month, the shortest beginnings that tell it apart in English, French, German, Spanish, Italian, Portuguese, Dutch.
_MONTHS = (
    "jan gen ene janv", "feb fev fevr febbr", "mar mars marz maerz mrt maart mrz", "apr avr abr", "may mai mag mayo maio mei",
    "jun juin giu juni", "jul juil lug juli", "aug aou ago aout", "sep set sept", "oct okt ott out", "nov", "dec dez dic",
)  # fmt: skip
_DIGITS = {
    letter: str(digit)
    for digit, letters in enumerate(("〇零○", "一", "二", "三", "四", "五", "六", "七", "八", "九"))
    for letter in letters
}
_NUMERAL = re.compile(r"[〇零○一二三四五六七八九十]+")
_ERA = re.compile(r"^(民国|民國|明治|大正|昭和|平成|令和)\s*(元|\d{1,3})年?")
_ERA_STARTS = {
    "民国": 1912,
    "民國": 1912,
    "明治": 1868,
    "大正": 1912,
    "昭和": 1926,
    "平成": 1989,
    "令和": 2019,
}
_ERA_LETTERS = {"M": 1868, "T": 1912, "S": 1926, "H": 1989, "R": 2019}
_LUNAR = re.compile(
    r"[农農阴陰旧舊夏][历曆]|正月|[腊臘冬]月|闰|閏|初[一二三四五六七八九十]|廿|卅|lunar", re.IGNORECASE
)


@cache
def month_number(word: str) -> int | None:
    """The month that a word of one of seven western languages means; None for any other word."""
    plain = re.sub(r"[^a-z]", "", to_ascii(word))
    for number, starts in enumerate(_MONTHS, start=1):
        if len(plain) <= 10 and any(plain.startswith(start) for start in starts.split()):
            return number
    return None


def chinese_numerals_to_digits(text: str) -> str:
    """一九六八年二月十二日 to 1968年2月12日; other text as it is."""
    return _NUMERAL.sub(lambda found: _digits(found[0]), text) if _NUMERAL.search(text) else text


def _digits(numeral: str) -> str:
    if "十" not in numeral:
        return "".join(_DIGITS[letter] for letter in numeral)
    tens, _, ones = numeral.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return numeral
    return str(int(_DIGITS.get(tens, "1")) * 10 + int(_DIGITS.get(ones, "0")))


def era_year(text: str) -> str:
    """A year of the Republic of China or of a Japanese era as a year of the common era."""
    found = _ERA.match(text)
    if not found:
        return text
    number = 1 if found[2] == "元" else int(found[2])
    rest = text[found.end() :].lstrip("-/. ")
    return f"{_ERA_STARTS[found[1]] + number - 1}年{rest}"


def minguo_year(text: str) -> str:
    """Three digits in front (079-02-03, 101/2/3) count years of the Republic of China, as Taiwan's forms have them."""
    found = re.match(r"([01]\d{2})(?=[-/.]\d{1,2}[-/.]\d{1,2}$)", text)
    return f"{int(found[1]) + 1911}{text[3:]}" if found and int(found[1]) else text


def era_letter(text: str) -> str:
    """S43.2.12 on a Japanese form is a year of Shōwa."""
    found = re.match(r"([MTSHR])(\d{1,2})(?=[-/.]\d{1,2}[-/.]\d{1,2}$)", text)
    return f"{_ERA_LETTERS[found[1]] + int(found[2]) - 1}{text[found.end() :]}" if found else text


def is_lunar(text: str) -> bool:
    """Whether a date counts by the lunar calendar: it is converted or refused, never misread (see `lunar`)."""
    return _LUNAR.search(text) is not None
