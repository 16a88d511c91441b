"""The catalogue of words: each text in both languages, each name that a page asks for, and none that nobody asks for."""

from __future__ import annotations

import re

from made_up_version import MadeUp

from pipelines.contracts.vocabularies import CHANNELS
from pipelines.report.blocks import FLAG, MONEY, WORD, Block
from pipelines.report.catalogue import both, catalogue, data_word
from pipelines.report.sections.every import sections
from pipelines.report.templating import TEMPLATES

_HANZI = re.compile(r"[\u4e00-\u9fff]")


def blocks() -> list[Block]:
    return [block for section in sections(MadeUp().tables) for block in section.blocks]


def asked() -> set[str]:
    """Names that sections, columns and the template ask for."""
    names = {"col.interval", "withheld"}
    for section in sections(MadeUp().tables):
        names |= {f"{section.name}.heading", f"{section.name}.lead"}
    for block in blocks():
        names |= {f"{block.name}.{part}" for part in ("title", "note", "empty")}
        names |= {f"{block.name}.chart"} if block.lines else set()
        names |= {f"{block.name}.axes"} if block.heat else set()
        names |= {f"col.{column.name}" for column in block.shown_columns}
    template = (TEMPLATES / "version.html.j2").read_text(encoding="utf-8")
    return names | set(re.findall(r"both\('(\w+)'", template))


def test_every_name_that_a_page_asks_for_is_there() -> None:
    assert asked() - catalogue().keys() == set()


def test_no_name_stands_there_that_nobody_asks_for() -> None:
    groups = {column.words for block in blocks() for column in block.columns if column.form in (WORD, FLAG)}
    rest = {name for name in catalogue().keys() - asked() if name.partition(".")[0] not in groups}
    assert rest == set()


def test_every_text_has_both_languages_with_the_same_parts() -> None:
    for name, texts in catalogue().items():
        assert texts["en"], name
        assert _HANZI.search(texts["zh"]) or texts["zh"] == texts["en"] == "%", name
        assert not _HANZI.search(texts["en"]), name
        parts = {language: sorted(re.findall(r"\{\w+\}|`[^`]+`", text)) for language, text in texts.items()}
        assert parts["en"] == parts["zh"], name


def test_money_names_its_currency_and_codes_of_contracts_are_translated() -> None:
    money = {column.name for block in blocks() for column in block.columns if column.form == MONEY}
    assert [name for name in money if "{currency}" not in catalogue()[f"col.{name}"]["en"]] == []
    assert [name for name in CHANNELS if f"channel.{name}" not in catalogue()] == []


def test_parts_and_codes_of_the_data_are_escaped() -> None:
    assert "&lt;b&gt;" in both("lacking", tables="<b>")
    assert str(data_word("channel", "<i>_x")) == "&lt;i&gt; x"
    assert "<code>ucv rejects</code>" in both("deliveries.note")
