"""Which published tables stand on an asset, from the manifest that dbt wrote last; dbt itself is not imported."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pipelines.assets.dbt_manifest import MANIFEST

_PUBLISHED = ("golden", "marts")


def published_below(kinds: Mapping[str, str]) -> dict[str, list[str]]:
    """Asset path (staging/stg_records, raw/<source>) -> names of golden tables and marts that it is or feeds, sorted.

    `kinds` names the record kind of each source. Raises OSError where the project was never parsed.
    """
    manifest: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    tables = {
        name: node for name, node in manifest["nodes"].items() if node["resource_type"] in ("model", "seed")
    }
    below = {_asset(node): _reached(name, manifest["child_map"], tables) for name, node in tables.items()}
    for source, kind in kinds.items():
        names = [
            name
            for name, node in manifest["sources"].items()
            if node["source_name"] == "raw" and node["name"] == kind
        ]
        reached = {table for name in names for table in _reached(name, manifest["child_map"], tables)}
        below[f"raw/{source}"] = sorted(reached)
    return below


def _reached(start: str, children: Mapping[str, list[str]], tables: Mapping[str, Any]) -> list[str]:
    seen, waiting = {start}, [start]
    while waiting:
        for child in children.get(waiting.pop(), []):
            if child in tables and child not in seen:
                seen.add(child)
                waiting.append(child)
    published = (tables[name] for name in seen if name in tables and _folder(tables[name]) in _PUBLISHED)
    return sorted(node["name"] for node in published)


def _asset(node: Mapping[str, Any]) -> str:
    return f"{_folder(node)}/{node['name']}"


def _folder(node: Mapping[str, Any]) -> str:
    return "seeds" if node["resource_type"] == "seed" else str(node["fqn"][1])
