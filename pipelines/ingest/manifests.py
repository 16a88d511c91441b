"""Manifests of committed deliveries: what came, when, and how many rows of it; and where its rows lie.

A manifest carries its own checksum and has a copy beside it, from which `ucv verify --repair` restores it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.storage.checksums import DamageError, is_whole
from pipelines.storage.durable import write_file
from pipelines.storage.rekeyed import manifest_bytes

Manifest = dict[str, Any]

_READ: dict[Path, tuple[tuple[int, int, int], Manifest]] = {}
"""What this process has read, with inode, size and time of the file: a home of thousands of deliveries is read once."""


def raw_folder(home: Path, kind: str, source: str) -> Path:
    return home / "raw" / kind / source


def list_deliveries(home: Path, kind: str | None = None, source: str | None = None) -> list[Manifest]:
    """Manifests of committed deliveries in a fixed order, also of those whose rows are past their term and gone.

    Raises DamageError for one that is not as it was written.
    """
    return [_known_manifest(path) for path in manifest_files(home, kind, source)]


def _known_manifest(path: Path) -> Manifest:
    """As `read_manifest`; a file that is as it was is not read again."""
    try:
        facts = path.stat()
    except OSError:
        return read_manifest(path)
    place = (facts.st_ino, facts.st_size, facts.st_mtime_ns)
    known = _READ.get(path)
    if known is None or known[0] != place:
        known = _READ[path] = (place, read_manifest(path))
    return {**known[1]}


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
    """Its accepted rows; a delivery that was taken again has a file of another name, so that its manifest alone decides."""
    return raw_folder(home, manifest["kind"], manifest["source_system"]) / f"{_stem(manifest)}.parquet"


def quarantine_path(home: Path, manifest: Manifest) -> Path:
    """Its rejected rows; there only if `quarantined` is not 0."""
    return quarantine_folder(home, manifest["kind"], manifest["source_system"]) / f"{_stem(manifest)}.parquet"


def quarantine_folder(home: Path, kind: str, source: str) -> Path:
    return home / "quarantine" / kind / source


def original_path(home: Path, manifest: Manifest) -> Path:
    """The delivered bytes, sealed; those of a delivery that people were erased from have a name of their own."""
    revision = manifest.get("original_revision")
    return manifest_path(home, manifest).with_suffix(f".{revision}.original" if revision else ".original")


def manifest_path(home: Path, manifest: Manifest) -> Path:
    return raw_folder(home, manifest["kind"], manifest["source_system"]) / f"{manifest['delivery_id']}.json"


def stored_at(home: Path, manifest: Manifest) -> datetime:
    """When the delivery was first stored, UTC without zone; what was stored later supersedes it at the same event time."""
    # Before December 2026 no manifest told it; it was written while that run went on, after its beginning.
    told = manifest.get("loaded_at")
    if told:
        return datetime.fromisoformat(told)
    return datetime.fromtimestamp(manifest_path(home, manifest).stat().st_mtime, UTC).replace(tzinfo=None)


def _stem(manifest: Manifest) -> str:
    revision = manifest.get("revision", 0)
    return f"{manifest['delivery_id']}.{revision}" if revision else str(manifest["delivery_id"])


def _delivery_id(path: Path) -> str:
    return path.name.partition(".")[0]


def _is_misplaced(path: Path, manifest: Manifest) -> bool:
    told = (manifest.get("kind"), manifest.get("source_system"), manifest.get("delivery_id"))
    return told != (path.parent.parent.name, path.parent.name, _delivery_id(path))


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
    """Commit a delivery durably, or put its manifest in place of the one that is there: its copy first, itself last."""
    content = manifest_bytes(manifest)
    path = manifest_path(home, manifest)
    for place in (copy_path(path), path):
        write_file(place, content)
