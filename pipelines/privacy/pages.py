"""Pages for people in English and Chinese: templates of this room, and its tables of words."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

_ROOM = "pipelines.privacy"


def fill_template(template: str, filters: Mapping[str, Callable[..., Any]], **shown: Any) -> str:
    """The page of a template below `templates/`; values are escaped, and one that is missing raises jinja2's UndefinedError."""
    environment = Environment(
        loader=PackageLoader(_ROOM),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(filters)
    return environment.get_template(template).render(**shown)


def in_both_languages(table: str, name: str) -> str:
    """A name in English and Chinese by a table of words (name, en, zh); one that nobody translated as it is."""
    english, chinese = _words(table).get(name, (name.replace("_", " "), ""))
    return f"{english} {chinese}".strip()


@cache
def _words(table: str) -> dict[str, tuple[str, str]]:
    text = files(_ROOM).joinpath(table).read_text(encoding="utf-8")
    return {row["name"]: (row["en"], row["zh"]) for row in csv.DictReader(text.splitlines())}
