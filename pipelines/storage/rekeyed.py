"""Manifests of raw after their files were encrypted with another key: what the files' checksums were when first written.

Whoever asks whether raw says anything new reads a manifest as first written, so that a change of keys is no news.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pipelines.storage.checksums import CHECKSUM, with_checksum

REKEYED = "rekeyed"
"""In a manifest: checksum of a file as it lies there -> [checksum, bytes] of the same file when it was first written."""
CHECKSUMS = ("parquet_sha256", "quarantine_sha256", "original_sha256")


def manifest_bytes(manifest: Mapping[str, Any]) -> bytes:
    """A manifest as it lies on the disk."""
    return json.dumps(with_checksum({**manifest}), ensure_ascii=False, indent=1).encode()


def first_facts(manifest: Mapping[str, Any], sha256: str, size: int) -> tuple[str, int]:
    """Checksum and size of a file when it was first written, with whatever key."""
    told = manifest.get(REKEYED, {}).get(sha256)
    return (str(told[0]), int(told[1])) if told else (sha256, size)


def as_first_written(manifest: Mapping[str, Any]) -> bytes:
    """The bytes of a manifest as they were before any change of keys."""
    told = {
        name: first_facts(manifest, str(manifest[name]), 0)[0] for name in CHECKSUMS if manifest.get(name)
    }
    rest = {name: value for name, value in manifest.items() if name not in (REKEYED, CHECKSUM)}
    return manifest_bytes({**rest, **told})
