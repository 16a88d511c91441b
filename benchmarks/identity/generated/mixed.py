"""About 250 poor records of persons and organisations in three small sources: visitors, accounts and a watch list."""

from __future__ import annotations

from datetime import date

from benchmarks.identity.generated.contacts import mailbox_written
from benchmarks.identity.generated.delivered import Delivered, Row, deliver
from benchmarks.identity.generated.dice import Dice
from benchmarks.identity.generated.mixed_facts import ANCHORS, Known, firms, persons
from benchmarks.identity.generated.name_slips import given_written, middle_written, surname_written
from benchmarks.identity.generated.organisation_forms import called
from benchmarks.identity.generated.organisation_kinds import Firm
from benchmarks.identity.generated.places import Place, dialled, written
from benchmarks.identity.generated.slips import digit_slip

_ALL = (
    "person_name",
    "organisation",
    "birth_date",
    "gender",
    "address",
    "phone",
    "email",
    "passport_no",
    "driver_license_no",
    "national_id",
)
_LEFT_OUT = {
    "mixed_visitors": {"passport_no", "national_id"},
    "mixed_accounts": {"gender", "passport_no"},
    "mixed_watchlist": {"email"},
}
COLUMNS = {source: tuple(name for name in _ALL if name not in gone) for source, gone in _LEFT_OUT.items()}
_SOURCES = {"mixed_visitors": 0.36, "mixed_accounts": 0.38, "mixed_watchlist": 0.26}
_EACH = {1: 0.30, 2: 0.32, 3: 0.24, 4: 0.14}
_EXTRA = {
    "birth_date": 0.25,
    "address": 0.3,
    "phone": 0.2,
    "email": 0.15,
    "passport_no": 0.1,
    "driver_license_no": 0.08,
    "national_id": 0.08,
}


def mixed(seed: int = 1) -> Delivered:
    """Three sources of one set; three seeds are made to be averaged."""
    dice = Dice(seed)
    employers = firms(dice)
    rows: dict[str, list[tuple[str, Row]]] = {name: [] for name in COLUMNS}
    for known in persons(dice, employers, 75):
        for _ in range(dice.weighed(_EACH)):
            source = dice.weighed(_SOURCES)
            rows[source].append((known.person.key, _cut(source, _person_row(dice, known, source))))
    for firm in employers:
        for _ in range(dice.weighed(_EACH)):
            source = dice.weighed(_SOURCES)
            rows[source].append((firm.key, _cut(source, _firm_row(dice, firm))))
    return deliver(dice, COLUMNS, rows)


def _cut(source: str, row: Row) -> Row:
    """Without what the source does not ask for; what it asks for is kept, and an address fills an empty row."""
    return {name: text for name, text in row.items() if name not in _LEFT_OUT[source]}


def _person_row(dice: Dice, known: Known, source: str) -> Row:
    """A name and two facts or so: mostly the person's anchor, few others by chance."""
    facts = {name for name, share in _EXTRA.items() if dice.chance(share)}
    if dice.chance(0.85):
        facts.add(known.anchor)
    if not facts - _LEFT_OUT[source]:
        facts |= {dice.pick(("birth_date", "address"))}
    row = {name: _fact(dice, known, name) for name in ANCHORS if name in facts}
    row["person_name"] = _name(dice, known, source)
    if dice.chance(0.25):
        row["organisation"] = called(dice, known.employer)
    if dice.chance(0.3):
        row["gender"] = known.person.sex
    return row


def _fact(dice: Dice, known: Known, name: str) -> str:
    if name == "birth_date":
        return _born(dice, known.person.birth)
    if name == "address":
        return _address(dice, known.place)
    if name == "phone":
        return dialled(dice, known.phone)
    if name == "email":
        return mailbox_written(dice, known.email)
    text: str = getattr(known, name)
    text = digit_slip(dice, text) if dice.chance(0.04) else text
    return text.replace("-", "") if dice.chance(0.3) else text


def _name(dice: Dice, known: Known, source: str) -> str:
    """In full, in part, or an alias; a watch list writes the surname first and knows most aliases."""
    person = known.person
    first, last = given_written(dice, person, 1.8), surname_written(dice, person, 1.5, maiden_share=0.15)
    is_watched = source == "mixed_watchlist"
    if dice.chance(0.2 if is_watched else 0.05):
        return known.alias
    kind = dice.below(100)
    if kind < 8:
        return f"{first[0]} {last}"
    if kind < 11:
        return last
    if kind < 14:
        return first
    if is_watched and kind < 70:
        return f"{last.upper()}, {first} {middle_written(dice, person)}".strip()
    return f"{first} {middle_written(dice, person)} {last}".replace("  ", " ")


def _born(dice: Dice, born: date) -> str:
    """A day, now and then with a slip, or the year alone."""
    if dice.chance(0.12):
        return str(born.year)
    return digit_slip(dice, born.isoformat()) if dice.chance(0.04) else born.isoformat()


def _address(dice: Dice, place: Place) -> str:
    line = written(dice, place)
    if dice.chance(0.15):
        return line
    city = place.city
    return f"{line}, {city.name}" + (
        f", {city.region} {place.postcode if dice.chance(0.6) else ''}".rstrip() if dice.chance(0.7) else ""
    )


def _firm_row(dice: Dice, firm: Firm) -> Row:
    row = {"organisation": called(dice, firm)}
    assert firm.place is not None
    if dice.chance(0.65):
        row["address"] = _address(dice, firm.place)
    if dice.chance(0.5) or "address" not in row:
        row["phone"] = dialled(dice, firm.line)
    if dice.chance(0.25):
        row["email"] = f"{dice.pick(('info', 'office', 'sales'))}@{firm.domain}"
    return row
