"""Identity numbers to a normal form, with what they tell: kind, birth date, sex, region; and passports."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from pipelines.functions.chinese_ids import (
    fifteen_to_eighteen,
    has_hong_kong_check,
    has_taiwan_check,
    is_social_credit_code,
    mend_letters,
    read_masked,
    read_resident,
)
from pipelines.functions.national_ids import read_national
from pipelines.functions.text import is_placeholder, tidy

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

_SAMPLES = frozenset({
    "123456789012345678", "12345678901234567X", "110101199001010000", "111111111111111111", "123456789", "1234567890",
    "12345678", "1234567", "123456", "A1234567", "E12345678", "G12345678", "AB123456", "123456789012345",
})  # fmt: skip
_LABEL = re.compile(
    r"^(?:身份证(?:号码?)?|公民身份号码|统一社会信用代码|护照(?:号码?)?|证件号码?|id\s*(?:no|card)?|passport(?:\s*no)?)\s*[.:#]\s*",
    re.I,
)
_FOLDED = re.compile(r"[\s\-./'()_,·]")
_CN18 = re.compile(r"\d{17}[0-9X]")
_MASKED = re.compile(r"(?=.*\*\*)[0-9*]{14}[0-9X*]|(?=.*\*\*)[0-9*]{17}[0-9X*]")
_CN_PASSPORT = re.compile(r"(?:[EGKH]\d{8}|E[A-HJ-NP-Z]\d{7}|MA\d{7}|1[45]\d{7}|[DSP](?:E?\d{7}|\d{8}))")
_CN_TRAVEL = re.compile(r"[HMC](?:\d{8}|\d{10})")
# Shapes of machine-readable passports; a country that is not here has at most nine letters and digits (ICAO 9303).
_PASSPORTS = {
    "CN": _CN_PASSPORT, "US": re.compile(r"[A-Z]?\d{8,9}"), "GB": re.compile(r"\d{9}"), "JP": re.compile(r"[A-Z]{2}\d{7}"),
    "KR": re.compile(r"[A-Z]\d{8}|[A-Z]\d{3}[A-Z]\d{4}"), "FR": re.compile(r"\d{2}[A-Z]{2}\d{5}"), "IN": re.compile(r"[A-Z]\d{7}"),
    "DE": re.compile(r"[CFGHJKLMNPRTVWXYZ0-9]{9,10}"), "AU": re.compile(r"[A-Z]{1,2}\d{7}"), "CA": re.compile(r"[A-Z]{2}\d{6}|[A-Z]\d{6}[A-Z]{2}"),
    "TW": re.compile(r"\d{9}"), "HK": re.compile(r"[HK][A-Z]?\d{8}"), "RU": re.compile(r"\d{9}"), "IT": re.compile(r"[A-Z]{2}\d{7}"),
    "ES": re.compile(r"[A-Z]{3}\d{6}"), "NL": re.compile(r"[A-Z]{2}[A-Z0-9]{6}\d"), "SG": re.compile(r"[EK]\d{7}[A-Z]"),
    "VN": re.compile(r"[A-Z]\d{7,8}"), "MO": re.compile(r"M[A-Z]?\d{7,8}"),
}  # fmt: skip


def standardise_identifier(raw: str | None, country: str | None) -> dict[str, Any] | None:
    """One national number, organisation code or travel document; None for blank. `country` is an ISO code.

    status: valid (checksum holds), repaired (15 digits, letters for digits), suspicious (right form, doubtful region, or
    another country's number whose checksum fails), unchecked (nothing known to check), junk, invalid.
    """
    text = _folded(raw)
    if not text:
        return None
    if is_placeholder(text) or (len(set(text)) == 1) or text in _SAMPLES:
        return _result(text, "unknown", "junk", "sample_number")
    if country in (None, "", "CN", "HK", "MO", "TW") and (found := _chinese(text, country or "")):
        return {**_result(text, "other", "unchecked", None), **found}
    if country and (found := read_national(text, country)):
        # People register abroad with the number that they have from home.
        if (
            found["status"] != "valid"
            and _CN18.fullmatch(text)
            and (own := read_resident(text))["status"] == "valid"
        ):
            found = own
        return {**_result(text, "other", "unchecked", None), **found}
    return _result(text, "other", "unchecked", None)


def standardise_passport(raw: str | None, country: str | None) -> dict[str, Any] | None:
    """One passport number; valid when it has its country's shape (passports carry no checksum of their own)."""
    text = _folded(raw)
    if not text:
        return None
    if is_placeholder(text) or len(set(text)) <= 2 or text in _SAMPLES:
        return _result(text, "passport", "junk", "sample_number")
    if "*" in text:
        return _result(text, "passport", "valid", "masked", is_masked=True)
    if not re.fullmatch(r"[A-Z0-9]{5,12}", text):
        return _result(text, "passport", "invalid", "no_passport_form")
    shape = _PASSPORTS.get(country or "")
    if shape and not shape.fullmatch(text):
        # People of one country register in another: a strange shape is doubtful, not wrong.
        is_travel_permit = country == "CN" and _CN_TRAVEL.fullmatch(text)
        return _result(text, "travel_permit" if is_travel_permit else "passport",
                       "valid" if is_travel_permit else "suspicious", None if is_travel_permit else "shape_of_another_country")  # fmt: skip
    return _result(text, "passport", "valid" if shape else "unchecked", None)


def _folded(raw: str | None) -> str:
    text = _LABEL.sub("", tidy(raw))
    if re.fullmatch(r"\d{15,18}\.0+", text):
        text = text.partition(".")[0]
    if is_placeholder(text):
        return text
    folded = _FOLDED.sub("", re.sub("[•●＊×✱x]{2,}", lambda found: "*" * len(found[0]), text)).upper()
    return unicodedata.normalize("NFKC", folded)  # letters and accents that stood apart may have met


def _chinese(text: str, country: str) -> dict[str, Any] | None:
    masked = re.sub(r"X(?=X)|(?<=X)X", "*", text)
    if _MASKED.fullmatch(masked):
        return read_masked(masked)
    if country in ("HK", "MO", "TW"):
        return _special_region(text, country)
    mended = mend_letters(text)
    if _CN18.fullmatch(mended):
        return read_resident(mended, is_mended=mended != text)
    if len(text) == 18 and (is_valid := is_social_credit_code(text)) is not None:
        return _checked("cn_social_credit_code", is_valid)
    if re.fullmatch(r"\d+E\+?\d+", text):
        return {"kind": "unknown", "status": "invalid", "reason": "precision_lost"}
    return _only_in_china(text) if country == "CN" else None


def _special_region(text: str, country: str) -> dict[str, Any] | None:
    if country == "HK" and re.fullmatch(r"[A-Z]{1,2}\d{6}[0-9A]", text):
        return _checked("hk_id", has_hong_kong_check(text))
    if country == "TW" and re.fullmatch(r"[A-Z][1289A-D]\d{8}", text):
        sex = "male" if text[1] in "18AC" else "female"
        return {**_checked("tw_id", has_taiwan_check(text)), "sex": sex}
    if country == "MO" and re.fullmatch(r"[1578]\d{7}", text):
        return {"kind": "mo_id", "status": "valid"}
    return None


def _only_in_china(text: str) -> dict[str, Any] | None:
    """Shapes that without the country could be anything."""
    if len(text) == 15 and text.isdigit():
        return fifteen_to_eighteen(text)
    if _CN_PASSPORT.fullmatch(text):
        return {"kind": "passport", "status": "valid"}
    if _CN_TRAVEL.fullmatch(text):
        return {"kind": "travel_permit", "status": "valid"}
    if re.fullmatch(r"\d{10,20}X?", text):
        return {"kind": "cn_resident_id", "status": "invalid", "reason": "wrong_length"}
    return None


def _checked(kind: str, is_valid: bool) -> dict[str, Any]:
    return {
        "kind": kind,
        "status": "valid" if is_valid else "invalid",
        "reason": None if is_valid else "checksum",
    }


def _result(
    normal: str, kind: str, status: str, reason: str | None, *, is_masked: bool = False
) -> dict[str, Any]:
    return {
        "normal": normal, "kind": kind, "is_masked": is_masked, "birth_date": None, "sex": None, "region_code": None,
        "status": status, "reason": reason,
    }  # fmt: skip
