"""Looking for values of people where none may be: pages, events, logs and alerts of a home."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

FOLDERS = ("docs", "alerts", "dagster", "logs")
_WORD = re.compile(rb"[A-Za-z0-9._%+@-]{6,}")
_LEAST_LETTERS = 8


def find_traces(home: Path, values: Collection[str]) -> Iterator[Path]:
    """Files that hold one of `values` (mailboxes, numbers), in any case of letters, with or without the plus of a number."""
    wanted = {form for value in values for form in _forms(value)}
    if not wanted:
        return
    for folder in FOLDERS:
        for path in sorted((home / folder).rglob("*")):
            if path.is_file() and not path.is_symlink() and _holds(path, wanted):
                yield path


def _holds(path: Path, wanted: set[bytes]) -> bool:
    content = path.read_bytes().lower()
    return any(word in wanted or word.strip(b".-+") in wanted for word in _WORD.findall(content))


def _forms(value: str) -> set[bytes]:
    text = value.strip().lower()
    forms = {text, text.lstrip("+"), text.removeprefix("+86")}
    return {form.encode() for form in forms if len(form) >= _LEAST_LETTERS}
