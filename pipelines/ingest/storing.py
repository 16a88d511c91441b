"""Storing one delivery: accepted and quarantined rows and the original bytes, encrypted; the manifest last."""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipelines.contracts.model import Contract
from pipelines.errors import DeliveryError, SettingsError
from pipelines.ingest.landed import Landed
from pipelines.ingest.manifests import (
    Manifest,
    original_path,
    parquet_path,
    quarantine_path,
    raw_folder,
    write_manifest,
)
from pipelines.ingest.outcome import Outcome
from pipelines.ingest.writing import WRITE
from pipelines.settings import Settings
from pipelines.storage.checksums import file_hash
from pipelines.storage.connection import quote
from pipelines.storage.keys import Keys

_BLOCK = 16 << 20
_ZSTD = b"zstd"
ORIGINAL_PURPOSE = "original"
_OF_THE_ORIGINAL = (
    "original_sha256", "original_revision", "original_removed", "content_sha256", "erased", "profile", "taken_at",
)  # fmt: skip


def store_delivery(  # noqa: PLR0913, PLR0917 - one delivery's surroundings
    conn: duckdb.DuckDBPyConnection,
    landed: Landed,
    contract: Contract,
    outcome: Outcome,
    settings: Settings,
    keys: Keys,
    taken_at: datetime,
    profile: dict[str, Any] | None = None,
) -> None:
    """Write raw, quarantine and the original, then the manifest that commits them; a kill before it leaves nothing.

    `taken_at` (UTC without zone) is what the clock said; terms count from it.
    """
    manifest = {**_manifest(landed, contract, outcome), "taken_at": taken_at.isoformat()}
    with ThreadPoolExecutor(1) as beside:  # both leave Python's lock to others
        sealing = beside.submit(store_original, landed.path, settings.home, manifest, keys)
        hashes = store_loaded(conn, outcome, settings.home, manifest)
        hashes |= sealing.result()
    kept = {} if profile is None else {"profile": profile}
    write_manifest(settings.home, {**manifest, **hashes, **kept})


def replace_delivery(  # noqa: PLR0913, PLR0917 - one delivery's surroundings
    conn: duckdb.DuckDBPyConnection,
    landed: Landed,
    contract: Contract,
    outcome: Outcome,
    settings: Settings,
    old: Manifest,
) -> None:
    """Put what the connection holds in place of the rows of a stored delivery, under its id; its original stays.

    The new rows lie in files of their own until one rename of the manifest takes them and leaves the old: a kill before it
    changes nothing, one after it leaves files that nobody reads and the next time removes.
    """
    new = {**_manifest(landed, contract, outcome), "revision": int(old.get("revision", 0)) + 1}
    # What came is not changed by reading it once more.
    new |= {name: old[name] for name in _OF_THE_ORIGINAL if name in old}
    hashes = store_loaded(conn, outcome, settings.home, new)
    write_manifest(settings.home, {**new, **hashes})
    for kept in (parquet_path(settings.home, new), quarantine_path(settings.home, new)):
        for path in kept.parent.glob(f"{landed.delivery_id}*.parquet"):
            if path != kept:
                path.unlink()


@contextmanager
def room_for_rows(home: Path, contract: Contract, delivery_id: str) -> Iterator[Path]:
    """Where the accepted rows of a delivery are written until they are stored; what is not stored goes."""
    folder = raw_folder(home, contract.kind, contract.id)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f".{delivery_id}.parquet.half"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def store_loaded(
    conn: duckdb.DuckDBPyConnection, outcome: Outcome, home: Path, manifest: Manifest
) -> dict[str, str | None]:
    """Put the rows of a loaded delivery, and its quarantine, where its manifest has them; the hashes of these files."""
    _settle(outcome.rows, parquet_path(home, manifest))
    return _store_quarantined(conn, home, manifest)


def store_rows(conn: duckdb.DuckDBPyConnection, home: Path, manifest: Manifest) -> dict[str, str | None]:
    """Write the views `accepted` and `quarantined` where the manifest's delivery has its rows; the hashes of these files."""
    _copy(conn, "accepted", parquet_path(home, manifest))
    return _store_quarantined(conn, home, manifest)


def _store_quarantined(
    conn: duckdb.DuckDBPyConnection, home: Path, manifest: Manifest
) -> dict[str, str | None]:
    quarantine = quarantine_path(home, manifest)
    if manifest["quarantined"]:
        quarantine.parent.mkdir(parents=True, exist_ok=True)
        _copy(conn, "quarantined", quarantine)
    return {
        "parquet_sha256": file_hash(parquet_path(home, manifest)),
        "quarantine_sha256": file_hash(quarantine) if manifest["quarantined"] else None,
    }


def store_original(source: Path, home: Path, manifest: Manifest, keys: Keys) -> dict[str, str | None]:
    """Seal the delivered file beside the delivery's rows; the hash of the sealed file."""
    path = original_path(home, manifest)
    _seal(source, path, keys)
    return {"original_sha256": file_hash(path)}


