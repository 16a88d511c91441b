"""The working file of the published version, opened to read and closed again: whoever else wants it need not wait for a sitting."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from pipelines.command.working_file import working_path
from pipelines.desk.desk import Desk, Stamp, stamp_of
from pipelines.errors import SettingsError
from pipelines.storage.connection import attach_database, connect, prepare_encryption

_WAIT_SECONDS = 5.0


def working_stamp(desk: Desk) -> Stamp:
    """Which working file is current. Raises UcvError where nothing is published, or the file is gone."""
    return stamp_of(desk.version(), working_path(desk.settings))


@contextmanager
def looking(desk: Desk) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that reads the working file as `warehouse`. Another process that writes to it is waited for, five seconds.

    Raises SettingsError without the home's keys, or when the file stays in use; UcvError when it is gone.
    """
    keys, path = desk.keys(), working_path(desk.settings)
    conn = connect(desk.settings)
    try:
        prepare_encryption(conn, desk.settings.home)
        until = time.monotonic() + _WAIT_SECONDS
        while True:
            try:
                attach_database(conn, path, keys, read_only=True)
                break
            except SettingsError:
                if time.monotonic() > until or not path.exists():
                    raise
                time.sleep(0.1)
        yield conn
    finally:
        conn.close()
