"""Numbers of Chinese persons and organisations: resident ids (GB 11643), social credit codes (GB 32100), Hong Kong, Taiwan."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_USCC_SHAPE = re.compile(r"[1-9A-GNY][1-59]\d{6}[0-9A-Z]{10}")
# First two digits: provinces, residence permits of Hong Kong, Macau and Taiwan people (81-83), foreigners (9 and a province).
_PROVINCES = frozenset(
    (11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65)
)  # fmt: skip
_FIRST_YEAR, _LAST_YEAR = 1850, 2099
_TAIWAN = dict(zip("ABCDEFGHJKLMNPQRSTUVXYWZIO", range(10, 36), strict=True))


def check_digit(first_17: str) -> str:
    """The 18th character of a resident id (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return _CHECK[sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True)) % 11]


def mend_letters(text: str) -> str:
    """An 18-character number with O, I or L typed for a digit, mended where the checksum then holds; else as it is."""
    if len(text) != 18 or text.isdigit() or not re.search("[OIL]", text):
        return text
    mended = text.translate(str.maketrans("OIL", "011"))
    is_right = re.fullmatch(r"\d{17}[0-9X]", mended) and check_digit(mended[:17]) == mended[17]
    return mended if is_right else text


def read_resident(number: str, *, is_mended: bool = False) -> dict[str, Any]:
    """What 18 digits tell; a wrong checksum or an impossible birth date is invalid, an unknown region suspicious."""
    kind = "cn_residence_permit" if number[:2] in ("81", "82", "83") else "cn_resident_id"
    is_foreign = number[0] == "9" and int(number[1:3]) in _PROVINCES
    born = _date(number[6:14])
    if born is None:
        return {"normal": number, "kind": kind, "status": "invalid", "reason": "impossible_birth_date"}
    if check_digit(number[:17]) != number[17]:
        reason = "precision_lost" if number.endswith("000") else "checksum"
        return {"normal": number, "kind": kind, "status": "invalid", "reason": reason}
    status, reason = ("repaired", "letter_for_digit") if is_mended else ("valid", "")
    if is_foreign:
        kind = "cn_foreigner_permit"
    elif kind == "cn_resident_id" and int(number[:2]) not in _PROVINCES:
        status, reason = "suspicious", "unknown_region"
    return {
        "normal": number,
        "kind": kind,
        "birth_date": born,
        "sex": "male" if int(number[16]) % 2 else "female",
        "region_code": number[:6],
        "status": status,
        "reason": reason or None,
    }


def fifteen_to_eighteen(number: str) -> dict[str, Any]:
    """A number of the first generation (until 1999), whose holders were born in the 20th century."""
    longer = number[:6] + "19" + number[6:]
    found = read_resident(longer + check_digit(longer))
    if found["status"] == "valid":
        found.update(status="repaired", reason="fifteen_digits")
    return found


def read_masked(number: str) -> dict[str, Any]:
    """What is visible of a masked number; stars stay where they are."""
    born = _date(number[6:14]) if len(number) == 18 and number[6:14].isdigit() else None
    digit = number[16] if len(number) == 18 else number[14]
    return {
        "normal": number,
        "kind": "cn_resident_id",
        "is_masked": True,
        "birth_date": born,
        "sex": ("male" if int(digit) % 2 else "female") if digit.isdigit() else None,
        "region_code": number[:6] if number[:6].isdigit() else None,
        "status": "valid",
        "reason": "masked",
    }


def is_social_credit_code(text: str) -> bool | None:
    """Whether the checksum of a unified social credit code holds; None for text of another shape."""
    if not _USCC_SHAPE.fullmatch(text) or any(letter not in _USCC for letter in text):
        return None
    total = sum(_USCC.index(letter) * weight for letter, weight in zip(text[:17], _USCC_WEIGHTS, strict=True))
    return _USCC[(31 - total % 31) % 31] == text[17]


def has_hong_kong_check(text: str) -> bool:
    """Whether A1234563 (one or two letters, six digits, check character) is a Hong Kong identity card number."""
    body = text[:-1].rjust(8)
    values = [36 if letter == " " else int(letter, 36) for letter in body]
    rest = sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=True)) % 11
    return "0A987654321"[rest] == text[-1]


def has_taiwan_check(text: str) -> bool:
    """Whether A123456789 is a Taiwan identity card or residence number."""
    first = _TAIWAN[text[0]]
    second = int(text[1]) if text[1].isdigit() else _TAIWAN[text[1]] % 10
    digits = [first // 10, first % 10, second, *(int(digit) for digit in text[2:])]
    weights = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 10 == 0


def _date(digits: str) -> date | None:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return born if _FIRST_YEAR <= born.year <= _LAST_YEAR else None
