"""Sealed cards, opened for whoever asks by name or number, and what a page shows of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from pipelines.command.role_query import open_role_file
from pipelines.desk.desk import Desk, Holder, Stamp, stamp_of
from pipelines.desk.service.find import ways_to_say
from pipelines.privacy.roles import SERVICE
from pipelines.privacy.service_file import read_cards
from pipelines.publishing.layout import roles_dir

CHANNELS = {"phone": "phone", "sms": "phone", "email": "email", "post": "address"}
"""Channel -> the kind of contact point that it reaches."""


class LenientRow(dict[str, Any]):
    """One row of a card. A column that a contract wants left out for service is not there, and reads as nothing."""

    def __missing__(self, _: str) -> None:
        return None


Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
"""Table -> its rows about one customer."""


@dataclass(frozen=True)
class Field:
    """One field of the golden record: the value that holds, and those that lost, each with where it comes from."""

    name: str
    golden: Row | None
    lost: Sequence[Row]


@dataclass(frozen=True)
class Channel:
    """Whether somebody may be reached by a channel; `reasons` (words of the catalogue with their parts) tell why not."""

    name: str
    is_open: bool
    reasons: Sequence[tuple[str, Mapping[str, str]]]


class ServiceRoom:
    """The file of service of the version published now, held open."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._file: Holder[duckdb.DuckDBPyConnection] = Holder(
            self._stamp, lambda: open_role_file(desk.settings, SERVICE, desk.key_file)
        )

    def find(self, asked: str) -> tuple[str, list[Rows]]:
        """The version, and the cards of everybody whom these words mean."""
        version, conn = self._file.now()
        found: dict[str, Rows] = {}
        for way in ways_to_say(asked):
            for card in read_cards(conn.cursor(), way):
                found.setdefault(
                    id_of(card), {table: [LenientRow(row) for row in rows] for table, rows in card.items()}
                )
        return version, [card for _, card in sorted(found.items())]

    def _stamp(self) -> Stamp:
        version = self._desk.version()
        return stamp_of(version, roles_dir(self._desk.settings.home, version) / f"{SERVICE}.duckdb")


def id_of(card: Rows) -> str:
    """Whose card it is."""
    return next((str(row["customer_id"]) for rows in card.values() for row in rows), "")


def golden(card: Rows) -> Row:
    """The customer's golden record, masked."""
    return LenientRow(next(iter(card.get("customers", ())), {}))


def fields(card: Rows) -> list[Field]:
    """Every field with its values; one whose every value is left out for service is not shown."""
    by_field: dict[str, list[Row]] = {}
    for row in card.get("customer_values", ()):
        if row["value"] is not None:
            by_field.setdefault(str(row["field"]), []).append(row)
    return [
        Field(
            name,
            next((row for row in rows if row["is_golden"]), None),
            [row for row in rows if not row["is_golden"]],
        )
        for name, rows in (
            (name, sorted(rows, key=lambda row: int(row["value_rank"])))
            for name, rows in sorted(by_field.items())
        )
    ]


def channels(card: Rows) -> list[Channel]:
    """Each channel: closed without a usable value, by an opt-out, or by a refusal."""
    return [
        Channel(name, not reasons, reasons)
        for name, reasons in ((one, list(_closed(card, one))) for one in CHANNELS)
    ]


def _closed(card: Rows, channel: str) -> Iterable[tuple[str, Mapping[str, str]]]:
    points = [row for row in card.get("customer_contact_points", ()) if row["kind"] == CHANNELS[channel]]
    if not points:
        yield "closed_no_value", {}
    elif not any(row["is_usable"] for row in points):
        yield "closed_not_usable", {}
    for row in card.get("customer_suppressions", ()):
        if row["channel"] in (channel, "any"):
            yield "closed_opt_out", _told(row, "effective_at", str(row["reason"]))
    for row in card.get("customer_consents", ()):
        if row["verdict"] == "refused" and row["channel"] in (channel, "any"):
            yield "closed_refused", _told(row, "refused_at", "")


def _told(row: Row, at: str, reason: str) -> dict[str, str]:
    return {"purpose": str(row["purpose"]), "at": str(row[at] or "")[:10], "reason": reason}


def timeline(card: Rows) -> list[Row]:
    """What happened, the newest first."""
    return sorted(
        card.get("customer_timeline", ()), key=lambda row: int(row["event_number"] or 0), reverse=True
    )


def words_of(rows: Iterable[Row], column: str) -> list[str]:
    """The distinct words of a column, for a filter."""
    return sorted({str(row[column]) for row in rows if row[column]})
