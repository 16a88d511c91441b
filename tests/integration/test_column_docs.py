"""Descriptions of columns: one text per meaning, in a doc block where it stands more than once, and none missing."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from typing import Any

import pytest
import yaml

from pipelines.assets.dbt_manifest import read_manifest_json
from pipelines.publishing.snapshot import PUBLISHED_SCHEMAS
from pipelines.settings import DBT_PROJECT_DIR

MODELS = DBT_PROJECT_DIR / "models"
FIELDS = DBT_PROJECT_DIR.parent / "pipelines" / "contracts" / "canonical_fields.csv"
_DOC = re.compile(r"\{\{ doc\('(\w+)'\) \}\}")

MEANT = {
    "counted over what the row of its model stands for":
        "record_count customer_count customers order_count complaint_count responding_customers buying_customers "
        "response_rate support confidence",
    "money of what the row of its model stands for":
        "value net_value total_value expected_value linear_value unconverted_lines",
    "a word of several subjects":
        "field role method reason verdict lift frequency campaign_id is_usable is_return question_code quality_score "
        "value_rank monthly_decay at last_seen_at ordered_at",
}  # fmt: skip
"""Reason -> columns whose hand-written texts differ from model to model."""
DIFFER = {name for names in MEANT.values() for name in names.split()}

# Canonical fields that mean something else behind staging: a doc block of the same name speaks of that.
OTHER_BEHIND_STAGING = {"amount", "quantity", "occurred_at", "reason", "verified_at"}


@pytest.fixture(scope="module")
def written() -> list[tuple[str, str, str]]:
    """(model, column, description as written)."""
    files = sorted(MODELS.rglob("_*.yml"))
    models = [
        model
        for file in files
        for model in yaml.safe_load(file.read_text(encoding="utf-8")).get("models", [])
    ]
    return [
        (model["name"], column["name"], column["description"]) for model in models for column in model["columns"]
    ]  # fmt: skip


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return read_manifest_json()


def blocks(manifest: dict[str, Any]) -> dict[str, str]:
    own = [doc for doc in manifest["docs"].values() if doc["package_name"] == "unified_customer_view"]
    return {doc["name"]: doc["block_contents"] for doc in own}


def test_a_text_that_stands_twice_is_a_doc_block(written: list[tuple[str, str, str]]) -> None:
    texts = Counter((column, text) for _, column, text in written if not _DOC.search(text))
    assert [place for place, count in texts.items() if count > 1] == []


def test_columns_of_one_name_have_one_text_of_their_own_unless_meant(
    written: list[tuple[str, str, str]],
) -> None:
    texts: dict[str, set[str]] = defaultdict(set)
    for _, column, text in written:
        if not _DOC.search(text):
            texts[column].add(text)
    assert {column for column, found in texts.items() if len(found) > 1} == DIFFER


def test_every_doc_block_is_used_and_says_one_thing(
    manifest: dict[str, Any], written: list[tuple[str, str, str]]
) -> None:
    models = "".join(path.read_text(encoding="utf-8") for path in MODELS.rglob("_*.yml"))
    of_models = set(_DOC.findall("".join(re.findall(r"^  description: .*", models, re.MULTILINE))))
    used = {name for _, _, text in written for name in _DOC.findall(text)} | of_models
    assert set(blocks(manifest)) == used
    assert all(text.strip() for text in blocks(manifest).values())


def test_fields_as_delivered_are_told_as_in_the_contracts(manifest: dict[str, Any]) -> None:
    with FIELDS.open(encoding="utf-8", newline="") as file:
        fields = {row["field"]: row["description"] for row in csv.DictReader(file)}
    told = blocks(manifest)
    differ = {name for name, text in fields.items() if name in told and told[name] != text}
    assert differ == OTHER_BEHIND_STAGING
    assert len(fields.keys() & told.keys()) > 40


def test_every_column_that_is_published_is_described(manifest: dict[str, Any]) -> None:
    published = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] in PUBLISHED_SCHEMAS
    ]
    assert len(published) > 30
    for node in published:
        # a contract lists every column of its table
        assert node["config"]["contract"]["enforced"], node["name"]
        blank = [name for name, column in node["columns"].items() if not column["description"].strip()]
        assert blank == [], node["name"]
