"""One night in a process of its own that notes wall time, processor time, rows and memory of every step.

`python -m benchmarks.night.noted HOME TARGET DAY` runs `ucv run --as-of DAY` and writes what it noted to TARGET, as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import psutil

START, BETWEEN, END = "start: imports, contracts", "between: graph, dbt's start", "end"
_PAUSE = 0.5  # seconds between two looks at memory
_ROWS = {"accepted", "dagster/row_count"}


class Noted:
    """Steps in the order in which they ended, each since the one before: wall and processor seconds, rows, peak bytes."""

    def __init__(self) -> None:
        self.steps: dict[str, dict[str, float]] = {}
        self.nodes: dict[str, float] = {}
        self._begun = psutil.Process().create_time()
        self._wall, self._processor, self._peak, self._rows = self._begun, 0.0, 0, 0
        threading.Thread(target=self._look, daemon=True).start()

    def note(self, name: str) -> None:
        """All since the last call belongs to the step `name`."""
        wall, processor = time.time(), _processor_seconds()
        step = self.steps.setdefault(name, {"wall": 0.0, "processor": 0.0, "rows": 0, "peak": 0})
        step["wall"] += wall - self._wall
        step["processor"] += processor - self._processor
        step["rows"] += self._rows
        step["peak"] = max(step["peak"], self._peak, _tree_bytes())
        self._wall, self._processor, self._peak, self._rows = wall, processor, 0, 0

    def hear(self, entry: Any) -> None:
        """One stored event of Dagster."""
        event = entry.dagster_event
        kind = event.event_type_value if event else ""
        if kind == "STEP_START":
            self.note(BETWEEN if self.steps else START)
        elif kind == "ASSET_MATERIALIZATION":
            metadata = event.step_materialization_data.materialization.metadata
            self._rows += sum(int(value.value) for name, value in metadata.items() if name in _ROWS)
        elif kind in ("STEP_SUCCESS", "STEP_FAILURE"):
            self.note("sources (raw)" if entry.step_key.startswith("raw__") else entry.step_key)

    def time_nodes(self, build_part: Callable[..., Any]) -> Callable[..., Any]:
        """dbt's wall seconds of each model and test; two run at the same time."""

        def timed(*words: Any) -> Any:
            outcome = build_part(*words)
            for node in outcome.nodes:
                self.nodes[".".join(node.unique_id.split(".")[:1] + node.unique_id.split(".")[2:3])] = (
                    node.seconds
                )
            return outcome

        return timed

    def _look(self) -> None:
        while True:
            self._peak = max(self._peak, _tree_bytes())
            time.sleep(_PAUSE)


def _processor_seconds() -> float:
    """User and system time of this process, its ended and its living children."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    living = 0.0
    for child in psutil.Process().children(recursive=True):
        try:
            times = child.cpu_times()
        except psutil.Error:
            continue
        living += times.user + times.system
    return time.process_time() + ended.ru_utime + ended.ru_stime + living


def _tree_bytes() -> int:
    """What this process and its children hold; pages that several hold count for each."""
    total = 0
    for process in (own := psutil.Process(), *own.children(recursive=True)):
        try:
            total += process.memory_info().rss
        except psutil.Error:
            continue
    return total


def _night(home: Path, target: Path, day: date) -> bool:
    noted = Noted()
    from rich.console import Console  # noqa: PLC0415 - counts as imports

    from pipelines.assets import dbt_process, warehouse  # noqa: PLC0415
    from pipelines.command import progress, run  # noqa: PLC0415
    from pipelines.publishing.version import current_manifest  # noqa: PLC0415
    from pipelines.settings import load_settings  # noqa: PLC0415

    tell = progress.Progress._tell

    def heard(self: Any, entry: Any) -> None:
        noted.hear(entry)
        tell(self, entry)

    progress.Progress._tell = heard  # type: ignore[method-assign]
    vars(warehouse)["build_part"] = noted.time_nodes(dbt_process.build_part)
    outcome = run.run_nightly(load_settings(home), Console(), as_of=day)
    noted.note(END)
    manifest = current_manifest(home)
    tables = (
        {name: [facts.rows, facts.content_hash] for name, facts in manifest.tables.items()}
        if manifest
        else {}
    )
    told = {"steps": noted.steps, "nodes": noted.nodes, "tables": tables, "failed": outcome.failed}
    target.write_text(json.dumps(told), encoding="utf-8")
    return outcome.success


if __name__ == "__main__":
    sys.exit(0 if _night(Path(sys.argv[1]), Path(sys.argv[2]), date.fromisoformat(sys.argv[3])) else 1)
