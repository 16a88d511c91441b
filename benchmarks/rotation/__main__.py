"""Times changes of keys: `python -m benchmarks.rotation [--people N] [--times T] [--home DIR]`.

Invents and builds a demo (or takes the one at `--home`, which stays as it is), then rotates a copy T times, and once more after a
kill half-way. Prints seconds, GB written and seconds per GB, and how long a reader waited at most meanwhile. Asserts nothing.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.demo_home import demo_home
from pipelines.command.rotate import Rotated, rotate
from pipelines.publishing.query import open_reader
from pipelines.settings import Settings, load_settings
from pipelines.storage.keys import load_keys


class _KilledError(BaseException):
    """As if the process had died."""


def main(words: list[str]) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rotation", description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--home", type=Path)
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="ucv-rotation-") as name:
        settings = _copy(asked.home or demo_home(Path(name), asked.people), Path(name))
        busy = time.process_time()
        done = [_timed(settings) for _ in range(asked.times)]
        busy = time.process_time() - busy
        reader = _Reader(settings)
        reader.start()
        _timed(settings)
        reader.stop()
        seconds = statistics.median(one for one, _ in done)
        size = done[0][1].size / 1e9
        print(
            f"{done[0][1].files:,} files, {size:.3f} GB: {seconds:.1f} s (median of {asked.times}), {seconds / size:.0f} s and "
            f"{busy / asked.times / size:.0f} s of processor per GB; load {os.getloadavg()[0]:.0f}"
        )
        print(
            f"readers meanwhile: {reader.count} queries, {reader.failed} failed, the slowest {reader.slowest:.2f} s"
        )
        _kill_half_way(settings, done[0][1].files)
        again, rotated = _timed(settings)
        print(
            f"gone on with after a kill half-way: {again:.1f} s, {rotated.resumed:,} of {rotated.files:,} files were there"
        )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")
    return 0


class _Reader(threading.Thread):
    """Opens the published version anew again and again, as `ucv query` does."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(daemon=True)
        self._settings, self._is_over = settings, threading.Event()
        self.count = self.failed = 0
        self.slowest = 0.0

    def run(self) -> None:
        while not self._is_over.wait(0.5):
            began = time.perf_counter()
            try:
                with open_reader(self._settings, load_keys(self._settings)) as conn:
                    conn.execute("SELECT count(*) FROM customers").fetchall()
            except Exception:  # whatever it is, it is what a reader would have met
                self.failed += 1
            self.count += 1
            self.slowest = max(self.slowest, time.perf_counter() - began)

    def stop(self) -> None:
        self._is_over.set()
        self.join()


def _copy(home: Path, folder: Path) -> Settings:
    """A copy of the home with a copy of its key."""
    copy, key = folder / "copy", folder / "key.json"
    shutil.copytree(home, copy, symlinks=True)
    shutil.copy(load_settings(home).key_path, key)
    return load_settings(copy).model_copy(update={"key_file": key})


def _timed(settings: Settings) -> tuple[float, Rotated]:
    began = time.perf_counter()
    done = rotate(settings)
    return time.perf_counter() - began, done


def _kill_half_way(settings: Settings, files: int) -> None:
    count = 0

    def hook(step: str) -> None:
        nonlocal count
        count += step.startswith("prepare")
        if count > files // 2:
            raise _KilledError

    try:
        rotate(settings, hook)
    except _KilledError:
        print("killed half-way")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