def _manifest(landed: Landed, contract: Contract, outcome: Outcome) -> Manifest:
    return {
        "delivery_id": landed.delivery_id,
        "source_system": contract.id,
        "kind": contract.kind,
        "file_name": landed.path.name,
        "delivered_at": landed.delivered_at.isoformat(),
        "loaded_at": outcome.loaded_at.isoformat(),
        **outcome.counts,
        "reasons": outcome.reasons,
        "repairs": outcome.repairs,
        "header": outcome.header,
        "absent_columns": [*outcome.absent],
        "extra_columns": outcome.extra_columns,
        "schema": outcome.schema,
        "first_event_at": outcome.first_event_at.isoformat() if outcome.first_event_at else None,
        "latest_event_at": outcome.latest_event_at.isoformat() if outcome.latest_event_at else None,
        "latest_past_event_at": outcome.latest_past_event_at.isoformat()
        if outcome.latest_past_event_at
        else None,
        "future_events": outcome.future_events,
        "contract_version": contract.version,
        "origin": landed.origin,
        **(
            {"content_sha256": landed.content, "erased": {"delivered": landed.erased}}
            if landed.content
            else {}
        ),
    }


def _copy(conn: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
    half = path.with_name(f".{path.name}.half")
    with _or_nothing(half):
        conn.execute(f"COPY (SELECT * FROM {table}) TO {quote(str(half))} ({WRITE})")
        _settle(half, path)


@contextmanager
def _or_nothing(half: Path) -> Iterator[None]:
    """What a full disk cuts short must not take up the rest of it."""
    try:
        yield
    except BaseException:
        half.unlink(missing_ok=True)
        raise


def _seal(source: Path, path: Path, keys: Keys) -> None:
    """The delivered bytes, compressed and encrypted in blocks, each with its length in front."""
    half = path.with_name(f".{path.name}.half")
    with _or_nothing(half):
        with source.open("rb") as plain, half.open("wb") as sealed:
            while block := plain.read(_BLOCK):
                packed = pa.compress(block, codec="zstd", asbytes=True)
                # Arrow does not keep how long the block was.
                cipher = keys.encrypt(_ZSTD + len(block).to_bytes(8, "big") + packed, ORIGINAL_PURPOSE)
                sealed.write(len(cipher).to_bytes(8, "big") + cipher)
        _settle(half, path)


def read_original(path: Path, keys: Keys) -> bytes:
    """The bytes as they were delivered."""
    return b"".join(_original_blocks(path, keys))


def is_original_intact(home: Path, manifest: Manifest, keys: Keys) -> bool:
    """Whether the sealed original of a delivery opens to the bytes that were delivered."""
    try:
        open_original(home, manifest, keys, lambda _block: None)
    except (DeliveryError, OSError):
        return False
    return True


def open_original(home: Path, manifest: Manifest, keys: Keys, write: Callable[[bytes], object]) -> None:
    """Hand the delivered bytes to `write`, block by block.

    Raises DeliveryError when the original is gone, cut short, changed or of another key; some blocks may have been written.
    """
    after = str(manifest.get("origin", {}).get("after", ""))
    digest, chained = hashlib.sha256(), hashlib.sha256(after.encode())
    path = original_path(home, manifest)
    try:
        for block in _original_blocks(path, keys):
            digest.update(block)
            chained.update(block)
            write(block)
    except FileNotFoundError:
        raise DeliveryError(
            "original_missing",
            f"The sealed original of {manifest['file_name']} is not at {path}; put it back from a backup or deliver it again.",
        ) from None
    except (SettingsError, ValueError, EOFError, zlib.error, pa.ArrowException):
        raise _damaged(manifest, path) from None
    # After an erasure the kept bytes are others than those delivered, and the manifest tells which.
    # The id of a reading of a table, and of a list that is as it was once, is made of the one before it as well.
    content = str(
        manifest.get("content_sha256") or manifest.get("origin", {}).get("content") or manifest["delivery_id"]
    )
    named = str(manifest["delivery_id"])
    is_chained = bool(after) and "content_sha256" not in manifest and chained.hexdigest().startswith(named)
    if not (digest.hexdigest().startswith(content) or is_chained):
        raise _damaged(manifest, path)


def _damaged(manifest: Manifest, path: Path) -> DeliveryError:
    return DeliveryError(
        "original_damaged",
        f"The sealed original of {manifest['file_name']} ({path}) is not what was delivered; put it back from a backup or "
        "deliver the file again.",
    )


def _original_blocks(path: Path, keys: Keys) -> Iterator[bytes]:
    with path.open("rb") as sealed:
        while size := sealed.read(8):
            yield _unpacked(keys.decrypt(sealed.read(int.from_bytes(size, "big")), ORIGINAL_PURPOSE))


def _unpacked(block: bytes) -> bytes:
    if not block.startswith(_ZSTD):
        return gzip.decompress(block)  # as blocks were packed until 2026-11
    size = int.from_bytes(block[len(_ZSTD) : len(_ZSTD) + 8], "big")
    plain: bytes = pa.decompress(block[len(_ZSTD) + 8 :], size, codec="zstd", asbytes=True)
    return plain


def _settle(half: Path, path: Path) -> None:
    descriptor = os.open(half, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    half.replace(path)
