"""What lies in landing, as a sensor sees it: complete files, and which of them were not there at the last look."""

from __future__ import annotations

import hashlib
from pathlib import Path

UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")
"""Endings under which senders write a file before they rename it."""

STILL_SECONDS = 60.0
"""A file that changed more recently may still be written."""

Seen = dict[str, str]
"""Path below landing -> a hash of size and time, for every file of a look."""


def look_at_landing(home: Path, now: float) -> Seen | None:
    """All files in landing; None while one of them may still be written (`now`: seconds since 1970).

    Waiting for all of them gives a delivery of several files one run.
    """
    folder = home / "landing"
    seen: Seen = {}
    for path in sorted(folder.rglob("*")):
        if path.name.startswith(".") or path.suffix.lower() in UNFINISHED or not path.is_file():
            continue
        facts = path.stat()
        if now - facts.st_mtime < STILL_SECONDS:
            return None
        told = f"{facts.st_size} {facts.st_mtime_ns}".encode()
        seen[path.relative_to(folder).as_posix()] = hashlib.sha256(told).hexdigest()[:16]
    return seen


def arrived(before: Seen, after: Seen) -> list[str]:
    """The files that are new or changed since the earlier look; a file that was removed brings no news."""
    return sorted(path for path, facts in after.items() if before.get(path) != facts)
