"""By which signs a delivered row tells whom it is about: identifiers, contacts, names in every script, birth dates.

Values come as delivered or as raw keeps them and are read by the functions that standardise them for matching, so that another
spelling of a number, mailbox or name is the same sign. `NORMALISER` is the version of that reading: a tombstone names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from pipelines.contracts.model import Contract
from pipelines.functions.date import is_junk_date, parse_date
from pipelines.functions.email import standardise_email
from pipelines.functions.identifier import standardise_identifier, standardise_passport
from pipelines.functions.name import standardise_name
from pipelines.functions.name_sounds import name_phonetic, nickname_roots
from pipelines.functions.phone import standardise_phone
from pipelines.functions.phone_text import split_phones

NORMALISER = 1
PERSON_FIELDS = (
    "full_name", "family_name", "given_name", "middle_name", "native_name", "birth_date", "national_id",
    "national_id_country", "passport_no", "driver_license_no", "phone", "phone_2", "phone_3", "email", "email_2",
    "email_3", "wechat_openid", "wechat_unionid", "social_handle", "member_no", "customer_ref",
)  # fmt: skip
"""The canonical fields that are looked at; every kind of record has them."""

_NAMES = ("full_name", "family_name", "given_name", "middle_name", "native_name")
_PLAIN_IDS = ("driver_license_no", "wechat_openid", "wechat_unionid", "social_handle")
_JUNK = ("junk", "invalid", "missing")
_PIECES = re.compile(r"[\x1f,;|\t\"]")
_DIGITS = re.compile(r"\d")


@dataclass(frozen=True)
class Signs:
    """What a row, or all rows of a person, tell. `ids` and `contacts` are `kind:value`; names are in simplified characters
    (`natives`) and in Latin letters (`latins`), these in the order of the alphabet, since people write names in any order and
    syllables together or apart; `sounds` how they sound; `births` ISO dates."""

    ids: frozenset[str] = frozenset()
    contacts: frozenset[str] = frozenset()
    natives: frozenset[str] = frozenset()
    latins: frozenset[str] = frozenset()
    sounds: frozenset[str] = frozenset()
    births: frozenset[str] = frozenset()

    def __or__(self, other: Signs) -> Signs:
        return Signs(*(getattr(self, name) | getattr(other, name) for name in self.__dataclass_fields__))

    @property
    def emails(self) -> frozenset[str]:
        """The contacts that are mailboxes."""
        return frozenset(contact for contact in self.contacts if contact.startswith("email:"))


def signs_of(values: Mapping[str, Any], contract: Contract | None) -> Signs:
    """The signs in a row's canonical values (text, or dates as raw keeps them). Without a contract no default country."""
    text = {name: str(value).strip() for name in PERSON_FIELDS if (value := values.get(name)) is not None}
    country = contract.default_country if contract else None
    native, latin, sound = _name(*(text.get(name) or None for name in _NAMES))
    birth = values.get("birth_date")
    return Signs(
        frozenset(_ids(text, contract, country)),
        frozenset(_contacts(text, country)),
        native,
        latin,
        sound,
        _birth(birth.isoformat() if isinstance(birth, date) else text.get("birth_date"), country),
    )


def signs_of_pieces(text: str, contract: Contract | None) -> Signs:
    """The signs in a line that no reader could take apart: each piece of it is tried as whatever it looks like."""
    found = Signs()
    for piece in filter(None, (part.strip() for part in _PIECES.split(text))):
        if "@" in piece:
            values = {"email": piece}
        elif len(_DIGITS.findall(piece)) >= 7:
            values = {"phone": piece, "national_id": piece}
        elif _DIGITS.search(piece) is None:
            values = {"full_name": piece}
        else:
            continue
        found |= signs_of(values, contract)
    return found


def _ids(text: Mapping[str, str], contract: Contract | None, country: str | None) -> Iterator[str]:
    where = text.get("national_id_country") or country
    if number := text.get("national_id"):
        yield from _national_id(number, where)
    if number := text.get("passport_no"):
        yield from _passport(number, where)
    for name in _PLAIN_IDS:
        if number := text.get(name):
            yield f"{name}:{re.sub(r'[^0-9A-Za-z_-]', '', number).upper()}"
    source = contract.id if contract else ""
    is_own = contract is not None and contract.terms.acquisition_mode == "own"
    if number := text.get("member_no"):
        yield f"member_no:{'own' if is_own else source}:{number}"
    if number := text.get("customer_ref"):
        yield f"customer_ref:{source}:{number}"


@lru_cache(maxsize=200_000)
def _national_id(raw: str, country: str | None) -> tuple[str, ...]:
    told = standardise_identifier(raw, country)
    is_known = told and told["normal"] and not told["is_masked"] and told["status"] not in _JUNK
    return (f"national_id:{told['normal']}",) if told and is_known else ()


@lru_cache(maxsize=50_000)
def _passport(raw: str, country: str | None) -> tuple[str, ...]:
    told = standardise_passport(raw, country)
    is_known = told and told["normal"] and told["status"] not in _JUNK
    return (f"passport_no:{told['normal']}",) if told and is_known else ()


def _contacts(text: Mapping[str, str], country: str | None) -> Iterator[str]:
    for turn in ("", "_2", "_3"):
        if number := text.get(f"phone{turn}"):
            yield from _phone(number, country)
        if mailbox := text.get(f"email{turn}"):
            yield from _email(mailbox)


@lru_cache(maxsize=200_000)
def _phone(raw: str, country: str | None) -> tuple[str, ...]:
    told = [standardise_phone(one, country) for one in (split_phones(raw) or [])] if raw else []
    return tuple(f"phone:{one['e164']}" for one in told if one and one["e164"] and one["status"] not in _JUNK)


@lru_cache(maxsize=200_000)
def _email(raw: str) -> tuple[str, ...]:
    """A mailbox of a role (info@, sales@) has many readers: it tells no more than a telephone number does."""
    told = standardise_email(raw) if raw else None
    if not told or not told["match_key"] or told["status"] in _JUNK:
        return ()
    return (f"{'desk' if told['is_role'] else 'email'}:{told['match_key']}",)


@lru_cache(maxsize=200_000)
def _name(*parts: str | None) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Characters, Latin letters, sounds; a name of one word alone tells nobody from another."""
    empty: frozenset[str] = frozenset()
    told = standardise_name(*parts) if any(parts) else None
    if told is None or told["status"] in _JUNK:
        return empty, empty, empty
    words = [told["family_latin"], told["given_latin"]]
    native = frozenset({_plain(told["native"])} if told["native"] and told["family"] else ())
    if not all(words):
        return native, empty, empty
    latin = "".join(sorted("".join(_plain(word) for word in words)))
    given = {told["given_latin"], *(nickname_roots(told["given_latin"]) or ())}
    sounds = {"|".join(sorted(name_phonetic(word) or "" for word in (words[0], one))) for one in given}
    return native, frozenset({latin}), frozenset(sounds)


@lru_cache(maxsize=50_000)
def _birth(raw: str | None, country: str | None) -> frozenset[str]:
    told = parse_date(raw, None, country) if raw else None
    if told is None or told["value"] is None or told["precision"] != "day":
        return frozenset()
    day = told["value"].isoformat()
    return frozenset() if is_junk_date(day) else frozenset({day})


def _plain(word: str) -> str:
    return re.sub(r"\W", "", word).lower()


def merged(parts: Iterable[Signs]) -> Signs:
    """The signs of several rows together."""
    found = Signs()
    for part in parts:
        found |= part
    return found
