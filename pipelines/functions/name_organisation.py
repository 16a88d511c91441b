"""Organisations in a column of people's names: by their legal form, by what only organisations are called, by how they end in hanzi."""

from __future__ import annotations

import re

from pipelines.functions.chinese_names import COMMON, COMPOUND
from pipelines.functions.lists import words
from pipelines.functions.text import has_han, to_ascii, to_simplified

_FORMS = words("organisation_forms")
"""Plain words that end an organisation's name, dots left out."""
_INSIDE = words("organisation_words")
"""Words that stand anywhere in the name of an organisation and in nobody's."""
_SHORT = frozenset(
    {
        "ag",
        "kg",
        "sa",
        "se",
        "bv",
        "nv",
        "oy",
        "ab",
        "as",
        "ug",
        "sl",
        "ek",
        "lp",
        "sas",
        "co",
        "zoo",
        "dd",
        "ad",
        "od",
        "tic",
        "cv",
    }
)
"""Forms of two or three letters: initials as often, so that they count in capitals beside a name that has none, or with
another form; some count beside capitals too."""
_SHORT_IN_CAPITALS = frozenset({"ag", "kg", "sa", "bv", "nv", "ug", "sas"})
_DOTTED = _SHORT_IN_CAPITALS | {"ek"}
_FIRM = re.compile(
    r"(?:&|\+|\band\b|\bund\b|\bet\b|\by\b|\be\b|\ben\b)\s*(?:co|cie|sons?|söhne|sohn|soehne|fils|figli|hijos|zonen|brothers|bros|partners?|partner"
    r"|associates|daughters|company|compagnie|filhos|sœurs|frères|gebr|gebrüder)\b\.?(?:[\s,].*)?$"
    r"|^(?:ooo|ооо|оао|зао|пао|ао|(?-i:PT\.?|CV)|sarl|sas|stichting|gebr\.?|gebrüder|praxis|kanzlei|fa\.|firma|messrs\.?)\s+\S"
    r"|\b(?:city|ministry|department|university|bank|church|school|museum|friends|society|institute|college|embassy) of\b"
    r"|\ba/s$",
    re.IGNORECASE,
)
_MAY_BE_FIRM = re.compile(
    r"[&+/]|\s(?:and|und|et|y|e|en|of)\s|^(?:[oOоО]{3} |[оОзЗпПаА]{1,2}[оО] |PT|CV |[sS][aA]|[sS]ticht|[gG]ebr|[pP]rax|[kK]anz|[fF][ai]|[mM]ess)"
)
_BRACKETED = re.compile(r"\s*[(（\[【][^()（）\[\]【】]*[)）\]】]\s*$")
_HAN_FORM = re.compile(
    r"(?:公司|集团|株式会社|有限会社|合作社|事务所|合伙企业|个体工商户|基金会|委员会|研究院|研究所|旗舰店|专卖店|专营店)"
)
_HAN_LONG = (
    "公司", "集团", "银行", "支行", "分行", "大学", "学院", "中学", "小学", "学校", "医院", "酒店", "饭店", "宾馆", "餐厅", "超市", "商店", "商行",
    "药房", "药店",
    "诊所", "协会", "学会", "商会", "政府", "法院", "工厂", "工作室", "幼儿园", "俱乐部", "合作社", "事务所", "研究院", "研究所", "基金会", "委员会",
    "居委会", "村委会",
    "经营部", "门市部", "服务部", "营业部", "办事处", "旗舰店", "专卖店", "专营店", "便利店", "个体户", "个体工商户", "株式会社", "派出所", "出版社",
    "杂志社", "旅行社",
    "加油站", "服务中心", "培训中心", "管理局", "税务局", "公安局", "教育局", "物业", "商贸", "实业", "电商", "网店", "小卖部", "百货", "门诊部",
    "养老院", "福利院",
)  # fmt: skip
_HAN_SHORT = "店厂部中心局院所馆社站会校园行队室吧坊铺"
_AFTER_FIRM = re.compile(r"(?<=公司|集团)[\s(（:：\-/]+[^()（）]{2,4}[)）]?$")


def is_organisation(text: str) -> bool:
    """Whether tidy text from a column of people's names names an organisation."""
    if not text.isascii() and has_han(text):
        return len(text) > 3 and _is_hanzi_firm(_BRACKETED.sub("", to_simplified(text)))
    last = text.rsplit(" ", 1)[-1]
    plain = _plain(last)
    if plain in _FORMS:
        return " " in text
    if plain in _SHORT and _is_short_form(text, last, plain):
        return True
    lower = text.lower() if text.isascii() else to_ascii(text)
    if not _INSIDE.isdisjoint(lower.split(" ")):
        return " " in text
    return _MAY_BE_FIRM.search(text) is not None and _FIRM.search(text) is not None


def _plain(word: str) -> str:
    plain = word.lower() if word.isascii() else to_ascii(word)
    return plain if plain.isalpha() else re.sub(r"[^a-z]", "", plain)


def _is_short_form(text: str, last: str, plain: str) -> bool:
    before = text[: -len(last)].strip()
    words_before = [word for word in re.split(r"[\s.]+", before) if len(word) > 1]
    if not words_before or "," in before or plain == "co":
        return plain == "co" and "," in text and bool(words_before)
    if "." in last.rstrip("."):
        return plain in _DOTTED and len(words_before[-1]) > 2
    if not before.isupper() and not before.islower():
        return last.isupper() or plain == "oy"
    return plain in _SHORT_IN_CAPITALS


def _is_hanzi_firm(text: str) -> bool:
    compact = re.sub(r"\s+", "", text)
    if len(compact) < 4 or "·" in compact:
        return False
    if _AFTER_FIRM.search(text):
        return False  # who works there stands behind
    head = text.split(" ", 1)[0] if " " in text else ""
    if 2 <= len(head) <= 3 and (head[0] in COMMON or head[:2] in COMPOUND) and len(compact) > len(head) + 3:
        return False  # 王建国 南京分公司
    if compact.endswith(_HAN_LONG) or (
        len(compact) >= 6 and _HAN_FORM.search(compact[:-1]) is not None and compact[-1] in "部店司厂行处所"
    ):
        return True
    if len(compact) == 5 and compact[-1] in "厂店":
        return True
    return len(compact) >= 6 and compact[-1] in _HAN_SHORT and has_han(compact[-1])
