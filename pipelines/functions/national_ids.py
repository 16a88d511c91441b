"""National numbers of persons outside China, by python-stdnum."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

# Country -> numbers that a person may give there, the most common first.
_NUMBERS = {
    "AR": ("dni",), "AU": ("tfn",), "BE": ("nn",), "BG": ("egn",), "BR": ("cpf",), "CA": ("sin",), "CH": ("ssn",),
    "CL": ("rut",), "CZ": ("rc",), "DE": ("idnr",), "DK": ("cpr",), "EE": ("ik",), "ES": ("dni", "nie"), "FI": ("hetu",),
    "FR": ("nir",), "GB": ("nhs",), "GR": ("amka",), "HR": ("oib",), "ID": ("nik",), "IE": ("pps",), "IL": ("idnr",),
    "IN": ("aadhaar", "pan"), "IS": ("kennitala",), "IT": ("codicefiscale",), "KR": ("rrn",), "LT": ("asmens",), "MX": ("curp",),
    "MY": ("nric",), "NL": ("bsn",), "NO": ("fodselsnummer",), "PL": ("pesel",), "PT": ("cc",), "RO": ("cnp",), "RU": ("inn",),
    "SE": ("personnummer",), "SI": ("emso",), "SK": ("rc",), "TH": ("pin",), "TR": ("tckimlik",), "US": ("ssn", "itin"),
    "ZA": ("idnr",),
}  # fmt: skip
# Numbers whose birth date needs no guess about the century.
_DATED = frozenset(("be", "bg", "ee", "it", "kr", "lt", "mx", "no", "pl", "ro", "si"))
_NINO = re.compile(r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]")
_NRIC = re.compile(r"[STFG]\d{7}[A-Z]")
_VIETNAM = re.compile(r"0\d{11}")


def read_national(text: str, country: str) -> dict[str, Any] | None:
    """Kind, status and what the number tells; None where nothing is known about the country's numbers.

    A failing checksum is 'suspicious', not 'invalid': nobody said which of a country's numbers a column holds.
    """
    if country == "GB" and _NINO.fullmatch(text):
        return {"kind": "gb_nino", "status": "valid"}
    if country == "SG" and _NRIC.fullmatch(text):
        return _verdict("sg_nric", _has_singapore_check(text))
    if country == "VN" and _VIETNAM.fullmatch(text):
        return {"kind": "vn_cccd", "status": "valid", "sex": "female" if int(text[3]) % 2 else "male"}
    if country == "FI" and re.fullmatch(r"\d{9}[0-9A-Z]", text):
        text = f"{text[:6]}-{text[6:]}"  # the folded dash tells the century
    modules = _modules(country)
    for name, module in modules:
        if module.is_valid(text):
            return {**_verdict(f"{country.lower()}_{name}", True), **_facts(module, text, country.lower())}
    return _verdict("other", False) if modules else None


@cache
def _modules(country: str) -> list[tuple[str, ModuleType]]:
    package = "in_" if country == "IN" else "is_" if country == "IS" else country.lower()
    return [(name, import_module(f"stdnum.{package}.{name}")) for name in _NUMBERS.get(country, ())]


def _verdict(kind: str, is_valid: bool) -> dict[str, Any]:
    return {
        "kind": kind,
        "status": "valid" if is_valid else "suspicious",
        "reason": None if is_valid else "checksum",
    }


def _facts(module: ModuleType, text: str, country: str) -> dict[str, Any]:
    sexes = {"M": "male", "F": "female", "H": "male"}
    found: dict[str, Any] = {"normal": re.sub("[^0-9A-Z]", "", module.compact(text))}
    try:
        if country in _DATED and hasattr(module, "get_birth_date"):
            found["birth_date"] = module.get_birth_date(text)
        if hasattr(module, "get_gender"):
            found["sex"] = sexes.get(module.get_gender(text))
    except ValueError:
        return found
    return found


def _has_singapore_check(text: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(text[1:8], (2, 7, 6, 5, 4, 3, 2), strict=True))
    total += 4 if text[0] in "TG" else 0
    return ("JZIHGFEDCBA" if text[0] in "ST" else "XWUTRQPNMLK")[total % 11] == text[8]
