"""The steward's pages: a pair to judge, the next one, undo, blind mode, agreement."""

from __future__ import annotations

from typing import Any

from pipelines.command.access import note_shown
from pipelines.desk.desk import Call, Desk, RefusedError
from pipelines.desk.pages import fill_for
from pipelines.desk.sessions import Session
from pipelines.desk.steward.evidence_chart import waterfall
from pipelines.desk.steward.judging import judge, undo
from pipelines.desk.steward.opinions import DIFFERENT, LATER, SAME, agreements, with_tool
from pipelines.desk.steward.room import StewardRoom, Turn
from pipelines.desk.steward.sides import compare
from pipelines.privacy.roles import STEWARD


def room_of(desk: Desk) -> StewardRoom:
    """The room, made when its first page is asked for."""
    found: StewardRoom = desk.rooms.setdefault(STEWARD, StewardRoom(desk))
    return found


def show_queue(desk: Desk, call: Call) -> str:
    """The page with the pair that comes next."""
    return _shown(desk, call, "steward_queue.html", room_of(desk).next_pair(call.session))


def take_judgement(desk: Desk, call: Call) -> str:
    """A verdict, an opinion or `later` about the pair that was shown, and the next one."""
    said = call.text("said")
    if said not in (SAME, DIFFERENT, LATER):
        raise RefusedError(f"Received a judgement that is none; expected {SAME}, {DIFFERENT} or {LATER}.")
    room = room_of(desk)
    pair = room.chosen(call.session, call.text("version"), call.text("key")).pair
    assert pair is not None
    is_asked = call.text("ask") == "yes" and said != LATER
    judge(desk.settings, room.state, call.session, pair, said, is_asked=is_asked)
    return _shown(desk, call, "steward_pair.html", room.next_pair(call.session))


def take_back(desk: Desk, call: Call) -> str:
    """The newest judgement of the sitting is undone; its pair is shown again."""
    room = room_of(desk)
    done = undo(desk.settings, room.state, call.session)
    version, queue = room.queue.now()
    is_there = done.key in queue.pairs
    turn = room.chosen(call.session, version, done.key) if is_there else room.next_pair(call.session)
    return _shown(desk, call, "steward_pair.html", turn)


def switch_blind(desk: Desk, call: Call) -> str:
    """Hide the tool's opinion until a pair is judged, or show it again."""
    call.session.is_blind = not call.session.is_blind
    return _shown(desk, call, "steward_pair.html", room_of(desk).next_pair(call.session))


def show_agreement(desk: Desk, call: Call) -> str:
    """How far stewards agree with one another and with the tool; pairs about which they do not."""
    room = room_of(desk)
    last = dict(room.state.opinions())
    held = {pair: dict(said) for pair, said in last.items()}
    disputed = room.disputed()
    return fill_for(
        call.session, "steward_agreement.html", place="agreement", version=room.queue.now()[0],
        between=agreements(held), blind=with_tool(held, was_blind=True), seeing=with_tool(held, was_blind=False), disputed=disputed,
    )  # fmt: skip


def show_disputed(desk: Desk, call: Call) -> str:
    """One pair of the queue by its key, as when it is judged: for stewards who talk about it."""
    room = room_of(desk)
    turn = room.chosen(call.session, room.queue.now()[0], call.path["key"])
    return _shown(desk, call, "steward_queue.html", turn)


def log_look(desk: Desk, session: Session, action: str, customers: tuple[str, ...], rows: int) -> None:
    """Write one look of a steward into the access log, once the page is made and before it is shown."""
    told, about = {"role": STEWARD, "name": session.name}, " ".join(sorted(customers))
    note_shown(desk.settings, desk.keys(), action, rows, purpose=desk.purpose, about=about, told=told)


def _shown(desk: Desk, call: Call, template: str, turn: Turn) -> str:
    session, pair = call.session, turn.pair
    done = session.undo[-1] if session.undo else None
    shown: dict[str, Any] = {
        "place": "queue",
        "version": turn.version,
        "left": turn.left,
        "done": done,
        "pair": pair,
    }
    shown["judged"] = len(session.undo)
    if pair is None:
        return fill_for(session, template, **shown)
    opinions = room_of(desk).state.opinions().get(pair.name, {})
    asked = [one.by for by, one in opinions.items() if by != session.name and one.is_asked]
    page = fill_for(
        session, template, **shown, lines=compare(pair.one, pair.other), chart=None if session.is_blind else waterfall(pair.evidence),
        around=turn.queue.around(pair), household=turn.queue.household(pair), asked=asked,
    )  # fmt: skip
    log_look(desk, session, "desk pair", (pair.one.customer_id, pair.other.customer_id), 2)
    return page
