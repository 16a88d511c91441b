"""Runs a command that starts processes of its own, and leaves none of them behind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

GRACE = 20.0
"""Seconds that the processes get to end by themselves, before they are killed."""
_STOPS = (signal.SIGTERM, signal.SIGINT)


def run_group(command: Sequence[str], folder: Path, grace: float = GRACE) -> int:
    """Run `command` in `folder` until it ends or this process is told to stop (Ctrl+C, SIGTERM); its exit code, 0 when stopped.

    Everything that it started ends with it: a daemon that lived on would go on firing the schedule.
    """
    # a shell starts its background jobs with SIGINT ignored: both are set, whatever was inherited
    before = {number: signal.signal(number, _stop) for number in _STOPS}
    process = subprocess.Popen(command, cwd=folder, start_new_session=True)  # noqa: S603 - the caller's fixed command
    try:
        return process.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        for number in _STOPS:
            signal.signal(number, signal.SIG_IGN)
        _end_group(process, grace)
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _end_group(process: subprocess.Popen[bytes], grace: float) -> None:
    for number, seconds in ((signal.SIGINT, grace), (signal.SIGTERM, 2.0), (signal.SIGKILL, 5.0)):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        until = time.monotonic() + seconds
        while _is_alive(process) and time.monotonic() < until:
            time.sleep(0.1)


def _is_alive(process: subprocess.Popen[bytes]) -> bool:
    process.poll()  # else the first process would stay a zombie of the group
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return False
    return True
