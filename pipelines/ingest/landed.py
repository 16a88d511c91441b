"""A file as it lies in landing, or as it was fetched."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.errors import DeliveryError
from pipelines.ingest.arrival import Arrival


@dataclass(frozen=True)
class Landed:
    """A complete file: delivery_id is the start of the SHA-256 of its bytes; facts are size and mtime.

    `origin` tells where a fetched one came from, for the manifest. Where rows of erased people were left out, `path` is a copy
    without them, `content` the SHA-256 (hex) of its bytes, `erased` how many they were, and `is_emptied` whether no other row is
    left. `held` are the numbers of rows that resemble one of them.
    """

    path: Path
    delivery_id: str
    delivered_at: datetime
    facts: tuple[int, int]
    origin: dict[str, Any] = field(default_factory=dict)
    content: str | None = None
    erased: int = 0
    held: tuple[int, ...] = ()
    is_emptied: bool = False


def landed_file(arrival: Arrival, path: Path, home: Path) -> Landed:
    """The file of an arrival. Raises DeliveryError for what is no file of the home."""
    if not path.is_file():
        raise DeliveryError("not_a_file", f"{path.name} is a folder or device; expected a file.")
    if home not in path.resolve().parents:
        raise DeliveryError(
            "outside_home", f"{path.name} leads outside the home; deliver the file itself, no link."
        )
    # A table that is as it was two readings ago has changed since the last one: that is no repeated delivery.
    digest = hashlib.sha256((arrival.after or "").encode())
    facts = file_facts(path)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    delivered_at = datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None)
    return Landed(path, digest.hexdigest()[:32], delivered_at, facts, arrival.origin)


def file_facts(path: Path) -> tuple[int, int]:
    """Size and time of the last change, by which a file that is still written is told."""
    return path.stat().st_size, path.stat().st_mtime_ns
