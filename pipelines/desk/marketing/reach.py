"""Reach of a segment in the version published now, by channel, and of those lost the reason: by the rules of exports, as `ucv segment`."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from pipelines.command.audience import audience_of, mart_columns
from pipelines.command.export_judged import spent_uses
from pipelines.desk.desk import Desk, Holder, Stamp, stamp_of
from pipelines.exports.request import CSV, KIND_OF_CHANNEL, Request
from pipelines.exports.rules import LEGAL_REASONS, REASONS, Circumstances, judge
from pipelines.publishing.layout import DATABASE, version_dir
from pipelines.publishing.query import open_reader
from pipelines.segments.compile import is_profiled
from pipelines.segments.document import Segment, Value

PURPOSE = "marketing"
CHANNELS = tuple(KIND_OF_CHANNEL)
_EVERYBODY = "SELECT customer_id FROM marts.customer_360"


@dataclass(frozen=True)
class ChannelReach:
    """`lost`: reason -> customers, in the order of the rules; a customer has the first that applies."""

    channel: str
    reached: int
    lost: dict[str, int]


@dataclass(frozen=True)
class Reach:
    """Counts of customers; `any_channel` reaches by one channel or more; `value` in the reporting currency."""

    customers: int
    any_channel: int
    orders: int
    value: float
    channels: Sequence[ChannelReach]


class MarketingRoom:
    """A reader of the version published now, on which everybody is judged once a day. One question at a time."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.RLock()
        self._judged_on: tuple[object, date] | None = None
        self._reader: Holder[duckdb.DuckDBPyConnection] = Holder(
            self._stamp, lambda: open_reader(desk.settings, desk.keys())
        )

    def rows(self, sql: str) -> tuple[str, list[dict[str, object]]]:
        """The version and the rows of one of our own statements, as column -> value."""
        with self._lock:
            version, conn = self._reader.now()
            found = conn.execute(sql)
            names = [str(column[0]) for column in found.description or ()]
            return version, [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def columns(self) -> dict[str, dict[str, str]]:
        """Table -> column -> type, of what rules may ask."""
        with self._lock:
            return mart_columns(self._reader.now()[1])

    def reach(self, segment: Segment) -> tuple[str, Reach]:
        """The version and the reach of a segment. Raises SegmentError for a rule that does not fit."""
        with self._lock:
            version, conn = self._reader.now()
            self._judge(conn)
            sql, values = audience_of(conn, segment)
            return version, _reach(conn, sql, values, "profiled" if is_profiled(segment) else "plain")

    def _judge(self, conn: duckdb.DuckDBPyConnection) -> None:
        """`lost_plain` and `lost_profiled`: customer_id, channel, reason (NULL: reached), of everybody."""
        settings = self._desk.settings
        day = settings.export_day()
        if self._judged_on == (conn, day):
            return
        keys = self._desk.keys()
        circumstances = Circumstances(spent_uses(settings, keys), (), keys.tokeniser())
        legal = ", ".join(f"'{reason}'" for reason in sorted(LEGAL_REASONS))
        for name, profiled in (("plain", False), ("profiled", True)):
            conn.execute(
                f"CREATE OR REPLACE TEMP TABLE lost_{name} (customer_id VARCHAR, channel VARCHAR, reason VARCHAR)"
            )
            for channel in CHANNELS:
                request = Request(
                    "reach", "", "", channel, PURPOSE, CSV, "reach", day, 0.0, None, is_profiled=profiled
                )
                judge(conn, request, (_EVERYBODY, []), circumstances)
                conn.execute(
                    f"INSERT INTO lost_{name} SELECT customer_id, '{channel}', CASE WHEN reason IN ({legal}) THEN reason END FROM judged"
                )
        self._judged_on = (conn, day)

    def _stamp(self) -> Stamp:
        version = self._desk.version()
        return stamp_of(version, version_dir(self._desk.settings.home, version) / DATABASE)


def _reach(conn: duckdb.DuckDBPyConnection, sql: str, values: list[Value], kind: str) -> Reach:
    conn.execute(f"CREATE OR REPLACE TEMP TABLE asked_for AS {sql}", values)
    total = conn.execute(
        "SELECT count(*), coalesce(sum(order_count), 0)::BIGINT, coalesce(sum(total_value), 0)::DOUBLE FROM marts.customer_360 "
        "SEMI JOIN asked_for USING (customer_id)"
    ).fetchone() or (0, 0, 0.0)  # fmt: skip
    counted = conn.execute(
        f"SELECT channel, reason, count(*) FROM lost_{kind} SEMI JOIN asked_for USING (customer_id) GROUP BY ALL"
    ).fetchall()
    reached = conn.execute(
        f"SELECT count(DISTINCT customer_id) FROM lost_{kind} SEMI JOIN asked_for USING (customer_id) WHERE reason IS NULL"
    ).fetchone() or (0,)
    found = {(str(channel), reason): int(count) for channel, reason, count in counted}
    channels = [
        ChannelReach(
            channel, found.get((channel, None), 0),
            {reason: found[channel, reason] for reason in REASONS if (channel, reason) in found},
        )
        for channel in CHANNELS
    ]  # fmt: skip
    return Reach(int(total[0]), int(reached[0]), int(total[1]), float(total[2]), channels)
