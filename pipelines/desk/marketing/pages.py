"""Marketing's pages: segments and their reach, a segment built by clicking, lists and campaigns. Figures about groups, never a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.command.access import accessed
from pipelines.command.audience import find_segments, segment_files
from pipelines.desk.desk import Call, Desk, RefusedError
from pipelines.desk.marketing.builder import MOST_RULES, draft_of, save, segment_of, yaml_of
from pipelines.desk.marketing.reach import CHANNELS, MarketingRoom, Reach
from pipelines.desk.pages import fill_for
from pipelines.privacy.roles import MARKETING
from pipelines.segments.document import TESTS, Segment, SegmentError

_SCORECARDS = "FROM marts.vendor_scorecard ORDER BY source_system"
_CAMPAIGNS = "FROM marts.campaign_summary ORDER BY first_send_at DESC NULLS LAST, campaign_id"


@dataclass(frozen=True)
class Listed:
    """A segment with its reach, or what is wrong with its file."""

    name: str
    segment: Segment | None
    reach: Reach | None
    fault: str


def show_segments(desk: Desk, call: Call) -> str:
    """Every segment of the home with its reach."""
    room = room_of(desk)
    with _logged(desk, call, "desk reach", "all") as access:
        listed = [_listed(desk, room, name) for name in sorted(segment_files(desk.settings))]
        access.rows = len(listed)
        return fill_for(
            call.session, "marketing_segments.html", place="segments", version=desk.version(), listed=listed, k=desk.settings.k_anonymity,
            channels=CHANNELS,
        )  # fmt: skip


def show_segment(desk: Desk, call: Call) -> str:
    """One segment: by channel whom it reaches, and why others are lost."""
    (segment,) = find_segments(desk.settings, call.path["name"])
    with _logged(desk, call, "desk reach", segment.name) as access:
        version, reach = room_of(desk).reach(segment)
        access.rows = 1
        return fill_for(
            call.session, "marketing_segment.html", place="segments", version=version, segment=segment, reach=reach,
            k=desk.settings.k_anonymity, text=segment_files(desk.settings)[segment.name].read_text(encoding="utf-8"),
        )  # fmt: skip


def show_builder(desk: Desk, call: Call) -> str:
    """An empty form with three rules to fill in."""
    return fill_for(
        call.session, "marketing_build.html", place="build", version=desk.version(), columns=_columns(desk), tests=list(TESTS), rules=3,
        most=MOST_RULES,
    )  # fmt: skip


def try_draft(desk: Desk, call: Call) -> str:
    """The reach of what stands in the form, and the file that it would be."""
    draft, room = draft_of(call.form), room_of(desk)
    with _logged(desk, call, "desk reach", "draft") as access:
        try:
            columns = room.columns()
            _, reach = room.reach(segment_of(draft, columns, desk.settings))
            text, fault = yaml_of(draft, columns), ""
        except SegmentError as error:
            reach, text, fault = None, "", str(error)
        access.rows = 1
        return fill_for(
            call.session,
            "marketing_reach.html",
            reach=reach,
            k=desk.settings.k_anonymity,
            text=text,
            fault=fault,
        )


def save_draft(desk: Desk, call: Call) -> str:
    """Write the segment's file, once its reach could be counted."""
    draft, room = draft_of(call.form), room_of(desk)
    columns = room.columns()
    with _logged(desk, call, "desk segment", draft.name) as access:
        room.reach(segment_of(draft, columns, desk.settings))
        segment = save(draft, columns, desk.settings, call.session.name)
        access.rows = 1
        return fill_for(
            call.session, "marketing_saved.html", segment=segment, path=f"segments/{segment.name}.yml"
        )


def show_scorecards(desk: Desk, call: Call) -> str:
    """Lists and their vendors side by side."""
    version, rows = room_of(desk).rows(_SCORECARDS)
    return fill_for(call.session, "marketing_vendors.html", place="vendors", version=version, rows=rows)


def show_campaigns(desk: Desk, call: Call) -> str:
    """Campaigns side by side with lift and its interval; those sent to fewer than k customers are only counted."""
    version, rows = room_of(desk).rows(_CAMPAIGNS)
    k = desk.settings.k_anonymity
    shown = [row for row in rows if int(str(row["sent_customers"] or 0)) >= k]
    return fill_for(
        call.session,
        "marketing_campaigns.html",
        place="campaigns",
        version=version,
        rows=shown,
        hidden=len(rows) - len(shown),
        k=k,
    )


def room_of(desk: Desk) -> MarketingRoom:
    """The room, made when its first page is asked for."""
    found: MarketingRoom = desk.rooms.setdefault(MARKETING, MarketingRoom(desk))
    return found


def _listed(desk: Desk, room: MarketingRoom, name: str) -> Listed:
    try:
        (segment,) = find_segments(desk.settings, name)
        return Listed(name, segment, room.reach(segment)[1], "")
    except SegmentError as error:
        return Listed(name, None, None, str(error))


def _columns(desk: Desk) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Table -> (column, type) that a rule may ask; what names somebody is left out."""
    found = room_of(desk).columns()
    hidden = {"customer_id", "display_name", "member_no"}
    shown = {
        table: [(name, kind) for name, kind in of.items() if name not in hidden]
        for table, of in found.items()
    }
    if not shown:
        raise RefusedError(
            "The published version has none of the tables that segments ask; `ucv run --full-refresh` builds them."
        )
    return shown


def _logged(desk: Desk, call: Call, action: str, about: str) -> Any:
    told = {"role": MARKETING, "name": call.session.name}
    return accessed(desk.settings, desk.keys(), action, purpose=desk.purpose, about=about, told=told)
