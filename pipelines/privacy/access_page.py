"""The answer to a person who asks what is kept: one page that loads nothing, in English and Chinese, every value escaped."""

from __future__ import annotations

import csv
import json
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def render_page(document: dict[str, Any]) -> str:
    """The page of a document that `ucv subject-access` made."""
    environment = Environment(
        loader=PackageLoader(__package__ or "pipelines.privacy"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["words"] = words
    environment.filters["shown"] = _shown
    environment.filters["filled"] = _filled
    return environment.get_template("access.html.j2").render(document=document)


def words(name: str) -> str:
    """A field, table or heading in both languages; a name that nobody translated as it is."""
    english, chinese = _words().get(name, (name.replace("_", " "), ""))
    return f"{english} {chinese}".strip()


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


@cache
def _words() -> dict[str, tuple[str, str]]:
    text = files(__package__ or "pipelines.privacy").joinpath("words.csv").read_text(encoding="utf-8")
    return {row["name"]: (row["en"], row["zh"]) for row in csv.DictReader(text.splitlines())}
