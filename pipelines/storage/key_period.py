"""Which period's key a home is written with, and the change to another one that is under way."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.errors import SettingsError
from pipelines.storage.append_log import append_line, read_lines
from pipelines.storage.durable import remove_file, write_file

PERIOD_FILE = Path("state") / "keys" / "period.json"


@dataclass(frozen=True)
class HomePeriod:
    """The number of a period and the print of its secret ("" in homes before December 2026)."""

    number: int
    key_print: str = ""


def keys_folder(home: Path) -> Path:
    """What the home remembers about its keys; no key."""
    return home / "state" / "keys"


def read_period(home: Path) -> HomePeriod:
    """The period that the home is written with; 1 where nothing tells it. After a rotation that only has to be finished,
    the new one. SettingsError when the file is damaged."""
    for path in (_change(home), _period(home)):
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            return HomePeriod(int(told["period"]), str(told["print"]))
        except FileNotFoundError:
            continue
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SettingsError(
                f"{path} is damaged ({type(error).__name__}); expected a period and its print. Take it from a backup."
            ) from None
    return HomePeriod(1)


def write_period(home: Path, period: HomePeriod) -> None:
    """From now on everything in the home is of this period."""
    write_file(_period(home), json.dumps({"period": period.number, "print": period.key_print}) + "\n")


def announce_change(home: Path, period: HomePeriod, moves: list[tuple[str, str, str]]) -> None:
    """All files are ready: from here on the home is of the new period, and whoever holds it finishes.

    A move is (prepared file, its place, a file that goes), relative to the home, "" for none.
    """
    told = {"period": period.number, "print": period.key_print, "moves": moves}
    write_file(_change(home), json.dumps(told))


def is_changing(home: Path) -> bool:
    """Whether files are being put in place right now, or a kill came while they were."""
    return _change(home).exists()


def finish_change(home: Path) -> bool:
    """Put every prepared file in its place; False when nothing was under way. Only for whoever holds the home."""
    if not is_changing(home):
        return False
    period = read_period(home)
    moves = json.loads(_change(home).read_text(encoding="utf-8"))["moves"]
    for prepared, place, gone in moves:
        move_file(home, str(prepared), str(place), str(gone))
    write_period(home, period)
    remove_file(prepared_log(home))
    remove_file(_change(home))
    return True


def move_file(home: Path, prepared: str, place: str, gone: str) -> None:
    """One prepared file in its place, also the second time. Sibling files, so that it is one rename on whatever disk."""
    source = home / prepared
    if prepared and source.exists():
        source.replace(home / place)
    if gone and gone != place:
        (home / gone).unlink(missing_ok=True)


def note_backup(home: Path, name: str, period: int) -> None:
    """Remember of which period's key an archive is, so that nobody forgets that key too early."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    append_line(_backups(home), {"archive": name, "at": at, "period": period})


def backups_by_period(home: Path) -> dict[int, list[str]]:
    """Period -> names of the archives that were made in it, oldest first."""
    found: dict[int, list[str]] = {}
    for line in read_lines(_backups(home)):
        found.setdefault(int(line["period"]), []).append(str(line["archive"]))
    return found


def prepared_log(home: Path) -> Path:
    """Which prepared file was made from which, one JSON object a line."""
    return keys_folder(home) / "prepared.jsonl"


def _period(home: Path) -> Path:
    return home / PERIOD_FILE


def _backups(home: Path) -> Path:
    return keys_folder(home) / "backups.jsonl"


def _change(home: Path) -> Path:
    return keys_folder(home) / "change.json"
