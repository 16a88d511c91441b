"""The log of contract changes, `state/contract_changes.jsonl`: what the view was built with anew, and who accepted what.

One line each, only ever added to. It names sources, columns and terms, and who accepted; no personal value of a record.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipelines.contracts.change import Change

ACCEPTED = "accepted"


@dataclass(frozen=True)
class Entry:
    """One line. `action` is accepted (by a person), declared (by a version) or compatible; `at` UTC in ISO 8601.

    `contract_before` and `contract_after` are SHA-256 (hex) of the two files, the latter None where the file is gone.
    """

    at: str
    action: str
    source_system: str
    from_version: str
    to_version: str | None
    contract_before: str
    contract_after: str | None
    changes: tuple[dict[str, Any], ...]
    by: str | None = None
    reason: str | None = None

    @property
    def step(self) -> tuple[str, str, str | None]:
        """Between which two contracts of which source."""
        return self.source_system, self.contract_before, self.contract_after


def log_path(home: Path) -> Path:
    """The file of a home."""
    return home / "state" / "contract_changes.jsonl"


def logged(change: Change) -> dict[str, Any]:
    """A change as it stands in the log."""
    names = ("place", "kind", "severity", "digest", "sentence")
    return {name: getattr(change, name) for name in names}


def read_change_log(home: Path) -> list[Entry]:
    """All lines, oldest first. A line torn by a kill is left out: what nobody can read accepts nothing."""
    path = log_path(home)
    if not path.exists():
        return []
    entries = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            told = json.loads(line)
            entries.append(Entry(**{**told, "changes": tuple(told["changes"])}))
        except (ValueError, KeyError, TypeError):
            continue
    return entries


def add_to_change_log(home: Path, entry: Entry) -> None:
    """Add one line, durably; the caller holds the home's lock."""
    path = log_path(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(asdict(entry), ensure_ascii=False, sort_keys=True).encode() + b"\n"
    with path.open("ab+") as stream:
        size = stream.tell()
        if size:
            stream.seek(size - 1)
            line = line if stream.read(1) == b"\n" else b"\n" + line  # a kill left half a line
        stream.write(line)
        stream.flush()
        os.fsync(stream.fileno())


def accepted_digests(entries: Iterable[Entry], source: str, contract_before: str) -> set[str]:
    """The changes that somebody accepted for this source, from this very contract on."""
    return {
        str(change["digest"])
        for entry in entries
        if (entry.action, entry.source_system, entry.contract_before) == (ACCEPTED, source, contract_before)
        for change in entry.changes
    }
