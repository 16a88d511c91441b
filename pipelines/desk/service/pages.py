"""Service's pages: the search, who was found, and one customer at a glance. What was searched for stands in no address and no log."""

from __future__ import annotations

from typing import Any

from pipelines.command.access import accessed
from pipelines.command.role_query import used_key
from pipelines.desk.desk import Call, Desk, RefusedError
from pipelines.desk.pages import fill_for
from pipelines.desk.service.cards import (
    LenientRow,
    Row,
    Rows,
    ServiceRoom,
    channels,
    fields,
    golden,
    id_of,
    timeline,
    words_of,
)
from pipelines.privacy.roles import SERVICE

MOST_FOUND = 20


def show_search(desk: Desk, call: Call) -> str:
    """The empty search."""
    return fill_for(call.session, "service_search.html", place="search", version=desk.version())


def find_customer(desk: Desk, call: Call) -> str:
    """Everybody whom the words mean: one customer's view at once, of several a list to choose from, masked."""
    asked, purpose = call.text("asked"), _purpose(call)
    if not asked:
        raise RefusedError("Received no name or number; expected one.")
    with _logged(desk, call, "desk find", purpose, asked) as access:
        version, cards = _room(desk).find(asked)
        access.rows = len(cards)
        if len(cards) == 1:
            return _customer(call, version, cards[0])
        shown = [LenientRow({"id": id_of(card), **golden(card)}) for card in cards[:MOST_FOUND]]
        return fill_for(
            call.session,
            "service_found.html",
            found=shown,
            count=len(cards),
            most=MOST_FOUND,
            version=version,
        )


def show_customer(desk: Desk, call: Call) -> str:
    """One customer, chosen from those who were found."""
    customer = call.text("customer")
    with _logged(desk, call, "desk customer", _purpose(call), customer) as access:
        version, cards = _room(desk).find(customer)
        if len(cards) != 1:
            raise RefusedError("This customer is not in the published version any more; search again.")
        access.rows = sum(map(len, cards[0].values()))
        return _customer(call, version, cards[0])


def _customer(call: Call, version: str, card: Rows) -> str:
    events = timeline(card)
    return fill_for(
        call.session, "service_customer.html", version=version, id=id_of(card), person=golden(card), fields=fields(card),
        channels=channels(card), events=events, event_channels=words_of(events, "channel"), event_actions=words_of(events, "action"),
        points=card.get("customer_contact_points", []), orders=_newest(card, "fct_orders", "ordered_at"),
        membership=card.get("customer_membership", []), consents=card.get("customer_consents", []),
        suppressions=card.get("customer_suppressions", []), due=next(iter(card.get("customer_next_purchase", [])), None),
        complaints=[row for row in events if row["action"] == "complaint"],
    )  # fmt: skip


def _newest(card: Rows, table: str, column: str) -> list[Row]:
    return sorted(card.get(table, []), key=lambda row: str(row[column] or ""), reverse=True)


def _purpose(call: Call) -> str:
    """Why somebody looks: asked for with each search and kept for the next look of the sitting."""
    purpose = call.text("purpose") or call.session.purpose
    if not purpose:
        raise RefusedError(
            'Received no purpose; expected why you look, such as "complaint 17". Nothing was read.'
        )
    call.session.purpose = purpose
    return purpose


def _logged(desk: Desk, call: Call, action: str, purpose: str, about: str) -> Any:
    told = {"role": SERVICE, "name": call.session.name}
    return accessed(
        desk.settings,
        used_key(desk.settings, SERVICE, desk.key_file),
        action,
        purpose=purpose,
        about=about,
        told=told,
    )


def _room(desk: Desk) -> ServiceRoom:
    found: ServiceRoom = desk.rooms.setdefault(SERVICE, ServiceRoom(desk))
    return found
