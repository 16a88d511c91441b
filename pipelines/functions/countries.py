"""Country names in Chinese and nine other languages, and codes of ISO 3166, to alpha-2 codes."""

from __future__ import annotations

from functools import cache, lru_cache

from pipelines.functions.text import is_placeholder, tidy, to_ascii, to_simplified

_LANGUAGES = ("en", "zh", "de", "fr", "es", "it", "pt", "nl", "ja", "ko", "ru", "vi", "pl", "sv", "tr", "id")
# What the locale data lacks: former, official and everyday names, parts of states, codes in use beside ISO.
_ALIASES = {
    "CN": "中华人民共和国 中国大陆 大陆 内地 国内 prc prchina peoplesrepublicofchina mainlandchina chinamainland pr china zhongguo zhonghua",
    "US": "unitedstatesofamerica theunitedstates america usofa estadosunidosdeamerica eeuu eua 美利坚合众国 美国",
    "GB": "uk greatbritain britain england scotland wales northernireland ukgb 大不列颠 英格兰 苏格兰 威尔士 北爱尔兰",
    "HK": "hongkong hongkongchina hksar 香港 中国香港 香港特别行政区", "MO": "macau macao 澳门 中国澳门 澳门特别行政区",
    "TW": "taiwan taiwanchina chinesetaipei taiwanprovinceofchina 台湾 中国台湾 台湾省 中华台北",
    "JP": "日本国 nippon", "KR": "southkorea republicofkorea korearepublicof rok 南韩 大韩民国", "KP": "dprk 北朝鲜 朝鲜民主主义人民共和国",
    "RU": "russianfederation ussr 俄国 俄罗斯联邦", "VN": "vietnam vietnamese", "NL": "holland thenetherlands",
    "CZ": "czechrepublic ceskarepublika 捷克共和国", "MM": "burma", "CI": "ivorycoast", "SZ": "swaziland", "MK": "macedonia",
    "TR": "turkey", "GR": "hellas el", "AE": "uae emirates 阿联酋", "BR": "brasil", "DE": "brd germany federalrepublicofgermany 德意志",
    "FR": "republiquefrancaise 法兰西", "SY": "syrianarabrepublic", "IR": "islamicrepublicofiran", "LA": "laopdr", "MY": "大马",
    "SA": "ksa 沙特", "NZ": "aotearoa 纽西兰", "AU": "澳洲 oz", "ZA": "rsa southafricanrepublic", "IE": "eire republicofireland",
    "CD": "zaire", "CV": "capeverde", "TL": "easttimor", "VA": "holysee", "BO": "bolivia", "VE": "venezuela", "TZ": "tanzania",
    "MD": "moldova", "BN": "bruneidarussalam", "ID": "印尼", "IT": "意国", "ES": "espana", "CH": "schweiz suisse svizzera helvetia",
}  # fmt: skip
# Names that more than one country has.
_UNCLEAR = frozenset({"congo", "guinea", "samoa", "virginislands", "micronesia"})


@lru_cache(maxsize=10_000)
def country_code(raw: str | None) -> str | None:
    """The ISO 3166 alpha-2 code of a country as written (name, alpha-2, alpha-3 or numeric); None when unknown."""
    text = to_simplified(tidy(raw))
    if not text or is_placeholder(text):
        return None
    upper = text.upper().replace(".", "").replace(" ", "")
    if upper in _codes():
        return _codes()[upper]
    key = _key(text)
    return None if key in _UNCLEAR else _names().get(key)


@cache
def _codes() -> dict[str, str]:
    """Alpha-2, alpha-3 and numeric codes; UK stands beside GB."""
    from babel.core import get_global  # noqa: PLC0415 - reads a file of locale data

    known = [code for code, _ in _territories("en")]
    real = {code for code in known if len(code) == 2 and code.isalpha()} - {
        "EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "XK",
    }  # fmt: skip
    codes = {code: code for code in real} | {"UK": "GB"}
    for code, replacements in get_global("territory_aliases").items():
        if len(code) == 3 and len(replacements) == 1 and replacements[0] in real:
            codes[str(code)] = str(replacements[0])
    return codes


def _territories(language: str) -> list[tuple[str, str]]:
    from babel import Locale  # noqa: PLC0415

    return [(str(code), str(name)) for code, name in Locale(language).territories.items()]


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for language in _LANGUAGES:
        for code, name in _territories(language):
            if _codes().get(code) == code:
                names.setdefault(_key(to_simplified(name)), code)
                # Myanmar (Burma), 中国香港特别行政区
                names.setdefault(_key(to_simplified(name.partition("(")[0])), code)
    for code, listed in _ALIASES.items():
        names.update(dict.fromkeys(listed.split(), code))
    names["korea"] = "KR"  # the one that trades; the other calls itself DPRK
    return names


def _key(text: str) -> str:
    plain = "".join(filter(str.isalnum, to_ascii(text) if _is_latin(text) else text.lower()))
    return plain.removeprefix("the") if plain.startswith("the") and len(plain) > 6 else plain


def _is_latin(text: str) -> bool:
    return all(ord(letter) < 0x250 or not letter.isalpha() for letter in text)
