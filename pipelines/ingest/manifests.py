"""Manifests of committed deliveries: what came, when, and how many rows of it; and where its rows lie.

A manifest carries its own checksum and has a copy beside it, from which `ucv verify --repair` restores it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipelines.storage.checksums import DamageError, is_whole

Manifest = dict[str, Any]


def raw_folder(home: Path, kind: str, source: str) -> Path:
    return home / "raw" / kind / source


def list_deliveries(home: Path, kind: str | None = None, source: str | None = None) -> list[Manifest]:
    """Manifests of committed deliveries in a fixed order. Raises DamageError for one that is not as it was written."""
    return [read_manifest(path) for path in manifest_files(home, kind, source)]


def manifest_files(home: Path, kind: str | None = None, source: str | None = None) -> list[Path]:
    """Where the manifests lie, in a fixed order."""
    return sorted((home / "raw").glob(f"{kind or '*'}/{source or '*'}/*.json"))


def read_manifest(path: Path) -> Manifest:
    """One manifest, or its copy. Raises DamageError when it is not as it was written."""
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        manifest = None
    if not isinstance(manifest, dict) or not is_whole(manifest) or _is_misplaced(path, manifest):
        raise DamageError(
            f"{path.parent.name}: the manifest {path} of delivery {_delivery_id(path)} is damaged. Nothing was built and readers "
            "keep their version: `ucv verify --repair` restores it from its copy; else take it from a backup."
        )
    return manifest


def copy_path(path: Path) -> Path:
    """The copy of a manifest."""
    return path.with_name(f"{path.name}.copy")


def parquet_path(home: Path, manifest: Manifest) -> Path:
    return (
        raw_folder(home, manifest["kind"], manifest["source_system"]) / f"{manifest['delivery_id']}.parquet"
    )


def quarantine_path(home: Path, manifest: Manifest) -> Path:
    """Where the rejected rows of a delivery lie, if it has any."""
    folder = home / "quarantine" / manifest["kind"] / manifest["source_system"]
    return Path(folder / f"{manifest['delivery_id']}.parquet")


def manifest_path(home: Path, manifest: Manifest) -> Path:
    return parquet_path(home, manifest).with_suffix(".json")


def _delivery_id(path: Path) -> str:
    return path.name.partition(".")[0]


def _is_misplaced(path: Path, manifest: Manifest) -> bool:
    told = (manifest.get("kind"), manifest.get("source_system"), manifest.get("delivery_id"))
    return told != (path.parent.parent.name, path.parent.name, _delivery_id(path))
