"""Going back to an earlier version with everything that belongs to it: what readers see, and the identity ledger."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import duckdb

from pipelines.errors import PublishError
from pipelines.identity.compensation import write_compensation
from pipelines.identity.state import create_state_views
from pipelines.publishing.layout import staging_dir
from pipelines.publishing.rollback import rollback
from pipelines.publishing.switch import add_ledger_file, next_ledger_name
from pipelines.publishing.version import read_manifest
from pipelines.settings import Settings
from pipelines.storage.connection import open_connection
from pipelines.storage.keys import Keys


def roll_back(settings: Settings, keys: Keys, to: str | None, now: datetime | None = None) -> str:
    """Let readers see `to` (default: the newest good version before) and take the ledger back with it.

    Returns the version's name. Raises PublishError when there is no such version, it is damaged or current, or it
    tells no place in the ledger.
    """
    moment = now or datetime.now(UTC)

    def compensate(_: str, target: str) -> None:
        _compensate(settings, keys, target, moment)

    return rollback(settings, keys, to, moment, compensate=compensate)


def _compensate(settings: Settings, keys: Keys, target: str, moment: datetime) -> None:
    home = settings.home
    ledger_file = read_manifest(home, target).ledger_file
    if ledger_file is None:
        raise PublishError(f"Version {target} names no ledger file, so its customer ids cannot be restored.")
    folder = staging_dir(home, target)  # a killed rollback leaves it to `recover`
    folder.mkdir(parents=True, exist_ok=True)
    entries = folder / "compensation.parquet"
    conn = open_connection(settings, keys)
    try:
        create_state_views(conn, home)
        day = moment.astimezone(ZoneInfo(settings.time_zone)).date()
        count = write_compensation(conn, int(ledger_file.split("-")[0]), day, entries)
    except duckdb.Error as error:
        raise PublishError(
            f"The identity ledger in {home / 'state'} cannot be read or added to ({type(error).__name__}); see that the "
            "key file is this home's and the disk has space. The next run undoes what was begun; readers keep their version."
        ) from None  # DuckDB's own words may quote a value
    finally:
        conn.close()
    if count:
        add_ledger_file(home, entries, next_ledger_name(home, target, entries))
    entries.unlink()
    folder.rmdir()
