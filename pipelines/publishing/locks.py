"""One run at a time in one home. The lock is the kernel's, so it goes with the process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from pipelines.errors import UcvError
from pipelines.publishing.layout import lock_path
from pipelines.settings import Settings
from pipelines.storage.key_period import finish_change


class HomeBusyError(UcvError):
    """Another run holds the home; a scheduled caller may try again later."""


@contextmanager
def home_lock(settings: Settings, *, timeout: float = 0.0) -> Iterator[BaseFileLock]:
    """Hold the home for a run, a rollback, a backup. The same thread may take it again inside.

    `timeout` is in seconds: 0 fails at once, a negative one waits for ever. Raises HomeBusyError naming the
    process that holds it and since when.
    """
    path = lock_path(settings.home)
    path.parent.mkdir(parents=True, exist_ok=True)
    # One object a file in this process, whoever waits how long: another timeout here would be refused.
    lock = FileLock(path, timeout=0.0, thread_local=True, is_singleton=True)
    try:
        lock.acquire(timeout=timeout)
    except Timeout as error:
        raise HomeBusyError(
            f"Another run holds {settings.home}: {_holder(path)}. Wait for it to end, or end that process."
        ) from error
    try:
        if lock.lock_counter == 1:
            _holder_file(path).write_text(str(os.getpid()), encoding="utf-8")
            finish_change(settings.home)  # keys that a kill left half changed: nobody works with both
        yield lock
    finally:
        lock.release()


def _holder_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.pid")


def _holder(path: Path) -> str:
    """The process that wrote the file beside the lock; the file's own time tells since when."""
    beside = _holder_file(path)
    try:
        pid = beside.read_text(encoding="utf-8").strip()
        since = datetime.fromtimestamp(beside.stat().st_mtime, UTC)
    except OSError:
        return "a process that is just starting"
    return f"process {pid or '?'}, since {since:%Y-%m-%d %H:%M:%S} UTC"
