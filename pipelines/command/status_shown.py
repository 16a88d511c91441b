"""The status of a home for people (a table, or a block per source on a narrow terminal) and for machines (JSON)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from pipelines.quality.freshness import FRESH, JUDGED_LATE, LATE, NEVER_DELIVERED, NO_SCHEDULE, STALE, Clock

if TYPE_CHECKING:
    from pipelines.command.status import SourceStatus, Status

_COUNTS = ("rows_in", "accepted", "quarantined", "duplicate")
_HEADS = (
    "source",
    "state",
    "newest delivery",
    "next due",
    "in",
    "accepted",
    "quarantined",
    "duplicate",
    "trouble",
)
_STYLES = {FRESH: "green", LATE: "yellow", STALE: "red", NEVER_DELIVERED: "yellow", NO_SCHEDULE: "dim"}
_MOST = 4  # columns and files named in a line


def show(status: Status, console: Console) -> None:
    """Print it; what is no terminal gets the whole table without colour, one line per source."""
    published = f"{status.version}, as of {status.as_of_date}" if status.version else "nothing"
    _line(console, f"published: {published}; versions kept: {status.versions_kept}")
    if not status.sources:
        _line(console, "No source has a contract: write one with `ucv contract new`.")
    table = _table(status)
    needed = Measurement.get(console, console.options.update(width=10_000), table).maximum
    if not console.is_terminal:
        Console(file=console.file, width=max(needed, 1)).print(table)
    elif needed <= console.width:
        console.print(table)
    else:
        _show_blocks(status, console)
    for one in status.sources:
        for trouble in one.troubles:
            style = "yellow" if trouble.status == "unfinished" else "red"
            _line(console, f"{one.id}: {_named(trouble.file, trouble.status)}: {trouble.told}", style)
    for name in status.red:
        _line(console, f"red in the last run: {name}", "red")
    for words in status.warned:
        _line(console, words, "yellow")


def as_json(status: Status) -> str:
    """One object; moments are ISO 8601 with the offset of the home's zone."""
    told = {
        "at": status.at.isoformat(timespec="seconds"),
        "good": status.is_good,
        "published": status.version,
        "as_of_date": status.as_of_date,
        "versions_kept": status.versions_kept,
        "red_checks": list(status.red),
        "warnings": list(status.warned),
        "sources": [_source_json(one) for one in status.sources],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def _source_json(one: SourceStatus) -> dict[str, Any]:
    fresh = one.fresh
    newest = one.newest or {}
    found: dict[str, Any] = {
        "source": one.id,
        "state": state_of(one),
        "severity": one.watched.sla.severity if one.watched else None,
        "newest_delivery": newest.get("delivery_id"),
        **{name: newest.get(name) for name in _COUNTS},
        "mended": sum(newest.get("repairs", {}).values()),
        "absent_columns": newest.get("absent_columns", []),
        "files_not_taken": [
            {"file": t.file, "status": t.status, "code": t.code, "told": t.told} for t in one.troubles
        ],
    }
    if fresh is not None:
        found |= {
            "by_delivery": _clock_json(fresh.by_delivery),
            "by_event": _clock_json(fresh.by_event) if fresh.by_event else None,
            "future_events": {"deliveries": fresh.future.deliveries, "rows": fresh.future.rows},
            "gaps": [day.isoformat() for day in fresh.gaps],
        }
    return found


def _clock_json(clock: Clock) -> dict[str, Any]:
    return {
        "state": clock.state,
        "newest": clock.newest.isoformat() if clock.newest else None,
        "due_at": clock.due_at.isoformat() if clock.due_at else None,
        "hours_late": round(clock.hours_late, 2),
    }


def state_of(one: SourceStatus) -> str:
    """The word of its state: that of the clock of deliveries, else why it is not judged."""
    if one.fresh is not None:
        return one.fresh.by_delivery.state
    if one.watched is not None:
        return "not active"
    return "broken contract" if one.troubles else "no contract"


def _table(status: Status) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in _HEADS:
        table.add_column(head, justify="right" if head in ("in", *_COUNTS) else "left", no_wrap=True)
    for one in status.sources:
        newest, due, counts = _cells(one)
        state = Text(state_of(one), _STYLES.get(state_of(one), "red" if one.troubles else "dim"))
        table.add_row(one.id, state, newest, due, *counts, Text("; ".join(_troubles(one))))
    return table


def _show_blocks(status: Status, console: Console) -> None:
    for one in status.sources:
        newest, due, counts = _cells(one)
        title = Text(f"{one.id}  ", "bold")
        console.print(
            title.append(state_of(one), _STYLES.get(state_of(one), "red" if one.troubles else "dim"))
        )
        if newest:
            _line(console, f"  newest delivery {newest}, next due {due or 'not declared'}")
            told = [f"{name} {count}" for name, count in zip(_HEADS[4:8], counts, strict=True)]
            _line(console, f"  {', '.join(told)}")
        for trouble in _troubles(one):
            _line(console, f"  {trouble}", "yellow")


def _cells(one: SourceStatus) -> tuple[str, str, list[str]]:
    clock = one.fresh.by_delivery if one.fresh else Clock("")
    counts = [f"{one.newest[name]:,}" if one.newest else "" for name in _COUNTS]
    return _shown(clock.newest), _shown(clock.due_at), counts


def _troubles(one: SourceStatus) -> list[str]:
    told = []
    if one.fresh is not None:
        told += [f"{one.fresh.by_delivery.hours_late:,.1f} hours late"] * bool(
            one.fresh.by_delivery.hours_late
        )
        event = one.fresh.by_event
        if event is not None and event.state in JUDGED_LATE:
            since = f": newest {_shown(event.newest)}" if event.newest else ""
            told.append(f"events {event.state}{since}")
        if one.fresh.future.deliveries:
            count = one.fresh.future.deliveries
            told.append(f"events in the future in {count} {'delivery' if count == 1 else 'deliveries'}")
        if one.fresh.gaps:
            told.append(f"none on {len(one.fresh.gaps)} of 30 days")
    told += [_named(trouble.file, trouble.status, trouble.code) for trouble in one.troubles[:_MOST]]
    told += [f"{len(one.troubles) - _MOST} more"] * (len(one.troubles) > _MOST)
    newest = one.newest or {}
    mended = sum(newest.get("repairs", {}).values())
    lacking = newest.get("absent_columns", [])  # deliveries stored before December 2026 do not tell
    more = f" and {len(lacking) - _MOST} more" if len(lacking) > _MOST else ""
    told += [f"mended {mended:,}"] * bool(mended)
    return [*told, *([f"lacks {', '.join(lacking[:_MOST])}{more}"] if lacking else [])]


def _named(file: str, status: str, code: str = "") -> str:
    return f"{file} {status}".strip() + (f" ({code})" if code and file else "")


def _shown(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


def _line(console: Console, text: str, style: str | None = None) -> None:
    # A file's or a column's name is anybody's text: no markup.
    console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)
