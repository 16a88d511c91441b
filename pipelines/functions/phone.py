"""Telephone numbers to E.164 with kind and region. Mainland mobiles take a fast path, the rest goes to libphonenumber."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from pipelines.functions.phone_shapes import (
    as_north_american,
    chinese_subscriber,
    is_chinese_shape,
    is_nobodys,
    may_be_chinese,
)
from pipelines.functions.phone_text import clean_number, split_extension, split_phones
from pipelines.functions.text import is_placeholder, tidy

PHONE_FIELDS = {
    "e164": "VARCHAR",
    "kind": "VARCHAR",
    "region": "VARCHAR",
    "extension": "VARCHAR",
    "status": "VARCHAR",
    "reason": "VARCHAR",
}

_CN_MOBILE = re.compile(r"(?:\+86|0086|86)?(0?)(1[3-9]\d{9})")
_SHORT = re.compile(r"(?:95\d{3,6}|96\d{3,4}|1(?:00\d{2}(?:11)?|[12]\d|1\d{3}|2\d{3}))")
_TOLL_FREE = re.compile(r"(?:\+86|0086|86)?([48]00\d{7})")
_LETTERS = str.maketrans("OoIl", "0011")
_LETTER_FOR_DIGIT = re.compile(r"(?=.*[OoIl])[\dOoIl]{11}")
_PREFIX_TWICE = re.compile(r"^(?:\+?86|0086)[ -]?(?=(?:\+86|0086|86[ -]?1[3-9]\d{9}$))")
_HIDDEN = re.compile(r"\d[*＊xX•●#]{3,}|[*＊xX•●#]{3,}\d")
_FLOAT = re.compile(r"(\d{6,15})\.0+")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
_AFTER_ONE = ("-", " ", ".")  # 1-415-555-2671 is no mobile 141…
_SAMPLES = frozenset({
    "13800000000", "13800138000", "12345678901", "1234567890", "123456789", "12345678", "1234567", "13912345678",
    "13812345678", "13888888888", "13333333333", "18888888888", "13123456789",
})  # fmt: skip
_VIRTUAL = ("170", "171", "162", "165", "167")


def standardise_phone(raw: str | None, region: str | None) -> dict[str, Any] | None:
    """One number; `region` is the ISO country for national forms. None for blank; of several numbers the first.

    kind: mobile, virtual (operators without a network of their own, internet), fixed, fixed_or_mobile, toll_free,
    short (no E.164 form) or unknown. status: valid, repaired (damage undone), suspicious (no assigned range, no area
    code, another country's shape), partial (masked), junk (samples and placeholders) or invalid.
    """
    text = tidy(raw)
    return dict(_parse(text, region or "")) if text else None


@lru_cache(maxsize=1_000)  # models call it once for each distinct number
def _parse(text: str, region: str) -> dict[str, Any]:
    if is_placeholder(text):
        return _result(None, "unknown", region, None, "junk", "placeholder")
    status, reason = "valid", None
    plain = _CN_MOBILE.fullmatch(text.replace(" ", "").replace("-", ""))
    if (
        plain
        and not plain[1]
        and text[1:2] not in _AFTER_ONE
        and (region in ("", "CN") or text.startswith(("+86", "0086")))
    ):
        return _mobile(
            plain[2], None, status, reason
        )  # nine values in ten, without looking for what stands around
    if _HIDDEN.search(text):
        return _result(None, "unknown", region, None, "partial", "masked")
    if _LETTER_FOR_DIGIT.fullmatch(text) and _CN_MOBILE.fullmatch(text.translate(_LETTERS)):
        text, status, reason = text.translate(_LETTERS), "repaired", "letter_for_digit"
    elif _PREFIX_TWICE.match(text):
        text, status, reason = _PREFIX_TWICE.sub("", text), "repaired", "prefix_twice"
    damaged = _FLOAT.fullmatch(text)
    if damaged:
        text, status, reason = damaged[1], "repaired", "decimal_point"
    elif _SCIENTIFIC.fullmatch(text):
        digits = f"{float(text):.0f}" if len(text) < 30 and float(text) < 1e15 else ""
        if len(text.lower().split("e")[0].replace(".", "")) < len(digits) - 2 or not digits:
            return _result(None, "unknown", region, None, "invalid", "precision_lost")
        text, status, reason = digits, "repaired", "scientific"
    several = split_phones(text) or [text]
    if len(several) > 1:
        status, reason = "repaired", "several_numbers"
    text, extension = split_extension(several[0])
    number, is_mended = clean_number(text)
    if is_mended:
        status, reason = "repaired", "sign_for_dash"
    return _classified(text, number, region, extension, status, reason)


def _classified(  # noqa: PLR0913, PLR0917 - what is known so far
    text: str, number: str, region: str, extension: str | None, status: str, reason: str | None
) -> dict[str, Any]:
    mobile = _CN_MOBILE.fullmatch(number)
    is_mobile = mobile and text[1:2] not in _AFTER_ONE
    if mobile and is_mobile and (region in ("", "CN") or number.startswith(("+86", "0086"))):
        if mobile[1]:
            status, reason = "repaired", "trunk_zero"
        return _mobile(mobile[2], extension, status, reason)
    digits = number.lstrip("+")
    if digits and (len(set(digits)) == 1 or is_nobodys(digits)):
        return _result(None, "unknown", region, None, "junk", "same_digits")
    if digits in _SAMPLES:
        return _result(None, "unknown", region, None, "junk", "sample_number")
    if region == "CN":
        if _SHORT.fullmatch(number):
            return _result(None, "short", "CN", None, status, reason or "short_number")
        if toll_free := _TOLL_FREE.fullmatch(number):
            return _result("+86" + toll_free[1], "toll_free", "CN", extension, status, reason)
        if re.fullmatch(r"[2-8]\d{6,7}", number):
            return _result(None, "fixed", "CN", extension, "suspicious", "area_code_missing")
        if not number.startswith(("+", "00")):
            return _in_china(text, number, extension, status, reason)
    found = _international(number, region, extension, status, reason)
    if mobile and found["e164"] and found["status"] == "suspicious":
        found.update(kind="unknown", reason="foreign_shape")
    return found


def _in_china(
    text: str, number: str, extension: str | None, status: str, reason: str | None
) -> dict[str, Any]:
    """A national number that a Chinese source has: with no made-up +86 where it has the shape of another country's."""
    american = as_north_american(text)
    if american and (found := _international(american, "", extension, status, reason))["e164"]:
        return {**found, "status": "suspicious", "reason": "foreign_shape"}
    found = _international(number, "CN", extension, status, reason)
    is_known = found["kind"] != "unknown" or found["status"] != "suspicious"
    if found["e164"] and not (is_chinese_shape(text) and (is_known or may_be_chinese(number))):
        return _result(None, "unknown", "", None, "suspicious", "foreign_shape")
    return found


def _mobile(national: str, extension: str | None, status: str, reason: str | None) -> dict[str, Any]:
    # a mobile has no extension: it is an intermediary's, one for many people
    kind = "virtual" if extension or national.startswith(_VIRTUAL) else "mobile"
    if national in _SAMPLES or len(set(national[3:])) == 1:
        return _result("+86" + national, kind, "CN", extension, "junk", "sample_number")
    return _result("+86" + national, kind, "CN", extension, status, reason)


def _international(
    number: str, region: str, extension: str | None, status: str, reason: str | None
) -> dict[str, Any]:
    import phonenumbers as lib  # noqa: PLC0415 - slow import

    if number.startswith("00"):
        number = "+" + number[2:]
    try:
        parsed = lib.parse(number, region or None)
    except lib.NumberParseException:
        return _result(None, "unknown", region, None, "invalid", "not_a_number")
    sort = lib.number_type(parsed)
    if sort == lib.PhoneNumberType.UNKNOWN and not lib.is_possible_number(parsed):
        return _result(None, "unknown", region, None, "invalid", "impossible_length")
    e164 = lib.format_number(parsed, lib.PhoneNumberFormat.E164)
    where = lib.region_code_for_number(parsed) or lib.region_code_for_country_code(parsed.country_code or 0)
    kind = _kinds().get(sort, "unknown")
    national = str(parsed.national_number)
    if is_nobodys(national):
        return _result(None, "unknown", region, None, "junk", "same_digits")
    subscriber = chinese_subscriber(national) if parsed.country_code == 86 else None
    if subscriber in _SAMPLES:
        return _result(e164, kind, where, extension, "junk", "sample_number")
    if subscriber and subscriber[0] in "01":
        return _result(e164, "fixed", where, extension, "suspicious", "unassigned_range")
    if sort == lib.PhoneNumberType.UNKNOWN:
        return _result(e164, kind, where, extension, "suspicious", "unassigned_range")
    if parsed.country_code == 1 and number[-7:-4] == "555" and number[-4:-2] == "01":
        return _result(e164, kind, where, extension, "suspicious", "fiction_range")
    return _result(e164, kind, where, extension, status, reason)


@cache
def _kinds() -> dict[int, str]:
    from phonenumbers import PhoneNumberType as Type  # noqa: PLC0415 - slow import

    return {
        Type.MOBILE: "mobile",
        Type.FIXED_LINE: "fixed",
        Type.FIXED_LINE_OR_MOBILE: "fixed_or_mobile",
        Type.TOLL_FREE: "toll_free",
        Type.VOIP: "virtual",
    }


def _result(  # noqa: PLR0913, PLR0917 - the fields of the struct
    e164: str | None, kind: str, region: str, extension: str | None, status: str, reason: str | None
) -> dict[str, Any]:
    return {
        "e164": e164, "kind": kind, "region": region or None, "extension": extension, "status": status, "reason": reason,
    }  # fmt: skip
