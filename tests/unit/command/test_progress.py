"""What a run tells the terminal: steps as they end with their seconds, and log lines of long steps."""

from __future__ import annotations

import io
from types import SimpleNamespace

from rich.console import Console

from pipelines.command.progress import Progress


def entry(kind: str | None, step: str, at: float, message: str = "", level: int = 20) -> SimpleNamespace:
    event = SimpleNamespace(event_type_value=kind) if kind else None
    return SimpleNamespace(
        dagster_event=event, step_key=step, timestamp=at, user_message=message, level=level
    )


def told(*entries: SimpleNamespace) -> list[str]:
    console = Console(file=io.StringIO(), width=100)
    instance = SimpleNamespace(add_event_listener=lambda _run, callback: [callback(e) for e in entries])
    assert Progress(console).listen(instance, "run") == "run"
    return console.file.getvalue().splitlines()  # type: ignore[attr-defined]


def test_a_step_is_told_when_it_ends_with_its_seconds() -> None:
    lines = told(
        entry("STEP_START", "golden_models", 10.0),
        entry("STEP_START", "other", 11.0),
        entry("STEP_SUCCESS", "golden_models", 14.5),
        entry("STEP_FAILURE", "other", 12.0),
        entry("STEP_SKIPPED", "third", 12.0),
    )
    assert [line.split() for line in lines] == [
        ["golden_models", "success", "4.5", "s"],
        ["other", "failure", "1.0", "s"],
        ["third", "skipped", "0.0", "s"],
    ]


def test_what_a_long_step_logs_is_told_and_a_sources_error_is_not_told_twice() -> None:
    lines = told(
        entry(None, "golden_models", 1.0, "12 of 85: customers [1]"),
        entry(None, "raw__list", 1.0, "a long text on a contract", level=40),
        entry(None, "raw__list", 1.0, "for debugging", level=10),
        entry("ASSET_MATERIALIZATION", "golden_models", 1.0),
    )
    assert [line.strip() for line in lines] == ["12 of 85: customers [1]"]
