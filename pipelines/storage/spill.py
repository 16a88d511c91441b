"""Where a connection puts what does not fit its memory: a directory of its own, inside the home.

DuckDB's default for an in-memory database is `.tmp` in the working directory with the same file names for
everyone. Two processes that spill there at once read each other's blocks: one fails, the other dies of a
segmentation fault (1.5.5). The files are encrypted, and DuckDB removes the directory when the connection closes.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

_NAME = re.compile(r"\.spill-(\d+)-[0-9a-f]{8}")


def give_spill_directory(conn: duckdb.DuckDBPyConnection, home: Path) -> Path:
    """Let the connection spill, encrypted, into a directory that no other has; one that has its own keeps it."""
    row = conn.execute("SELECT current_setting('temp_directory')").fetchone()
    if row and _NAME.fullmatch(Path(str(row[0])).name):
        return Path(str(row[0]))  # DuckDB refuses another directory once it has spilled
    path = _new_path(home)
    path.parent.mkdir(parents=True, exist_ok=True)  # DuckDB makes the last level only
    text = str(path).replace("'", "''")
    conn.execute(f"SET temp_directory = '{text}'")
    conn.execute("SET temp_file_encryption = true")  # false by default: values stood in clear in spill files
    return path


@contextmanager
def temporary_folder(home: Path) -> Iterator[Path]:
    """A folder for this process alone (0700), removed with all that is in it; after a kill the next run removes it."""
    path = _new_path(home)
    path.mkdir(parents=True, mode=0o700)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def remove_stale_spills(home: Path) -> None:
    """Remove what killed processes left; the process id in the name tells whether its owner lives."""
    for path in _folder(home).glob(".spill-*"):
        match = _NAME.fullmatch(path.name)
        if match and not _is_alive(int(match.group(1))):
            shutil.rmtree(path, ignore_errors=True)


def _new_path(home: Path) -> Path:
    return _folder(home) / f".spill-{os.getpid()}-{secrets.token_hex(4)}"


def _folder(home: Path) -> Path:
    return home / "warehouse"


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # alive, and another user's
    return True
