"""Own registrations: prize cards, the website's form, the member club, referrals."""

from __future__ import annotations

from datetime import timedelta

from pipelines.demo.desk import Desk
from pipelines.demo.draft import Draft
from pipelines.demo.person import CHINESE, Person

CAMPAIGNS = ("SPRING25", "SUMMER25", "AUTUMN25", "NEWYEAR26", "SPRING26", "SUMMER26")
_PRIZES = ("电饭煲", "保温杯", "蓝牙耳机", "购物卡100元", "行李箱", "优惠券")
_TIERS = ("普通", "普通", "普通", "银卡", "银卡", "金卡", "钻石")


def prize_cards(person: Person, desk: Desk) -> list[Draft]:
    """Paper cards: mostly Chinese people, name, phone and address asked for."""
    dice = desk.dice
    if not dice.chance(0.38 if person.group == CHINESE else 0.10):
        return []
    draft = desk.draft("prize_cards", person, desk.moment())
    desk.give(draft, name=1, phone=0.92, birth=0.35, home=0.9)
    draft.gender = dice.chance(0.8)
    if person.group == CHINESE and dice.chance(0.12):
        draft.national_id = person.national_id
    draft.values = {
        "batch_id": f"S{draft.at:%Y%m}{desk.block % 97:02d}",
        "prize_or_gift": dice.pick(_PRIZES),
        "campaign_id": dice.pick(CAMPAIGNS),
    }
    return [draft]


def web_registrations(person: Person, desk: Desk) -> list[Draft]:
    """The website's form: e-mail always asked, telephone often given."""
    dice = desk.dice
    if not dice.chance(0.42 if person.group == CHINESE else 0.68):
        return []
    draft = desk.draft("web_registrations", person, desk.moment())
    desk.give(draft, name=0.99, phone=0.72, email=0.93, birth=0.5, home=0.7)
    draft.gender = dice.chance(0.6)
    if person.national_id and dice.chance(0.08):
        draft.national_id = person.national_id
    if person.unionid and dice.chance(0.4):
        draft.unionid = person.unionid
    draft.updated_at = draft.at + timedelta(days=dice.whole(0, 60)) if dice.chance(0.2) else None
    if draft.updated_at and draft.updated_at > desk.world.now:
        draft.updated_at = None
    consent = dice.chance(0.7)
    draft.values = {
        "form_version": dice.pick(("3", "4", "4.1")),
        "consent_marketing": "true" if consent else "false",
        "consent_channels": dice.pick(("email", "email,sms", "sms")) if consent else "",
        "consent_text_version": dice.pick(("2024-05", "2025-11")),
        "campaign_id": dice.pick(CAMPAIGNS) if dice.chance(0.3) else "",
        "device_id": f"{dice.whole(16**11, 16**12 - 1):x}" if dice.chance(0.3) else "",
        "utm_source": dice.pick(("baidu", "wechat", "google", "direct")),
    }
    return [draft]


def member_club(person: Person, desk: Desk) -> list[Draft]:
    """The club's register: everyone who has a member number, with full contact data."""
    dice = desk.dice
    if not person.member_no:
        return []
    draft = desk.draft("member_club", person, desk.moment(1500))
    desk.give(draft, name=1, phone=0.9, email=0.6, birth=0.75, home=0.8)
    draft.member_no = person.member_no
    draft.gender = dice.chance(0.9)
    if person.national_id and dice.chance(0.35):
        draft.national_id = person.national_id
        draft.masked = len(person.national_id) == 18 and dice.chance(0.25)
    if person.landline and dice.chance(0.5):
        draft.landline = person.landline
    draft.updated_at = desk.dice.moment(draft.at, desk.world.now - timedelta(seconds=1800))
    draft.values = {
        "membership_tier": dice.pick(_TIERS),
        "membership_status": dice.pick(("有效", "有效", "有效", "休眠", "退会")),
        "occupation": person.occupation if dice.chance(0.5) else "",
        "native_name": person.native_name if dice.chance(0.6) else "",
    }
    return [draft]


def referrals(person: Person, desk: Desk) -> list[Draft]:
    """Friends that a member named: name and number, as the member knows them."""
    dice = desk.dice
    if not dice.chance(0.05):
        return []
    draft = desk.draft("referrals", person, desk.moment(700))
    desk.give(draft, name=1, phone=0.9, email=0.35)
    draft.values = {
        "referrer_id": f"88{dice.whole(1, max(2, person.number)):08d}",
        "city": person.home_at(draft.at).city,
    }
    return [draft]
