"""A file as it lies in landing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Landed:
    """A file in landing: delivery_id is the start of the SHA-256 of its bytes; facts are size and mtime."""

    path: Path
    delivery_id: str
    delivered_at: datetime
    facts: tuple[int, int]
