"""Which encoding a text file is in: as declared, unless its bytes plainly say another; `auto` is told from the bytes.

A wrong declaration seldom fails: GB18030 and Latin-1 read nearly any bytes, as rubbish. Hence the plausibility of the
characters is compared between readings, and only a clear difference settles, or refuses, a file.
"""

from __future__ import annotations

import codecs
import re

from pipelines.errors import DeliveryError
from pipelines.ingest.plausibility import READINGS, distinct_cells, plausibility, plausibility_of_noise

AUTO = "auto"
SAMPLE_BYTES = 1 << 18
_FEWEST = 6  # characters beyond ASCII below which nothing is concluded from a text
_MARGIN = 6.0  # by which the log likelihood of a reading leads: 400 to 1
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BEYOND = re.compile(r"[^\x00-\x7f]")


def settle_encoding(sample: bytes, declared: str, file_name: str) -> str:
    """The codec to read with; `sample` is the file's first bytes. Raises DeliveryError (wrong_encoding)."""
    marked = next((name for mark, name in _MARKS if sample.startswith(mark)), None)
    if marked and (declared == AUTO or _same(declared, marked)):
        return marked if "16" not in declared else "utf-16"
    found, rivals = (marked, []) if marked else _told_by_bytes(sample, declared)
    if declared == AUTO:
        if found is None:
            raise DeliveryError(
                "wrong_encoding",
                f"The encoding of {file_name} cannot be told from its bytes ({_doubt(rivals)}); declare `encoding` in the "
                "contract.",
            )
        return found
    if found is not None and not _same(declared, found):
        raise DeliveryError(
            "wrong_encoding",
            f"{file_name} is declared as {declared} but its bytes read as {found.removesuffix('-sig')}; correct "
            "`encoding` in the contract or have the file written anew.",
        )
    return "utf-8-sig" if _same(declared, "utf-8") else declared


def _doubt(rivals: list[str]) -> str:
    if rivals:
        return f"{' and '.join(rivals)} read about as well"
    return f"they read as text in none of utf-8, utf-16, {', '.join(READINGS)}"


def _told_by_bytes(sample: bytes, declared: str) -> tuple[str | None, list[str]]:
    """The encoding that the bytes speak for, None where they tell too little; and what else they could be."""
    if _is_utf8(sample) and (declared == AUTO or _is_told(sample.decode("utf-8", "replace"))):
        return "utf-8", []
    if declared == AUTO and (wide := _utf16_without_mark(sample)):
        return wide, []
    if declared != AUTO and not any(_same(declared, name) for name in READINGS):
        return None, []  # of Cyrillic, Greek and others no model is kept: they are trusted
    if declared != AUTO and not _is_told(sample.decode("latin-1")):
        return None, []
    cells = distinct_cells(sample)
    scores = {name: plausibility(cells, name, name) for name in READINGS}
    best, second, *_ = sorted(scores, key=lambda name: scores[name], reverse=True)
    if scores[best] <= plausibility_of_noise(cells):
        return None, []
    rival = second
    if declared != AUTO:
        rival = next(name for name in READINGS if _same(declared, name))
        scores[rival] = max(scores[rival], plausibility(cells, declared, rival))
        if rival == best:
            return None, []
    return (best, []) if scores[best] - scores[rival] > _MARGIN else (None, [best, rival])


def _is_utf8(sample: bytes) -> bool:
    """Few other texts ever read as UTF-8; a character cut off at the end is no fault, nor is one broken among a hundred."""
    text = sample.decode("utf-8", "replace")
    if "\x00" in text:
        return False
    broken, told = text[:-1].count("\ufffd"), len(_BEYOND.findall(text))
    return broken * 100 <= told or _decoded(sample, "utf-8") is not None


def _utf16_without_mark(sample: bytes) -> str | None:
    """Text holds no zero bytes, but those of ASCII in UTF-16 are all on one side."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if even + odd <= len(sample) // 50 or min(even, odd) * 20 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_told(text: str) -> bool:
    return len(_BEYOND.findall(text)) >= _FEWEST


def _decoded(sample: bytes, encoding: str) -> str | None:
    """The sample as text; a character cut off at its end is no fault."""
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(sample, final=False)
    except UnicodeError:
        return None


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
