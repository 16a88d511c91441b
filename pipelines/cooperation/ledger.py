"""Who gave and took how much: `state/cooperation/ledger.jsonl`, only added to, each line sealed with the home's key."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pipelines.cooperation.session import CooperationError
from pipelines.storage.append_log import append_line, read_lines
from pipelines.storage.checksums import CHECKSUM, is_whole, with_checksum

Token = Callable[[str], str]


def read_ledger(home: Path, token: Token) -> list[dict[str, Any]]:
    """All lines, oldest first. Raises CooperationError when one is not what was written, or one is missing."""
    before = None
    lines = read_lines(_path(home))
    for number, line in enumerate(lines, start=1):
        told = {name: value for name, value in line.items() if name not in (CHECKSUM, "seal")}
        is_ours = CHECKSUM in line and is_whole(dict(line)) and line.get("seal") == _seal(told, token)
        if not is_ours or (line.get("number"), line.get("previous")) != (number, before):
            raise CooperationError(
                f"Line {number} of {_path(home)} is not what was written, or a line before it is gone; restore it from a backup."
            )
        before = line[CHECKSUM]
    return lines


def add_to_ledger(home: Path, entry: Mapping[str, Any], token: Token) -> None:
    """Add one step of one session, durably. The caller holds the lock of the home's exports."""
    lines = read_ledger(home, token)
    told = {**entry, "number": len(lines) + 1, "previous": lines[-1][CHECKSUM] if lines else None}
    append_line(_path(home), with_checksum({**told, "seal": _seal(told, token)}))


def balance(lines: list[dict[str, Any]]) -> dict[str, tuple[int, int, int]]:
    """Partner -> sessions, values given and values taken; a session counts once, whatever its steps."""
    sessions: dict[tuple[str, str], tuple[int, int]] = {}
    for line in lines:
        key = (str(line["partner"]), str(line["session"]))
        given, taken = sessions.get(key, (0, 0))
        sessions[key] = (max(given, int(line["given"])), max(taken, int(line["taken"])))
    found: dict[str, tuple[int, int, int]] = {}
    for (partner, _), (given, taken) in sessions.items():
        count, gave, took = found.get(partner, (0, 0, 0))
        found[partner] = (count + 1, gave + given, took + taken)
    return found


def _path(home: Path) -> Path:
    return home / "state" / "cooperation" / "ledger.jsonl"


def _seal(told: Mapping[str, Any], token: Token) -> str:
    return token("cooperation-ledger/" + json.dumps(told, ensure_ascii=True, sort_keys=True))
