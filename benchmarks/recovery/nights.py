"""Running a night in a process of its own, with or without a fault in it, and what readers see of a home afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import psutil

from benchmarks.recovery.homes import Root
from pipelines.publishing.version import current_version, verify_version
from pipelines.settings import PROJECT_ROOT

HOOKS = Path(__file__).parent / "hooks"
_ENDING = 5.0  # seconds that helpers of a process get to notice that it is gone


@dataclass(frozen=True)
class Fault:
    """What befalls a process: `action` (kill, fill or limit) at the `call`-th call of `target` (module:function).

    A kill comes `delay` seconds after the call began. `disk` is the folder whose file system is filled, `limit` the bytes beyond
    which no file grows.
    """

    target: str
    call: int = 1
    action: str = "kill"
    delay: float = 0.0
    disk: str = ""
    limit: int = 0


@dataclass(frozen=True)
class Ended:
    """How a command ended: exit code (negative: the signal), what it printed, and whether its fault came to pass."""

    code: int
    output: str
    is_hit: bool


def ucv(root: Root, *words: str, fault: Fault | None = None, **environment: str) -> Ended:
    """`ucv WORDS --home …` in a process group of its own, which the command leaves empty or AssertionError tells."""
    told = root.path / "fault.txt"
    told.unlink(missing_ok=True)
    process = start(root, *words, fault=fault, told=told, **environment)
    output, _ = process.communicate()
    left = lasting(process.pid)
    if left:
        raise AssertionError(f"ucv {words[0]} left processes of its own behind: {left}")
    return Ended(process.returncode, output, told.exists())


def start(
    root: Root, *words: str, fault: Fault | None = None, told: Path | None = None, **environment: str
) -> subprocess.Popen[str]:
    """The command as a process that runs; its standard output carries both streams."""
    path = [str(HOOKS), str(PROJECT_ROOT)] if fault else [str(PROJECT_ROOT)]
    inherited = {
        **os.environ, "XDG_CONFIG_HOME": str(root.config), "UCV_MIN_FREE_BYTES": "0", "COLUMNS": "200",
        "PYTHONPATH": os.pathsep.join(path),
    }  # fmt: skip
    if fault:
        inherited["UCV_FAULT"] = json.dumps({**asdict(fault), "told": str(told)})
    return subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", *words, "--home", str(root.home)],
        cwd=PROJECT_ROOT, env={**inherited, **environment}, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def night(root: Root, day: date, *words: str, fault: Fault | None = None, **environment: str) -> Ended:
    """`ucv run` as of a day."""
    return ucv(root, "run", *words, fault=fault, UCV_AS_OF_DATE=day.isoformat(), **environment)


def count_calls(root: Root, targets: list[str], *words: str, **environment: str) -> Counter[str]:
    """Run an undisturbed command and count how often it calls each target, so that a fault can be put at any of them."""
    told = root.path / "calls.txt"
    told.unlink(missing_ok=True)
    environment["UCV_FAULT"] = json.dumps({"action": "count", "targets": targets, "told": str(told)})
    environment["PYTHONPATH"] = os.pathsep.join([str(HOOKS), str(PROJECT_ROOT)])
    process = start(root, *words, **environment)
    output, _ = process.communicate()
    if process.returncode:
        raise AssertionError(f"ucv {words[0]} ended with {process.returncode}: {output[-2000:]}")
    return Counter(told.read_text(encoding="utf-8").split()) if told.exists() else Counter()


def lasting(group: int) -> list[str]:
    """The processes of a group that still run a while after its command ended (a zombie is none)."""
    until = time.monotonic() + _ENDING
    while (found := _members(group)) and time.monotonic() < until:
        time.sleep(0.02)
    return found


def _members(group: int) -> list[str]:
    found = []
    for process in psutil.process_iter():
        with suppress(OSError, psutil.Error):  # it ended meanwhile
            if os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                found.append(" ".join(process.cmdline()))
    return found


def published(root: Root) -> dict[str, str]:
    """Table -> content hash of the version that readers see, its files checked byte by byte; empty without a version."""
    version = current_version(root.home)
    if version is None:
        return {}
    return {name: facts.content_hash for name, facts in verify_version(root.home, version).tables.items()}


def files(root: Root) -> dict[str, tuple[int, int]]:
    """Size and time of every file of the home: the same twice means that nothing writes any more."""
    return {
        str(path.relative_to(root.home)): (path.lstat().st_size, path.lstat().st_mtime_ns)
        for path in sorted(root.home.rglob("*"))
        if not path.is_dir()
    }
