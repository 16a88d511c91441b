"""A file as it lies in landing, or as it was fetched."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Landed:
    """A complete file: delivery_id is the start of the SHA-256 of its bytes; facts are size and mtime.

    `origin` tells where a fetched one came from, for the manifest.
    """

    path: Path
    delivery_id: str
    delivered_at: datetime
    facts: tuple[int, int]
    origin: dict[str, Any] = field(default_factory=dict)
