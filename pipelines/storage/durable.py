"""Writes that survive a power cut: sync the file, put it in place by one rename, sync its directory."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

_CHUNK_BYTES = 1 << 20


def sync_file(path: Path) -> None:
    """Flush the file's data to the disk."""
    _sync(path, os.O_RDONLY)


def sync_directory(path: Path) -> None:
    """Flush the directory's entries (names, renames, removals) to the disk."""
    _sync(path, os.O_RDONLY | os.O_DIRECTORY)


def write_file(path: Path, content: bytes | str) -> None:
    """Replace `path` by `content` (text as UTF-8) in one step: readers see the old bytes or the new ones.

    What a full disk cuts short does not take up the rest of it.
    """
    temporary = _replacing(path)
    try:
        with temporary.open("wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        _put_in_place(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def copy_file(source: Path, target: Path) -> None:
    """Copy to `target` in one step. A copy, not a rename, because state may lie on another file system."""
    with source.open("rb") as reader, _replacing(target).open("wb") as writer:
        shutil.copyfileobj(reader, writer, _CHUNK_BYTES)
    _put_in_place(target)


def remove_file(path: Path) -> None:
    """Remove the file if it is there."""
    if path.exists():
        path.unlink()
        sync_directory(path.parent)


def _replacing(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.with_name(f".{path.name}.tmp")


def _put_in_place(path: Path) -> None:
    temporary = _replacing(path)
    sync_file(temporary)
    os.replace(temporary, path)
    sync_directory(path.parent)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
