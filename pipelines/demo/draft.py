"""A record before it is written: what it says, about whom, its slips and its trouble classes."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import date, datetime

from pipelines.demo.person import Home, Person, Phone

FULL, WEAK, NONE = "full", "weak", "none"
"""How well the name on a record says who it is: whole name, only part of it, no name."""


@dataclass(slots=True, eq=False)
class Draft:
    """One record of one person. Typed facts here; text forms come with rendering.

    `name_form` is a key of name_forms.FORMS or "" for none. `junk` maps a field to the junk written in its
    place, `slips` a field to the kind of slip; both make the field useless as evidence. `style` chooses among
    the ways to write numbers and addresses; `repeats` says how often the row comes again under the same key.
    """

    source: str
    key: str
    at: datetime
    person: Person
    name_form: str = ""
    gender: bool = False
    birth: date | None = None
    national_id: str = ""
    masked: bool = False
    passport_no: str = ""
    phone: Phone | None = None
    landline: Phone | None = None
    email: str = ""
    home: Home | None = None
    member_no: str = ""
    account: str = ""
    unionid: str = ""
    updated_at: datetime | None = None
    values: dict[str, str | datetime] = field(default_factory=dict)
    junk: dict[str, str] = field(default_factory=dict)
    slips: dict[str, str] = field(default_factory=dict)
    trouble: set[str] = field(default_factory=set)
    style: int = 0
    repeats: int = 0

    @property
    def named(self) -> str:
        """FULL, WEAK or NONE."""
        if not self.name_form:
            return NONE
        return WEAK if self.name_form in {"honorific", "pet_name"} else FULL

    def shows(self, field: str) -> bool:
        """Whether what stands in the field, if anything, is true."""
        return field not in self.junk and field not in self.slips

    @property
    def is_reference(self) -> bool:
        """True for a record that only refers to a person by number or mailbox, without saying more."""
        return not (self.name_form or self.home or self.birth or self.national_id)

    def copy_as(self, key: str) -> Draft:
        """The same record under another key."""
        twin = copy.copy(self)
        twin.key = key
        for name in ("values", "junk", "slips", "trouble"):
            setattr(twin, name, copy.copy(getattr(self, name)))
        return twin
