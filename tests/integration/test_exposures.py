"""Exposures tell who reads which table: every reader in the code is named, and nothing is named that nobody reads."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from pipelines.assets.dbt_manifest import read_manifest_json
from pipelines.publishing.snapshot import PUBLISHED_SCHEMAS
from pipelines.segments.compile import TABLES
from pipelines.settings import DBT_PROJECT_DIR

PIPELINES = DBT_PROJECT_DIR.parent / "pipelines"
# Rooms and modules that make the tables, or judge them before anybody reads them.
MAKERS = {"assets", "quality", "ingest", "identity", "functions", "contracts", "storage", "predictions", "warehouse"}  # fmt: skip
EVERYTHING = "ucv_query"


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return read_manifest_json()


@pytest.fixture(scope="module")
def read(manifest: dict[str, Any]) -> dict[str, set[str]]:
    """Exposure -> tables that it says it reads."""
    return {
        exposure["name"]: {name.split(".")[2] for name in exposure["depends_on"]["nodes"]}
        for exposure in manifest["exposures"].values()
    }


def tables(manifest: dict[str, Any], *schemas: str) -> set[str]:
    nodes = [node for node in manifest["nodes"].values() if node["resource_type"] in ("model", "seed")]
    return {node["name"] for node in nodes if node["schema"] in schemas}


def named_in_code(known: set[str]) -> dict[str, set[str]]:
    """Table -> files of readers with a text that names it behind FROM, JOIN or a schema, or is its name (of two words or more)."""
    found: dict[str, set[str]] = {}
    for path in sorted(PIPELINES.rglob("*.py")):
        place = path.relative_to(PIPELINES)
        if place.parts[0].removesuffix(".py") in MAKERS:
            continue
        for name in _names(path) & known:
            found.setdefault(name, set()).add(place.as_posix())
    return found


def _names(path: Path) -> set[str]:
    texts = [
        node.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    behind = re.compile(r"(?i)(?:\bfrom\s+|\bjoin\s+|\b(?:golden|marts|identity|reference)\.)(?:\w+\.)*(\w+)")
    return {text for text in texts if text.isidentifier() and "_" in text} | {
        name for text in texts for name in behind.findall(text)
    }


def test_every_table_that_code_reads_has_an_exposure(
    manifest: dict[str, Any], read: dict[str, set[str]]
) -> None:
    known = tables(manifest, *PUBLISHED_SCHEMAS, "identity", "reference")
    told = set().union(*(names for exposure, names in read.items() if exposure != EVERYTHING))
    readers = named_in_code(known)
    assert {"customer_360", "customer_xref", "identity_match_weights", "identity_match_settings"} <= set(
        readers
    )
    missing = {name: files for name, files in readers.items() if name not in told}
    assert missing == {}, "name them in an exposure of dbt_project/models/_exposures.yml"
    assert told - set(readers) == set(), "nobody reads these any more"


def test_a_query_may_read_whatever_is_published(manifest: dict[str, Any], read: dict[str, set[str]]) -> None:
    assert read[EVERYTHING] == tables(manifest, *PUBLISHED_SCHEMAS)


def test_segments_join_the_tables_that_their_exposure_names(read: dict[str, set[str]]) -> None:
    assert read["segments"] == set(TABLES)


def test_somebody_answers_for_every_exposure(manifest: dict[str, Any]) -> None:
    for exposure in manifest["exposures"].values():
        assert exposure["owner"]["name"], exposure["name"]
        assert exposure["maturity"] in ("low", "medium", "high"), exposure["name"]
        assert exposure["description"], exposure["name"]
