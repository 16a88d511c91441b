"""The trouble classes, and how slips, junk and other forms of a name are put into records by chance."""

from __future__ import annotations

from pipelines.demo.dice import Dice
from pipelines.demo.draft import FULL, Draft
from pipelines.demo.name_forms import has_nickname, has_traditional

TROUBLES = {
    "typo": "One typing slip in name, phone, e-mail, birth date, id or address",
    "ocr_error": "A paper card misread by the scanner in one or two fields",
    "moved": "An address that the person has left since",
    "changed_phone": "A number that the person has given up since",
    "recycled_phone": "A number that one person gave up and another got later",
    "shared_family_phone": "A number that two of a family give as theirs",
    "shared_family_address": "A home where others of the data live too",
    "twins": "Born on one day with the same surname and home; given name and id differ",
    "father_son_same_name": "Father and son with the same name and home; born a generation apart",
    "nickname": "Bob for Robert, 小伟 for 张伟",
    "name_order": "Given and family name in the other order",
    "married_name": "The surname before the wedding",
    "pinyin_for_hanzi": "A Chinese name in pinyin",
    "traditional": "A name and address in traditional characters",
    "honorific_only": "王先生, Mr Smith: no given name",
    "junk_phone": "13800000000 and the like in place of a number",
    "junk_email": "test@test.com and the like",
    "junk_birth_date": "1900-01-01 and the like",
    "stale": "A listed record collected more than three years ago",
    "exact_duplicate": "The same row again, under the same key or another",
    "near_duplicate": "The same registration again minutes later, written a little differently",
    "missing_fields": "Fields left empty that the source asks for",
    "masked_id": "An identity number with hidden digits",
}
"""Class -> description. `broken_row` has no truth: such rows must be quarantined and belong to nobody."""

CLASS_OF_SLIP = {"typo": "typo", "scan": "ocr_error"}
JUNK = {
    "phone": ("13800000000", "13800138000", "11111111111", "00000000000", "12345678901", "13888888888"),
    "email": ("test@test.com", "123@qq.com", "no@no.com", "a@a.com", "none@none.com"),
    "birth_date": ("1900-01-01", "1900-01-01", "1970-01-01"),
}
_RATES = {
    "typo": 0.05,
    "ocr_error": 0.30,
    "nickname": 0.06,
    "name_order": 0.03,
    "pinyin_for_hanzi": 0.03,
    "traditional": 0.025,
    "honorific_only": 0.02,
    "junk_phone": 0.012,
    "junk_email": 0.012,
    "junk_birth_date": 0.015,
    "missing_fields": 0.04,
}
"""Share of the records that a class can befall; measured over a whole demo in tests."""

_RENAMED = ("nickname", "name_order", "pinyin_for_hanzi", "traditional", "honorific_only")
_FORMS = {"name_order": "swapped", "traditional": "traditional", "honorific_only": "honorific"}
_HONORIFIC_SOURCES = frozenset(
    {"call_center", "staff_notes", "store_pos", "ecommerce_orders", "referrals", "opt_outs"}
)
_LATIN_SOURCES = frozenset({"list_partner"})


def inject(draft: Draft, dice: Dice) -> None:
    """Let the record have the other name, the slips and the junk that chance brings it."""
    if draft.named == FULL and dice.chance(_RATES["missing_fields"]):
        _empty(draft, dice)
    for name in _RENAMED:
        if dice.chance(_RATES[name]) and _can_rename(draft, name):
            _rename(draft, name, dice)
            break
    if draft.is_reference:
        return
    scanned = draft.source == "prize_cards"
    if dice.chance(_RATES["ocr_error" if scanned else "typo"]):
        for _ in range(2 if scanned and dice.chance(0.3) else 1):
            _slip(draft, "scan" if scanned else "typo", dice)
    for field, fact in (("phone", draft.phone), ("email", draft.email), ("birth_date", draft.birth)):
        if fact and dice.chance(_RATES[f"junk_{field}"]):
            _junk(draft, field, dice)


def _can_rename(draft: Draft, name: str) -> bool:
    person = draft.person
    if draft.name_form != "native":
        return False
    if name == "nickname":
        return has_nickname(person) or (person.country == "CN" and draft.source in _HONORIFIC_SOURCES)
    if name == "pinyin_for_hanzi":
        return person.country == "CN" and draft.source != "prize_cards"
    if name == "traditional":
        return has_traditional(person)
    if name == "honorific_only":
        private = draft.phone is not None and draft.phone.private
        return private and draft.source in _HONORIFIC_SOURCES
    return draft.source not in _LATIN_SOURCES


def _rename(draft: Draft, name: str, dice: Dice) -> None:
    if name == "nickname":
        draft.name_form = "nickname" if has_nickname(draft.person) else "pet_name"
    elif name == "pinyin_for_hanzi":
        draft.name_form = dice.pick(("pinyin", "pinyin", "pinyin_western"))
    else:
        draft.name_form = _FORMS[name]
    draft.trouble.add(name)


def _slip(draft: Draft, kind: str, dice: Dice) -> None:
    facts = {
        "name": draft.name_form,
        "phone": draft.phone,
        "email": draft.email,
        "birth_date": draft.birth,
        "national_id": draft.national_id and not draft.masked,
        "address": draft.home,
    }
    present = [name for name, fact in facts.items() if fact and name not in draft.slips]
    if present:
        draft.slips[dice.pick(present)] = kind
        draft.trouble.add(CLASS_OF_SLIP[kind])


def _junk(draft: Draft, name: str, dice: Dice) -> None:
    forget_slip(draft, name)
    draft.junk[name] = dice.pick(JUNK[name])
    draft.trouble.add(f"junk_{name}")


def forget_slip(draft: Draft, name: str) -> None:
    """Take the slip of one field back, and its class when no other slip of the kind is left."""
    kind = draft.slips.pop(name, None)
    if kind and kind not in draft.slips.values():
        draft.trouble.discard(CLASS_OF_SLIP[kind])


def _empty(draft: Draft, dice: Dice) -> None:
    """Leave one way to reach the person, and the name."""
    ways = [name for name in ("phone", "email", "home") if getattr(draft, name)]
    if len(ways) < 2:
        return
    keep = dice.pick(ways)
    for name in ways:
        if name != keep:
            setattr(draft, name, "" if name == "email" else None)
    draft.gender = False
    if dice.chance(0.6):
        draft.birth = None
    draft.trouble.add("missing_fields")
