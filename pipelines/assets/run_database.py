"""The database in memory that the steps of one run share: preparing one for each source took a sixth of a second each."""

from __future__ import annotations

import duckdb

from pipelines.settings import Settings
from pipelines.storage.connection import open_connection
from pipelines.storage.keys import Keys


class RunDatabase:
    """Prepared when it is first asked for, and anew after an error inside DuckDB, so that one file harms no other source."""

    def __init__(self, settings: Settings, keys: Keys) -> None:
        self._settings, self._keys = settings, keys
        self._connection: duckdb.DuckDBPyConnection | None = None

    def connection(self) -> duckdb.DuckDBPyConnection:
        """A connection that answers; callers take cursors of it and close them."""
        if self._connection is not None and not _answers(self._connection):
            self.close()
        if self._connection is None:
            self._connection = open_connection(self._settings, self._keys)
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _answers(conn: duckdb.DuckDBPyConnection) -> bool:
    try:
        with conn.cursor() as cursor:
            cursor.execute("SELECT 1")
    except duckdb.Error:
        return False
    return True
