"""The selectors of the dbt project: the parts of a night cut the graph without a rest, and engineers' selectors name what they say."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.assets.dbt_call import invoke_dbt
from pipelines.assets.dbt_manifest import parsed_manifest, read_manifest_json
from pipelines.assets.dbt_process import BUILD
from pipelines.assets.layers import DBT_SETS

Node = dict[str, Any]


def listed(selector: str) -> set[str]:
    """Names of the tables and tests that a night's words and the selector choose."""
    words = ["ls", *BUILD[1:], "--selector", selector, "--output", "name"]
    ended = invoke_dbt(words, manifest=parsed_manifest())
    assert ended.success, ended.exception
    return set(ended.result)


@pytest.fixture(scope="module")
def parts() -> dict[str, set[str]]:
    return {part.name: listed(part.name) for part in DBT_SETS}


def nodes(*kinds: str) -> list[Node]:
    return [node for node in read_manifest_json()["nodes"].values() if node["resource_type"] in kinds]


def folder(node: Node) -> str:
    return "seeds" if node["resource_type"] == "seed" else str(node["fqn"][1])


def test_each_part_builds_the_tables_of_its_folders(parts: dict[str, set[str]]) -> None:
    tables = nodes("model", "seed")
    names = {node["name"] for node in tables}
    for part in DBT_SETS:
        assert parts[part.name] & names == {node["name"] for node in tables if folder(node) in part.folders}


def test_each_dbt_test_runs_in_exactly_one_part(parts: dict[str, set[str]]) -> None:
    tests = {node["name"] for node in nodes("test")}
    runs = {name: [part for part, chosen in parts.items() if name in chosen] for name in tests}
    assert {name: found for name, found in runs.items() if len(found) != 1} == {}


def test_the_marts_are_chosen_alone() -> None:
    assert listed("marts") & {node["name"] for node in nodes("model")} == {
        node["name"] for node in nodes("model") if folder(node) == "marts"
    }
