"""What `ucv ui` starts ends with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.command.process_group import run_group
from pipelines.settings import PROJECT_ROOT

STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(60)"])
open("children", "w").write(f"{os.getpid()} {child.pid}")
time.sleep(60)
"""
PARENT = (
    "import signal, sys; from pathlib import Path; from pipelines.command.process_group import run_group; "
)
AS_BACKGROUND_JOB = "signal.signal(signal.SIGINT, signal.SIG_IGN); "


def is_alive(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_exit_code_is_the_commands(tmp_path: Path) -> None:
    assert run_group([sys.executable, "-c", "raise SystemExit(3)"], tmp_path) == 3


@pytest.mark.parametrize("start", ["", AS_BACKGROUND_JOB], ids=["foreground", "background"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_command_leaves_no_process_behind(tmp_path: Path, number: int, start: str) -> None:
    (tmp_path / "stubborn.py").write_text(STUBBORN, encoding="utf-8")
    code = (
        PARENT
        + start
        + "raise SystemExit(run_group([sys.executable, 'stubborn.py'], Path(sys.argv[1]), 0.5))"
    )
    environment = os.environ | {"PYTHONPATH": str(PROJECT_ROOT)}
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], env=environment)
    until = time.monotonic() + 60
    while not (tmp_path / "children").exists() and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(0.2)
    parent.send_signal(number)
    assert parent.wait(30) == 0
    children = (tmp_path / "children").read_text(encoding="utf-8").split()
    assert len(children) == 2
    assert not [child for child in children if is_alive(int(child))]
