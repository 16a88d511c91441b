"""Records that come twice: the same row again, or the same registration a little differently."""

from __future__ import annotations

from datetime import timedelta

from pipelines.demo.desk import Desk
from pipelines.demo.draft import FULL, Draft

_EXACT_SHARE, _NEAR_SHARE, _SAME_KEY_SHARE = 0.02, 0.03, 0.4
_SOURCES = frozenset(
    {
        "prize_cards",
        "web_registrations",
        "member_club",
        "list_purchased",
        "list_leased",
        "list_partner",
        "referrals",
    }
)


def add_repeats(drafts: list[Draft], desk: Desk) -> list[Draft]:
    """New drafts that repeat some of `drafts`; a repetition under the same key is counted in `repeats`."""
    found: list[Draft] = []
    for draft in drafts:
        if draft.source not in _SOURCES or draft.named != FULL:
            continue
        if desk.dice.chance(_EXACT_SHARE):
            if desk.dice.chance(_SAME_KEY_SHARE):
                draft.repeats += 1
                draft.trouble.add("exact_duplicate")
            elif not draft.slips:  # a slip would fall elsewhere in the copy
                twin = draft.copy_as(desk.key(draft.source))
                twin.trouble.add("exact_duplicate")
                found.append(twin)
        elif desk.dice.chance(_NEAR_SHARE):
            found.append(_again(draft, desk))
    return found


def _again(draft: Draft, desk: Desk) -> Draft:
    twin = draft.copy_as(desk.key(draft.source))
    twin.at = min(
        draft.at + timedelta(minutes=desk.dice.whole(2, 90)), desk.world.now - timedelta(minutes=50)
    )
    twin.style = (draft.style + desk.dice.whole(1, 5)) % 24
    twin.trouble.add("near_duplicate")
    return twin
