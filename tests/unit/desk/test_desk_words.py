"""One catalogue holds every word of every page, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipelines import desk
from pipelines.desk.words import catalogue, preferred, speaking

TEMPLATES = sorted((Path(desk.__file__).parent / "templates").glob("*.html"))
_JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


def test_every_word_has_both_languages_with_the_same_parts() -> None:
    for name, texts in catalogue().items():
        assert all(texts.values()), name
        assert len({frozenset(re.findall(r"\{(\w+)\}", text)) for text in texts.values()}) == 1, name


def test_every_word_that_a_page_asks_for_stands_in_the_catalogue() -> None:
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        asked = set(re.findall(r"\bt\('([^']+)'\s*(?:[,)]|~)", text))
        assert asked <= set(catalogue()) | {f"{one}" for one in asked if one in ("nav_", "order_")}, path.name


def test_every_word_of_the_catalogue_is_used() -> None:
    texts = "".join(
        path.read_text(encoding="utf-8")
        for path in Path(desk.__file__).parent.rglob("*.*")
        if path.suffix in (".html", ".py")
    )
    unused = [
        name
        for name in catalogue()
        if "." not in name and name not in texts and not re.match("nav_|order_|closed_", name)
    ]
    assert unused == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_page_holds_no_text_of_its_own(path: Path) -> None:
    bare = re.sub(r"<[^>]*>|&\w+;", " ", _JINJA.sub("", path.read_text(encoding="utf-8")))
    bare = re.sub(r"\b[A-Z]\b", "", bare)  # the keys of the steward
    assert not re.search(r"[A-Za-z\u4e00-\u9fff]", bare), bare


def test_words_of_the_data_are_shown_as_they_are_and_others_must_be_known() -> None:
    t = speaking("zh")
    assert t("action.bought") == "购买"
    assert t("action.never_heard_of") == "never heard of"
    for unknown in ("nowhere", "nogroup.word"):
        with pytest.raises(KeyError):
            t(unknown)


def test_the_browser_s_first_language_counts() -> None:
    assert preferred("zh-CN,zh;q=0.9,en;q=0.8") == "zh"
    assert preferred("de, en;q=0.5, zh;q=0.4") == "en"
    assert preferred("") == "en"
