"""The delivered bytes of a delivery, kept sealed beside its rows: compressed and encrypted in blocks."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from pipelines.errors import DeliveryError, SettingsError
from pipelines.ingest.manifests import Manifest, original_path, raw_folder
from pipelines.storage.checksums import file_hash
from pipelines.storage.durable import sync_file
from pipelines.storage.keys import Keys

_BLOCK = 16 << 20
_ZSTD = b"zstd"
ORIGINAL_PURPOSE = "original"


@contextmanager
def sealing(source: Path, home: Path, manifest: Manifest, keys: Keys) -> Iterator[Future[Path]]:
    """Seal a file while others read it: the future file of its sealed bytes. What `keep_sealed` did not take goes.

    `manifest` names kind, source_system and delivery_id.
    """
    raw_folder(home, manifest["kind"], manifest["source_system"]).mkdir(parents=True, exist_ok=True)
    half = _half(original_path(home, manifest))
    with ThreadPoolExecutor(1) as beside:  # compressing and encrypting leave Python's lock to others
        try:
            yield beside.submit(_seal, source, half, keys)
        finally:
            beside.shutdown()
            half.unlink(missing_ok=True)


def keep_sealed(sealed: Path, home: Path, manifest: Manifest) -> dict[str, str | None]:
    """Put the sealed bytes beside the delivery's rows; their hash."""
    path = original_path(home, manifest)
    sync_file(sealed)
    sealed.replace(path)
    return {"original_sha256": file_hash(path)}


def store_original(source: Path, home: Path, manifest: Manifest, keys: Keys) -> dict[str, str | None]:
    """Seal the delivered file beside the delivery's rows; the hash of the sealed file."""
    with sealing(source, home, manifest, keys) as sealed:
        return keep_sealed(sealed.result(), home, manifest)


def _half(path: Path) -> Path:
    return path.with_name(f".{path.name}.half")


def _seal(source: Path, half: Path, keys: Keys) -> Path:
    """The delivered bytes, compressed and encrypted in blocks, each with its length in front."""
    with source.open("rb") as plain, half.open("wb") as sealed:
        while block := plain.read(_BLOCK):
            packed = pa.compress(block, codec="zstd", asbytes=True)
            # Arrow does not keep how long the block was.
            cipher = keys.encrypt(_ZSTD + len(block).to_bytes(8, "big") + packed, ORIGINAL_PURPOSE)
            sealed.write(len(cipher).to_bytes(8, "big") + cipher)
    return half


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
