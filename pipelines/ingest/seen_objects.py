"""Which objects of a bucket were taken already, so that the same bytes are not fetched night after night."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipelines.contracts.model import Contract
from pipelines.ingest.raw_store import raw_folder


class SeenObjects:
    """Which delivery each object became, `.objects` beside raw; it counts only while raw has that delivery."""

    def __init__(self, contract: Contract, home: Path, deliveries: set[str]) -> None:
        self._path = raw_folder(home, contract.kind, contract.id) / ".objects"
        self._deliveries = deliveries
        self._noted: dict[str, list[Any]] = {}
        if self._path.is_file():
            try:
                self._noted = json.loads(self._path.read_text(encoding="utf-8"))
            except ValueError:  # half written when the machine stopped; all is fetched once more
                self._noted = {}

    def delivery_of(self, key: str, facts: list[Any]) -> str | None:
        """The delivery that took this very object, or None."""
        *noted, delivery = self._noted.get(key, [None])
        return delivery if noted == facts and delivery in self._deliveries else None

    def note(self, origin: dict[str, Any], delivery_id: str) -> None:
        """Keep that the object of `origin` is that delivery."""
        self._noted[origin["object"]] = [origin["etag"], origin["size"], delivery_id]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        half = self._path.with_name(".objects.half")
        half.write_text(json.dumps(self._noted, ensure_ascii=False), encoding="utf-8")
        half.replace(self._path)
