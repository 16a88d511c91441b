"""Preview of segments: how many customers each holds, and how many of them may be contacted, by the rules of exports. Counts only."""

from __future__ import annotations

import duckdb
from rich.console import Console
from rich.table import Table

from pipelines.command.audience import audience_of, find_segments
from pipelines.command.export_judged import spent_uses
from pipelines.exports.request import CSV, KIND_OF_CHANNEL, Request
from pipelines.exports.rules import LEGAL_REASONS, Circumstances, judge
from pipelines.publishing.query import open_reader
from pipelines.segments.compile import is_profiled
from pipelines.segments.document import Segment
from pipelines.settings import Settings
from pipelines.storage.keys import Keys, load_keys

PURPOSE = "marketing"
_NAME_WIDTH = 32
_WIDEST = 10_000
_EVERYBODY: tuple[str, list[object]] = ("SELECT customer_id FROM marts.customer_360", [])
_COUNTS = {
    "customers": "count(*)",
    "opted out": "count(*) FILTER (WHERE is_suppressed)",
    "agreed to marketing": "count(*) FILTER (WHERE NOT is_suppressed AND has_marketing_consent)",
    "may be contacted": "count(reachable.customer_id)",
    "of them by contract": "count(reachable.customer_id) FILTER (WHERE NOT coalesce(has_marketing_consent, false))",
    "by e-mail": "count(*) FILTER (WHERE by_email)",
    "by SMS": "count(*) FILTER (WHERE by_sms)",
    "by phone": "count(*) FILTER (WHERE by_phone)",
    "by post": "count(*) FILTER (WHERE by_post)",
    "orders": "sum(order_count)",
    "value": "sum(total_value)",
}


def show_segments(settings: Settings, name: str | None, console: Console) -> None:
    """One segment, or all of the home and the shipped ones. Raises SegmentError for a wrong or unknown one."""
    segments = find_segments(settings, name)
    keys = load_keys(settings)
    conn = open_reader(settings, keys)
    try:
        for profiled in {is_profiled(segment) for segment in segments}:
            _judge_channels(conn, settings, keys, profiled=profiled)
        reach = [(segment, _reach(conn, segment)) for segment in segments]
    finally:
        conn.close()
    table = Table(title=f"Reach for {PURPOSE} in the published version", title_justify="left")
    table.add_column("segment", width=_NAME_WIDTH)
    for column in _COUNTS:
        table.add_column(column, justify="right", no_wrap=True)
    for segment, counts in reach:
        table.add_row(f"{segment.name}: {segment.title}", *(f"{count or 0:,}" for count in counts))
    print_table(table, console)
    console.print(
        "May be contacted: agreed, or came under a contract with a legal basis; did not opt out; and can be reached by a value "
        "that its source permits today."
        " Of them by contract: without an agreement of their own. `ucv export NAME --channel … --purpose … --dry-run` counts the reasons why others may not.",
        highlight=False,
        soft_wrap=True,
    )


def print_table(table: Table, console: Console) -> None:
    """No number is ever cut: a console too narrow for all of them gets longer lines."""
    options = console.options.update(max_width=_WIDEST)
    needed = table.__rich_measure__(console, options).maximum
    wide = Console(file=console.file, width=max(console.width, needed), quiet=console.quiet)
    wide.print(table)


def _judge_channels(
    conn: duckdb.DuckDBPyConnection, settings: Settings, keys: Keys, *, profiled: bool
) -> None:
    """`reachable` or `reachable_profiled`: customer_id and by_<channel>, of whom one channel or more may reach by a segment that
    scores or predictions do not choose, or choose."""
    legal = ", ".join(f"'{reason}'" for reason in sorted(LEGAL_REASONS))
    circumstances = Circumstances(spent_uses(settings, keys), (), keys.tokeniser())
    conn.execute("CREATE OR REPLACE TEMP TABLE reached (customer_id VARCHAR, channel VARCHAR)")
    for channel in KIND_OF_CHANNEL:
        request = Request("reach", "", "", channel, PURPOSE, CSV, "reach", settings.export_day(), 0.0, None,
                          is_profiled=profiled)  # fmt: skip
        judge(conn, request, _EVERYBODY, circumstances)
        conn.execute(
            f"INSERT INTO reached SELECT customer_id, '{channel}' FROM judged "
            f"WHERE coalesce(reason NOT IN ({legal}), true)"
        )
    flags = ", ".join(f"bool_or(channel = '{channel}') AS by_{channel}" for channel in KIND_OF_CHANNEL)
    conn.execute(
        f"CREATE TEMP TABLE {_reachable(profiled=profiled)} AS SELECT customer_id, {flags} FROM reached GROUP BY customer_id"
    )


def _reachable(*, profiled: bool) -> str:
    return "reachable_profiled" if profiled else "reachable"


def _reach(conn: duckdb.DuckDBPyConnection, segment: Segment) -> tuple[int, ...]:
    sql, values = audience_of(conn, segment)
    row = conn.execute(
        f"SELECT {', '.join(_COUNTS.values())} FROM marts.customer_360 AS view "
        f"LEFT JOIN {_reachable(profiled=is_profiled(segment))} AS reachable USING (customer_id) WHERE customer_id IN ({sql})",
        values,
    ).fetchone()
    return tuple(row or ())
