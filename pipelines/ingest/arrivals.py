"""What lies at a source, as files to read one after the other: in landing, in a bucket, in a database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.contracts.model import Contract
from pipelines.ingest.landing import UNFINISHED
from pipelines.ingest.raw_store import Manifest
from pipelines.ingest.seen_objects import SeenObjects
from pipelines.settings import Settings


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


def arrivals(contract: Contract, settings: Settings, manifests: list[Manifest]) -> Iterator[Arrival]:
    """Oldest first, so that a correction is loaded after what it corrects.

    Raises DeliveryError when a server cannot be read.
    """
    match contract.server.type:
        case "s3":
            from pipelines.ingest.bucket import fetch_objects  # noqa: PLC0415 - its client imports in half a second

            yield from fetch_objects(contract, settings, manifests)
        case "postgres":
            from pipelines.ingest.database import fetch_rows  # noqa: PLC0415 - only where it is used

            yield from fetch_rows(contract, settings, manifests)
        case _:
            for path in landed_files(contract, settings.home):
                yield Arrival(path.name, path)


def note_taken(
    arrival: Arrival, contract: Contract, settings: Settings, known: set[str], delivery_id: str
) -> None:
    """Remember which delivery an object became, so that it is not fetched again."""
    if "object" in arrival.origin:
        SeenObjects(contract, settings.home, known).note(arrival.origin, delivery_id)


def landed_files(contract: Contract, home: Path) -> list[Path]:
    """What lies complete in landing for a source, oldest first; folders and links too."""
    found = [path for path in home.glob(contract.server.path) if not path.name.startswith(".")]
    found = [path for path in found if path.suffix.lower() not in UNFINISHED]
    return sorted(found, key=lambda path: (path.lstat().st_mtime, path.name))
