"""Keeps truth honest: every record can be given to its person by a careful human who sees the others.

Two records show that they are of one person when they share an identifier of that person alone, or a
whole name together with a birth date, a home or a number that the family shares. A record that shows it with
none of the others gets a fact back; if that is not possible it is left out.
"""

from __future__ import annotations

from pipelines.demo.draft import FULL, Draft
from pipelines.demo.households import FATHER_SON
from pipelines.demo.layouts import Layout, layout_of
from pipelines.demo.trouble import forget_slip

Token = tuple[object, ...]


def tokens(draft: Draft) -> set[Token]:
    """What the record shows that no record of another person shows."""
    spoiled = draft.junk.keys() | draft.slips.keys()
    found: set[Token] = set()
    for kind, value in (
        ("passport", draft.passport_no), ("unionid", draft.unionid), ("member", draft.member_no),
        ("account", draft.account), ("email", "" if "email" in spoiled else draft.email),
    ):  # fmt: skip
        if value:
            found.add((kind, value))
    if draft.national_id and "national_id" not in spoiled and not draft.masked:
        found.add(("id", draft.national_id))
    phone = draft.phone if "phone" not in spoiled else None
    if phone is not None and phone.private:
        found.add(("phone", phone.number))
    if draft.named == FULL:
        _with_name(draft, spoiled, found)
    return found


def _with_name(draft: Draft, spoiled: set[str], found: set[Token]) -> None:
    name = draft.person.family_at(draft.at)  # before and after a wedding the name proves nothing
    if draft.birth is not None and "birth_date" not in spoiled:
        found.add(("birth", name, draft.birth))
    if draft.national_id and "national_id" not in spoiled:
        found.add(("visible id", name, draft.national_id))
    if FATHER_SON in draft.person.traits:
        return
    if draft.home is not None and "address" not in spoiled:
        found.add(("home", name, *draft.home.key))
    if draft.phone is not None and "phone" not in spoiled:
        found.add(("phone", name, draft.phone.number))


def make_attributable(drafts: list[Draft]) -> list[Draft]:
    """The records of one person that can be told to be theirs, mended where need be; maybe none."""
    if not drafts:
        return []
    groups = _groups(drafts)
    main = max(groups, key=lambda group: (sum(draft.named == FULL for draft in group), len(group)))
    kept = list(main)
    for group in groups:
        if group is not main:
            kept.extend(_join(group, main))
    # A single record must say who it is: an identifier of its own, or a name and something else.
    return kept if any(tokens(draft) for draft in kept) else []


def _join(group: list[Draft], main: list[Draft]) -> list[Draft]:
    """The group if one of its records can be tied to the others, else none of it."""
    for draft in sorted(group, key=lambda one: one.named != FULL):
        if _mend(draft, main, layout_of(draft.source), alone=len(group) == 1):
            return group
    return []


def _groups(drafts: list[Draft]) -> list[list[Draft]]:
    groups: list[tuple[set[Token], list[Draft]]] = []
    for draft in drafts:
        shown, members = tokens(draft), [draft]
        apart = []
        for other in groups:
            if shown & other[0]:
                shown, members = shown | other[0], other[1] + members
            else:
                apart.append(other)
        groups = [*apart, (shown, members)]
    return [members for _, members in groups]


def _mend(draft: Draft, main: list[Draft], layout: Layout, alone: bool) -> bool:
    """Put back one fact that the others show too; the cheapest first, so that the trouble stays if it can."""
    shown = set().union(*(tokens(other) for other in main))
    for name, field in (("email", "email"), ("phone", "phone"), ("birth", "birth_date"), ("home", "address")):
        if not layout.has(field) or getattr(draft, name):
            continue
        for other in main:
            value = getattr(other, name)
            if value and _try(draft, name, value, shown):
                return True
    # A number that ties the group together must stay.
    return alone and _put_back(draft, main, shown)


def _put_back(draft: Draft, main: list[Draft], shown: set[Token]) -> bool:
    """Last resort: the person's number in place of a wrong or shared one."""
    if draft.phone is None:
        return False
    for other in main:
        phone = other.phone
        if phone is not None and phone.private and ("phone", phone.number) in shown:
            draft.trouble.discard("junk_phone")
            draft.junk.pop("phone", None)
            forget_slip(draft, "phone")
            draft.phone = phone
            return True
    return False


def _try(draft: Draft, name: str, value: object, shown: set[Token]) -> bool:
    before = getattr(draft, name)
    setattr(draft, name, value)
    if tokens(draft) & shown:
        return True
    setattr(draft, name, before)
    return False
