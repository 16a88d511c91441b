"""Where a connection puts what does not fit its memory: a directory of its own, inside the home.

DuckDB's default for an in-memory database is `.tmp` in the working directory with the same file names for
everyone. Two processes that spill there at once read each other's blocks: one fails, the other dies of a
segmentation fault (1.5.5).
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from pathlib import Path

import duckdb

from pipelines.publishing.layout import warehouse_dir
from pipelines.storage.connection import quote

_NAME = re.compile(r"\.spill-(\d+)-[0-9a-f]{8}")


def give_spill_directory(conn: duckdb.DuckDBPyConnection, home: Path) -> Path:
    """Let the connection spill into a directory that no other has; DuckDB makes and removes it."""
    path = warehouse_dir(home) / f".spill-{os.getpid()}-{secrets.token_hex(4)}"
    conn.execute(f"SET temp_directory = {quote(str(path))}")
    return path


def remove_stale_spills(home: Path) -> None:
    """Remove what killed processes left; the process id in the name tells whether its owner lives."""
    for path in warehouse_dir(home).glob(".spill-*"):
        match = _NAME.fullmatch(path.name)
        if match and not _is_alive(int(match.group(1))):
            shutil.rmtree(path, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # alive, and another user's
    return True
