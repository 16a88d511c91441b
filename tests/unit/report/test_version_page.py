"""The page of a version tells what its queries give, in two languages, and nothing that it should not."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made_up_version import OPTIONAL, TABLES, MadeUp
from page_links import faults
from version_pages import VersionPage, blocks_of, differences

from pipelines.report.answers import EMPTY, MISSING, NO_BEFORE, ROWS, UNREADABLE


@pytest.fixture(scope="module")
def version() -> MadeUp:
    return MadeUp()


@pytest.fixture(scope="module")
def text(version: MadeUp, tmp_path_factory: pytest.TempPathFactory) -> str:
    return version.page(tmp_path_factory.mktemp("page"))[0]


def asked(version: MadeUp, sql: str) -> list[dict[str, Any]]:
    names, rows = version.read(sql)
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_every_number_is_what_the_query_beside_it_gives(version: MadeUp, text: str) -> None:
    page, blocks = VersionPage(text), blocks_of(version.tables)
    assert page.blocks.keys() == blocks.keys()
    found = [
        told
        for name, block in blocks.items()
        for told in differences(block, page.blocks[name], asked(version, page.blocks[name].sql))
    ]
    assert found == []
    cells = sum(len(row) for block in page.blocks.values() for row in block.rows)
    assert cells > 400
    assert {name for name, block in page.blocks.items() if f"#sql-{name}" not in page.links} == set()


def test_customers_new_merged_split_and_gone_are_told_by_their_records(version: MadeUp, text: str) -> None:
    page = VersionPage(text)
    assert [cell.text for cell in page.blocks["changed"].rows[0]] == ["2", "1", "1", "1", "57"]
    figures = {row[0].text: [cell.text for cell in row[1:]] for row in page.blocks["figures"].rows}
    assert figures["Customers"] == ["59", "60", "+1"]
    assert figures["Records"] == ["60", "61", "+1"]


def test_groups_of_fewer_than_five_are_not_told_nor_what_follows_from_them(text: str) -> None:
    page = VersionPage(text)
    campaigns = {row[0].text: [cell.text for cell in row[1:]] for row in page.blocks["campaigns"].rows}
    assert campaigns["TINY"] == ["2026-10-01", "<5", *["hidden"] * 3, "<5", *["hidden"] * 4, "–"]
    assert campaigns["SPRING"][1:9] == ["200", "60", "40", "20 %", "50", "+10.0", "+1.2", "+18.0"]
    # 27 loyal ones would be all less those shown: with one small cell alone the next one goes too
    segments = {row[0].text: row[1].text for row in page.blocks["segments"].rows}
    assert segments == {"Lost": "30", "Loyal": "hidden", "New": "<5"}
    overlap = {row[0].text: [cell.text for cell in row[1:]] for row in page.blocks["overlap"].rows}
    assert overlap["list"] == ["", "60 %", "<5"]
    goals = {row[1].text: [cell.text for cell in row[5:]] for row in page.blocks["goals"].rows}
    assert goals["Complaints"] == ["9", "5", "hidden", "customers", "hidden", "met"]
    assert goals["Repurchase by e-mail 邮件复购"] == ["20", "24", "23.1", "%", "77.5 %", "on track"]
    assert "0.3333" not in text


def test_nothing_is_loaded_or_run(version: MadeUp, tmp_path: Path) -> None:
    text, _ = version.page(tmp_path)
    assert faults(tmp_path / "version.html") == []
    assert not re.search(r"https?:|<script|javascript:|\son\w+=", text)
    assert "default-src 'none'" in text
    assert len(text.encode()) < 250_000


def test_what_sources_are_called_is_escaped(text: str) -> None:
    assert "shop&lt;b&gt;" in text
    assert "华信 &amp; Sons" in text
    assert "<b>" not in text


def test_sections_have_headings_tables_captions_and_charts_a_text(text: str) -> None:
    page = VersionPage(text)
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    levels = [int(level) for level in re.findall(r"<h([1-6])", text)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert text.count("<table") == text.count("<caption>") > 15
    named = re.findall(r'<svg class="chart"[^>]* role="img" aria-labelledby="([^"]+)"', text)
    assert len(named) == 4
    assert all(f'<figcaption id="{name}">' in text for name in named)
    assert set(re.findall(r"aria-labelledby=\"([^\"]+)\"", text)) <= set(page.ids)


def test_a_table_that_an_older_version_has_not_is_told_and_what_to_do(tmp_path: Path) -> None:
    older = [name for name in TABLES if name not in ("source_deliveries", "matching_funnel", *OPTIONAL)]
    text, answers = MadeUp(older).page(tmp_path)
    assert {name for name, one in answers.items() if one.state == MISSING and not one.block.is_optional} == {
        "deliveries", "freshness", "funnel",
    }  # fmt: skip
    assert "This version has no table source_deliveries" in text
    assert "ucv run --full-refresh" in text
    assert 'id="goals"' not in text, "a section of optional tables is left out where there are none"
    assert 'id="predictions"' not in text
    assert answers["quality"].state == ROWS


def test_a_version_before_that_knew_less_is_compared_by_what_both_know(tmp_path: Path) -> None:
    version = MadeUp()
    version.conn.execute("alter table before.marts.customer_360 drop column has_email")
    version.conn.execute("drop table before.marts.fct_orders")
    version.tables = replace(version.tables, before=version.columns("before"))
    text, answers = version.page(tmp_path)
    assert answers["figures"].state == ROWS
    measures = [row[0].text for row in VersionPage(text).blocks["figures"].rows]
    assert "Customers with a usable phone" in measures
    assert {"Customers with a usable e-mail", "Orders", "Value of orders (CNY)"} & set(measures) == set()


def test_a_query_that_fails_is_told_and_the_rest_comes(tmp_path: Path) -> None:
    version = MadeUp()
    version.conn.execute("alter table golden.source_quality drop column quality_score")
    text, answers = version.page(tmp_path)
    assert [name for name, one in answers.items() if one.state == UNREADABLE] == ["quality"]
    assert "This version could not answer the query" in text
    assert answers["scorecard"].state == ROWS


@pytest.mark.parametrize("gone", ["customers", "fct_orders", "campaign_summary", "everything"])
def test_without_rows_the_page_comes_and_says_what_is_missing(gone: str, tmp_path: Path) -> None:
    emptied = TABLES if gone == "everything" else [gone]
    text, answers = MadeUp(emptied=emptied).page(tmp_path)
    assert {one.state for one in answers.values()} <= {ROWS, EMPTY}
    if gone == "everything":
        assert answers["campaigns"].state == answers["cohorts"].state == answers["rfm"].state == EMPTY
        assert "Deliver interactions with campaign_id" in text
        assert "Nobody has an order that can be dated." in text
    assert "NaN" not in text


def test_without_a_version_before_there_is_nothing_to_compare(tmp_path: Path) -> None:
    text, answers = MadeUp(has_before=False).page(tmp_path)
    assert {name for name, one in answers.items() if one.state == NO_BEFORE} == {"changed", "figures"}
    assert "The page of the next publish will compare." in text


def test_both_languages_stand_there_and_one_is_shown(text: str) -> None:
    english, chinese = text.count('<span class="en" lang="en">'), text.count('<span class="zh" lang="zh">')
    assert english == chinese > 150
    assert ".zh, :root:has(#language-zh:checked) .en { display: none; }" in text
    assert re.search(r'<input type="radio" name="language" id="language-en" checked>', text)
