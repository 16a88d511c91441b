"""How sources write traits: Chinese words, English words, and those of a vendor; true and false ones."""

from __future__ import annotations

_TABLE = """
education primary 小学 小学文化 Primary school
education lower_secondary 初中 初中毕业 Middle school
education upper_secondary 高中 高中毕业 High school
education vocational 中专 职高 Vocational school
education associate 大专 专科 Associate degree
education bachelor 本科 大学本科 Bachelor
education master 硕士 硕士研究生 Master
education doctorate 博士 博士研究生 PhD
marital_status single 未婚 单身 Single
marital_status married 已婚 有配偶 Married
marital_status divorced 离异 离婚 Divorced
marital_status widowed 丧偶 丧偶 Widowed
marital_status partnership 同居 同居 Domestic partner
interests outdoor 户外运动 户外运动 outdoor
interests technology 数码 数码 technology
interests food 美食 美食 food
interests family 家庭优先 家庭优先 family first
interests finance 理财 理财 investing
interests price 性价比 性价比 good price
interests quality 品质 品质 quality
interests environment 支持环保 支持环保 environment matters
"""

_WORDS: dict[tuple[str, str], tuple[str, str, str]] = {}
for _line in _TABLE.strip().splitlines():
    _field, _code, _member, _vendor, _english = _line.split(" ", 4)
    _WORDS[_field, _code] = (_member, _vendor, _english)

CHINESE, VENDOR, ENGLISH = range(3)


def worded(field: str, code: str, style: int) -> str:
    """The word for a code in one of the styles CHINESE, VENDOR and ENGLISH."""
    return _WORDS[field, code][style]


def codes_of(field: str) -> tuple[str, ...]:
    """All codes of a field that the generator knows."""
    return tuple(code for name, code in _WORDS if name == field)
