"""A small file system of one's own, so that a disk is full in earnest and for nobody else."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from benchmarks.recovery.nights import Fault

_CUT_AT = 20_000  # bytes; less than any file that the step writes


@contextmanager
def small_disk(folder: Path, megabytes: int = 300) -> Iterator[bool]:
    """`folder` as a file system of its own size, in memory; False, and an ordinary folder, where nothing may be mounted."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = shutil.which("mount")
    words = [str(mount), "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs", str(folder)]
    is_mounted = bool(mount) and subprocess.run(words, capture_output=True, check=False).returncode == 0
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def full_at(target: str, folder: Path, *, call: int = 1, is_mounted: bool) -> Fault:
    """A disk that is full from a call of `target` on; without a disk of one's own each file is cut short instead (EFBIG)."""
    fault = Fault(target, call, "fill", disk=str(folder))
    return fault if is_mounted else replace(fault, action="limit", limit=_CUT_AT)


def free(folder: Path) -> None:
    """Space again."""
    filler = folder / "filler"
    if filler.exists():
        os.unlink(filler)
