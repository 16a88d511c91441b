"""Codes that models show have a label, and what the demo says of organisations is read as a code."""

from __future__ import annotations

import csv
import re

import pytest

from pipelines.demo.business import business_columns
from pipelines.functions.coded import _tables, standardise_code
from pipelines.settings import DBT_PROJECT_DIR

LABELS = DBT_PROJECT_DIR / "seeds" / "code_labels.csv"
ASPECT = re.compile(r"'(\w+)': \('(\w+)', '(\w+)'\)")
PERSONAL = {"education", "marital_status", "occupation"}


@pytest.fixture(scope="module")
def labels() -> set[tuple[str, str]]:
    with LABELS.open(encoding="utf-8", newline="") as file:
        return {(row["code_system"], row["code"]) for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def families() -> dict[str, str]:
    """Aspect of an organisation -> family of codes."""
    text = (DBT_PROJECT_DIR / "macros" / "organisation_aspects.sql").read_text(encoding="utf-8")
    return {aspect: family for aspect, _, family in ASPECT.findall(text)}


def test_every_code_has_a_label(labels: set[tuple[str, str]], families: dict[str, str]) -> None:
    shown = PERSONAL | (set(families.values()) - {"market_share"})
    codes = {(family, code) for family in shown for code in _tables()[family].values()}
    assert codes - labels == set()
    assert {label for label in labels if label[0] in shown} - codes == set()


def test_what_the_demo_says_of_organisations_is_read(families: dict[str, str]) -> None:
    told = [(field, text) for key in range(50) for field, text in business_columns("O1", str(key), 7).items()]
    assert len({field for field, _ in told}) == 10
    unread = {
        (field, text)
        for field, text in told
        if field != "market_share" and not standardise_code(families[field], text)
    }
    assert unread == set()


@pytest.mark.parametrize(
    ("family", "raw", "code"),
    [
        ("level", "較強", "high"), ("level", " Strong ", "high"), ("level", "A", "high"), ("market_area", "全国", "national"),
        ("credit_status", "失信被执行人", "default"), ("trend", "flat", "stable"), ("relation_to_us", "Key Account", "key_account"),
        ("level", "purple", None), ("no_family", "high", None), (None, "high", None), ("level", None, None),
    ],
)  # fmt: skip
def test_words_of_a_family(family: str | None, raw: str | None, code: str | None) -> None:
    assert standardise_code(family, raw) == code


def test_traits_last_and_states_change_from_row_to_row() -> None:
    rows = [business_columns("O1", str(key), 7) for key in range(50)]
    assert len({row["market_area"] for row in rows if "market_area" in row}) == 1
    assert len({row["business_outlook"] for row in rows if "business_outlook" in row}) == 3
    assert business_columns("O1", "1", 7) == business_columns("O1", "1", 7)
