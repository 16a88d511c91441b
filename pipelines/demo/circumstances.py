"""The trouble that a life brings to a record without anybody's mistake: moved, shared home, twins."""

from __future__ import annotations

from pipelines.demo.draft import NONE, Draft
from pipelines.demo.households import FATHER_SON, SHARED_HOME, TWINS
from pipelines.demo.person import CHINESE


def tag_circumstances(draft: Draft) -> None:
    """Add the classes that follow from the person's life at the time of the record."""
    _tag_phone(draft)
    _tag_home(draft)
    _tag_name(draft)
    if draft.masked:
        draft.trouble.add("masked_id")


def _tag_phone(draft: Draft) -> None:
    phone = draft.phone
    if phone is None:
        return
    if phone.recycled:
        draft.trouble.add("recycled_phone")
    elif not phone.private:
        draft.trouble.add("shared_family_phone")
    if phone is not draft.person.phones[-1]:
        draft.trouble.add("changed_phone")


def _tag_home(draft: Draft) -> None:
    stays, home = draft.person.stays, draft.home
    if home is None:
        return
    if home is not stays[-1].home:
        draft.trouble.add("moved")
    if SHARED_HOME in draft.person.traits and home is stays[0].home:
        draft.trouble.add("shared_family_address")


def _tag_name(draft: Draft) -> None:
    person = draft.person
    if draft.named != NONE or draft.home is not None:
        draft.trouble.update(person.traits & {TWINS, FATHER_SON})
    if draft.named != NONE and person.married_at and draft.at < person.married_at:
        draft.trouble.add("married_name")
    if draft.name_form == "honorific":
        draft.trouble.add("honorific_only")
    if draft.name_form == "passport" and person.group == CHINESE:
        draft.trouble.add("pinyin_for_hanzi")
