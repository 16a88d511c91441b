"""What a receiver tells of an export: a CSV of recipient, event and at, one line an event."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipelines.exports.request import ExportError

EVENTS = {
    "sent": "campaign_send",
    "bounced": "bounce",
    "responded": "campaign_response",
    "complained": "complaint",
}
"""Word of a receiver -> interaction_type. Opt-outs are none: they belong into a source of suppressions."""
_HEADER = ["recipient", "event", "at"]
_LONGEST = 64


@dataclass(frozen=True)
class Result:
    """One event. `recipient` is the name that the exported file gave a person."""

    recipient: str
    event: str
    at: datetime


def parse_results(path: Path) -> list[Result]:
    """Raises ExportError that names the line and what was expected; a file with one wrong line is taken in nothing."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ExportError(f"{path} cannot be read as text in UTF-8 ({type(error).__name__}).") from error
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if not rows or rows[0] != _HEADER:
        raise ExportError(
            f"{path}: expected the columns {', '.join(_HEADER)}, in this order and named so in the first line."
        )
    return [_result(path, number, row) for number, row in enumerate(rows[1:], start=2) if row]


def _result(path: Path, number: int, row: list[str]) -> Result:
    place = f"{path}, line {number}"
    if len(row) != len(_HEADER) or not row[0] or len(row[0]) > _LONGEST:
        raise ExportError(f"{place}: expected a recipient of the exported file, an event and a time.")
    if row[1] not in EVENTS:
        raise ExportError(
            f"{place}: the event is {row[1][:40]!r}; expected one of {', '.join(EVENTS)}. Whoever unsubscribed belongs into a source "
            "of suppressions."
        )
    try:
        at = datetime.fromisoformat(row[2])
    except ValueError as error:
        raise ExportError(
            f"{place}: the time is {row[2][:40]!r}; expected such as 2026-11-26 09:30:00."
        ) from error
    return Result(row[0], row[1], at.replace(tzinfo=None))
