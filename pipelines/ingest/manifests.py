"""Manifests of committed deliveries: what came, when, and how many rows of it; and where its rows lie."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Manifest = dict[str, Any]


def raw_folder(home: Path, kind: str, source: str) -> Path:
    return home / "raw" / kind / source


def list_deliveries(home: Path, kind: str | None = None, source: str | None = None) -> list[Manifest]:
    """Manifests of committed deliveries in a fixed order, also of those whose rows are past their term and gone."""
    pattern = f"{kind or '*'}/{source or '*'}/*.json"
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((home / "raw").glob(pattern))]


def parquet_path(home: Path, manifest: Manifest) -> Path:
    return (
        raw_folder(home, manifest["kind"], manifest["source_system"]) / f"{manifest['delivery_id']}.parquet"
    )


def manifest_path(home: Path, manifest: Manifest) -> Path:
    return parquet_path(home, manifest).with_suffix(".json")


def is_expired(manifest: Manifest) -> bool:
    """Whether the rows of a delivery went because their term had passed; then only the manifest is left."""
    return "expired_at" in manifest


def taken_at(home: Path, manifest: Manifest) -> datetime:
    """What the clock said when a delivery was loaded, in UTC; terms count from it.

    `loaded_at` keeps the order of deliveries even when the clock was set back, and then lies later. Before December 2026 a
    manifest told it alone or neither: then, when it was written.
    """
    told = manifest.get("taken_at") or manifest.get("loaded_at")
    if told is None:
        return datetime.fromtimestamp(manifest_path(home, manifest).stat().st_mtime, UTC)
    return datetime.fromisoformat(str(told)).replace(tzinfo=UTC)


def write_manifest(home: Path, manifest: Manifest) -> None:
    """Put a manifest in place of the one that is there, in one step and durably."""
    path = manifest_path(home, manifest)
    half = path.with_name(f".{path.name}.half")
    with half.open("w", encoding="utf-8") as file:
        file.write(json.dumps(manifest, ensure_ascii=False, indent=1))
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
