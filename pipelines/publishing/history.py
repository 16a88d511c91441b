"""The append-only log of versions (state/versions.jsonl) and what follows: which versions are good."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.publishing.layout import history_path
from pipelines.publishing.version import current_version, list_versions
from pipelines.storage.durable import sync_directory

PUBLISHED = "published"
ROLLED_BACK = "rolled_back"
PRUNED = "pruned"


def event(
    version: str, action: str, now: datetime, run_id: str | None, to: str | None = None
) -> dict[str, Any]:
    """One line of the log; for a rollback `version` is the one left, `to` the one seen instead."""
    line = {"version": version, "action": action, "at": now.astimezone(UTC).isoformat(), "run_id": run_id}
    return line if to is None else {**line, "to": to}


def append_event(home: Path, line: Mapping[str, Any]) -> None:
    """Add one line, durably; a line that is there already is not added again: a replay may repeat it."""
    if line in read_history(home):
        return
    path = history_path(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        # A kill within an earlier append left half a line: close it, so that this one stays readable.
        torn = file.tell() > 0 and _last_byte(path) != b"\n"
        file.write((b"\n" if torn else b"") + json.dumps(line, sort_keys=True).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    sync_directory(path.parent)


def read_history(home: Path) -> list[dict[str, Any]]:
    """All lines, oldest first; a line torn by a kill is left out."""
    path = history_path(home)
    if not path.exists():
        return []
    lines = []
    for text in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            lines.append(json.loads(text))
        except ValueError:
            continue
    return [line for line in lines if isinstance(line, dict)]


def previous_good(home: Path) -> str | None:
    """The rollback target: the newest version older than the current one that nobody rolled back from."""
    current = current_version(home)
    if current is None:
        return None
    bad = rolled_back_versions(home)
    older = [version for version in list_versions(home) if version < current and version not in bad]
    return older[-1] if older else None


def rolled_back_versions(home: Path) -> set[str]:
    """The versions that somebody rolled back from and did not return to."""
    bad: set[str] = set()
    for line in read_history(home):
        if line.get("action") == ROLLED_BACK:
            version, to = str(line["version"]), str(line["to"])
            bad.discard(to)
            if to < version:  # going forward again says nothing against the version that was left
                bad.add(version)
    return bad


def publish_moments(home: Path) -> list[datetime]:
    """When versions were published that nobody rolled back from, in UTC, oldest first."""
    bad = rolled_back_versions(home)
    return [
        datetime.fromisoformat(str(line["at"]))
        for line in read_history(home)
        if line.get("action") == PUBLISHED and line.get("version") not in bad
    ]


def _last_byte(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1)
