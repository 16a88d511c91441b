"""When the events of a delivery happened, and which of them cannot have: they lie after the moment of its loading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

import duckdb

from pipelines.contracts.fields import fields_of
from pipelines.contracts.model import Contract
from pipelines.ingest.row_hashes import delivered_fields

_NO_EVENT = frozenset({"subscription_ends_at"})  # lies in the future by its nature
_TOLERANCE = timedelta(days=1)  # times came in wall time or in UTC, and clocks are wrong by minutes


@dataclass(frozen=True)
class EventTimes:
    """Of the accepted rows; moments as delivered (wall time), None where no row has one. `in_future` counts rows."""

    first: datetime | None = None
    latest: datetime | None = None
    latest_past: datetime | None = None
    in_future: int = 0


def event_fields(contract: Contract) -> list[str]:
    """The columns of a contract that say when something happened."""
    return delivered_event_fields(contract, [column.physical_name for column in contract.columns])


def delivered_event_fields(contract: Contract, header: list[str]) -> list[str]:
    """Those of them that came, in a fixed order."""
    known = fields_of(contract.kind)
    delivered = sorted(delivered_fields(contract, header))
    return [name for name in delivered if known[name].type == "timestamp" and name not in _NO_EVENT]


def newest_possible(loaded_at: datetime, zone: tzinfo) -> datetime:
    """The wall time after which an event of a delivery lies in the future; `loaded_at` is UTC without zone."""
    return loaded_at.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) + _TOLERANCE


def event_times(conn: duckdb.DuckDBPyConnection, fields: Sequence[str], newest: datetime) -> EventTimes:
    """Over the rows of the view `accepted` but closings; a row's event is the latest of its times."""
    if not fields:
        return EventTimes()
    event_at = f"greatest({', '.join(fields)})"
    bound = f"TIMESTAMP '{newest.isoformat(' ')}'"
    past = ", ".join(f"CASE WHEN {name} <= {bound} THEN {name} END" for name in fields)
    row = conn.execute(
        f"SELECT min({event_at}), max({event_at}), max(greatest({past})), count_if({event_at} > {bound}) "
        "FROM accepted WHERE operation = 'upsert'"
    ).fetchone()
    return EventTimes(*row) if row else EventTimes()
