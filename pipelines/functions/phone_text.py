"""What surrounds the digits of a telephone number: labels, notes, extensions, several numbers in one field."""

from __future__ import annotations

import re

from pipelines.functions.text import tidy

_SEPARATORS = re.compile(r"[\s\-()\[\].·•/_~:'\u2010-\u2015\u2212]+")
_LABEL = re.compile(
    r"^\W*(?:(?:移动|联系|固定|办公|家庭|公司|单位|住宅)?(?:电话|手机|座机|号码)(?:号码?)?|tel(?:ephone)?|phone|mobile|mob|cell(?:phone)?|"
    r"home|office|work|whatsapp|wechat|微信|fax|传真|[tmphw])\s*[:.]?\s*(?=[+(\d])",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"\s*[(\[（][^()\d]*[)\]）]\s*$|(?<=\d)\s*(?:微信同号|同微信|先生|女士|\(?[一-鿿]{2,6}\)?)$"
)
_EXTENSION = re.compile(r"(?:转|分机号?|ext(?:ension)?|extn|x|#|,|;)\s*[.:]?\s*(\d{1,6})$", re.IGNORECASE)
_DASH_EXTENSION = re.compile(r"^((?:(?:\+|00)?86[- ]?)?\(?0?\d{2,3}\)?[- ]?\d{7,8})-(\d{1,5})$")
# What a shop hands out in place of a customer's mobile: one number for many, told apart behind it.
_INTERMEDIARY = re.compile(
    r"^((?:(?:\+|00)?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?:\s*[-_~—–*]+\s*(\d{1,6})|\s+(\d{3,6}))$"
)
_CODE_FIRST = re.compile(r"^[\[(【]\s*(\d{3,6})\s*[\])】]\s*(1[3-9]\d{9})$")
_TOLD = re.compile(r"^[^\d+(\[]*[㐀-鿿][\s:：,，]*(?=[+(\[【\d])")  # 王先生 139…, 请拨打139…
_ONE = re.compile(r"[\d()+. -]{1,21}")  # too short for two numbers and no mark between
_EXTENSION_LIST = re.compile(r"(?<=\d)(-\d{1,5})(?:[/、,，]\d{1,5})+$")  # -801/802: the first is called
_DANGLING = re.compile(r"\s*(?:转|分机|ext\.?|x)\s*$", re.IGNORECASE)
_MOBILES = re.compile(r"(?:1[3-9]\d{9}){2,4}")
_AREA = re.compile(r"^((?:\+?86-?)?0\d{2,3}-)\d{7,8}$")
_HAN_DASH = re.compile(r"(?<=\d)[一丨—](?=\d)")
_BETWEEN = re.compile(r"\s*(?:[/|\\;；、，]|,|\bor\b|\band\b|或者?|和|及)\s*", re.IGNORECASE)
_SHORTEST = (
    7  # digits of the shortest subscriber number; a shorter piece is an extension or a slash within a number
)


def split_phones(raw: str | None) -> list[str] | None:
    """The numbers in a field that holds several (13912345670/025-83456789); None for blank, one number as it is."""
    text = tidy(raw)
    if not text:
        return None
    if _ONE.fullmatch(text):
        return [text]
    text = _EXTENSION_LIST.sub(r"\1", text)
    mobiles = text.replace(" ", "").replace("-", "")
    if _MOBILES.fullmatch(mobiles):
        return [mobiles[start : start + 11] for start in range(0, len(mobiles), 11)]
    pieces = [piece for piece in _BETWEEN.split(text) if piece]
    if len(pieces) > 1 and all(_digits(piece) >= _SHORTEST for piece in pieces):
        return _with_area([number for piece in pieces for number in _words(piece.strip())])
    return _words(text)


def _with_area(numbers: list[str]) -> list[str]:
    """025-83456789/83456780: the second stands in the area of the first."""
    area = _AREA.match(numbers[0])
    if not area:
        return numbers
    return [f"{area[1]}{number}" if re.fullmatch(r"[2-8]\d{6,7}", number) else number for number in numbers]


def _words(text: str) -> list[str]:
    # A blank parts two numbers only where each is whole: most numbers are written with blanks inside.
    words = text.split(" ")
    if len(words) > 1 and all(re.fullmatch(r"1[3-9]\d{9}|0\d{2,3}-\d{7,8}", word) for word in words):
        return words
    return [text]


def split_extension(text: str) -> tuple[str, str | None]:
    """The number without label, note and extension, and the extension."""
    text = _TOLD.sub("", _LABEL.sub("", text, count=1))
    text = _DANGLING.sub("", _NOTE.sub("", text)).rstrip("# ")
    if first := _CODE_FIRST.match(text):
        return first[2], first[1]
    if intermediary := _INTERMEDIARY.match(text):
        return intermediary[1], intermediary[2] or intermediary[3]
    found = _EXTENSION.search(text)
    if found and _digits(text[: found.start()]) >= _SHORTEST:
        return text[: found.start()].strip(), found[1]
    dashed = _DASH_EXTENSION.match(text)
    if dashed and not re.fullmatch(r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{8}", dashed[1]):
        return dashed[1], dashed[2]
    return text, None


def clean_number(text: str) -> tuple[str, bool]:
    """Digits with a leading plus, and whether hanzi that stand for dashes were taken out."""
    mended = _HAN_DASH.sub("-", text)
    return _SEPARATORS.sub("", mended), mended != text


def _digits(text: str) -> int:
    return sum(letter.isdigit() for letter in text)
