"""How one true address, number or date is written."""

from __future__ import annotations

from datetime import date

from pipelines.demo.international import ascii_form
from pipelines.demo.person import Home, Phone

COUNTRY_NAMES = {
    "CN": "中国", "US": "United States", "GB": "United Kingdom", "DE": "Germany", "FR": "France",
    "ES": "Spain", "IN": "India", "VN": "Vietnam", "JP": "Japan",
}  # fmt: skip
_CITY_PROVINCES = frozenset({"北京市", "上海市", "天津市", "重庆市"})
_FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")
_NUMBER_FIRST = frozenset({"US", "GB", "FR", "IN", "VN"})


def street_line(home: Home, style: int) -> str:
    """Street, number and flat without the city."""
    if home.country == "CN":
        unit = home.unit
        if style == 1:
            unit = unit.replace("栋", "-").replace("单元", "-").replace("室", "")
        elif style == 2:
            unit = unit.replace("栋", "号楼")
        return f"{home.street}{home.number}{unit}"
    line = f"{home.number} {home.street}" if home.country in _NUMBER_FIRST else f"{home.street} {home.number}"
    return f"{line}, {home.unit}" if home.unit else line


def whole_address(home: Home, style: int) -> str:
    """The address on one line; styles 0-4 differ in what is left out and in typography."""
    line = street_line(home, style)
    if home.country != "CN":
        city = f"{home.postcode} {home.city}" if home.country in {"DE", "FR", "ES"} else f"{home.city}"
        if home.country == "US":
            city = f"{home.city}, {home.province} {home.postcode}"
        elif home.country not in {"DE", "FR", "ES"}:
            city = f"{home.city} {home.postcode}"
        text = f"{line}, {city}" + (f", {COUNTRY_NAMES[home.country]}" if style in {0, 3} else "")
        return ascii_form(text).upper() if style == 4 else text
    province = "" if home.province in _CITY_PROVINCES else home.province
    city = home.city
    if style == 3:
        province, city = province.removesuffix("省"), city.removesuffix("市")
    elif style == 4:
        province = ""
    return f"{province}{city}{home.district}{line}"


def phone_text(phone: Phone, style: int) -> str:
    """A number as people write it; numbers from abroad keep their country code."""
    national = phone.national
    if phone.country_code == "86" and len(national) == 11 and national.startswith("1"):
        return (
            national, national, national, f"{national[:3]} {national[3:7]} {national[7:]}",
            f"{national[:3]}-{national[3:7]}-{national[7:]}", f"+86 {national}", f"86{national}",
            national.translate(_FULL_WIDTH),
        )[style % 8]  # fmt: skip
    if phone.country_code == "86":
        area = 2 if national[0] in "12" else 3
        return f"0{national[:area]}-{national[area:]}"
    half = len(national) // 2
    code = phone.country_code
    return (
        f"+{code}{national}", f"+{code} {national[:half]} {national[half:]}", f"00{code}{national}",
        f"+{code}-{national[:3]}-{national[3:]}",
    )[style % 4]  # fmt: skip


def birth_text(birth: date, style: int) -> str:
    """A birth date as Chinese forms show it, where the contract declares no format."""
    return (
        f"{birth.year}年{birth.month:02d}月{birth.day:02d}日",
        f"{birth.year}年{birth.month}月{birth.day}日",
        f"{birth.year}/{birth.month}/{birth.day}",
        f"{birth.year}-{birth.month:02d}-{birth.day:02d}",
    )[style % 4]


def masked_id(national_id: str) -> str:
    """The first six and last four characters, the rest hidden."""
    return f"{national_id[:6]}{'*' * (len(national_id) - 10)}{national_id[-4:]}"
