"""The works whose fixed cost counts, each a command as a user gives it, in a home of invented people."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.night.late import Late, deliver, hold_back

AS_OF = date(2026, 11, 1)
DBT = str(Path(sys.executable).with_name("dbt"))


@dataclass(frozen=True)
class Cost:
    """Processor seconds (user and system) of a command and all that it started, wall seconds, exit code."""

    processor: float
    wall: float
    code: int


class Works:
    """One checkout's works, in the order of `MOST`: each leaves what the next one needs."""

    def __init__(self, checkout: Path, folder: Path) -> None:
        self.checkout, self._home, self._demo = checkout, folder / "home", folder / "demo"
        self._late: Late = []

    def prepare(self, people: int) -> None:
        """A home with deliveries of `people` people, of which the last rows of plain files wait for the later night."""
        code = (
            "import sys; from datetime import date; from pathlib import Path; from pipelines.storage.home import create_home; "
            "from pipelines.demo.generate import generate_demo; home = Path(sys.argv[1]); create_home(home); "
            "generate_demo(home, int(sys.argv[2]), as_of=date.fromisoformat(sys.argv[3]))"
        )  # by the checkout's own code: a home knows the store of events of the code that made it
        self._run(
            [sys.executable, "-c", code, str(self._home), str(people), AS_OF.isoformat()], self.checkout
        )
        # A project that was parsed before, as on every day but the one on which it is cloned.
        self._run([DBT, "parse", "--quiet"], self.checkout / "dbt_project")
        self._late = hold_back(self._home / "landing")

    def measure(self, name: str) -> Cost:
        """The cost of one work; see `MOST` for the names."""
        if name == "later night, 1 % new":
            deliver(self._late)
        words = {
            "first night": ["run"], "later night, 1 % new": ["run"], "night without news": ["run"],
            "ucv status": ["status"], "ucv query": ["query", "select count(*) from customers"],
            "demo of 2,000 (wall)": ["demo", "--people", "2000"],
        }.get(name)  # fmt: skip
        if words is None:
            return self._run([DBT, "build", "-s", "customer_rfm", "--quiet"], self.checkout / "dbt_project")
        home = self._demo if words[0] == "demo" else self._home
        command = [sys.executable, "-m", "pipelines.cli", *words, "--home", str(home)]
        return self._run(command, self.checkout)

    def _run(self, command: list[str], folder: Path) -> Cost:
        path = os.pathsep.join([str(self.checkout), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
        environment = {
            **os.environ, "PYTHONPATH": path, "UCV_HOME": str(self._home), "UCV_AS_OF_DATE": AS_OF.isoformat(),
        }  # fmt: skip
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
        wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        # That a source of these homes is late is what the status says, not a failure.
        failed = ended.returncode > (1 if "status" in command else 0)
        if failed:
            print(
                f"{command[-3:]} ended with {ended.returncode}: {ended.stderr[-600:].decode()}",
                file=sys.stderr,
            )
        processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Cost(processor, wall, int(failed))


def format_costs(most: dict[str, float], costs: list[dict[str, Cost]]) -> str:
    """A Markdown table: a row per work; ours, and beside it the other checkout's."""
    lines = [
        "| work | asked for, s | processor s | wall s |"
        + " before: processor s | wall s | times less |" * (len(costs) > 1)
    ]
    lines.append("|---|---:|---:|---:|" + "---:|---:|---:|" * (len(costs) > 1))
    for name, bound in most.items():
        if name not in costs[0]:
            continue
        cells = [name, f"{bound:g}"] + [
            f"{value:.1f}"
            for cost in (found[name] for found in costs)
            for value in (cost.processor, cost.wall)
        ]
        if len(costs) > 1:
            cells.append(f"{costs[1][name].processor / costs[0][name].processor:.1f}")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
