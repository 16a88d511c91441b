"""Whether what raw keeps of each delivery is what was written: manifest, accepted and rejected rows, the sealed original."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.contracts.model import Contract
from pipelines.ingest.earlier import all_in_order
from pipelines.ingest.key_index import compared_with
from pipelines.ingest.manifests import (
    Manifest,
    copy_path,
    is_expired,
    manifest_files,
    original_path,
    parquet_path,
    quarantine_path,
    read_manifest,
)
from pipelines.ingest.originals import is_original_intact
from pipelines.ingest.raw_store import is_intact
from pipelines.storage.checksums import DamageError, file_hash
from pipelines.storage.keys import Keys

MANIFEST, ROWS, REJECTED, ORIGINAL = "manifest", "accepted rows", "rejected rows", "sealed original"


@dataclass(frozen=True)
class DamagedDelivery:
    """A delivery of which something is missing or changed: `parts` of it, by the words above; `path` is its manifest's."""

    path: Path
    parts: tuple[str, ...]

    @property
    def told(self) -> str:
        """Source, delivery and parts."""
        source, delivery = self.path.parent.name, self.path.name.partition(".")[0]
        return f"{source}: {' and '.join(self.parts)} of delivery {delivery}"


def damaged_deliveries(home: Path, keys: Keys) -> Iterator[DamagedDelivery]:
    """Reads every byte of raw and of the rejected rows. Empty when all is as it was written."""
    copies = {path.with_suffix("") for path in (home / "raw").glob("*/*/*.json.copy")}
    for path in sorted({*manifest_files(home), *copies}):
        parts = damaged_parts(home, path, keys)
        if parts:
            yield DamagedDelivery(path, parts)


def damaged_parts(home: Path, path: Path, keys: Keys) -> tuple[str, ...]:
    """What of the delivery with this manifest is damaged; of one whose manifest is, nothing else can be told."""
    try:
        manifest = read_manifest(path)
    except DamageError:
        return (MANIFEST,)
    copy = copy_path(path)  # deliveries stored before December 2026 have none
    told = [MANIFEST] if copy.exists() and copy.read_bytes() != path.read_bytes() else []
    if is_expired(manifest):
        return tuple(told)
    found = [ROWS] if not _is_file(parquet_path(home, manifest), manifest["parquet_sha256"]) else []
    if manifest["quarantined"] and not _is_file(
        quarantine_path(home, manifest), manifest.get("quarantine_sha256")
    ):
        found.append(REJECTED)
    if not _has_original(home, manifest, keys):
        found.append(ORIGINAL)
    return (*found, *told)


def check_rows(home: Path, contract: Contract) -> None:
    """DamageError when accepted rows of a source are not what was stored: new ones would be compared with wrong ones.

    Rows that the index of keys stands for are not looked at; it has a checksum of its own.
    """
    for manifest in compared_with(home, contract, all_in_order(contract, home)):
        if not is_intact(home, manifest):
            raise DamageError(
                f"{contract.id}: the accepted rows of delivery {manifest['delivery_id']} ({parquet_path(home, manifest)}) differ "
                "from what was stored. Nothing was taken or built and readers keep their version: `ucv verify --repair` restores "
                "them from the sealed original; else take the file from a backup."
            )


def _is_file(path: Path, sha256: str | None) -> bool:
    """Where no checksum was kept (rejected rows before December 2026) the file has to be there."""
    return path.is_file() and sha256 in (None, file_hash(path))


def _has_original(home: Path, manifest: Manifest, keys: Keys) -> bool:
    if manifest.get("original_removed"):
        return True  # it could not be read when somebody was erased from it
    known = manifest.get("original_sha256")
    return (
        _is_file(original_path(home, manifest), known) if known else is_original_intact(home, manifest, keys)
    )
