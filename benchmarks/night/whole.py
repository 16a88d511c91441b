"""Whole nights of an invented deployment: the first, one with nothing new, the next day's, and one with 1 % new rows."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.night.late import deliver, hold_back
from benchmarks.night.works import AS_OF
from pipelines.demo.generate import generate_demo
from pipelines.storage.home import create_home

NIGHTS = {"whole": 0, "nothing new, same day": 0, "nothing new, next day": 1, "1 % new rows": 2}
"""Name of a night -> days after the first one, on which it is about."""
_SLOWEST = 12

Told = dict[str, Any]
"""What `benchmarks.night.noted` wrote of a night."""


def whole_nights(folder: Path, people: int) -> Iterator[tuple[str, Told]]:
    """Each night of NIGHTS in a home below `folder`, which is made; a failed one is told with what it printed."""
    os.environ["XDG_CONFIG_HOME"] = str(folder / "config")
    home = folder / "home"
    create_home(home)
    generate_demo(home, people, as_of=AS_OF)
    late = hold_back(home / "landing")
    for name, days in NIGHTS.items():
        if name.startswith("1 %"):
            deliver(late)
        yield name, one_night(home, AS_OF + timedelta(days=days), folder / f"{days}_{name[:1]}.json")


def one_night(home: Path, day: date, target: Path) -> Told:
    """`ucv run --as-of day` in a process of its own."""
    target.unlink(missing_ok=True)
    command = [sys.executable, "-m", "benchmarks.night.noted", str(home), str(target), day.isoformat()]
    log = target.with_suffix(".log")
    with log.open("wb") as out:
        subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, check=False)
    if not target.exists():
        return {"steps": {}, "nodes": {}, "tables": {}, "failed": [log.read_text("utf-8", "replace")[-2000:]]}
    told: Told = json.loads(target.read_text(encoding="utf-8"))
    return told


def format_night(name: str, told: Told) -> str:
    """A Markdown table of one night's stages, its slowest models and tests, and one hash of all that is published."""
    steps = told["steps"]
    lines = [f"| {name} | wall s | processor s | rows | peak GB |", "|---|---:|---:|---:|---:|"]
    lines += [_line(step, noted) for step, noted in steps.items()]
    total = {unit: sum(noted[unit] for noted in steps.values()) for unit in ("wall", "processor")}
    lines.append(
        _line("**all**", total | {"rows": 0, "peak": max((s["peak"] for s in steps.values()), default=0)})
    )
    slowest = sorted(told["nodes"].items(), key=lambda item: -item[1])[:_SLOWEST]
    if slowest:
        lines.append("\nSlowest, wall s: " + ", ".join(f"{node} {seconds:.1f}" for node, seconds in slowest))
    lines.append(f"\n{len(told['tables'])} tables published, {published_hash(told)}")
    lines += [f"FAILED: {failed}" for failed in told["failed"]]
    return "\n".join(lines)


def published_hash(told: Told) -> str:
    """16 hex digits over name, rows and content of every published table."""
    return hashlib.sha256(json.dumps(sorted(told["tables"].items())).encode()).hexdigest()[:16]


def _line(name: str, noted: dict[str, float]) -> str:
    rows = f"{noted['rows']:,.0f}" if noted["rows"] else ""
    return f"| {name} | {noted['wall']:.1f} | {noted['processor']:.1f} | {rows} | {noted['peak'] / 1e9:.2f} |"
