"""No sequence of deliveries, merges, splits, withdrawals, erasures, rebuilds, restores and exports ever exports somebody who refused,
was erased, or is known only by a lease that is over.

The models' own SQL, the rules, the command, its ledger, tombstones and the rewriting of files are the real ones; who is merged with
whom is given, and a build lies in memory. What people said is kept beside it in plain words and decides what is right.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from hypothesis import Phase
from hypothesis import settings as budget
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sequence_world import FIRST, KEYS, LEASE_END, PEOPLE, USES, Built, Told, World, mailbox, warehouse_of

from pipelines.command import export_judged
from pipelines.command.export import export
from pipelines.exports.request import Request

WHO = st.integers(0, len(PEOPLE) - 1)
ROW = st.tuples(
    WHO,
    st.sampled_from(["agreed", "refused", "listed", "opted_out", "sent"]),
    st.sampled_from(["email", "phone"]),
    st.booleans(),
)


class Exports(RuleBasedStateMachine):
    """What happens to them, and what leaves."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="ucv-exports-"))
        self.world = World(self.folder)
        self.merged: dict[int, int] = {person: person for person in range(len(PEOPLE))}
        self.was: dict[int, set[int]] = {person: set() for person in range(len(PEOPLE))}
        self.day, self.minute, self.exports = FIRST, 0, 0
        self.leased_uses: dict[int, int] = {}
        self.backup: list[Told] = []
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(export_judged, "open_exportable", self.open_version)
        store = export_judged._store(
            self.world.settings, KEYS
        )  # opened once, since it is most of an export's time
        self.patch.setattr(export_judged, "_store", lambda *_: store)

    @initialize()
    def first_night(self) -> None:
        self.rebuild()

    def teardown(self) -> None:
        self.patch.undo()
        shutil.rmtree(self.folder, ignore_errors=True)

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
            source = {
                "agreed": "web",
                "refused": "web",
                "listed": "lease",
                "opted_out": "out",
                "sent": "mail",
            }[word]
            self.minute += 1
            at = datetime.combine(self.day, datetime.min.time()) + timedelta(minutes=self.minute)
            if source == "mail":
                self.world.take(Told("mail", f"m{at:%d%H%M}", person, at, word, "email"))
            elif source == "out":
                self.world.deliver(Told("out", f"o{at:%d%H%M}", person, at, word, by), shouted=shouted)
            else:
                self.world.deliver(Told(source, f"{source}{person}", person, at, word), shouted=shouted)

    @rule(person=WHO, is_asked=st.sampled_from([False, False, True]))
    def erase(self, person: int, is_asked: bool) -> None:
        """The customer that readers see leaves, and everybody in it, and nobody comes back under another spelling."""
        if is_asked:
            mine = self.built.customer[person]
            gone = {
                one for one, customer in self.built.customer.items() if customer == mine
            } - self.world.erased
            self.world.erase(gone, {customer for one in gone for customer in self.was[one]})
            self.rebuild()
            for one in (
                gone & self.world.erased
            ):  # their sources deliver them again, by the old key and by a new one
                self.sources_deliver([(one, "agreed", "email", True)])
                at = datetime.combine(self.day, datetime.min.time()) + timedelta(minutes=self.minute)
                self.world.deliver(Told("web", f"again{one}", one, at, "agreed"), shouted=True)
            self.rebuild()
            self.exports_now()

    @rule(days=st.integers(1, 3))
    def days_pass_without_a_night(self, days: int) -> None:
        """And an audience leaves from the version of before."""
        self.day += timedelta(days=days)
        self.minute = 0
        self.exports_now()

    @rule(is_copied=st.booleans())
    def is_restored(self, is_copied: bool) -> None:
        """A copy is made; or an older one comes back."""
        if is_copied:
            self.backup = list(self.world.raw)
        else:
            self.world.restore(self.backup)
            self.rebuild()

    @rule()
    def exports_now(self) -> None:
        """From the version that readers have, however old."""
        self.exports += 1
        name = f"e{self.exports}"
        request = Request(name, "everybody", "", "email", "marketing", "csv", "c", self.day, 0.0, None)
        path = export(self.world.settings, KEYS, request).path
        assert path is not None
        sent = {line.rpartition(",")[2] for line in path.read_text("utf-8").splitlines()[1:]}
        for person in range(len(PEOPLE)):
            self.judge(person, mailbox(person) in sent)

    def rebuild(self) -> None:
        self.built, self.built_on = Built(list(self.world.raw), dict(self.merged)), self.day
        for person, customer in self.merged.items():
            self.was[person].add(customer)

    def open_version(self, *_: Any) -> tuple[Any, duckdb.DuckDBPyConnection]:
        day = self.built_on.isoformat()
        return SimpleNamespace(version=f"v{day}", as_of_date=day), warehouse_of(self.built, self.built_on)

    def judge(self, person: int, is_sent: bool) -> None:
        """Hold what left against what was said."""
        mine = [told for told in self.built.told if told.person == person]
        said = [told.word for told in mine if told.word in ("agreed", "refused", "opted_out")]
        is_ours = any(told.source == "web" for told in mine)
        if is_sent:
            assert person not in self.world.erased
            assert not said or said[-1] == "agreed"
            assert is_ours or (any(told.source == "lease" for told in mine) and self.day <= LEASE_END)
            if not is_ours:
                self.leased_uses[person] = self.leased_uses.get(person, 0) + 1
                assert self.leased_uses[person] <= USES
        alone = list(self.built.customer.values()).count(self.built.customer[person]) == 1
        if alone and is_ours and said[-1] == "agreed":
            assert is_sent, "who agreed last and is nobody else is written to"

    @invariant()
    def whoever_was_erased_is_in_no_file(self) -> None:
        folder = self.world.settings.home / "exports"
        text = "".join(path.read_text("utf-8") for path in folder.rglob("*.csv"))
        assert not [person for person in self.world.erased if mailbox(person) in text]


TestExports = Exports.TestCase
TestExports.settings = budget(
    max_examples=12, stateful_step_count=10, deadline=None, phases=[Phase.explicit, Phase.generate]
)


@pytest.mark.parametrize("days", [1, 3, 5])
def test_a_lease_that_ends_between_a_night_and_an_export(days: int) -> None:
    state = Exports()
    state.first_night()
    state.a_night([(0, "listed", "email", False), (1, "agreed", "email", False)], is_one=False)
    assert state.leased_uses == {0: 1}
    state.days_pass_without_a_night(days)
    assert state.leased_uses == {0: 2 if days < (LEASE_END - FIRST).days + 1 else 1}
    state.exports_now()
    state.teardown()
