"""Invented people from eight other countries: names, numbers, homes and documents that could exist."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

from pipelines.demo.dice import Dice, Weighted, scatter
from pipelines.demo.person import Home, Phone
from pipelines.demo.tables import names_abroad, places, streets_abroad

COUNTRIES = Weighted(
    [
        ("US", 30.0),
        ("GB", 20.0),
        ("DE", 12.0),
        ("FR", 9.0),
        ("ES", 8.0),
        ("IN", 9.0),
        ("VN", 6.0),
        ("JP", 6.0),
    ]
)
DIALLING_CODES = {
    "US": "1",
    "GB": "44",
    "DE": "49",
    "FR": "33",
    "ES": "34",
    "IN": "91",
    "VN": "84",
    "JP": "81",
}

_MOBILES: dict[str, tuple[tuple[int, ...], int]] = {
    "US": ((212, 310, 312, 713, 602, 215, 206, 617, 303, 404, 305, 415, 646, 718, 347, 917, 818, 213), 7),
    "GB": (
        (7400, 7411, 7423, 7437, 7445, 7456, 7462, 7478, 7500, 7512, 7525, 7540, 7555, 7710, 7712, 7788),
        6,
    ),
    "DE": ((151, 160, 170, 171, 175, 152, 157, 163, 176, 177), 8),
    "FR": ((60, 61, 62, 64, 65, 66, 67, 68, 75, 76), 7),
    "ES": ((6,), 8),
    "IN": ((98, 99, 97, 96, 94), 8),
    "VN": ((90, 91, 93, 96, 97, 98), 7),
    "JP": ((901, 902, 904, 906, 908, 803, 805, 807, 702, 704), 7),
}
"""Country -> prefixes of mobile numbers, and how many digits follow."""
_SHORT_GERMAN = frozenset({160, 170, 171, 175, 163, 176, 177})
_MAIL_DOMAINS = {
    "US": ("gmail.com", "gmail.com", "yahoo.com", "outlook.com", "hotmail.com"),
    "GB": ("gmail.com", "gmail.com", "outlook.com", "btinternet.com", "hotmail.co.uk"),
    "DE": ("gmail.com", "gmx.de", "web.de", "t-online.de"),
    "FR": ("gmail.com", "orange.fr", "free.fr", "laposte.net"),
    "ES": ("gmail.com", "hotmail.es", "yahoo.es"),
    "IN": ("gmail.com", "gmail.com", "yahoo.co.in", "rediffmail.com"),
    "VN": ("gmail.com", "gmail.com", "yahoo.com.vn"),
    "JP": ("gmail.com", "yahoo.co.jp", "docomo.ne.jp"),
}
_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"


def family_name(country: str, dice: Dice) -> str:
    """A family name; Japanese ones carry their characters after a slash (Sato/佐藤)."""
    return dice.weighted(names_abroad(country, "family"))


def given_name(country: str, sex: str, dice: Dice) -> str:
    """A given name in the same form; Vietnamese ones begin with the middle name (Văn Minh)."""
    name = dice.weighted(names_abroad(country, "male" if sex == "M" else "female"))
    return f"{dice.weighted(names_abroad('VN', 'middle'))} {name}" if country == "VN" else name


def mobile(country: str, index: int, offset: int, since: datetime, dice: Dice) -> Phone:
    """A mobile number valid in the country's numbering plan; different for every index."""
    prefixes, digits = _MOBILES[country]
    tail = scatter(index, offset, digits)
    # Indexes that share a tail are 10**digits apart, so that their prefixes differ.
    prefix = prefixes[(tail + index // 10**digits) % len(prefixes)] if digits < 8 else dice.pick(prefixes)
    if country == "US":  # exchange codes start with 2-9; the last million of tails takes other areas
        exchange, wrapped = tail % 8, tail // 8_000_000
        return Phone(
            "1", f"{prefixes[(tail // 8 + 9 * wrapped) % 18]}{2 + exchange}{tail // 8 % 10**6:06d}", since
        )
    if country == "DE" and prefix in _SHORT_GERMAN:
        return Phone("49", f"{prefix}{tail % 10_000_000:07d}", since)
    return Phone(DIALLING_CODES[country], f"{prefix}{tail:0{digits}d}", since)


def home(country: str, dice: Dice) -> Home:
    """A house or flat in one of the country's cities."""
    place = dice.weighted(places(country))
    number = str(dice.whole(1, 390))
    unit = ""
    if country in {"US", "GB", "IN"} and dice.chance(0.35):
        unit = f"{'Apt' if country == 'US' else 'Flat'} {dice.whole(1, 60)}"
    postcode = "".join(
        str(dice.whole(0, 9)) if mark == "#" else dice.pick("ABDEFGHJLNPQRSTUWXYZ") if mark == "A" else mark
        for mark in place.postcode
    )
    street = dice.pick(streets_abroad(country))
    return Home(country, place.region, place.city, "", street, number, unit, postcode)


def mailbox(  # noqa: PLR0913, PLR0917 - the facts of one person
    country: str, family: str, given: str, index: int, offset: int, dice: Dice
) -> str:
    """An e-mail address that no other index gets."""
    first, last = (ascii_form(part).lower().replace(" ", "").replace("'", "") for part in (given, family))
    stem = dice.pick((f"{first}.{last}", f"{first[:1]}{last}", f"{first}{last}", f"{last}.{first}"))
    return f"{stem}{scatter(index, offset, 7):07d}@{dice.pick(_MAIL_DOMAINS[country])}"


def national_id(  # noqa: PLR0913, PLR0917 - the facts of one person
    country: str, index: int, offset: int, birth: date, sex: str, dice: Dice
) -> str:
    """A Spanish DNI or a Vietnamese citizen number; "" where people rarely show one to shops."""
    if country == "ES":
        number = scatter(index, offset)
        return f"{number:08d}{_DNI_LETTERS[number % 23]}"
    if country == "VN":
        century = (2 if birth.year >= 2000 else 0) + (0 if sex == "M" else 1)
        return f"{dice.pick(('001', '079', '048'))}{century}{birth:%y}{scatter(index, offset, 6):06d}"
    return ""


def ascii_form(text: str) -> str:
    """Latin letters without marks, as keyboards abroad write them (Müller -> Muller)."""
    plain = text.replace("ß", "ss").replace("Đ", "D").replace("đ", "d")
    return "".join(mark for mark in unicodedata.normalize("NFD", plain) if not unicodedata.combining(mark))
