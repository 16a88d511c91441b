"""What is true about an invented person, over time. No record forms and no errors here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

CHINESE = "chinese"
INTERNATIONAL = "international"
ORGANISATION = "organisation"


@dataclass(slots=True, eq=False)
class Phone:
    """A number and from when the person had it; `private` is False once another person had it too."""

    country_code: str
    national: str
    since: datetime
    private: bool = True
    recycled: bool = False

    @property
    def number(self) -> str:
        """The number in E.164 without separators."""
        return f"+{self.country_code}{self.national}"


@dataclass(slots=True, eq=False)
class Home:
    """A dwelling. Chinese homes have a division, `unit` 3栋2单元501室; others street and number."""

    country: str
    province: str
    city: str
    district: str
    street: str
    number: str
    unit: str
    postcode: str
    division_code: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        return (self.city, self.street, self.number, self.unit)


@dataclass(slots=True, eq=False)
class Stay:
    """A home and from when the person lives there."""

    home: Home
    since: datetime


@dataclass(slots=True, eq=False)
class Person:
    """One true person; phones, mailboxes and stays in order of time, the last one is the present one."""

    id: str
    number: int
    group: str
    country: str
    sex: str
    birth: date
    family: str
    given: str
    family_latin: str
    given_latin: str
    native_name: str = ""
    national_id: str = ""
    passport_no: str = ""
    phones: list[Phone] = field(default_factory=list)
    landline: Phone | None = None
    emails: list[str] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    household: int = 1
    member_no: str = ""
    account: str = ""
    unionid: str = ""
    occupation: str = ""
    former_family: str = ""
    married_at: datetime | None = None
    traits: set[str] = field(default_factory=set)

    def phone_at(self, at: datetime) -> Phone | None:
        """The number at that time, or None before the first."""
        return next((phone for phone in reversed(self.phones) if phone.since <= at), None)

    def home_at(self, at: datetime) -> Home:
        """Where the person lived at that time."""
        return next((stay.home for stay in reversed(self.stays) if stay.since <= at), self.stays[0].home)

    def family_at(self, at: datetime) -> str:
        """The family name at that time."""
        return self.former_family if self.married_at and at < self.married_at else self.family
