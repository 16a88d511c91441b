"""Names of delivered columns: the one form in which a header and a contract's physicalName are compared.

Two names are the same column when they look the same: full and half width, signs that nobody sees (byte order marks,
zero-width and direction marks, soft hyphens), kinds and numbers of blanks and line breaks make no difference, nor does a
blank beside a Chinese character (姓　名). Case makes none either: a spreadsheet's table and most databases take two names
that differ in case alone for one, and an export that begins to write Email for email would lose the column.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from pipelines.contracts.model import Contract

_FORMAT = "Cf"  # Unicode's category of marks that steer and do not show
_CONTROL = "Cc"
# Signs of other categories that show nothing: joiners, fillers of Hangul, Braille's blank, variation selectors.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_BLANKS = re.compile(r"\s+")
_HAN = "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BESIDE_HAN = re.compile(f"(?<=[{_HAN}]) | (?=[{_HAN}])")


@lru_cache(maxsize=20_000)
def visible_name(name: str) -> str:
    """What one sees of a name (NFKC, no invisible signs, single blanks, trimmed); '' for one that shows nothing."""
    if name.isascii() and name.isprintable() and "  " not in name:
        return name.strip()
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", name) if not _is_unseen(sign))
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", plain)).strip()


def _is_unseen(sign: str) -> bool:
    category = unicodedata.category(sign)
    return category == _FORMAT or (category == _CONTROL and not sign.isspace()) or bool(_UNSEEN.match(sign))


@lru_cache(maxsize=20_000)
def column_key(name: str) -> str:
    """The form in which names of columns are compared; '' for a column without a name."""
    folded = unicodedata.normalize("NFKC", visible_name(name).casefold())
    return _BESIDE_HAN.sub("", folded)


def same_names(names: Iterable[str]) -> list[str]:
    """The visible forms of names that stand for one column together, each column once, in order."""
    seen: dict[str, str] = {}
    doubled: dict[str, None] = {}
    for name in names:
        key = column_key(name)
        if key and key in seen:
            doubled[seen[key]] = None
        seen.setdefault(key, visible_name(name))
    return sorted(doubled)


def by_contract(header: Iterable[str], contract: Contract) -> list[str]:
    """The header in order, every column of the contract under its physicalName; '' for a column without a name."""
    known: Mapping[str, str] = {column_key(c.physical_name): c.physical_name for c in contract.columns}
    return [known.get(column_key(name), name.strip() if column_key(name) else "") for name in header]
