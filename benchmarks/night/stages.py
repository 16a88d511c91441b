"""Where a first night's processor time goes: `ucv run` in a process of its own that notes its time at every step."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.night.works import AS_OF
from pipelines.demo.generate import generate_demo
from pipelines.storage.home import create_home

START, EVENTS = "start: imports, contracts, graph", "(of all: storing Dagster's events)"


def run_in_stages(home: Path, people: int) -> dict[str, float]:
    """Processor seconds by stage of a first night in `home`, which is made."""
    create_home(home)
    generate_demo(home, people, as_of=AS_OF)
    command = [sys.executable, "-m", "benchmarks.night.stages", str(home), str(home / "stages.json")]
    subprocess.run(command, capture_output=True, check=True)
    found: dict[str, float] = json.loads((home / "stages.json").read_text(encoding="utf-8"))
    return found


def format_stages(stages: dict[str, float]) -> str:
    """A Markdown table, the largest stage first; what is part of others stands last."""
    total = sum(seconds for name, seconds in stages.items() if name != EVENTS)
    rows = sorted(stages.items(), key=lambda item: (item[0] == EVENTS, -item[1]))
    lines = ["| stage of a first night | processor s | share |", "|---|---:|---:|"]
    lines += [f"| {name} | {seconds:.1f} | {seconds / total:.0%} |" for name, seconds in rows]
    return "\n".join([*lines, f"| all | {total:.1f} | |"])


def _note(home: Path, target: Path) -> None:
    """In the child: run the night, and note this process's time (threads included) whenever a step ends."""
    from rich.console import Console  # noqa: PLC0415

    from pipelines.assets.event_store import HomeEventLogStorage  # noqa: PLC0415 - counts as imports
    from pipelines.command import progress, run  # noqa: PLC0415
    from pipelines.settings import load_settings  # noqa: PLC0415

    stages: dict[str, float] = {}
    last = 0.0

    def noted(name: str) -> None:
        nonlocal last
        now = time.process_time()
        stages[name] = stages.get(name, 0.0) + now - last
        last = now

    def tell(self: Any, entry: Any) -> None:
        kind = entry.dagster_event.event_type_value if entry.dagster_event else ""
        if kind == "STEP_START":
            noted(START)
        elif kind in ("STEP_SUCCESS", "STEP_FAILURE"):
            noted("sources (raw)" if entry.step_key.startswith("raw__") else entry.step_key)

    def timed(store: Callable[..., None]) -> Callable[..., None]:
        def stored(self: Any, event: Any) -> None:
            began = time.thread_time()
            store(self, event)
            stages[EVENTS] = stages.get(EVENTS, 0.0) + time.thread_time() - began

        return stored

    progress.Progress._tell = tell  # type: ignore[method-assign]
    HomeEventLogStorage.store_event = timed(HomeEventLogStorage.store_event)  # type: ignore[method-assign]
    run.run_nightly(load_settings(home), Console(), as_of=AS_OF)
    noted("end")
    target.write_text(json.dumps(stages), encoding="utf-8")


if __name__ == "__main__":
    _note(Path(sys.argv[1]), Path(sys.argv[2]))
