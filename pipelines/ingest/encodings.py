"""Which encoding a text file is in: as declared, unless its bytes plainly say another; `auto` is told from the bytes.

A wrong declaration seldom fails: GB18030 and Latin-1 read nearly any bytes, as rubbish. Hence the share of characters
that are usual in living text is compared between readings, and only a clear difference refuses a file.
"""

from __future__ import annotations

import codecs
import re
from functools import cache
from itertools import product

from pipelines.errors import DeliveryError

AUTO = "auto"
SAMPLE_BYTES = 1 << 18
_FEWEST = 6  # characters beyond ASCII below which nothing is concluded from a text
_USUAL, _RUBBISH = 0.93, 0.8  # shares of usual characters
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GUESSES = ("gb18030", "big5", "shift_jis", "euc_kr", "cp1252")
_WESTERN = re.compile(r"(?<=[\x00-\x7f])[À-ÖØ-öø-ÿŒœŠšŽž](?=[\x00-\x7f])|[‘’“”–€£°]")
_BEYOND = re.compile(r"[^\x00-\x7f]")


def settle_encoding(sample: bytes, declared: str, file_name: str) -> str:
    """The codec to read with; `sample` is the file's first bytes. Raises DeliveryError (wrong_encoding)."""
    marked = next((name for mark, name in _MARKS if sample.startswith(mark)), None)
    if marked and (declared == AUTO or _same(declared, marked)):
        return marked if "16" not in declared else "utf-16"
    found = marked or _told_by_bytes(sample, declared)
    if declared == AUTO:
        if found is None:
            raise DeliveryError(
                "wrong_encoding",
                f"The encoding of {file_name} cannot be told from its bytes; declare `encoding` in the contract.",
            )
        return found
    if found is not None and not _same(declared, found):
        raise DeliveryError(
            "wrong_encoding",
            f"{file_name} is declared as {declared} but its bytes read as {found.removesuffix('-sig')}; correct "
            "`encoding` in the contract or have the file written anew.",
        )
    return "utf-8-sig" if _same(declared, "utf-8") else declared


def _told_by_bytes(sample: bytes, declared: str) -> str | None:
    """The encoding that the bytes speak for; None where they do not contradict the declaration (or tell nothing)."""
    utf8 = _decoded(sample, "utf-8")
    if utf8 is not None and "\x00" not in utf8 and (declared == AUTO or _is_told(utf8)):
        return "utf-8"
    if declared != AUTO and not _is_told(sample.decode("latin-1")):
        return None
    if declared == AUTO and sample.count(0) > len(sample) // 4:
        return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
    if declared != AUTO and not any(_same(declared, name) for name in _GUESSES):
        return None  # of Cyrillic, Greek and others no list of usual characters is kept: they are trusted
    shares = {name: _usual_share(sample, name) for name in _GUESSES}
    best = max(shares, key=lambda name: shares[name])
    if declared != AUTO and _usual_share(sample, declared) > _RUBBISH:
        return None
    return best if shares[best] > _USUAL else None


def _is_told(text: str) -> bool:
    return len(_BEYOND.findall(text)) >= _FEWEST


def _decoded(sample: bytes, encoding: str) -> str | None:
    """The sample as text; a character cut off at its end is no fault."""
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(sample, final=False)
    except UnicodeError:
        return None


def _usual_share(sample: bytes, encoding: str) -> float:
    """0-1: the share of usual ones among the characters beyond ASCII; 0 if the bytes do not decode."""
    text = _decoded(sample, encoding)
    beyond = _BEYOND.findall(text) if text else []
    if not beyond:
        return 0.0
    usual = _usual_of(_codec(encoding))
    return (sum(sign in usual for sign in beyond) + len(_WESTERN.findall(text or ""))) / len(beyond)


def _codec(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return encoding


def _same(one: str, other: str) -> bool:
    family = {"gb2312": "gb18030", "gbk": "gb18030", "utf-8-sig": "utf-8", "cp950": "big5", "big5hkscs": "big5",
              "cp932": "shift_jis", "cp949": "euc_kr", "iso8859-1": "cp1252", "iso8859-15": "cp1252"}  # fmt: skip
    left, right = _codec(one), _codec(other)
    if left.startswith("utf-16") and right.startswith("utf-16"):
        return True
    return family.get(left, left) == family.get(right, right)


@cache
def _usual_of(codec: str) -> frozenset[str]:
    """The first level of the national standard that `codec` follows (its frequent characters), signs and kana."""
    levels = {
        "big5": ("big5", range(0xA4, 0xC7)), "cp950": ("big5", range(0xA4, 0xC7)), "big5hkscs": ("big5", range(0xA4, 0xC7)),
        "shift_jis": ("shift_jis", range(0x88, 0x99)), "cp932": ("shift_jis", range(0x88, 0x99)),
        "euc_kr": ("euc_kr", range(0xB0, 0xC9)), "cp949": ("euc_kr", range(0xB0, 0xC9)),
        "gb18030": ("gb2312", range(0xB0, 0xD8)), "gbk": ("gb2312", range(0xB0, 0xD8)), "gb2312": ("gb2312", range(0xB0, 0xD8)),
    }  # fmt: skip
    if codec not in levels:
        return frozenset()
    national, leads = levels[codec]
    signs = {bytes(pair).decode(national, "ignore") for pair in product(leads, range(0x40, 0xFF))}
    kana = {chr(code) for code in range(0x3040, 0x3100)} if national == "shift_jis" else set()
    wide = {chr(code) for code in (*range(0xFF01, 0xFF5F), *range(0x3000, 0x3012))} | {"·", "—", "“", "”"}
    return frozenset({sign for sign in signs if len(sign) == 1} | kana | wide)
