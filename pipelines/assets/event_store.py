"""Dagster's event log of a home: its own SQLite files, with connections that stay open.

Dagster's store opens a new engine for every event and syncs the disk at each commit: 20 ms of processor time an event, and
a night has many hundred. Here a file's engine is kept and a commit reaches the disk with the next checkpoint of the
write-ahead log (https://sqlite.org/pragma.html#pragma_synchronous: NORMAL is safe in WAL mode; only a power cut may cost the
last events, never the file). Place and schema are Dagster's own, so that a home may go back to its default at any time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

_MOST_OPEN = 8  # files; the web server reads a run after another
_BUSY_SECONDS = 30.0  # as long as Dagster's own store waits for another writer


class HomeEventLogStorage(SqliteEventLogStorage):
    """Named in the home's dagster.yaml as `event_log_storage`; it finds its folder from the instance that it serves."""

    def __init__(self, inst_data: ConfigurableClassData | None = None) -> None:
        # The folder is known when the instance registers itself; until then there is nothing to set up.
        self._inst_data = inst_data
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._tables: set[str] = set()

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        return {}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> HomeEventLogStorage:
        return cls(inst_data=inst_data)

    def register_instance(self, instance: dg.DagsterInstance) -> None:
        folder = Path(instance.root_directory) / "history" / "runs"  # where Dagster's default keeps them
        super().__init__(str(folder), inst_data=self._inst_data)
        super().register_instance(instance)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as conn:
                yield conn

    def _engine(self, shard: str) -> Engine:
        if shard not in self._engines:
            # The lock lets one thread in at a time, so one connection serves them all.
            engine = create_engine(
                self.conn_string_for_shard(shard),
                poolclass=QueuePool,
                pool_size=2,
                connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
            )
            event.listen(engine, "connect", _relax_commits)
            self._engines[shard] = engine
        self._engines.move_to_end(shard)
        while len(self._engines) > _MOST_OPEN:
            self._engines.popitem(last=False)[1].dispose()
        return self._engines[shard]

    def has_table(self, table_name: str) -> bool:
        """As Dagster asks before it uses a table that older stores lack; a table that is there stays there."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def delete_events(self, run_id: str) -> None:
        """Dagster's own leaves the run's file, emptied; with a run that is deleted its file goes, too."""
        super().delete_events(run_id)
        with self._db_lock:
            if run_id in self._engines:
                self._engines.pop(run_id).dispose()
            self._initialized_dbs.discard(run_id)
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self.path_for_shard(run_id)}{suffix}").unlink(missing_ok=True)

    def wipe(self) -> None:
        self._close()
        super().wipe()

    def dispose(self) -> None:
        self._close()
        super().dispose()

    def _close(self) -> None:
        while self._engines:
            self._engines.popitem()[1].dispose()


def _relax_commits(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous = NORMAL")
