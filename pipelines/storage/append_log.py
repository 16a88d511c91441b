"""Logs in state that are only ever added to: one JSON object a line."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def append_line(path: Path, *lines: Mapping[str, Any]) -> None:
    """Add one line, or several at once, durably. Half a line that a kill left is closed, so that these stay readable."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        if file.tell() > 0:
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                file.write(b"\n")
        file.write(b"".join(json.dumps(line, sort_keys=True).encode() + b"\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())


def last_line(path: Path) -> dict[str, Any] | None:
    """The newest whole line, without reading what is before it; None where there is none."""
    if not path.exists():
        return None
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        reach = 1 << 14
        while True:
            file.seek(max(size - reach, 0))
            lines = file.read().splitlines()[0 if reach >= size else 1 :]
            found = next((line for line in map(_parsed, reversed(lines)) if line is not None), None)
            if found is not None or reach >= size:
                return found
            reach *= 4


def read_lines(path: Path) -> list[dict[str, Any]]:
    """All whole lines, oldest first."""
    if not path.exists():
        return []
    found = []
    for text in path.read_text(encoding="utf-8", errors="replace").splitlines():
        line = _parsed(text)
        if line is not None:
            found.append(line)
    return found


def _parsed(text: str | bytes) -> dict[str, Any] | None:
    try:
        line = json.loads(text)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None
