"""Identity numbers: mainland resident ids (GB 11643), unified social credit codes (GB 32100), others by python-stdnum."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from pipelines.functions.text import tidy

IDENTIFIER_FIELDS = {
    "normal": "VARCHAR",
    "kind": "VARCHAR",
    "is_masked": "BOOLEAN",
    "birth_date": "DATE",
    "sex": "VARCHAR",
    "region_code": "VARCHAR",
    "status": "VARCHAR",
    "reason": "VARCHAR",
}

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_MASKED = re.compile(r"[0-9X*]{15}|[0-9X*]{18}")
_CN18 = re.compile(r"\d{17}[0-9X]")


def standardise_identifier(raw: str | None, country: str | None) -> dict[str, Any] | None:
    """One number; None for blank. A wrong checksum is 'invalid', a masked id keeps its stars, others are 'unchecked'."""
    text = re.sub(r"[\s\-./]", "", tidy(raw)).upper()
    if not text:
        return None
    if len(set(text)) == 1 or text in ("123456789012345678", "110101199001010000"):
        return _result(text, "unknown", "junk", "sample_number")
    if "*" in text and _MASKED.fullmatch(text):
        return _result(text, "cn_resident_id", "valid", "masked", is_masked=True)
    if _CN18.fullmatch(text) and country in (None, "", "CN"):
        return _resident(text, "valid", None)
    if country == "CN" and len(text) == 15 and text.isdigit():
        longer = text[:6] + "19" + text[6:]
        return _resident(longer + check_digit(longer), "repaired", "fifteen_digits")
    if len(text) == 18 and all(letter in _USCC for letter in text) and country in (None, "", "CN"):
        return _result(text, "cn_social_credit_code", "valid", None)
    return _result(text, "other", "unchecked", None)


def check_digit(first_17: str) -> str:
    """The 18th character of a resident id (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return _CHECK[sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True)) % 11]


def _resident(number: str, status: str, reason: str | None) -> dict[str, Any]:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return _result(number, "cn_resident_id", "invalid", "impossible_birth_date")
    if check_digit(number[:17]) != number[17]:
        return _result(number, "cn_resident_id", "invalid", "checksum")
    found = _result(number, "cn_resident_id", status, reason)
    return {
        **found,
        "birth_date": born,
        "sex": "male" if int(number[16]) % 2 else "female",
        "region_code": number[:6],
    }


def _result(
    normal: str, kind: str, status: str, reason: str | None, *, is_masked: bool = False
) -> dict[str, Any]:
    return {
        "normal": normal, "kind": kind, "is_masked": is_masked, "birth_date": None, "sex": None, "region_code": None,
        "status": status, "reason": reason,
    }  # fmt: skip
