"""About 4,000 records of organisations from many lists; some branches and neighbours look like one but are not."""

from __future__ import annotations

from benchmarks.identity.generated.delivered import Delivered, Row, deliver
from benchmarks.identity.generated.dice import Dice
from benchmarks.identity.generated.organisation_forms import called
from benchmarks.identity.generated.organisation_kinds import Firm, building, chain, single
from benchmarks.identity.generated.organisations_chinese import ChineseFirm, chinese_firms, chinese_row
from benchmarks.identity.generated.places import any_line, dialled, moved, written
from benchmarks.identity.generated.slips import slip

COLUMNS = ("list", "name", "address", "city", "region", "postcode", "country", "phone", "email", "website")
_LISTS = ("yellow_pages", "trade_fair", "chamber", "inspection", "web_directory", "supplier_file", "tourism")
_RECORDS = {1: 0.44, 2: 0.28, 3: 0.14, 4: 0.08, 5: 0.06}
_MAILBOXES = ("info", "office", "contact", "sales", "hello", "admin")
_COUNTRIES = {
    "US": "USA",
    "GB": "United Kingdom",
    "CA": "Canada",
    "AU": "Australia",
    "DE": "Deutschland",
    "FR": "France",
    "ES": "España",
}


def organisations(seed: int = 1) -> Delivered:
    """One source `organisations`: 1,950 organisations with 1 to 5 records each."""
    dice = Dice(seed)
    firms = _western(dice)
    rows: list[tuple[str, Row]] = []
    for firm in firms:
        rows += [(firm.key, _row(dice, firm)) for _ in range(dice.weighed(_RECORDS))]
    for chinese in _chinese(dice):
        rows += [(chinese.key, _chinese_row(dice, chinese)) for _ in range(dice.weighed(_RECORDS))]
    return deliver(dice, {"organisations": COLUMNS}, {"organisations": rows})


def _western(dice: Dice) -> list[Firm]:
    firms: list[Firm] = []
    for number in range(70):
        firms += chain(dice, [f"chain{number}-{branch}" for branch in range(dice.between(2, 9))])
    for number in range(50):
        firms += building(dice, [f"house{number}-{tenant}" for tenant in range(dice.between(2, 6))])
    called_so = {(firm.name, firm.place and firm.place.city) for firm in firms}
    while len(firms) < 1_720:
        firm = single(dice, f"firm{len(firms)}")
        town = (firm.name, firm.place and firm.place.city)
        if town not in called_so:  # two strangers of one full name in one town: no list could tell them apart
            called_so.add(town)
            firms.append(firm)
    return firms


def _chinese(dice: Dice) -> list[ChineseFirm]:
    return chinese_firms(dice, [f"cn{number}" for number in range(230)])


def _row(dice: Dice, firm: Firm) -> Row:
    place = firm.place
    assert place is not None
    city = place.city
    if dice.chance(0.03) and not firm.chain:
        place = moved(dice, place)
    line = any_line(dice, city) if dice.chance(0.06) else firm.line
    return {
        "list": dice.common(_LISTS),
        "name": called(dice, firm),
        "address": "" if dice.chance(0.08) else written(dice, place),
        "city": "" if dice.chance(0.12) else slip(dice, city.name) if dice.chance(0.02) else city.name,
        "region": "" if dice.chance(0.3) else city.region,
        "postcode": "" if dice.chance(0.25) else place.postcode,
        "country": dice.weighed({city.country: 3, _COUNTRIES[city.country]: 2, "": 1}),
        "phone": "" if dice.chance(0.25) else dialled(dice, line),
        "email": f"{dice.common(_MAILBOXES)}@{firm.domain}" if dice.chance(0.22) else "",
        "website": dice.pick(("www.", "http://www.", "https://", "")) + firm.domain
        if dice.chance(0.3)
        else "",
    }


def _chinese_row(dice: Dice, firm: ChineseFirm) -> Row:
    return {"list": dice.common(_LISTS), **chinese_row(dice, firm)}
