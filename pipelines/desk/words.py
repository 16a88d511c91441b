"""The catalogue of words of all pages: `words.csv` with name, en, zh. A page holds no text of its own."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from importlib.resources import files

LANGUAGES = {"en": "English", "zh": "中文"}


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Name -> language -> text."""
    text = files(__package__).joinpath("words.csv").read_text(encoding="utf-8")
    return {
        row["name"]: {language: row[language] for language in LANGUAGES}
        for row in csv.DictReader(text.splitlines())
    }


def speaking(language: str) -> Callable[..., str]:
    """`t(name, **parts)`: the text of a name in this language, its {parts} filled in. A word of the data (`t('action.' ~ one)`) that
    nobody translated is shown as it is; any other unknown name raises KeyError."""

    def t(name: str, **parts: object) -> str:
        known = catalogue().get(name)
        if known is None:
            group, dot, word = name.partition(".")
            if dot and f"{group}." in _open_groups():
                return word.replace("_", " ")
            raise KeyError(name)
        return known[language].format(**parts) if parts else known[language]

    return t


@cache
def _open_groups() -> frozenset[str]:
    """Groups of words that come from the data: `action.` for the actions of a timeline."""
    return frozenset(name for name in catalogue() if name.endswith("."))


def preferred(accepted: str) -> str:
    """The language that a browser asks for first, of those that there are."""
    for part in accepted.lower().split(","):
        for language in LANGUAGES:
            if part.strip().startswith(language):
                return language
    return "en"
