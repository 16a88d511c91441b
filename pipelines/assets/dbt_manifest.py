"""The dbt manifest that the asset graph is made from: parsed again when a file of the project changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipelines.assets.dbt_process import MANIFEST, TARGET_DIR, is_parsed, parsed_manifest

__all__ = ["TARGET_DIR", "ensure_manifest", "read_manifest_json"]


def ensure_manifest() -> Path:
    """The path of an up-to-date manifest.json; the project is parsed when that is missing or older than the project.

    Raises SettingsError with dbt's own words when the project does not parse.
    """
    if not is_parsed():
        parsed_manifest.cache_clear()
        parsed_manifest()
    return MANIFEST


def read_manifest_json() -> dict[str, Any]:
    """The up-to-date manifest as dbt documents it (nodes, sources, child_map); dbt itself is not imported for it."""
    manifest: dict[str, Any] = json.loads(ensure_manifest().read_text(encoding="utf-8"))
    return manifest
