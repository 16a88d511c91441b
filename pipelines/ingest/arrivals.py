"""What lies at a source, as files to read one after the other: in landing, in a bucket, in a database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipelines.contracts.model import Contract
from pipelines.ingest.arrival import Arrival
from pipelines.ingest.landing import UNFINISHED
from pipelines.ingest.raw_store import Manifest
from pipelines.ingest.seen_objects import SeenObjects
from pipelines.settings import Settings


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
