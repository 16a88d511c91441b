"""What of raw is encrypted, and its manifests once that is written with another key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pipelines.ingest.manifests import (
    Manifest,
    copy_path,
    is_expired,
    list_deliveries,
    manifest_path,
    original_path,
    parquet_path,
    quarantine_path,
)
from pipelines.storage.checksums import file_hash
from pipelines.storage.prepared import prepared_path
from pipelines.storage.rekeyed import REKEYED, first_facts, manifest_bytes

ORIGINAL_PURPOSE = "original"
"""The purpose whose key seals originals."""

Prepared = Mapping[Path, str]
"""File -> SHA-256 (hex) of what was prepared to take its place."""


def encrypted_files(home: Path) -> Iterator[tuple[Path, str]]:
    """(file, checksum that its manifest tells or "") of every stored delivery: accepted and rejected rows, sealed original."""
    for manifest in list_deliveries(home):
        for name, path in _files(home, manifest).items():
            if path.is_file():
                yield path, str(manifest.get(name) or "")


def prepare_manifests(home: Path, prepared: Prepared) -> Iterator[Path]:
    """Write, beside each manifest and its copy, the one that tells of the prepared files; yields the manifests' own places."""
    for manifest in list_deliveries(home):
        told = _rekeyed(home, manifest, prepared)
        if told is None:
            continue
        content = manifest_bytes(told)
        path = manifest_path(home, manifest)
        for place in (copy_path(path), path):
            prepared_path(place).write_bytes(content)
            yield place


def _files(home: Path, manifest: Manifest) -> dict[str, Path]:
    if is_expired(manifest):
        return {}
    return {
        "parquet_sha256": parquet_path(home, manifest),
        "quarantine_sha256": quarantine_path(home, manifest),
        "original_sha256": original_path(home, manifest),
    }


def _rekeyed(home: Path, manifest: Manifest, prepared: Prepared) -> Manifest | None:
    told: Manifest = {**manifest, REKEYED: {}}
    for name, path in _files(home, manifest).items():
        if path not in prepared:
            continue
        was = str(manifest.get(name) or file_hash(path))
        told[REKEYED][prepared[path]] = [*first_facts(manifest, was, path.stat().st_size)]
        if manifest.get(name):
            told[name] = prepared[path]
    return told if told[REKEYED] else None
