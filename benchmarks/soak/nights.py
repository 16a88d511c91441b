"""The nights of a soak: what happens before, during and after each, and the `ucv` commands that it takes."""

from __future__ import annotations

import csv
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from benchmarks.soak.vendor import Vendor
from pipelines.publishing.version import current_version
from pipelines.settings import PROJECT_ROOT

_LONGEST_KILL = 16.0  # seconds after which a night may be killed
MISHAPS = {
    "renamed": 0.25, "broken file": 0.15, "broken contract": 0.12, "edited contract": 0.15, "verdict": 0.2, "killed": 0.15,
    "rolled back": 0.15, "quiet": 0.1, "past its term": 0.15,
}  # fmt: skip
"""Chance of each in a night."""


@dataclass(frozen=True)
class Night:
    """One night: its number, what happened, the version that readers see after it, exit code and seconds."""

    number: int
    happened: str
    version: str
    code: int
    seconds: float


class Soak:
    """One home, its vendor and the dice; `said` holds all that the nights printed."""

    def __init__(self, folder: Path, seed: int, people: int, first_day: date) -> None:
        self.home, self.first_day = folder / "home", first_day
        self.dice = random.Random(seed)
        self.vendor = Vendor(self.home, self.dice, people, first_day)
        self.said = ""
        self._environment = {
            **os.environ, "XDG_CONFIG_HOME": str(folder / "config"), "UCV_MIN_FREE_BYTES": "0", "PYTHONPATH": str(PROJECT_ROOT),
        }  # fmt: skip

    def make_home(self) -> None:
        """An empty home with the contracts of the demo."""
        self.ucv("init", str(self.home))
        for path in (PROJECT_ROOT / "data" / "contracts").glob("*.yml"):
            (self.home / "contracts" / path.name).write_bytes(path.read_bytes())

    def live(self, nights: int) -> Iterator[Night]:
        """One night after the other; the last is calm, so that everything delivered is in what readers see."""
        for number in range(1, nights + 1):
            mishaps = set() if number in (1, nights) else self._mishaps(number)
            yield self.night(number, mishaps)

    def as_of(self, number: int) -> str:
        """The day that night `number` describes."""
        return (self.first_day + timedelta(days=number - 1)).isoformat()

    def ucv(self, *words: str, home: Path | None = None) -> tuple[int, str]:
        """Exit code and output of a command on the soak's home or another."""
        where = ["--home", str(home or self.home)] if words[0] != "init" else []
        command = [sys.executable, "-m", "pipelines.cli", *words, *where]
        ended = subprocess.run(
            command, cwd=PROJECT_ROOT, env=self._environment, capture_output=True, text=True, check=False
        )
        return ended.returncode, ended.stdout + ended.stderr

    def _mishaps(self, number: int) -> set[str]:
        chosen = {name for name, chance in MISHAPS.items() if self.dice.random() < chance}
        return chosen - ({"rolled back"} if number == 2 else set())  # there is nothing to go back to yet

    def night(self, number: int, mishaps: set[str]) -> Night:
        """Night `number` with some of `MISHAPS`."""
        self.vendor.put_in_order()
        happened = []
        if "quiet" in mishaps:
            happened.append("quiet")
        elif number == 1:
            happened.append(self.vendor.deliver_first())
        else:
            happened.append(self.vendor.deliver(self.first_day + timedelta(days=number - 1)))
        before: dict[str, Callable[[], str]] = {
            "renamed": self.vendor.rename_and_deliver_again, "broken file": self.vendor.deliver_broken,
            "edited contract": self.vendor.edit_contract, "broken contract": self.vendor.break_contract,
            "past its term": self.vendor.age, "verdict": self._judge, "killed": lambda: self._kill(number),
        }  # fmt: skip
        happened += [act() for name, act in before.items() if name in mishaps]
        started = time.monotonic()
        code, told = self.ucv("run", "--as-of", self.as_of(number))
        seconds = time.monotonic() - started
        self.said += told
        if "rolled back" in mishaps and self.ucv("rollback")[0] == 0:
            happened.append("rolled back after it")
        return Night(number, "; ".join(happened), current_version(self.home) or "-", code, seconds)

    def _kill(self, number: int) -> str:
        """A night that is killed with all its processes after a while; the same night follows."""
        after = self.dice.uniform(1.0, _LONGEST_KILL)
        command = [
            sys.executable,
            "-m",
            "pipelines.cli",
            "run",
            "--as-of",
            self.as_of(number),
            "--home",
            str(self.home),
        ]
        with subprocess.Popen(
            command, cwd=PROJECT_ROOT, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as run:  # fmt: skip
            try:
                run.wait(timeout=after)
                return "ran twice"
            except subprocess.TimeoutExpired:
                os.killpg(run.pid, signal.SIGKILL)
        return f"killed after {after:.0f} s"

    def _judge(self) -> str:
        """A steward says of two records, now one customer's or two customers', that they are two persons."""
        sql = (
            "select a.record_id, b.record_id from customer_xref a join customer_xref b on a.record_id < b.record_id "
            "and a.customer_id = b.customer_id order by all"
        )
        code, told = self.ucv("query", sql, "--format", "csv")
        pairs = list(csv.reader(told.splitlines()))[1:] if code == 0 else []
        if not pairs:
            return "no pair to judge"
        code, _ = self.ucv("review", "--different", *self.dice.choice(pairs))
        return "a verdict" if code == 0 else f"a verdict refused ({code})"
