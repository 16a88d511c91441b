"""When a source delivered once more what it had delivered before: no row is added, but the source is alive.

Kept in `.arrivals` beside the source's raw: it goes into a backup, and as a hidden file it is no input of a build.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from pipelines.contracts.model import Contract
from pipelines.ingest.manifests import Manifest, raw_folder
from pipelines.storage.durable import write_file

_NAME = ".arrivals"
_KEPT = timedelta(days=120)


class SeenAgain:
    """The arrivals of known deliveries of one source, by the moment that the file or object carries.

    That moment tells a new arrival from a file that still lies where it lay. One that lies in the future is held against
    the run that saw it first.
    """

    def __init__(self, contract: Contract, home: Path, manifests: list[Manifest]) -> None:
        self._path = raw_folder(home, contract.kind, contract.id) / _NAME
        self._noted = _read(self._path)
        self._delivered = {(str(m["delivery_id"]), str(m["delivered_at"])) for m in manifests}

    def note(self, delivery_id: str, arrived_at: datetime, now: datetime) -> None:
        """A known delivery was found with the moment `arrived_at`; both moments are UTC without zone."""
        moment = arrived_at.isoformat()
        if (delivery_id, moment) in self._delivered or moment in self._noted:
            return
        self._noted[moment] = min(arrived_at, now).isoformat()
        oldest = (now - _KEPT).isoformat()
        # What carries a later moment than it came at still lies there, perhaps: forgotten, it would be new each night.
        kept = {key: seen for key, seen in self._noted.items() if seen >= oldest or key > seen}
        write_file(self._path, json.dumps(kept, indent=0))


def seen_again(home: Path, kind: str, source: str) -> list[datetime]:
    """When known deliveries of a source came again, in UTC without zone."""
    return sorted(
        datetime.fromisoformat(seen) for seen in _read(raw_folder(home, kind, source) / _NAME).values()
    )


def _read(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # none yet, or half written when the machine stopped
        return {}
    return {str(key): str(seen) for key, seen in found.items()} if isinstance(found, dict) else {}
