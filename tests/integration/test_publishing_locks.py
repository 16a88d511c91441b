"""Two runs in one home: the second is told who holds it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pipelines.publishing.locks import HomeBusyError, home_lock
from pipelines.settings import Settings

HOLD = (
    "import sys, time; from pathlib import Path\n"
    "from pipelines.publishing.locks import home_lock\n"
    "from pipelines.settings import Settings\n"
    "with home_lock(Settings(home=Path(sys.argv[1]))):\n"
    "    print('held', flush=True)\n"
    "    sys.stdin.readline()\n"
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def hold(settings: Settings) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(settings.home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_second_process_fails_with_pid_and_start_of_the_first(settings: Settings) -> None:
    with hold(settings) as process:
        with pytest.raises(HomeBusyError) as caught, home_lock(settings):
            pass
        told = str(caught.value)
        assert f"process {process.pid}, since " in told
        assert re.search(r"since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", told)
        process.communicate("\n")
    with home_lock(settings):
        assert (settings.home / ".run.lock.pid").read_text() == str(os.getpid())


def test_a_killed_holder_leaves_the_home_free(settings: Settings) -> None:
    with hold(settings) as process:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    with home_lock(settings):
        pass


def test_waiting_gets_the_lock_when_the_first_ends(settings: Settings) -> None:
    with hold(settings) as process:
        assert process.stdin is not None
        timer = threading.Timer(0.3, lambda: (process.stdin.write("\n"), process.stdin.flush()))
        timer.start()
        with home_lock(settings, timeout=60):
            assert (settings.home / ".run.lock.pid").read_text() == str(os.getpid())
        process.communicate()


def test_the_holder_may_take_it_again_but_another_thread_may_not(settings: Settings) -> None:
    found: list[object] = []

    def try_it() -> None:
        try:
            with home_lock(settings):
                found.append("held")
        except HomeBusyError as error:
            found.append(error)

    with home_lock(settings), home_lock(settings):
        thread = threading.Thread(target=try_it)
        thread.start()
        thread.join()
        assert isinstance(found[0], HomeBusyError)
    with home_lock(settings):
        pass


def test_the_lock_is_free_after_an_error_inside(settings: Settings) -> None:
    with pytest.raises(RuntimeError), home_lock(settings):
        raise RuntimeError
    with hold(settings) as process:
        process.communicate("\n")
    assert process.returncode == 0
