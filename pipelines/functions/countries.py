"""Country names in Chinese and western languages to ISO 3166 alpha-2 codes."""

from __future__ import annotations

from functools import cache, lru_cache

from pipelines.functions.text import tidy, to_ascii, to_simplified

_NAMES = {
    "CN": "中国 中华人民共和国 china prc chn peoplesrepublicofchina", "US": "美国 unitedstates usa unitedstatesofamerica america",
    "GB": "英国 unitedkingdom uk greatbritain england scotland wales gbr", "DE": "德国 germany deutschland deu",
    "FR": "法国 france fra", "ES": "西班牙 spain espana esp", "IT": "意大利 italy italia ita", "JP": "日本 japan jpn",
    "KR": "韩国 southkorea korea kor", "IN": "印度 india ind", "VN": "越南 vietnam vietnamese vnm", "AU": "澳大利亚 australia aus",
    "CA": "加拿大 canada can", "HK": "香港 hongkong hkg", "TW": "台湾 taiwan twn", "MO": "澳门 macao macau mac",
    "SG": "新加坡 singapore sgp", "MY": "马来西亚 malaysia mys", "RU": "俄罗斯 russia rus", "BR": "巴西 brazil brasil bra",
    "MX": "墨西哥 mexico mex", "NL": "荷兰 netherlands holland nld", "CH": "瑞士 switzerland schweiz suisse che",
    "SE": "瑞典 sweden swe", "NZ": "新西兰 newzealand nzl", "IE": "爱尔兰 ireland irl", "PT": "葡萄牙 portugal prt",
    "PL": "波兰 poland polska pol", "AT": "奥地利 austria osterreich aut", "BE": "比利时 belgium bel", "TH": "泰国 thailand tha",
    "ID": "印度尼西亚 印尼 indonesia idn", "PH": "菲律宾 philippines phl", "DK": "丹麦 denmark dnk", "NO": "挪威 norway nor",
    "FI": "芬兰 finland fin", "GR": "希腊 greece grc", "TR": "土耳其 turkey tur", "AE": "阿联酋 unitedarabemirates uae are",
    "ZA": "南非 southafrica zaf", "AR": "阿根廷 argentina arg", "CL": "智利 chile chl",
}  # fmt: skip


@cache
def _codes() -> dict[str, str]:
    return {name: code for code, names in _NAMES.items() for name in names.split()}


@lru_cache(maxsize=10_000)
def country_code(raw: str | None) -> str | None:
    """The ISO code of a country as written; a two-letter code stands for itself; None when unknown."""
    text = to_simplified(tidy(raw))
    if not text:
        return None
    key = text if not text.isascii() and text in _codes() else "".join(filter(str.isalnum, to_ascii(text)))
    if key in _codes():
        return _codes()[key]
    return text.upper() if len(text) == 2 and text.isascii() and text.isalpha() else None
