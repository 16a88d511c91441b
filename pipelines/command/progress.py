"""What a run tells the terminal while it runs: a line for each step as it ends, and what long steps log in between."""

from __future__ import annotations

import logging
from typing import Any

from rich.console import Console

_ENDED = {"STEP_SUCCESS": "success", "STEP_FAILURE": "failure", "STEP_SKIPPED": "skipped"}


class Progress:
    """Listens to the events of runs of this process as Dagster stores them; nothing is read back from the store."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._started: dict[str, float] = {}

    def listen(self, instance: Any, run_id: str) -> str:
        """Tell this run's steps from now on; returns the run's id."""
        instance.add_event_listener(run_id, self._tell)
        return run_id

    def _tell(self, entry: Any) -> None:
        """One stored event log entry: a step's start is remembered, its end and its log lines are printed."""
        step = entry.step_key or ""
        if entry.dagster_event is None:
            if step and logging.INFO <= entry.level < logging.ERROR:
                self._console.print(f"    {entry.user_message}", style="dim", markup=False, highlight=False)
            return
        kind = entry.dagster_event.event_type_value
        if kind == "STEP_START":
            self._started[step] = entry.timestamp
        elif kind in _ENDED:
            seconds = entry.timestamp - self._started.get(step, entry.timestamp)
            self._console.print(f"  {step:<44} {_ENDED[kind]:<10} {seconds:6.1f} s", highlight=False)
