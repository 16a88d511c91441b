"""The files of raw as lines of a fingerprint, each as it was first written: another key makes no news."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipelines.storage.rekeyed import REKEYED, as_first_written, first_facts


def raw_lines(raw: Path, hashes: Mapping[Path, str]) -> Iterator[str]:
    """Name, size and SHA-256 of each file; `hashes` as just read, by path in order."""
    manifests = {path: _rekeyed(path) for path in hashes if path.suffix == ".json"}
    for path, sha256 in hashes.items():
        told = (sha256, path.stat().st_size)
        manifest = manifests.get(_manifest_path(path))
        if manifest is not None and path.suffix == ".json":
            content = as_first_written(manifest)
            told = (hashlib.sha256(content).hexdigest(), len(content))
        elif manifest is not None:
            told = first_facts(manifest, *told)
        yield f"{path.relative_to(raw).as_posix()} {told[1]} {told[0]}"


def _manifest_path(path: Path) -> Path:
    return path.with_name(f"{path.name.partition('.')[0]}.json")


def _rekeyed(path: Path) -> dict[str, Any] | None:
    """The manifest, if keys changed since it was first written; a damaged one was told before."""
    content = path.read_bytes()
    return json.loads(content) if f'"{REKEYED}"'.encode() in content else None
