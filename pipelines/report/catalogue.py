"""The catalogue of words of the page of a version: `words.csv` with name, en, zh. The page holds both languages and shows one."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from markupsafe import Markup, escape

from pipelines.report.words import coded

LANGUAGES = {"en": "English", "zh": "中文"}


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Name -> language -> text. A name that stands twice raises ValueError."""
    text = files(__package__).joinpath("words.csv").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = {}
    for row in csv.DictReader(text.splitlines()):
        if row["name"] in found:
            raise ValueError(f"words.csv: {row['name']} stands twice")
        found[row["name"]] = {language: row[language] for language in LANGUAGES}
    return found


def both(name: str, **parts: object) -> Markup:
    """The text in both languages, of which the style shows one; {parts} are escaped, words between backticks set as code.

    KeyError for a name that is not there.
    """
    texts = catalogue()[name]
    filled = {language: coded(text).format(**parts) for language, text in texts.items()}
    if len(set(filled.values())) == 1:
        return Markup(filled["en"])  # noqa: S704 - escaped above
    return Markup("").join(
        Markup('<span class="{0}" lang="{0}">{1}</span>').format(language, text)
        for language, text in filled.items()
    )


def data_word(group: str, value: str, **parts: object) -> Markup:
    """A code of the data in words: `channel.store`; one that nobody translated as it is, without its underscores."""
    name = f"{group}.{value}"
    return both(name, **parts) if name in catalogue() else escape(value.replace("_", " "))
