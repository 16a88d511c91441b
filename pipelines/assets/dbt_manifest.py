"""The dbt manifest that the asset graph is made from: parsed again when a file of the project changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipelines.assets.dbt_process import TARGET_DIR, parsed_manifest
from pipelines.settings import DBT_PROJECT_DIR

_PARTS = ("models", "seeds", "macros", "tests", "dbt_project.yml", "profiles.yml")


def ensure_manifest() -> Path:
    """The path of an up-to-date manifest.json; the project is parsed when it is missing or older than the project.

    Raises SettingsError with dbt's own words when the project does not parse.
    """
    manifest = TARGET_DIR / "manifest.json"
    if not manifest.exists() or manifest.stat().st_mtime < _last_change():
        parsed_manifest()
        manifest.touch()
    return manifest


def read_manifest_json() -> dict[str, Any]:
    """The up-to-date manifest as dbt documents it (nodes, sources, child_map); dbt itself is not imported for it."""
    manifest: dict[str, Any] = json.loads(ensure_manifest().read_text(encoding="utf-8"))
    return manifest


def _last_change() -> float:
    newest = 0.0
    for part in _PARTS:
        root = DBT_PROJECT_DIR / part
        # A folder's own time tells of removed files.
        for path in [root, *root.rglob("*")]:
            newest = max(newest, path.stat().st_mtime)
    return newest
