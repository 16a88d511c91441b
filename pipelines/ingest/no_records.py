"""Rows of a delivery that are no records: totals, repeated headers, ruled and blank lines, counts and footers.

Reports and spreadsheets carry them among and below the rows. A row counts as one only where nothing in it could name
somebody: a key, telephone number, e-mail or identity number beside a total makes it a record. What is recognised is set
aside with its own reason, counts as quarantined, and never against the contract's maxQuarantineShare.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from pipelines.contracts.headers import column_key

BLANK, RULED, REPEATED = "blank_row", "ruled_line", "repeated_header"
TOTAL, COUNT, FOOTER = "total_row", "count_line", "footer_line"
NO_RECORDS = (BLANK, RULED, REPEATED, TOTAL, COUNT, FOOTER)
"""Reason codes of rows that are no records."""

_IDENTITY = re.compile(
    r"(phone|email|national_id|passport_no|driver_license_no|wechat_openid|wechat_unionid|member_no)(_\d)?"
)
_EVENTS = frozenset(
    {"transacted_at", "occurred_at", "registered_at", "collected_at", "effective_at", "verified_at"}
)
_RULE = re.compile(r"[-–—―‐=_*·.~～+|#─━═…/\\<>:\s]+")
_UNIT = r"(?:人|笔|条|件|个|家|户|位|名|行|项|张|元|单|次|份|套|%|rows?|records?|lines?|items?|pcs|stk|stück|eur|usd|cny|rmb|gbp|[¥￥$€£])"
_FIGURE = re.compile(
    rf"(?:共|约)?\s*{_UNIT}?\s*[-+(]?[\d.,:'\s/年月日-]*\d[\d.,:'\s/年月日-]*\)?\s*{_UNIT}?(?:记录|数据)?",
    re.IGNORECASE,
)
_SHORT = re.compile(rf"(?:共)?\s*\d{{1,6}}\s*{_UNIT}?", re.IGNORECASE)
_COUNTED = re.compile(
    rf"(?:总?共|合计|总计)\s*[:：]?\s*[\d,]+\s*{_UNIT}.*|[\d,]+\s*(?:条|笔|行|项|位|名|人)(?:记录|数据|客户|会员|订单|交易)?"
    r"|\(?[\d,]+\s+(?:rows?|records?|lines?|entries|results?|datensätze|zeilen|lignes|registros)(?:\s+\w+)?\)?",
    re.IGNORECASE,
)  # fmt: skip
_PAGE = re.compile(
    r"第\s*\d+\s*页.*|共\s*\d+\s*页.*|[-–—]?\s*\d+\s*/\s*\d+\s*页?|(?:page|seite|página|pagina)\s+\d+.*",
    re.IGNORECASE,
)
_TRAILERS = frozenset({"trailer", "trl", "footer", "eof"})
_PLAIN_NOTES = frozenset(
    ["endof", "generated", "exported", "printed", "poweredby", "thisfile", "thisreport", "downloaded"]
)
_BUSINESS = re.compile(r".*(公司|店|厂|中心|部|所|院|馆)")
_AROUND = re.compile(r"[\s_*=#\"'“”‘’()（）\[\]【】<>|~–—.-]+")

Cells = Sequence[str | None]


def no_record(
    cells: Cells, header: Sequence[str], fields: Mapping[int, str], key: Sequence[str]
) -> str | None:
    """Why a row is no record, as a reason code; None for a record.

    `fields`: place of a column -> canonical field; none of a row of another width, whose places tell nothing. `key`: fields.
    """
    filled = [(place, text) for place, cell in enumerate(cells) if (text := _tidy(cell))]
    if not filled:
        return BLANK
    texts = [text for _, text in filled]
    if all(map(_RULE.fullmatch, texts)):
        return RULED
    if len(texts) >= min(2, len(header)) and _is_header(texts, header):
        return REPEATED
    label = next(((place, text) for place, text in filled if not _is_figure(text)), filled[0])
    others = [(place, text) for place, text in filled if place != label[0]]
    if _names_somebody(others, fields, key):
        return None
    return _labelled(label, others, filled[0], fields, len(header))


def _tidy(cell: str | None) -> str:
    return " ".join(unicodedata.normalize("NFKC", cell).split()).strip("'`\u200b\ufeff ") if cell else ""


def _is_figure(text: str) -> bool:
    return _FIGURE.fullmatch(text) is not None or _RULE.fullmatch(text) is not None


def _is_header(texts: list[str], header: Sequence[str]) -> bool:
    """Whether every filled cell is the name of a column, each once."""
    names = {column_key(name) for name in header if name}
    keys = [column_key(text) for text in texts]
    return len(set(keys)) == len(keys) and all(key in names for key in keys)


def _names_somebody(others: list[tuple[int, str]], fields: Mapping[int, str], key: Sequence[str]) -> bool:
    """Whether a cell beside the label is a key, or what identifies a person and is no count."""
    named = ((fields.get(place, ""), text) for place, text in others if not text.endswith(":"))
    return any(
        (field in key and field not in _EVENTS) or (_IDENTITY.fullmatch(field) and not _SHORT.fullmatch(text))
        for field, text in named
    )


def _labelled(
    label: tuple[int, str],
    others: list[tuple[int, str]],
    first: tuple[int, str],
    fields: Mapping[int, str],
    width: int,
) -> str | None:
    text = label[1]
    has_figures = all(_is_figure(other) for _, other in others)
    is_alone = not others and width >= 2
    if (has_figures and _is_count(text, others)) or (is_alone and _PAGE.fullmatch(text)):
        return COUNT if not _PAGE.fullmatch(text) else FOOTER
    if has_figures and _is_total(text, "han"):
        return TOTAL
    is_dated = any(
        fields.get(place) in _EVENTS and len(re.findall(r"\d", other)) >= 6 for place, other in others
    )
    if has_figures and label == first and not is_dated and _is_total(text, "latin"):
        return TOTAL
    values = [other for _, other in others if not other.endswith(":")]
    is_form = text.endswith(":") and len(values) <= max(1, width // 2)
    is_trailer = _bare(text) in _TRAILERS and has_figures and len(others) <= 2
    is_footer = _starts_footer(text) and ((is_alone and width >= 3) or is_form)
    return FOOTER if is_footer or is_trailer else None


def _is_total(text: str, script: str) -> bool:
    """A word of totals, alone or with what it is the total of, in brackets or (in Chinese) before it."""
    bare = re.sub(r"[(（\[].*?[)）\]]", "", text)
    bare, _, behind = bare.partition(":")
    if behind and not _is_figure(behind.strip()):
        return False
    word = _bare(re.sub(rf"\s*{_FIGURE.pattern}$", "", bare) or bare)
    words = _words("total", script)
    if script == "han":
        return any(word.endswith(one) and len(word) <= len(one) + 12 for one in words)
    return (
        word in words
        or re.fullmatch(r"(grand|sub)?total(for|of|per|amount|sales|revenue|orders|value|in)?\w{0,20}", word)
        is not None
    )


def _is_count(text: str, others: list[tuple[int, str]]) -> bool:
    if not others and _COUNTED.fullmatch(text):
        return True
    word, sign, behind = text.partition(":")
    counted = _bare(word) in _words("count", "any")
    return counted and (bool(sign and _is_figure(behind.strip())) if not others else not behind.strip())


def _starts_footer(text: str) -> bool:
    """Whether a note begins here: 制表人:, End of report, Page 3. A name that begins like one (Page Turner) has no number
    or colon."""
    if "@" in text:
        return False
    han, latin = text.lstrip("*-=#>·. "), _bare(text)
    is_told = bool(re.search(r"[:\d©]", text))
    if any(han.startswith(word) for word in _words("footer", "han")):
        return is_told or (len(han) <= 8 and not _BUSINESS.fullmatch(han))
    return any(
        latin == word
        or (latin.startswith(word) and _ends_word(text, word) and (is_told or word in _PLAIN_NOTES))
        for word in _words("footer", "latin")
    )


def _ends_word(text: str, word: str) -> bool:
    """Whether the text begins with the word as a whole: note: … and not notebook."""
    spelled = r"[\s_-]*".join(map(re.escape, word))
    return re.match(rf"[\W_]*{spelled}(?![^\W_])", text, re.IGNORECASE) is not None


def _bare(text: str) -> str:
    return _AROUND.sub("", text).casefold().rstrip(":")


@cache
def _words(what: str, script: str) -> frozenset[str]:
    text = files(__package__).joinpath("no_record_words.csv").read_text(encoding="utf-8")
    rows = [
        row for row in csv.DictReader(text.splitlines()) if row["what"] == what and row["script"] == script
    ]
    return frozenset(word.casefold() for row in rows for word in row["words"].split())


@cache
def suspicion(start: str = "^") -> str:
    """A regular expression that a text with a label in it fits, and a few records; `start` is where a cell begins."""
    parted = {"[ \u3000]*".join(word) for word in _words("total", "han") if len(word) == 2}
    han = sorted(_words("total", "han") | _words("footer", "han"))
    latin = {word for what in ("total", "footer") for word in _words(what, "latin")} | _words("count", "any")
    spelled = sorted(
        {r"[ _*=-]*".join(re.escape(sign) for sign in word.replace("-", "")[:5]) for word in latin}
    )
    counted = (
        r"\(?[0-9,]+ *(rows?|records?|lines?|entries|results?|[条笔行项位名人])|总?共|第 *[0-9]|[0-9]+ *[/页]"
    )
    return rf"(?i)({'|'.join([*map(re.escape, han), *sorted(parted)])})|{start}[ '`#(*=_-]*({'|'.join(spelled)}|{counted})|{start}[-–—=_*·.~+|#─━═… ]+($|\x1f)"
