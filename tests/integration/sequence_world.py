"""Two people as a web shop, a leased list, opt-outs and our own messages know them; and a home that takes and erases rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
from contract_texts import contract_text
from exports_home import LIST, OUT, WEB
from rendered_models import Warehouse, record

from pipelines.command.erased_people import Subject, erased_people, tombstone_of
from pipelines.contracts.load import load_contract
from pipelines.exports.erasing import erase_from_exports
from pipelines.privacy.signs import Signs, signs_of
from pipelines.privacy.tombstones import add_tombstones
from pipelines.settings import Settings
from pipelines.storage.keys import Keys

PEOPLE = ("Anselm Abendroth", "Beatrix Birkenfeld")
FIRST, LEASE_END, USES = date(2031, 3, 1), date(2031, 3, 5), 2
KEYS = Keys("test", bytes(range(32)))


@dataclass(frozen=True)
class Told:
    """One delivered row: of a registration, a list, an opt-out, or our own message."""

    source: str
    key: str
    person: int
    at: datetime
    word: str  # agreed, refused, listed, opted_out, sent
    by: str = "both"  # which identifiers the row carries


@dataclass
class Built:
    """What a build knows: rows, and of each person the customer."""

    told: list[Told] = field(default_factory=list)
    customer: dict[int, int] = field(default_factory=dict)


def mailbox(person: int) -> str:
    return f"p{person}@mail.example.cn"


def number(person: int) -> str:
    return f"+86139000012{person:02d}"


def values(told: Told, *, shouted: bool = False) -> dict[str, str]:
    """The row as a source writes it, in one spelling or another."""
    email, phone = mailbox(told.person), number(told.person)
    row = {"full_name": PEOPLE[told.person], "email": email.upper() if shouted else email,
           "phone": f"{phone[3:6]} {phone[6:]}" if shouted else phone}  # fmt: skip
    kept = {"both": row, "email": {"email": row["email"]}, "phone": {"phone": row["phone"]}}[told.by]
    return kept


class World:
    """A home with keys, contracts, tombstones and exports, and the rows that it has taken."""

    def __init__(self, folder: Path) -> None:
        home = folder / "home"
        (home / "segments").mkdir(parents=True)
        rules = "where: {field: order_count, at_least: 0}\n"
        (home / "segments" / "everybody.yml").write_text(rules, "utf-8")
        self.settings = Settings(home=home, home_id="test", key_file=folder / "key.json", min_free_bytes=0)
        self.contracts = {}
        for source, kind, channel, fields in (
            ("web", "registration", "website", WEB), ("lease", "purchased_list", "publisher", LIST), ("out", "suppression", "internal", OUT),
        ):  # fmt: skip
            path = folder / f"{source}.yml"
            path.write_text(contract_text(source, kind, channel, fields), "utf-8")
            self.contracts[source] = load_contract(path, home)
        self.raw: list[Told] = []
        self.ever: list[Told] = []
        self.erased: set[int] = set()

    def deliver(self, told: Told, *, shouted: bool = False) -> None:
        """As ingest does: a row of somebody erased is left out."""
        self.ever.append(told)
        self.take(told, shouted=shouted)

    def take(self, told: Told, *, shouted: bool = False) -> None:
        """Keep the row, unless it is of somebody erased or there already."""
        contract = self.contracts.get(told.source)
        if contract and erased_people(self.settings, KEYS).verdict(
            contract, told.key, values(told, shouted=shouted)
        ):
            return
        if told not in self.raw and not (contract is None and told.person in self.erased):
            self.raw.append(told)

    def restore(self, backup: list[Told]) -> None:
        """An older copy comes back, and what was delivered since is delivered again before anyone can read."""
        self.raw = []
        for told in [*backup, *self.ever]:
            self.take(told)
        self.raw.sort(key=lambda told: told.at)

    def erase(self, people: set[int], customers: set[int]) -> None:
        """Rows and exported files lose them, and a tombstone of each stays; who has no row is nobody."""
        for one in people:
            rows = [told for told in self.raw if told.person == one]
            subject = Subject(f"c{one}", {(told.source, told.key) for told in rows}, Signs())
            for told in rows:
                subject.signs |= signs_of(values(told), self.contracts.get(told.source))
            if rows:
                self.erased.add(one)
                add_tombstones(
                    self.settings, KEYS, [tombstone_of(subject, KEYS, f"E{len(self.erased)}", "2031-03-01")]
                )
        self.raw = [told for told in self.raw if told.person not in self.erased]
        ids = [f"c{customer}" for customer in sorted(customers)]
        contacts = [mailbox(one) for one in people]
        erase_from_exports(self.settings.home, ids, contacts, KEYS.tokeniser(), lambda file, rows: None)


def warehouse_of(built: Built, day: date) -> duckdb.DuckDBPyConnection:
    """What readers see of the rows on a day."""
    house = Warehouse()
    every: dict[str, Any] = {
        "permitted_channels": [],
        "permitted_purposes": [],
        "recipient_countries": [],
        "matching_only": False,
    }
    for source in ("web", "out", "mail"):
        house.add("stg_sources", source_system=source, acquisition_mode="own", **every)
    house.add("stg_sources", source_system="lease", acquisition_mode="lease", legal_basis="L-1", max_uses=USES, valid_to=LEASE_END,
              terms_over_on=LEASE_END + timedelta(days=1), **every)  # fmt: skip
    seen: set[str] = set()
    for turn, told in enumerate(built.told):
        record_id = f"{told.source}:{told.key}"
        if record_id not in seen:
            kind = {
                "web": "registration",
                "lease": "purchased_list",
                "out": "suppression",
                "mail": "interaction",
            }[told.source]
            customer = f"o{told.key}" if told.source == "out" else f"c{built.customer[told.person]}"
            record(house, record_id, customer, kind, told.at, [mailbox(told.person)] if told.by != "phone" else [],
                   [number(told.person)] if told.by != "email" else [])  # fmt: skip
            seen.add(record_id)
        if told.word in ("agreed", "refused"):
            house.add(
                "stg_consents",
                record_id=record_id,
                source_system="web",
                statement_no=turn,
                is_agreed=told.word == "agreed",
                told_at=told.at,
            )
        elif told.word == "opted_out":
            house.add(
                "stg_suppressions",
                record_id=record_id,
                source_system="out",
                reason="opt_out",
                effective_at=told.at,
                scope="all",
            )
        elif told.word == "sent":
            house.add("stg_interactions", record_id=record_id, interaction_type="campaign_send")
    return house.build(day)
