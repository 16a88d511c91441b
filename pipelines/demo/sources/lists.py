"""Lists from outside: bought, leased and shared by a partner."""

from __future__ import annotations

from datetime import timedelta

from pipelines.demo.desk import Desk
from pipelines.demo.draft import Draft
from pipelines.demo.person import CHINESE, Person

STALE_DAYS = 1100
_SEGMENTS = ("亲子家庭", "都市白领", "银发族", "数码达人", "美妆爱好者", "户外运动")
_ORIGINS = ("展会登记", "问卷", "合作网站", "电话访问")
_INCOMES = ("5000以下", "5000-10000", "10000-20000", "20000以上")


def list_purchased(person: Person, desk: Desk) -> list[Draft]:
    """Bought records: a seventh of them older than three years, ids masked by the vendor."""
    dice = desk.dice
    if not dice.chance(0.34 if person.group == CHINESE else 0.15):
        return []
    stale = dice.chance(0.14)
    at = desk.moment(2600, STALE_DAYS) if stale else desk.moment(900)
    draft = desk.draft("list_purchased", person, at)
    desk.give(draft, name=1, phone=0.85, email=0.3, birth=0.55, home=0.6)
    if stale:
        draft.trouble.add("stale")
    draft.gender = dice.chance(0.7)
    if len(person.national_id) == 18 and dice.chance(0.18):
        draft.national_id, draft.masked = person.national_id, True
    verified = at + timedelta(days=dice.whole(1, 200))
    draft.values = {
        "segment_code": dice.pick(_SEGMENTS),
        "origin_source": dice.pick(_ORIGINS),
        "income_band": dice.pick(_INCOMES) if dice.chance(0.4) else "",
        "times_used": str(dice.whole(0, 9)),
        "verification_count": str(dice.whole(0, 4)),
        "last_verified_at": verified if verified < desk.world.now and dice.chance(0.5) else "",
    }
    return [draft]


def list_leased(person: Person, desk: Desk) -> list[Draft]:
    """Subscribers of magazines: a delivery address always, a telephone seldom."""
    dice = desk.dice
    if not dice.chance(0.07 if person.group == CHINESE else 0.32):
        return []
    draft = desk.draft("list_leased", person, desk.moment(110))
    desk.give(draft, name=1, phone=0.35, email=0.55, birth=0.3, home=1)
    draft.values = {
        "segment_code": dice.pick(("travel", "cooking", "technology", "garden", "finance")),
        "origin_source": dice.pick(("Orient Weekly", "Silk & Steel", "Harbour Review")),
        "registered_at": desk.moment(1000, 115),
        "subscription_ends_at": desk.world.now + timedelta(days=dice.whole(-200, 600)),
    }
    return [draft]


def list_partner(person: Person, desk: Desk) -> list[Draft]:
    """An airline's members: names as in the passport."""
    dice = desk.dice
    if not dice.chance(0.11 if person.group == CHINESE else 0.2):
        return []
    draft = desk.draft("list_partner", person, desk.moment(300))
    desk.give(draft, phone=0.6, email=0.75, birth=0.85)
    draft.name_form = "passport"
    draft.gender = dice.chance(0.9)
    if person.passport_no and dice.chance(0.6):
        draft.passport_no = person.passport_no
    draft.values = {
        "member_no": f"SR{dice.whole(10**8, 10**9 - 1)}",
        "segment_code": dice.pick(("Y", "Y", "Y", "W", "C")),
        "origin_source": "loyalty programme",
        "registered_at": desk.moment(2000, 310),
        "city": person.home_at(draft.at).city if dice.chance(0.6) else "",
    }
    return [draft]
