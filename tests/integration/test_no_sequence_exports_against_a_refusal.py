"""No sequence of deliveries, merges, splits, withdrawals, erasures, rebuilds, restores and exports ever exports somebody who refused,
was erased, or is known only by a lease that is over.

The models' own SQL, the rules, the command, its ledger, tombstones and the rewriting of files are the real ones; who is merged with
whom is given, and a build lies in memory. What people said is kept beside it in plain words and decides what is right.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from contract_texts import contract_text
from exports_home import LIST, OUT, WEB
from hypothesis import Phase
from hypothesis import settings as budget
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from rendered_models import Warehouse, record

from pipelines.command import export_judged
from pipelines.command.erased_people import Subject, erased_people, tombstone_of
from pipelines.command.export import export
from pipelines.contracts.load import load_contract
from pipelines.exports.erasing import erase_from_exports
from pipelines.exports.request import Request
from pipelines.privacy.signs import Signs, signs_of
from pipelines.privacy.tombstones import add_tombstones
from pipelines.settings import Settings
from pipelines.storage.keys import Keys

PEOPLE = ("Anselm Abendroth", "Beatrix Birkenfeld")
WHO = st.integers(0, len(PEOPLE) - 1)
ROW = st.tuples(
    WHO,
    st.sampled_from(["agreed", "refused", "listed", "opted_out", "sent"]),
    st.sampled_from(["email", "phone"]),
    st.booleans(),
)
FIRST, LEASE_END, USES = date(2031, 3, 1), date(2031, 3, 4), 2
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


class Exports(RuleBasedStateMachine):
    """Three people, two houses that know them, and whoever is written to."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="ucv-exports-"))
        home = self.folder / "home"
        (home / "segments").mkdir(parents=True)
        (home / "segments" / "everybody.yml").write_text(
            "where: {field: order_count, at_least: 0}\n", "utf-8"
        )
        self.settings = Settings(
            home=home, home_id="test", key_file=self.folder / "key.json", min_free_bytes=0
        )
        self.contracts = {}
        for source, kind, channel, fields in (
            ("web", "registration", "website", WEB), ("lease", "purchased_list", "publisher", LIST), ("out", "suppression", "internal", OUT),
        ):  # fmt: skip
            path = self.folder / f"{source}.yml"
            path.write_text(contract_text(source, kind, channel, fields), "utf-8")
            self.contracts[source] = load_contract(path, home)
        self.raw: list[Told] = []
        self.ever: list[Told] = []
        self.merged: dict[int, int] = {person: person for person in range(len(PEOPLE))}
        self.was: dict[int, set[int]] = {person: set() for person in range(len(PEOPLE))}
        self.erased: set[int] = set()
        self.day, self.minute, self.exports = FIRST, 0, 0
        self.leased_uses: dict[str, int] = {}
        self.backup: list[Told] = []
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(export_judged, "open_exportable", self.open_version)

    @initialize()
    def first_night(self) -> None:
        self.rebuild()

    def teardown(self) -> None:
        self.patch.undo()
        shutil.rmtree(self.folder, ignore_errors=True)

    # what sources deliver

    def deliver(self, told: Told, *, shouted: bool = False) -> None:
        """As ingest does: a row of somebody erased is left out."""
        self.ever.append(told)
        self.take(told, shouted=shouted)

    def take(self, told: Told, *, shouted: bool = False) -> None:
        people = erased_people(self.settings, KEYS)
        contract = self.contracts.get(told.source)
        if contract and people.verdict(contract, told.key, values(told, shouted=shouted)) is not None:
            return
        if told not in self.raw:
            self.raw.append(told)

    def now(self) -> datetime:
        self.minute += 1
        return datetime.combine(self.day, datetime.min.time()) + timedelta(minutes=self.minute)

    @rule(rows=st.lists(ROW, min_size=1, max_size=4), is_one=st.booleans())
    def a_night(self, rows: list[tuple[int, str, str, bool]], is_one: bool) -> None:
        """Sources deliver, the two people are taken for one or not, readers get a version, and an audience leaves."""
        self.sources_deliver(rows)
        self.merged = {person: 0 if is_one else person for person in self.merged}
        self.rebuild()
        self.exports_now()

    @rule(rows=st.lists(ROW, min_size=1, max_size=4))
    def sources_deliver(self, rows: list[tuple[int, str, str, bool]]) -> None:
        for person, word, by, shouted in rows:
            if word == "sent":
                if person not in self.erased:
                    self.raw.append(Told("mail", f"m{len(self.raw)}", person, self.now(), word, "email"))
                continue
            source = {"agreed": "web", "refused": "web", "listed": "lease", "opted_out": "out"}[word]
            key = f"o{len(self.ever)}" if source == "out" else f"{source}{person}"
            told = Told(source, key, person, self.now(), word, by if source == "out" else "both")
            self.deliver(told, shouted=shouted)

    # what becomes of them

    @rule(person=WHO, is_asked=st.sampled_from([False, False, True]))
    def erase(self, person: int, is_asked: bool) -> None:
        """The customer that readers see leaves, and everybody in it."""
        if not is_asked:
            return
        mine = self.built.customer[person]
        gone = {one for one, customer in self.built.customer.items() if customer == mine} - self.erased
        for one in gone:
            rows = [told for told in self.raw if told.person == one]
            subject = Subject(f"c{one}", {(told.source, told.key) for told in rows}, Signs())
            for told in rows:
                subject.signs |= signs_of(values(told), self.contracts.get(told.source))
            if not rows:
                continue
            self.erased.add(one)
            add_tombstones(
                self.settings, KEYS, [tombstone_of(subject, KEYS, f"E{len(self.erased)}", str(self.day))]
            )
        self.raw = [told for told in self.raw if told.person not in self.erased]
        ids = sorted({f"c{customer}" for one in gone for customer in self.was[one]})
        erase_from_exports(
            self.settings.home, ids, [mailbox(one) for one in gone], KEYS.tokeniser(), lambda file, rows: None
        )
        self.rebuild()

    @rule()
    def a_day_passes(self) -> None:
        self.day += timedelta(days=1)
        self.minute = 0

    @rule(is_copied=st.booleans())
    def is_restored(self, is_copied: bool) -> None:
        """A copy is made; or an older one comes back, and what was delivered since is delivered again before anyone can read."""
        if is_copied:
            self.backup = list(self.raw)
            return
        self.raw = []
        for told in [*self.backup, *self.ever]:
            self.take(told)
        self.raw = [told for told in self.raw if not (told.source == "mail" and told.person in self.erased)]
        self.raw.sort(key=lambda told: told.at)
        self.rebuild()

    # what readers see, and what leaves

    def rebuild(self) -> None:
        self.built = Built(list(self.raw), dict(self.merged))
        for person, customer in self.merged.items():
            self.was[person].add(customer)
        self.built_on = self.day

    def open_version(self, *_: Any) -> tuple[Any, duckdb.DuckDBPyConnection]:
        return SimpleNamespace(
            version=f"v{self.built_on}", as_of_date=self.built_on.isoformat()
        ), self.warehouse(self.built)

    def warehouse(self, built: Built) -> duckdb.DuckDBPyConnection:
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
        return house.build(self.built_on)

    @rule()
    def exports_now(self) -> None:
        """From the version that readers have, however old."""
        self.exports += 1
        request = Request(
            f"e{self.exports}", "everybody", "", "email", "marketing", "csv", "c", self.day, 0.0, None
        )
        outcome = export(self.settings, KEYS, request)
        assert outcome.path is not None
        sent = {line.rpartition(",")[2] for line in outcome.path.read_text("utf-8").splitlines()[1:]}
        for person in range(len(PEOPLE)):
            self.judge(person, mailbox(person) in sent)

    def judge(self, person: int, is_sent: bool) -> None:
        """Hold what left against what was said."""
        mine = [told for told in self.built.told if told.person == person]
        said = [told.word for told in mine if told.word in ("agreed", "refused", "opted_out")]
        is_ours = any(told.source == "web" for told in mine)
        is_lent = any(told.source == "lease" for told in mine) and self.day <= LEASE_END
        if is_sent:
            assert person not in self.erased
            assert not said or said[-1] == "agreed"
            assert is_ours or is_lent
            if not is_ours:
                self.leased_uses[mailbox(person)] = self.leased_uses.get(mailbox(person), 0) + 1
                assert self.leased_uses[mailbox(person)] <= USES
        alone = sum(customer == self.built.customer[person] for customer in self.built.customer.values()) == 1
        if alone and is_ours and said[-1] == "agreed":
            assert is_sent, "who agreed last and is nobody else is written to"

    @invariant()
    def whoever_was_erased_is_in_no_file(self) -> None:
        text = "".join(path.read_text("utf-8") for path in (self.settings.home / "exports").rglob("*.csv"))
        assert not [person for person in self.erased if mailbox(person) in text]


TestExports = Exports.TestCase
TestExports.settings = budget(
    max_examples=20, stateful_step_count=12, deadline=None, phases=[Phase.explicit, Phase.generate]
)
