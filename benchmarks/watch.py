"""Runs a command and watches what its whole process tree holds in memory."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

_PAUSE = 0.25  # seconds between two looks; a shorter peak may be missed


@dataclass(frozen=True)
class Watched:
    """How a command ended: exit code, what it printed, wall time in seconds, peak memory in bytes.

    Memory is the sum over all processes of the tree, at the same moment, of their proportional share (pages
    that several hold count once), where the system tells it; else of what is resident.
    """

    code: int
    output: str
    seconds: float
    peak_bytes: int


def watch(command: list[str], environment: dict[str, str], log: Path) -> Watched:
    """Run to the end; output goes to `log`, so that no full pipe can stop the command."""
    started = time.monotonic()
    peak = 0
    with log.open("wb") as out, subprocess.Popen(
        command, env=environment, stdout=out, stderr=subprocess.STDOUT
    ) as process:  # fmt: skip
        while process.poll() is None:
            peak = max(peak, tree_bytes(process.pid))
            time.sleep(_PAUSE)
    seconds = time.monotonic() - started
    return Watched(process.returncode, log.read_text(encoding="utf-8", errors="replace"), seconds, peak)


def tree_bytes(pid: int) -> int:
    """Bytes held now by a process and all that it started; 0 once it is gone."""
    try:
        root = psutil.Process(pid)
        family = [root, *root.children(recursive=True)]
    except psutil.Error:
        return 0
    return sum(map(_bytes, family))


def _bytes(process: psutil.Process) -> int:
    try:
        memory = process.memory_full_info()
        return int(getattr(memory, "pss", 0) or memory.rss)
    except psutil.Error:  # it ended between two looks
        return 0
