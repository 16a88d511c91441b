"""Invented organisations: names, unified social credit codes, addresses, and the rows that describe them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from pipelines.demo import chinese, international
from pipelines.demo.business import business_columns
from pipelines.demo.contact_forms import phone_text, whole_address
from pipelines.demo.desk import Desk
from pipelines.demo.draft import Draft
from pipelines.demo.layouts import Layout
from pipelines.demo.people import PHONES_PER_PERSON
from pipelines.demo.person import CHINESE, Home, Person, Phone
from pipelines.demo.rendering import Row, dated
from pipelines.demo.slips import typo
from pipelines.demo.tables import lines

_CODE_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_BODY_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ROLES = ("owner", "manager", "legal_representative", "contact")
_TITLES = ("总经理", "采购经理", "行政主管", "董事长")
_SIZES = ("1-50", "51-200", "201-1000", "1000+")


@dataclass(slots=True)
class Organisation:
    """One true organisation; `code` is its unified social credit code (Chinese ones only)."""

    id: str
    name: str
    short_name: str
    code: str
    home: Home
    phone: Phone
    industry: str


@dataclass(slots=True)
class OrganisationRow:
    """One row about the organisation itself, with its truth."""

    key: str
    row: Row
    organisation_id: str
    trouble: set[str]


@cache
def _words(country: str, part: str) -> list[str]:
    name = "organisations_cn.txt" if country == "CN" else "organisations_intl.txt"
    return next(line.split()[1:] for line in lines(name) if line.split()[0] == part)


def credit_code(region: str, body: str) -> str:
    """The 18-character unified social credit code: 91, district, body with its check, check (GB 32100)."""
    total = sum(weight * _BODY_DIGITS.index(mark) for weight, mark in zip(_BODY_WEIGHTS, body, strict=True))
    check = 11 - total % 11
    first = f"91{region}{body}{'X' if check == 10 else 0 if check == 11 else check}"
    whole = sum(pow(3, place, 31) * _CODE_DIGITS.index(mark) for place, mark in enumerate(first))
    return first + _CODE_DIGITS[-whole % 31]


def make_organisation(number: int, head: Person, desk: Desk) -> Organisation:
    """An organisation led by `head`, in their country."""
    dice, country = desk.dice, head.country
    index = head.number * PHONES_PER_PERSON + 2
    if head.group == CHINESE:
        home = chinese.home(dice)
        brand = dice.pick(_words("CN", "brand")) + dice.pick(_words("CN", "brand"))
        industry = dice.pick(_words("CN", "industry"))
        short = f"{home.city.removesuffix('市')}{brand}{industry}"
        body = f"MA{number % 1_000_000:06d}"
        phone = chinese.mobile(index, desk.world.offset, desk.world.beginning, dice)
        code = credit_code(home.division_code, body)
        return Organisation(
            f"O{number:07d}", short + dice.pick(_words("CN", "form")), short, code, home, phone, industry
        )
    home = international.home(country, dice)
    industry = dice.pick(_words("", "industry"))
    short = f"{dice.pick(_words('', 'brand'))}{dice.pick(_words('', 'second'))} {industry}"
    phone = international.mobile(country, index, desk.world.offset, desk.world.beginning, dice)
    return Organisation(
        f"O{number:07d}", f"{short} {dice.pick(_words('', 'form'))}", short, "", home, phone, industry
    )


def role_draft(organisation: Organisation, person: Person, desk: Desk) -> Draft:
    """A row about the person in a role; truth gives it to the person, not to the organisation."""
    dice = desk.dice
    draft = desk.draft("organisations", person, desk.moment(1000))
    desk.give(draft, name=1, phone=0.95, email=0.6)
    draft.values = {
        **_facts(organisation, draft.style, desk),
        "role": dice.pick(_ROLES),
        "job_title": dice.pick(_TITLES),
    }
    return draft


def organisation_rows(organisation: Organisation, layout: Layout, desk: Desk) -> list[OrganisationRow]:
    """One to three rows about the organisation itself: full, short or mistyped name; most with the code."""
    dice = desk.dice
    found = []
    for turn in range(dice.pick((1, 2, 2, 3))):
        key = desk.key("organisations")
        trouble: set[str] = set()
        row: Row = {"source_record_id": key}
        row.update(
            {name: text for name, text in _facts(organisation, dice.whole(0, 4), desk).items() if text}
        )
        if turn and dice.chance(0.4):
            row["organisation_name"] = organisation.short_name
        elif turn and dice.chance(0.15):
            row["organisation_name"] = typo(organisation.name, dice)
            trouble.add("typo")
        if turn and dice.chance(0.3):
            row.pop("organisation_id", None)
            trouble.add("missing_fields")
        row["phone"] = phone_text(organisation.phone, dice.whole(0, 3))
        row["status"] = dice.pick(("存续", "存续", "存续", "注销"))
        row["status_at"] = dated(layout, "status_at", desk.moment(1500))
        row["updated_at"] = dated(layout, "updated_at", desk.moment(1000) - timedelta(days=dice.whole(0, 30)))
        row.update(business_columns(organisation.id, key, desk.world.seed))
        found.append(OrganisationRow(key, row, organisation.id, trouble))
    return found


def _facts(organisation: Organisation, style: int, desk: Desk) -> Row:
    home = organisation.home
    return {
        "organisation_name": organisation.name,
        "organisation_id": organisation.code,
        "industry": organisation.industry,
        "size": desk.dice.pick(_SIZES),
        "province": home.province,
        "city": home.city,
        "address": whole_address(home, style % 5),
    }
