"""Who read or took personal data out of a home: `state/access/log.jsonl`, only ever added to, without a personal value.

Each line carries its number, the checksum of the line before, its own, and a seal that needs a key. What tells how long the log is
(`head.json`) is sealed too and lies a second time beside the key file, so that a tail that was cut off is noticed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from pipelines.errors import UcvError
from pipelines.settings import Settings
from pipelines.storage.append_log import append_line, last_line, read_lines
from pipelines.storage.checksums import CHECKSUM, is_whole, with_checksum
from pipelines.storage.durable import write_file

_SEAL, _BY = "seal", "sealed_by"
_WAIT_SECONDS = 60.0

Sealed = tuple[str, Callable[[str], str]]
"""Whose key it is (`home`, `role/marketing`), and a keyed hash of a text with it."""
SealOf = Callable[[str], Callable[[str], str] | None]
"""Whose key -> that keyed hash; None where there is no such key."""


class AccessLogError(UcvError):
    """An access could not be written down: nothing is shown (exit 1)."""


@dataclass(frozen=True)
class Finding:
    """What is wrong with the log; `line` counts from 1, 0 for the whole."""

    line: int
    told: str


def log_path(home: Path) -> Path:
    return home / "state" / "access" / "log.jsonl"


def head_path(home: Path) -> Path:
    return home / "state" / "access" / "head.json"


def outer_head_path(settings: Settings) -> Path:
    """The copy outside the home: length and last checksum of the log of each home with this id, by its path."""
    return settings.key_path.with_suffix(".access.json")


def home_seal(token: Callable[[str], str]) -> Sealed:
    """With the home's keys (Keys.tokeniser)."""
    return "home", lambda text: token(f"access-log/{text}")


def role_seal(role: str, secret: str) -> Sealed:
    """With a role's key, for whoever has no other."""
    key = hashlib.blake2b(secret.encode(), digest_size=32).digest()
    return f"role/{role}", lambda text: hashlib.blake2b(text.encode(), key=key, digest_size=16).hexdigest()


def note_access(
    settings: Settings, sealed: Sealed, told: Mapping[str, Any], end: Mapping[str, Any] | None = None
) -> int:
    """Add one line, durably; returns its number. With `end`, also the line that ends the access, where what will be shown is made already.

    Raises AccessLogError where that cannot be done.
    """
    home = settings.home
    try:
        log_path(home).parent.mkdir(parents=True, exist_ok=True)
        with FileLock(home / ".access.lock", timeout=_WAIT_SECONDS):
            last = last_line(log_path(home)) or {}
            number = int(last.get("number", 0)) + 1
            lines = [_line({**told, "number": number, "previous": last.get(CHECKSUM)}, sealed)]
            if end is not None:
                after = {**end, "of": number, "number": number + 1, "previous": lines[0][CHECKSUM]}
                lines.append(_line(after, sealed))
            append_line(log_path(home), *lines)
            head = _line({"count": number + len(lines) - 1, "last": lines[-1][CHECKSUM]}, sealed)
            write_file(head_path(home), json.dumps(head) + "\n")
            with suppress(OSError):  # whoever holds a role's key alone may not write there
                _write_outer(settings, head)
    except (OSError, Timeout, ValueError) as error:
        raise AccessLogError(
            f"The access could not be written to {log_path(home)} ({type(error).__name__}), so that nothing is shown; free space, "
            f"or let this user write to {log_path(home).parent}."
        ) from None
    return number


def check_log(settings: Settings, seal_of: SealOf) -> Iterator[Finding]:
    """What of the log is not as it was written: a line changed, gone or put in between, a tail cut off, a head changed."""
    home = settings.home
    lines = read_lines(log_path(home))
    before: str | None = None
    for place, line in enumerate(lines, start=1):
        if (line.get("number"), line.get("previous")) != (place, before):
            yield Finding(place, "a line before it is gone, or it was put in between")
            return
        if not _is_sealed(line, seal_of):
            yield Finding(place, "was changed")
            return
        before = line[CHECKSUM]
    yield from _check_heads(settings, lines, seal_of)


def read_log(home: Path) -> list[dict[str, Any]]:
    """All lines, oldest first, whether they are as written or not."""
    return read_lines(log_path(home))


def _check_heads(settings: Settings, lines: list[dict[str, Any]], seal_of: SealOf) -> Iterator[Finding]:
    inner = _read(head_path(settings.home))
    if inner is None and lines:
        yield Finding(0, f"{head_path(settings.home).name} is gone or damaged")
    if inner is not None and not _is_sealed(inner, seal_of):
        yield Finding(0, f"{head_path(settings.home).name} was changed")
        return
    outer = (_read(outer_head_path(settings)) or {}).get(str(settings.home))
    for head, where in ((inner, "the home"), (outer, "the copy beside the key file")):
        if not isinstance(head, dict) or not _is_sealed(head, seal_of):
            continue
        count = int(head["count"])
        if count > len(lines):
            yield Finding(
                len(lines) + 1, f"{count - len(lines)} lines are cut off its end: {where} knows of {count}"
            )
        elif count and lines[count - 1][CHECKSUM] != head["last"]:
            yield Finding(count, f"is another one than {where} knows of")


def _write_outer(settings: Settings, head: Mapping[str, Any]) -> None:
    path = outer_head_path(settings)
    if not path.parent.is_dir():
        return
    write_file(path, json.dumps({**(_read(path) or {}), str(settings.home): head}, indent=1) + "\n")


def _line(told: Mapping[str, Any], sealed: Sealed) -> dict[str, Any]:
    by, seal = sealed
    told = {**told, _BY: by}
    return with_checksum({**told, _SEAL: seal(_text(told))})


def _is_sealed(line: Mapping[str, Any], seal_of: SealOf) -> bool:
    seal = seal_of(str(line.get(_BY)))
    told = {name: value for name, value in line.items() if name not in (CHECKSUM, _SEAL)}
    return (
        seal is not None
        and CHECKSUM in line
        and is_whole(dict(line))
        and line.get(_SEAL) == seal(_text(told))
    )


def _text(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=True, sort_keys=True)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Nobody adds a line meanwhile, so that log and head are read as one."""
    log_path(home).parent.mkdir(parents=True, exist_ok=True)
    with FileLock(home / ".access.lock", timeout=_WAIT_SECONDS):
        yield
