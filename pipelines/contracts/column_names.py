"""What the name of a delivered column means by itself: canonical fields, from synonyms.csv."""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from importlib.resources import files

from pipelines.contracts.fields import canonical_fields
from pipelines.contracts.headers import visible_name
from pipelines.functions.text import to_simplified

_NUMBERED = re.compile(r"^[（(]?\d{1,3}[)）]?\s*[、.．:：)）]\s*|^q\d{1,3}\s*[、.．:：_-]\s*", re.IGNORECASE)
"""The number that a form puts before its question: 1、您的姓名."""
_UNIT = re.compile(
    r"[(（\[【]\s*(元|人民币|rmb|cny|usd|eur|¥|￥|€|\$|件|必填|选填|required|optional)\s*[)）\]】]",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"^(请问|请)?(输入|填写|留下|提供|选择)?(一下)?(您|你)?的?|^(what is )?your ", re.IGNORECASE
)
_SIGNS = re.compile(r"[\s_.,:：;；?？!！*#°/\\'\"`|<>()（）\[\]【】-]")
_ASKING = re.compile(r"(?<=..)(是什么|是多少|是|为)$")
_OWNER = re.compile(
    r"^(primary|main|default|billing|bill to|customer|client|contact|buyer|member|user|parent|"
    r"买家|客户|顾客|会员|用户|收货人|收件人|联系人|付款人|购买人|本人|学员)(?=.)",
    re.IGNORECASE,
)  # fmt: skip


@lru_cache(maxsize=20_000)
def plain_name(name: str) -> str:
    """The form in which meanings are looked up: simplified, small, without signs, unit, question number or courtesy."""
    text = _UNIT.sub("", to_simplified(visible_name(name)))
    text = _POLITE.sub("", _NUMBERED.sub("", text.strip()))
    return _ASKING.sub("", _SIGNS.sub("", text).casefold())


@lru_cache(maxsize=20_000)
def meant_fields(name: str) -> tuple[str, ...]:
    """Canonical fields that the name may mean, likeliest first; () for an unknown one.

    Whose it is (billing phone, 买家手机) is looked past where the whole name is unknown.
    """
    known = synonyms()
    whole = known.get(plain_name(name))
    if whole:
        return whole
    bare = _OWNER.sub("", re.sub(r"[\s_-]+", " ", visible_name(name).strip()))
    return known.get(plain_name(bare), ())


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """Plain column name -> fields that it may mean, the canonical name itself first."""
    # Address 2 is nearly everywhere the second line of the one address.
    names = [known.name for known in canonical_fields() if not known.name.startswith("address_2")]
    found: dict[str, list[str]] = {plain_name(name): [name] for name in names}
    text = files(__package__).joinpath("synonyms.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        for name in row["names"].split():
            found.setdefault(plain_name(name), []).append(row["field"])
    return {name: tuple(dict.fromkeys(fields)) for name, fields in found.items()}
