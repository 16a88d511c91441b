"""The receipt of an erasure: each place it looked into and how much went from there. Counts and names of files, no value.

It lies in `state/erasures/<id>.json` from before the first file changes and is open until the last place is done, so that one cut
short by a kill is found and finished. What is to go from a file is written down before the file changes.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.storage.checksums import DamageError, is_whole, with_checksum
from pipelines.storage.durable import remove_file, write_file

PLACES = (
    "docs and logs", "exports", "claim files", "versions", "builds", "standardised values", "landing", "raw", "not searched",
)  # fmt: skip
"""In the order in which they are done: raw last, since it alone tells the values that are looked for elsewhere."""


class Receipt:
    """One erasure under way or done."""

    def __init__(self, path: Path, told: dict[str, Any]) -> None:
        self._path, self._told = path, told

    @classmethod
    def begin(cls, home: Path, now: datetime, by: str, reason: str, people: int) -> Receipt:
        """An open receipt, written before anything else."""
        erasure_id = next_erasure_id(home, now)
        told: dict[str, Any] = {
            "erasure_id": erasure_id, "begun_at": now.astimezone(UTC).isoformat(timespec="seconds"), "done_at": None,
            "by": by, "reason": reason, "people": people, "places": {},
        }  # fmt: skip
        receipt = cls(receipts_folder(home) / f"{erasure_id}.json", told)
        receipt._write()
        return receipt

    @property
    def erasure_id(self) -> str:
        return str(self._told["erasure_id"])

    @property
    def path(self) -> Path:
        return self._path

    @property
    def is_done(self) -> bool:
        return self._told["done_at"] is not None

    @property
    def told(self) -> dict[str, Any]:
        """Everything in it."""
        return self._told

    @property
    def places(self) -> dict[str, dict[str, int]]:
        """Place -> file or table -> rows (or files) that went."""
        found: dict[str, dict[str, int]] = self._told["places"]
        return found

    def note(self, place: str, what: str, count: int) -> None:
        """Before `count` go from `what`; after a kill the same is told again, or less of it."""
        known = self.places.setdefault(place, {})
        if count > known.get(what, 0):
            known[what] = count
            self._write()

    def look(self, place: str) -> None:
        """That a place was looked into, also where nothing was found."""
        self.places.setdefault(place, {})
        self._write()

    def finish(self, now: datetime) -> None:
        """Every place is done."""
        self._told["done_at"] = now.astimezone(UTC).isoformat(timespec="seconds")
        self._write()

    def withdraw(self) -> None:
        """Nothing was begun: it was killed before anybody was remembered."""
        remove_file(self._path)

    def _write(self) -> None:
        text = json.dumps(with_checksum(self._told), ensure_ascii=False, indent=1, sort_keys=True)
        write_file(self._path, text + "\n")


def receipts_folder(home: Path) -> Path:
    """Where they lie."""
    return home / "state" / "erasures"


def read_receipts(home: Path) -> list[Receipt]:
    """All receipts, oldest first. Raises DamageError for one that is not what was written."""
    found = []
    for path in sorted(receipts_folder(home).glob("E*.json")):
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            told = None
        if not isinstance(told, dict) or not is_whole(told):
            raise DamageError(f"The receipt {path} is not what was written; take it from a backup.")
        found.append(Receipt(path, {name: value for name, value in told.items() if name != "checksum"}))
    return found


def has_open_receipt(home: Path) -> bool:
    """Whether an erasure was cut short."""
    return not all(receipt.is_done for receipt in read_receipts(home))


def next_erasure_id(home: Path, now: datetime) -> str:
    """A name that sorts by time and that no erasure of this home has."""
    stem, number = f"E{now.astimezone(UTC):%Y%m%dT%H%M%SZ}", 1
    while (receipts_folder(home) / f"{stem}-{number}.json").exists():
        number += 1
    return f"{stem}-{number}"
