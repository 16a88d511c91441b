"""What is told of an invented organisation's business: lasting traits, and a state that changes from row to row."""

from __future__ import annotations

from pipelines.demo.dice import Dice

_LASTING = {
    "market_area": ("本地", "省内", "全国", "国际"),
    "sales_ability": ("强", "一般", "较弱"),
    "business_philosophy": ("质量第一", "低价", "服务至上", "创新"),
    "business_traits": ("民营", "国企", "家族企业", "外资"),
}
_CHANGING = {
    "business_results": ("增长", "持平", "下滑"),
    "relation_to_us": ("重点客户", "老客户", "潜在客户"),
    "business_outlook": ("看好", "平稳", "看淡"),
    "financial_state": ("良好", "良好", "紧张", "困难"),
    "credit_status": ("良好", "良好", "良好", "关注", "逾期"),
}
_TOLD = 0.7


def business_columns(organisation_id: str, key: str, seed: int) -> dict[str, str]:
    """Canonical field -> text of one row, from random streams of its own; fields that the row leaves out are missing."""
    lasting, row = Dice("business", seed, organisation_id), Dice("business row", seed, key)
    texts = {field: lasting.pick(words) for field, words in _LASTING.items()}
    share = lasting.whole(1, 30)
    texts |= {field: row.pick(words) for field, words in _CHANGING.items()}
    texts["market_share"] = str(share + row.whole(0, 2))
    return {field: text for field, text in texts.items() if row.chance(_TOLD)}
