"""Contacts: calls to the service line, notes of staff, events of campaigns."""

from __future__ import annotations

from datetime import datetime

from pipelines.demo.desk import Desk
from pipelines.demo.draft import Draft
from pipelines.demo.person import CHINESE, Person
from pipelines.demo.sources.registrations import CAMPAIGNS

_EVENTS = (
    *("campaign_send",) * 4,
    *("campaign_response",) * 2,
    "bounce",
    "survey_response",
    "coupon_issue",
    "coupon_redemption",
    "web_visit",
    "app_event",
)
_REMARKS = (
    "询问配送时间",
    "要求开发票",
    "商品破损，申请换货",
    "咨询会员积分",
    "投诉送货延误",
    "asked about the warranty",
)


def call_center(person: Person, desk: Desk) -> list[Draft]:
    """Calls: the caller's number, and a name as far as the agent wrote it down."""
    dice = desk.dice
    if not dice.chance(0.13):
        return []
    draft = desk.draft("call_center", person, desk.moment(1000))
    desk.give(draft, phone=1)
    if draft.phone is None:
        return []
    draft.name_form = "native" if dice.chance(0.5) or not draft.phone.private else "honorific"
    if person.member_no and dice.chance(0.25):
        draft.member_no = person.member_no
    draft.values = {
        "interaction_type": "complaint" if dice.chance(0.2) else "service_contact",
        "city": person.home_at(draft.at).city if dice.chance(0.5) else "",
        "outcome": dice.pick(("已解决", "已解决", "转接", "待回访")),
        "score": str(dice.whole(1, 5)) if dice.chance(0.4) else "",
        "text": dice.pick(_REMARKS),
        "author": f"agent{dice.whole(1, 30):02d}",
    }
    return [draft]


def staff_notes(person: Person, desk: Desk) -> list[Draft]:
    """Notes after visits and calls: 王先生 with a number, or a name with a member number."""
    dice = desk.dice
    if not dice.chance(0.04):
        return []
    draft = desk.draft("staff_notes", person, desk.moment(1000))
    desk.give(draft, phone=0.9)
    private = draft.phone is not None and draft.phone.private
    draft.name_form = "honorific" if private and dice.chance(0.5) else "native"
    if person.member_no and dice.chance(0.4):
        draft.member_no = person.member_no
    draft.values = {
        "interaction_type": "staff_note",
        "city": person.home_at(draft.at).city,
        "author": f"sales{dice.whole(1, 20):02d}",
        "text": dice.pick(("有意向购买新款", "回访满意", "要求下周再联系", "prefers e-mail")),
    }
    return [draft]


def campaigns(person: Person, desk: Desk, reachable: list[str]) -> list[Draft]:
    """Campaign events at mailboxes of the person that other records show."""
    dice = desk.dice
    if not reachable or not dice.chance(0.45):
        return []
    drafts = []
    campaign, mailbox = dice.pick(CAMPAIGNS), dice.pick(reachable)
    for _ in range(dice.pick((1, 1, 2, 2, 3))):
        draft = desk.draft("campaigns", person, desk.moment(500))
        draft.email = mailbox
        draft.values = {"campaign_id": campaign, **_event(dice.pick(_EVENTS), desk)}
        drafts.append(draft)
    return drafts


def _event(kind: str, desk: Desk) -> dict[str, str | datetime]:
    dice = desk.dice
    survey, coupon = kind == "survey_response", kind.startswith("coupon")
    return {
        "interaction_type": kind,
        "is_holdout": "true" if kind == "campaign_send" and dice.chance(0.05) else "false",
        "interaction_channel": "app"
        if kind == "app_event"
        else "website"
        if kind == "web_visit"
        else "email",
        "device": dice.pick(("ios", "android", "desktop")) if kind not in {"campaign_send", "bounce"} else "",
        "outcome": dice.pick(("opened", "clicked")) if kind == "campaign_response" else "",
        "score": str(dice.whole(1, 10)) if survey else "",
        "question_code": dice.pick(("NPS", "SAT1", "SAT2")) if survey else "",
        "answer": dice.pick(("good", "ok", "poor")) if survey else "",
        "coupon_code": f"C{dice.whole(1000, 9999)}" if coupon else "",
    }


def opt_outs(person: Person, desk: Desk) -> list[Draft]:
    """Suppressions by number or mailbox, with or without a name."""
    dice = desk.dice
    if not dice.chance(0.04):
        return []
    draft = desk.draft("opt_outs", person, desk.moment(1000))
    desk.give(draft, name=0.5, phone=0.7, email=0.6)
    if draft.phone is None and not draft.email:
        return []
    if draft.phone is not None and not draft.phone.private:
        draft.name_form = "native"
    scope = dice.pick(("all", "channel", "channel", "purpose"))
    draft.values = {
        "scope": scope,
        "scope_value": {"all": "", "channel": dice.pick(("email", "sms", "phone")), "purpose": "marketing"}[
            scope
        ],
        "reason": dice.pick(("opt_out", "opt_out", "opt_out", "do_not_call", "complaint")),
    }
    return [draft]


def verifications(person: Person, desk: Desk) -> list[Draft]:
    """Results of identity checks: Chinese people by id, some others by address."""
    dice = desk.dice
    if not dice.chance(0.12 if person.group == CHINESE else 0.04):
        return []
    draft = desk.draft("verifications", person, desk.moment(700))
    desk.give(draft, name=1, phone=0.5, home=0.25)
    if person.group == CHINESE and dice.chance(0.9):
        draft.national_id = person.national_id
    draft.values = {
        "method": "实名核验" if draft.national_id else "信函",
        "result": dice.pick(("match", "match", "match", "match", "mismatch", "not_found", "undeliverable")),
    }
    return [draft]
