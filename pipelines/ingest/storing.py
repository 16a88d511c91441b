"""Storing one delivery: accepted and quarantined rows and the original bytes, encrypted; the manifest last."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipelines.contracts.model import Contract
from pipelines.errors import SettingsError
from pipelines.ingest.delivery import Outcome
from pipelines.ingest.landed import Landed
from pipelines.ingest.raw_store import Manifest, parquet_path, raw_folder, sha256_of
from pipelines.settings import Settings
from pipelines.storage.connection import PARQUET_WRITE, quote
from pipelines.storage.keys import Keys

_BLOCK = 16 << 20
_ZSTD = b"zstd"
# Most columns are of people, so that a dictionary would be built in vain: a fifth of the time for 1 % of size.
_WRITE = f"{PARQUET_WRITE}, DICTIONARY_SIZE_LIMIT 1000"
ORIGINAL_PURPOSE = "original"


def store_delivery(  # noqa: PLR0913, PLR0917 - one delivery's surroundings
    conn: duckdb.DuckDBPyConnection,
    landed: Landed,
    contract: Contract,
    outcome: Outcome,
    settings: Settings,
    keys: Keys,
    taken_at: datetime,
) -> None:
    """Write raw, quarantine and the original, then the manifest that commits them; a kill before it leaves nothing.

    `taken_at` (UTC without zone) is what the clock said; terms count from it.
    """
    folder = raw_folder(settings.home, contract.kind, contract.id)
    quarantine = settings.home / "quarantine" / contract.kind / contract.id
    for place in (folder, quarantine):
        place.mkdir(parents=True, exist_ok=True)
    raw = folder / f"{landed.delivery_id}.parquet"
    with ThreadPoolExecutor(1) as beside:  # both leave Python's lock to others
        sealing = beside.submit(_seal, landed.path, folder / f"{landed.delivery_id}.original", keys)
        _copy(conn, "accepted", raw)
        if outcome.counts["quarantined"]:
            _copy(conn, "quarantined", quarantine / f"{landed.delivery_id}.parquet")
        sealing.result()
    manifest = _manifest(landed, contract, outcome, raw, taken_at)
    _replace(
        folder / f"{landed.delivery_id}.json", json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    )


def _manifest(
    landed: Landed, contract: Contract, outcome: Outcome, raw: Path, taken_at: datetime
) -> dict[str, Any]:
    return {
        "delivery_id": landed.delivery_id,
        "source_system": contract.id,
        "kind": contract.kind,
        "file_name": landed.path.name,
        "delivered_at": landed.delivered_at.isoformat(),
        "loaded_at": outcome.loaded_at.isoformat(),
        "taken_at": taken_at.isoformat(),
        **outcome.counts,
        "reasons": outcome.reasons,
        "repairs": outcome.repairs,
        "header": outcome.header,
        "absent_columns": [*outcome.absent],
        "extra_columns": outcome.extra_columns,
        "schema": outcome.schema,
        "parquet_sha256": sha256_of(raw),
        "first_event_at": outcome.first_event_at.isoformat() if outcome.first_event_at else None,
        "latest_event_at": outcome.latest_event_at.isoformat() if outcome.latest_event_at else None,
        "contract_version": contract.version,
        "origin": landed.origin,
    }


def _copy(conn: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
    half = path.with_name(f".{path.name}.half")
    with _or_nothing(half):
        conn.execute(f"COPY (SELECT * FROM {table}) TO {quote(str(half))} ({_WRITE})")
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
    """Whether the sealed original of a delivered file opens to the bytes that the delivery is named by."""
    digest = hashlib.sha256()
    try:
        for block in _original_blocks(parquet_path(home, manifest).with_suffix(".original"), keys):
            digest.update(block)
    except (SettingsError, OSError, ValueError, EOFError, zlib.error, pa.ArrowException):
        return False  # gone, cut short, changed, or of another key
    return digest.hexdigest()[:32] == str(manifest["delivery_id"])


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


def _replace(path: Path, content: bytes) -> None:
    half = path.with_name(f".{path.name}.half")
    with _or_nothing(half):
        half.write_bytes(content)
        _settle(half, path)


def _settle(half: Path, path: Path) -> None:
    descriptor = os.open(half, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    half.replace(path)
