"""The answer to a person who asks what is kept: one page that loads nothing, in English and Chinese, every value escaped."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from pipelines.privacy.pages import fill_template, in_both_languages


def render_page(document: dict[str, Any]) -> str:
    """The page of a document that `ucv subject-access` made."""
    filters: dict[str, Callable[..., Any]] = {"words": words, "shown": _shown, "filled": _filled}
    return fill_template("access.html.j2", filters, document=document)


def words(name: str) -> str:
    """A field, table or heading in both languages; a name that nobody translated as it is."""
    return in_both_languages("words.csv", name)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes 是" if value else "no 否"
    if isinstance(value, list):
        return ", ".join(_shown(one) for one in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _filled(rows: list[dict[str, Any]]) -> list[str]:
    """The columns that tell something in at least one row."""
    return [
        name for name in rows[0] if name != "customer_id" and any(row[name] not in (None, []) for row in rows)
    ]
