"""Fills the columns about traits of a record that is written already: schooling, marriage, interests, device."""

from __future__ import annotations

from pipelines.demo.devices import user_agent
from pipelines.demo.dice import Dice
from pipelines.demo.draft import Draft
from pipelines.demo.people import World
from pipelines.demo.trait_words import CHINESE, ENGLISH, VENDOR, codes_of, worded
from pipelines.demo.traits import Traits, is_of_age, traits_of

_STYLES = {"member_club": CHINESE, "web_registrations": ENGLISH, "list_purchased": VENDOR}
_ASKED = {"member_club": 0.7, "web_registrations": 0.5, "list_purchased": 0.45}
_WRONG = {"member_club": 0.02, "web_registrations": 0.03, "list_purchased": 0.15}
"""Share of the records of a source that tell a trait, and of those that tell a wrong one."""
_FURTHER_QUESTIONS, _FURTHER_SHARE = ("ATT1", "COMP1"), 0.5


def add_traits(drafts: list[Draft], world: World) -> None:
    """Fill in place what sources tell about the traits of the people of these records."""
    for draft in drafts:
        dice = Dice("trait columns", world.seed, draft.source, draft.key)
        if draft.source in _STYLES:
            _tell(draft, traits_of(draft.person, world), world, dice)
        if draft.source == "web_registrations":
            draft.values["user_agent"] = user_agent("", dice) if dice.chance(0.6) else ""
        if draft.source == "campaigns":
            _tell_of_event(draft, dice)


def _tell(draft: Draft, traits: Traits, world: World, dice: Dice) -> None:
    style, asked, wrong = _STYLES[draft.source], _ASKED[draft.source], _WRONG[draft.source]
    truth = {
        "education": traits.education,
        "marital_status": traits.marital_status_at(draft.updated_at or draft.at),
    }
    for field, code in truth.items():
        is_told, is_wrong = dice.chance(asked), dice.chance(wrong)
        other = dice.pick(codes_of(field))
        if is_told and (field == "education" or is_of_age(draft.person, world.as_of)):
            draft.values[field] = worded(field, other if is_wrong else code, style)
    if draft.source == "web_registrations" and traits.interests and dice.chance(0.7):
        language = CHINESE if draft.style % 2 else ENGLISH
        told = [worded("interests", code, language) for code in traits.interests]
        draft.values["psychographics"] = ";".join(told)


def _tell_of_event(draft: Draft, dice: Dice) -> None:
    """The browser of an event that names a device, and further questions of surveys."""
    device = str(draft.values.get("device", ""))
    if device and dice.chance(0.5):
        draft.values["user_agent"] = user_agent(device, dice)
    if draft.values.get("question_code") and dice.chance(_FURTHER_SHARE):
        draft.values["question_code"] = dice.pick(_FURTHER_QUESTIONS)
