"""Groups and access of the models: what is published is public, and what only its own layer reads is private."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.assets.dbt_manifest import read_manifest_json
from pipelines.publishing.snapshot import PUBLISHED_SCHEMAS

Node = dict[str, Any]


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return read_manifest_json()


def models(manifest: dict[str, Any]) -> dict[str, Node]:
    return {name: node for name, node in manifest["nodes"].items() if node["resource_type"] == "model"}


def readers_elsewhere(manifest: dict[str, Any], name: str) -> list[str]:
    """Models of other layers, queries and exposures that read a model; tests that are declared on a model count as it."""
    nodes, layer = manifest["nodes"], manifest["nodes"][name]["group"]
    found = []
    for child in manifest["child_map"][name]:
        node = nodes.get(child)
        if node is not None and node["resource_type"] == "test":
            node = nodes.get(node.get("attached_node"))
        if not child.startswith("unit_test.") and (node is None or node["group"] != layer):
            found.append(child)
    return found


def test_every_model_is_of_the_group_of_its_layer(manifest: dict[str, Any]) -> None:
    assert {node["name"] for node in models(manifest).values() if node["group"] != node["fqn"][1]} == set()
    owners = {group["name"]: group["owner"]["name"] for group in manifest["groups"].values()}
    assert set(owners) == {node["group"] for node in models(manifest).values()}
    assert all(owners.values())


def test_public_is_what_is_published_and_private_what_only_its_layer_reads(manifest: dict[str, Any]) -> None:
    expected = {
        node["name"]: (
            "public"
            if node["schema"] in PUBLISHED_SCHEMAS
            else "protected"
            if readers_elsewhere(manifest, name)
            else "private"
        )
        for name, node in models(manifest).items()
    }
    assert {node["name"]: node["access"] for node in models(manifest).values()} == expected
