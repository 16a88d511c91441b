"""The ways in which many lists write the name of one organisation."""

from __future__ import annotations

from benchmarks.identity.generated.dice import Dice
from benchmarks.identity.generated.organisation_kinds import ORDINAL_DIGITS, Firm
from benchmarks.identity.generated.slips import slip

_SHORT = {
    "Saint": ("St", "St."),
    "International": ("Intl", "Int'l", "Intl."),
    "University": ("Univ", "Univ.", "U."),
    "Community": ("Comm", "Comm."),
    "Company": ("Co", "Co."),
    "Corporation": ("Corp", "Corp."),
    "Limited": ("Ltd", "Ltd.", "LTD"),
    "Inc.": ("Inc", "Incorporated", "INC"),
    "LLC": ("L.L.C.", "LLC."),
    "S.A.": ("SA",),
    "S.L.": ("SL",),
    "SARL": ("S.A.R.L.",),
    "Pty Ltd": ("Pty. Ltd.", "P/L"),
    "GmbH": ("Gmbh", "G.m.b.H."),
    "Manufacturing": ("Mfg", "Mfg."),
    "Industries": ("Ind.", "Inds"),
    "Engineering": ("Eng.", "Engrg"),
    "Technologies": ("Tech", "Technology"),
    "Center": ("Ctr", "Centre", "Ctr."),
    "Hospital": ("Hosp", "Hosp."),
    "Medical": ("Med", "Med."),
    "Regional": ("Reg", "Regl"),
    "Memorial": ("Mem", "Meml"),
    "General": ("Gen", "Gen."),
    "Elementary": ("Elem", "Elem."),
    "School": ("Sch", "Sch."),
    "Services": ("Svcs", "Service"),
    "Associates": ("Assoc", "Assoc.", "Assocs"),
    "Management": ("Mgmt", "Mgt"),
    "Restaurant": ("Rest", "Rest."),
    "Brothers": ("Bros", "Bros."),
    "National": ("Natl", "Nat'l"),
    "Mountain": ("Mtn", "Mt"),
    "Café": ("Cafe", "Caffe"),
    "Pharmacy": ("Pharm", "Drugs"),
    "House": ("Hse",),
    "Jewelers": ("Jewellers",),
    "Children's": ("Childrens", "Children"),
    "Insurance": ("Ins", "Ins."),
    "Supermarket": ("Super Market", "Market"),
    "Three": ("3",),
    "Four": ("4",),
    "Seven": ("7",),
    **{name: (number,) for name, number in ORDINAL_DIGITS.items()},
}


def called(dice: Dice, firm: Firm) -> str:
    """The firm's name with a few of: short forms, no legal form, another order, a word lost, a slip, the branch."""
    text = _ordered(dice, _lost(dice, firm.name))
    text = " ".join(_word(dice, word) for word in text.split(" "))
    if dice.chance(0.3):
        text = text.replace(" & ", " and ") if " & " in text else text.replace(" and ", " & ")
    if dice.chance(0.35):
        text = text.replace("'s", dice.pick(("s", "s", "", " s")))
    if firm.form and dice.chance(0.6):
        text += dice.pick((" ", ", ")) + _word(dice, firm.form)
    if text.startswith("The "):
        text = text[4:] + dice.pick(("", "", ", The")) if dice.chance(0.4) else text
    elif firm.kind not in {"school", "church", "university"} and dice.chance(0.04):
        text = f"The {text}"
    if dice.chance(0.08):
        text = slip(dice, text)
    text += _tail(dice, firm)
    return text.upper() if dice.chance(0.12) else text.lower() if dice.chance(0.03) else text


def _word(dice: Dice, word: str) -> str:
    return dice.pick(_SHORT[word]) if word in _SHORT and dice.chance(0.4) else word


def _lost(dice: Dice, name: str) -> str:
    """Without one word that only describes, seldom, and never one of the first two."""
    parts = name.split(" ")
    if len(parts) > 2 and parts[0] not in {"University", "Saint", "The"} and dice.chance(0.09):
        del parts[dice.between(2, len(parts) - 1)]
        return " ".join(parts).removesuffix(" of").removesuffix(" &").removesuffix(" and")
    return name


def _ordered(dice: Dice, name: str) -> str:
    if not dice.chance(0.07):
        return name
    if name.startswith("University of "):
        return f"{name[14:]}, University of"
    if " & " in name and len(name.split(" ")) > 3:
        first, _, second, *rest = name.split(" ")
        return " ".join([second, "&", first, *rest])
    parts = name.split(" ")
    return (
        " ".join([parts[-1], *parts[:-1]])
        if len(parts) == 2
        else f"{' '.join(parts[1:])}, {parts[0]}"
        if len(parts) == 3
        else name
    )


def _tail(dice: Dice, firm: Firm) -> str:
    """The branch or the town behind the name."""
    if firm.branch and dice.chance(0.5):
        return dice.pick((f" {firm.branch}", f" - {firm.branch}", f" ({firm.branch})", f", {firm.branch}"))
    if firm.place and firm.place.city.name not in firm.name and dice.chance(0.06):
        return dice.pick(
            (f" of {firm.place.city.name}", f" - {firm.place.city.name}", f" {firm.place.city.name}")
        )
    return ""
