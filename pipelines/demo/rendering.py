"""Turns a draft into the texts of one row: canonical field -> text as the source would write it."""

from __future__ import annotations

from datetime import date, datetime

from pipelines.demo.contact_forms import (
    COUNTRY_NAMES,
    birth_text,
    masked_id,
    phone_text,
    street_line,
    whole_address,
)
from pipelines.demo.dice import Dice
from pipelines.demo.draft import Draft
from pipelines.demo.layouts import Layout
from pipelines.demo.name_forms import written
from pipelines.demo.slips import SLIPS
from pipelines.demo.tables import to_traditional
from pipelines.demo.trouble import forget_slip

Row = dict[str, str]

_TIDY_SOURCES = frozenset({"campaigns", "member_club", "verifications"})
"""Sources whose systems store numbers in one form."""


def render(draft: Draft, layout: Layout, dice: Dice) -> Row:
    """The row; only fields that the layout has and that are not empty."""
    row: Row = {"source_record_id": draft.key}
    for field, value in draft.values.items():
        row[field] = value if isinstance(value, str) else dated(layout, field, value)
    row[layout.event_field] = dated(layout, layout.event_field, draft.at)
    if draft.updated_at is not None and layout.event_field != "updated_at":
        row["updated_at"] = dated(layout, "updated_at", draft.updated_at)
    _name(draft, layout, row)
    _person(draft, layout, row)
    _contact(draft, row)
    _address(draft, layout, row)
    _apply(draft, row, dice)
    kept = {
        field: text for field, text in row.items() if text and (layout.has(field) or field in layout.unmapped)
    }
    return _worded(kept, layout)


def dated(layout: Layout, field: str, value: date | datetime) -> str:
    """A date or time as the contract declares it, else in ISO form."""
    pattern = layout.formats.get(field)
    if pattern is not None:
        return value.strftime(pattern)
    return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()


def _name(draft: Draft, layout: Layout, row: Row) -> None:
    person = draft.person
    if not draft.name_form:
        return
    if layout.has("given_name") and draft.name_form in {"native", "nickname"} and person.country != "CN":
        row["family_name"] = person.family_at(draft.at)
        whole = written(person, draft.name_form, draft.at)
        row["given_name"] = whole.removesuffix(row["family_name"]).removeprefix(row["family_name"]).strip()
    else:
        row["full_name"] = written(person, draft.name_form, draft.at)


def _person(draft: Draft, layout: Layout, row: Row) -> None:
    if draft.gender:
        row["gender"] = _gender(draft, layout)
    if draft.birth is not None:
        pattern, junk = layout.formats["birth_date"], draft.junk.get("birth_date")
        birth = date.fromisoformat(junk) if junk else draft.birth
        row["birth_date"] = birth.strftime(pattern) if pattern else birth_text(birth, draft.style)
    if draft.national_id:
        row["national_id"] = masked_id(draft.national_id) if draft.masked else draft.national_id
        row["national_id_country"] = draft.person.country
    row["passport_no"] = draft.passport_no
    row["wechat_unionid"] = draft.unionid
    row["customer_ref"] = draft.account
    if draft.member_no:
        row["member_no"] = draft.member_no


def _gender(draft: Draft, layout: Layout) -> str:
    male = draft.person.sex == "M"
    if layout.contract.id == "web_registrations":
        return "male" if male else "female"
    if layout.contract.id == "list_partner":
        return draft.person.sex
    return "男" if male else "女"


def _contact(draft: Draft, row: Row) -> None:
    if draft.phone is not None:
        row["phone"] = phone_text(draft.phone, 0 if draft.source in _TIDY_SOURCES else draft.style)
    if draft.landline is not None:
        row["phone_2"] = phone_text(draft.landline, 0)
    if draft.email:
        row["email"] = draft.email.capitalize() if draft.style == 7 else draft.email


def _address(draft: Draft, layout: Layout, row: Row) -> None:
    home = draft.home
    if home is None:
        return
    style = draft.style % 5
    row["city"], row["country"] = home.city, COUNTRY_NAMES[home.country]
    if layout.has("province") and layout.has("district"):
        row["province"], row["district"] = home.province, home.district
        row["address"] = street_line(home, style)
    else:
        row["province"] = home.province
        row["address"] = whole_address(home, style)
    if home.country != "CN" or draft.style % 2:
        row["postcode"] = home.postcode
    if draft.name_form == "traditional":
        for field in ("city", "province", "district", "address"):
            row[field] = row.get(field, "").translate(to_traditional())


def _apply(draft: Draft, row: Row, dice: Dice) -> None:
    """Let the slips happen; one that finds nothing to change is no trouble of the record."""
    for name, kind in list(draft.slips.items()):
        field = name
        if name == "name":
            field = "full_name" if "full_name" in row else dice.pick(("family_name", "given_name"))
        wrong = SLIPS[kind](row.get(field, ""), dice)
        if wrong == row.get(field, ""):
            forget_slip(draft, name)
        else:
            row[field] = wrong
    row.update({field: text for field, text in draft.junk.items() if field != "birth_date"})


def _worded(row: Row, layout: Layout) -> Row:
    """Vocabulary values in the source's own words."""
    for column in layout.contract.columns:
        if column.value_map and column.field in row:
            own = {canonical: delivered for delivered, canonical in column.value_map.items()}
            row[column.field] = own[row[column.field]]
    return row
