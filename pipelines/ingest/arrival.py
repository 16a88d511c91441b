"""One file as it arrives from a source: what landing, a bucket and a database hand on alike."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Arrival:
    """One file. `path` is None where it was not fetched, because delivery `known_as` took it before.

    `origin` goes into the manifest; a fetched file is gone once the next arrival is asked for. `after` is set where the
    file is our own reading of a table, to the delivery that the reading before became (empty: there was none).
    `arrived_at` (UTC without zone) is told where a file that is not fetched carries a moment.
    """

    name: str
    path: Path | None
    origin: dict[str, Any] = field(default_factory=dict)
    known_as: str | None = None
    after: str | None = None
    arrived_at: datetime | None = None


def fetched_name(name: str) -> str:
    """A name for a fetched file, for folders and messages: what others called it, without anything that leads elsewhere."""
    return re.sub(r"[^\w.-]", "_", name).lstrip(".")[-100:] or "object"
