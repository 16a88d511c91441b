"""A file as it lies in landing, or as it was fetched."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any


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
