"""Telephone numbers to E.164 with kind and region. Mainland mobiles take a fast path, the rest goes to libphonenumber."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from pipelines.functions.text import tidy

PHONE_FIELDS = {
    "e164": "VARCHAR",
    "kind": "VARCHAR",
    "region": "VARCHAR",
    "extension": "VARCHAR",
    "status": "VARCHAR",
    "reason": "VARCHAR",
}

_CN_MOBILE = re.compile(r"(?:\+86|0086|86)?(1[3-9]\d{9})")
_SHORT = re.compile(r"(?:95\d{3,4}|1(?:00\d{2}|1\d|2\d{1,4}))")
_TOLL_FREE = re.compile(r"[48]00\d{7}")
_FLOAT = re.compile(r"(\d{6,15})\.0+")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
_SEPARATORS = re.compile(r"[\s\-().·/]+")
_EXTENSION = re.compile(r"(?:转|ext\.?|x|#)\s*(\d{1,6})$", re.IGNORECASE)
_SAMPLES = frozenset({"13800000000", "13800138000", "12345678901", "13912345678", "13812345678"})
_VIRTUAL = ("170", "171", "162", "165", "167")


def standardise_phone(raw: str | None, region: str | None) -> dict[str, Any] | None:
    """One number; `region` is the ISO country for national forms. None for blank.

    status: valid, repaired (spreadsheet damage undone), junk (sample numbers), invalid.
    """
    text = tidy(raw)
    return _parse(text, region or "") if text else None


@lru_cache(maxsize=200_000)
def _parse(text: str, region: str) -> dict[str, Any]:
    status, reason = "valid", None
    damaged = _FLOAT.fullmatch(text)
    if damaged:
        text, status, reason = damaged[1], "repaired", "decimal_point"
    elif _SCIENTIFIC.fullmatch(text):
        digits = f"{float(text):.0f}"
        if len(text.split(".")[-1].lower().split("e")[0]) < len(digits) - 2:
            return _result(None, "unknown", region, None, "invalid", "precision_lost")
        text, status, reason = digits, "repaired", "scientific"
    extension = _EXTENSION.search(text)
    if extension:
        text = text[: extension.start()]
    number = _SEPARATORS.sub("", text)
    mobile = _CN_MOBILE.fullmatch(number)
    if mobile and (region in ("", "CN") or number.startswith(("+86", "0086"))):
        return _mobile(mobile[1], extension[1] if extension else None, status, reason)
    if region == "CN" and _SHORT.fullmatch(number):
        return _result(number, "short", "CN", None, status, reason)
    if region == "CN" and _TOLL_FREE.fullmatch(number):
        return _result("+86" + number, "toll_free", "CN", None, status, reason)
    return _international(number, region, extension[1] if extension else None, status, reason)


def _mobile(national: str, extension: str | None, status: str, reason: str | None) -> dict[str, Any]:
    kind = "virtual" if national.startswith(_VIRTUAL) else "mobile"
    if national in _SAMPLES or len(set(national[3:])) == 1:
        return _result("+86" + national, kind, "CN", extension, "junk", "sample_number")
    return _result("+86" + national, kind, "CN", extension, status, reason)


def _international(
    number: str, region: str, extension: str | None, status: str, reason: str | None
) -> dict[str, Any]:
    import phonenumbers as lib  # noqa: PLC0415 - slow import

    if number.startswith("00"):
        number = "+" + number[2:]
    digits = number.lstrip("+")
    if len(digits) >= 5 and len(set(digits)) == 1:
        return _result(None, "unknown", region, None, "junk", "same_digits")
    try:
        parsed = lib.parse(number, region or None)
    except lib.NumberParseException:
        return _result(None, "unknown", region, None, "invalid", "not_a_number")
    if not lib.is_possible_number(parsed):
        return _result(None, "unknown", region, None, "invalid", "impossible_length")
    e164 = lib.format_number(parsed, lib.PhoneNumberFormat.E164)
    kinds = {
        lib.PhoneNumberType.MOBILE: "mobile",
        lib.PhoneNumberType.FIXED_LINE: "fixed",
        lib.PhoneNumberType.TOLL_FREE: "toll_free",
        lib.PhoneNumberType.VOIP: "virtual",
    }
    kind = kinds.get(lib.number_type(parsed), "unknown")
    if not lib.is_valid_number(parsed):
        status, reason = "suspicious", "unassigned_range"
    return _result(e164, kind, lib.region_code_for_number(parsed) or region, extension, status, reason)


def _result(  # noqa: PLR0913, PLR0917 - the fields of the struct
    e164: str | None, kind: str, region: str, extension: str | None, status: str, reason: str | None
) -> dict[str, Any]:
    return {
        "e164": e164, "kind": kind, "region": region or None, "extension": extension, "status": status, "reason": reason,
    }  # fmt: skip
