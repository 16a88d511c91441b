"""Manifests of committed deliveries: what came, when, and how many rows of it; and where its rows lie."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Manifest = dict[str, Any]


def raw_folder(home: Path, kind: str, source: str) -> Path:
    return home / "raw" / kind / source


def list_deliveries(home: Path, kind: str | None = None, source: str | None = None) -> list[Manifest]:
    """Manifests of committed deliveries in a fixed order."""
    pattern = f"{kind or '*'}/{source or '*'}/*.json"
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((home / "raw").glob(pattern))]


def parquet_path(home: Path, manifest: Manifest) -> Path:
    return (
        raw_folder(home, manifest["kind"], manifest["source_system"]) / f"{manifest['delivery_id']}.parquet"
    )


def manifest_path(home: Path, manifest: Manifest) -> Path:
    return parquet_path(home, manifest).with_suffix(".json")
