"""The export ledger of a home: `state/exports/ledger.jsonl`, one line per export, and beside it who was in it, as keyed tokens.

Only ever added to. Each line carries its own checksum, that of the line before, and a seal that needs the home's key, so that a
line that was changed, removed or put in between is seen. Uses are counted from the files of members, which are written before the line and before the file may
leave: an export that a kill cut short has spent its uses, and is finished or begun anew under its own id.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from pipelines.errors import UcvError
from pipelines.storage.append_log import append_line, read_lines
from pipelines.storage.checksums import CHECKSUM, is_whole, with_checksum

_MEMBERS_NAME = re.compile(r"(\d{6})-([a-z0-9][a-z0-9_-]{0,63})\.parquet")
_WAIT_SECONDS = 600.0
_SEAL = "seal"

Token = Callable[[str], str]
"""A keyed token of a text (Keys.tokeniser)."""


class LedgerError(UcvError):
    """The export ledger is damaged or busy: nothing was exported."""


def ledger_folder(home: Path) -> Path:
    """Where the ledger and the members lie."""
    return home / "state" / "exports"


def ledger_path(home: Path) -> Path:
    """The ledger's file."""
    return ledger_folder(home) / "ledger.jsonl"


@contextmanager
def ledger_lock(home: Path, wait_seconds: float = _WAIT_SECONDS) -> Iterator[None]:
    """One export at a time in a home: uses are counted, spent and written down while nobody else counts them."""
    ledger_folder(home).mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(home / ".export.lock", timeout=wait_seconds):
            yield
    except Timeout as error:
        raise LedgerError(
            f"Another export in {home} has not ended in {wait_seconds:g} s; try again later."
        ) from error


def read_ledger(home: Path, token: Token) -> list[dict[str, Any]]:
    """All lines, oldest first. Raises LedgerError when one is not what was written, or one is missing."""
    lines = read_lines(ledger_path(home))
    before = None
    for number, line in enumerate(lines, start=1):
        if (line.get("number"), line.get("previous")) != (number, before) or not _is_ours(line, token):
            raise LedgerError(
                f"Line {number} of {ledger_path(home)} is not what was written, or a line before it is gone; nothing is exported. "
                "Restore the file from a backup."
            )
        before = line[CHECKSUM]
    there = set(members_files(home))
    for number, line in enumerate(lines, start=1):
        if members_path(home, number, str(line["export_id"])) not in there:
            raise LedgerError(
                f"The members of export {line['export_id']} are gone from {ledger_folder(home)}; nothing is exported, since uses "
                "cannot be counted. Restore the folder from a backup."
            )
    return lines


def add_to_ledger(
    home: Path, lines: Sequence[Mapping[str, Any]], entry: Mapping[str, Any], token: Token
) -> dict[str, Any]:
    """Add the line of one export after `lines` (all there are), durably; return it. The caller holds the lock."""
    told = {**entry, "number": len(lines) + 1, "previous": lines[-1][CHECKSUM] if lines else None}
    line = with_checksum({**told, _SEAL: _seal_of(told, token)})
    append_line(ledger_path(home), line)
    return line


def _is_ours(line: Mapping[str, Any], token: Token) -> bool:
    told = {name: value for name, value in line.items() if name not in (CHECKSUM, _SEAL)}
    return CHECKSUM in line and is_whole(dict(line)) and line.get(_SEAL) == _seal_of(told, token)


def _seal_of(told: Mapping[str, Any], token: Token) -> str:
    return token("export-ledger/" + json.dumps(told, ensure_ascii=True, sort_keys=True))


def members_path(home: Path, number: int, export_id: str) -> Path:
    """Where the members of an export lie; numbers count the lines of the ledger from 1."""
    return ledger_folder(home) / f"{number:06d}-{export_id}.parquet"


def members_files(home: Path) -> list[Path]:
    """The members of every export, of those that a kill cut short too."""
    return [ledger_folder(home) / name for name in _names(home) if _MEMBERS_NAME.fullmatch(name)]


def forget_unfinished(home: Path, lines: Sequence[Mapping[str, Any]], export_id: str) -> None:
    """Remove the members of an export that never came into the ledger, before it is made anew under the same id.

    Raises LedgerError when its file left: then its line was taken from the ledger's end, and made anew it would spend twice.
    """
    if (home / "exports" / export_id).exists():
        raise LedgerError(
            f"Export {export_id} was made, and its line is gone from {ledger_path(home)}; it is not made again. Restore the file "
            "from a backup, or take a new --export-id: what it spent stays spent."
        )
    told = {members_path(home, int(line["number"]), str(line["export_id"])) for line in lines}
    for path in members_files(home):
        match = _MEMBERS_NAME.fullmatch(path.name)
        if match and match[2] == export_id and path not in told:
            path.unlink()


def _names(home: Path) -> list[str]:
    folder = ledger_folder(home)
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
