"""What each reason code means, in the words that go to a vendor. The one table of them."""

from __future__ import annotations

REASON_TEXTS: dict[str, tuple[str, str]] = {
    "broken_quote": ("The line has a quotation mark without its partner", "该行引号不配对"),
    "broken_json": ("The line is not one JSON object", "该行不是一个完整的 JSON 对象"),
    "wrong_column_count": ("The row has more or fewer columns than the header", "该行列数与表头不一致"),
    "missing_key": ("The key of the record is empty", "记录主键为空"),
    "missing_required": ("A required value is empty", "必填项为空"),
    "bad_date": ("The value is not a date", "日期无法识别"),
    "ambiguous_date": ("Day and month cannot be told apart; write yyyy-MM-dd", "日期中日与月无法区分，请用 yyyy-MM-dd"),
    "bad_number": ("The value is not a number", "数值无法识别"),
    "bad_boolean": ("The value is neither yes nor no", "是/否值无法识别"),
    "not_in_vocabulary": ("The value is not one of the agreed terms", "取值不在约定词表内"),
    "not_in_enumeration": ("The value is not one of the agreed choices", "取值不在约定选项内"),
    "value_too_long": ("The value is longer than 10,000 characters", "内容超过 10,000 个字符"),
}
"""Reason code without its field -> English and Chinese text."""


def split_reason(reason: str) -> tuple[str, str | None]:
    """`bad_date:transacted_at` -> its code and the canonical field, which a broken row does not have."""
    code, _, field = reason.partition(":")
    return code, field or None
