"""Tombstones: what a home remembers of people it erased, so that they do not come back. Keyed hashes only, no value.

They lie in `state/erasures/tombstones.jsonl`, one line a person, only ever added to; a second copy lies beside the key file,
outside the home, so that a restored backup learns of erasures that came after it. A line names the version of its pepper and of
the reading of values (`NORMALISER`), carries a checksum and a seal that needs the home's key.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from pipelines.settings import Settings
from pipelines.storage.append_log import append_line
from pipelines.storage.checksums import CHECKSUM, DamageError, is_whole, with_checksum
from pipelines.storage.erased_since import copy_beside_key, tombstones_path, whole_lines
from pipelines.storage.keys import Keys

PEPPER = 1
"""The version with which new tombstones are made."""
_SEAL = "seal"


@dataclass(frozen=True)
class Tombstone:
    """One erased person, or (kind `cleared`) signs of others who only resemble one.

    `records` are tokens of record ids; `naming` and `likeness` of claims; `births` and `national_ids` of what would tell a
    namesake apart; `cleared` of claims that name somebody else; `atoms` of single signs, one of which every claim has.
    `customer_id` is the home's own word for the person, gone from the view; empty where the person was none yet.
    """

    erasure_id: str
    at: str
    kind: str
    customer_id: str
    pepper: int
    normaliser: int
    records: tuple[str, ...] = ()
    naming: tuple[str, ...] = ()
    likeness: tuple[str, ...] = ()
    births: tuple[str, ...] = ()
    national_ids: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()
    atoms: tuple[str, ...] = ()


def read_tombstones(path: Path, keys: Keys) -> list[Tombstone]:
    """All lines, oldest first. Raises DamageError for one that is not what was written: an erased person could come back."""
    if not path.exists():
        return []
    found = []
    for number, text in enumerate(whole_lines(path), start=1):
        told = _read(text)
        seal = told.pop(_SEAL, None) if told else None
        if told is None or seal != _seal_of(told, keys):
            raise _damaged(path, number)
        found.append(_tombstone(told))
    return found


def _tombstone(told: dict[str, Any]) -> Tombstone:
    names = {field.name for field in fields(Tombstone)}
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in told.items()
    }
    return Tombstone(**{name: value for name, value in values.items() if name in names})


def add_tombstones(settings: Settings, keys: Keys, new: Iterable[Tombstone]) -> int:
    """Add those that are not there yet to both copies, durably: that outside first. Returns how many were new to the home."""
    listed, added = list(new), 0
    for path in (copy_beside_key(settings), tombstones_path(settings.home)):
        known, added = set(read_tombstones(path, keys)), 0
        for tombstone in listed:
            if tombstone not in known:
                _add(path, tombstone, keys)
                added += 1
    return added


def merge_tombstones(settings: Settings, keys: Keys, *others: Path) -> int:
    """Take over what lies beside the key and in `others`; returns how many the home did not know."""
    outside = [copy_beside_key(settings), *others]
    found = [one for path in outside for one in read_tombstones(path, keys)]
    return add_tombstones(settings, keys, [*read_tombstones(tombstones_path(settings.home), keys), *found])


def _add(path: Path, tombstone: Tombstone, keys: Keys) -> None:
    told = json.loads(json.dumps(asdict(tombstone)))
    if path.exists():  # half a line that a kill left goes: nothing was erased by it yet
        with path.open("r+b") as file:
            file.truncate(file.read().rfind(b"\n") + 1)
    append_line(path, with_checksum({**told, _SEAL: _seal_of(told, keys)}))
    os.chmod(path, 0o600)


def _read(text: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(text)
    except ValueError:
        return None
    if not isinstance(told, dict) or CHECKSUM not in told or not is_whole(told):
        return None
    return {name: value for name, value in told.items() if name != CHECKSUM}


def _seal_of(told: dict[str, Any], keys: Keys) -> str:
    return keys.tokeniser()("tombstone/" + json.dumps(told, ensure_ascii=True, sort_keys=True))


def _damaged(path: Path, number: int) -> DamageError:
    return DamageError(
        f"Line {number} of {path} is not the tombstone that was written, or of another key; nothing was read, since an erased "
        "person could come back. Take the file from its copy beside the key file or from a backup."
    )


Pepper = Callable[[int], Callable[[str], str]]
"""Version of the pepper -> tokens with it."""
