"""Every place of a home that an erased person leaves, one after the other; each may be done again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from pipelines.command.erased_people import contracts_by_source, person_rows
from pipelines.contracts.model import Contract
from pipelines.errors import DeliveryError
from pipelines.exports.erasing import erase_from_exports
from pipelines.ingest.arrivals import landed_files
from pipelines.ingest.erasing import erase_source, erased_rows
from pipelines.ingest.manifests import list_deliveries
from pipelines.ingest.people import judge_file
from pipelines.ingest.without_rows import write_without
from pipelines.privacy.column_classes import raised_by
from pipelines.privacy.erased import ERASED, ErasedPeople
from pipelines.privacy.receipts import Receipt
from pipelines.privacy.role_files import RoleFiles
from pipelines.privacy.signs import signs_of
from pipelines.privacy.traces import find_traces
from pipelines.publishing.erasing import erase_builds, erase_from_version
from pipelines.publishing.version import list_versions
from pipelines.settings import Settings
from pipelines.storage.checksums import file_hash
from pipelines.storage.durable import sync_directory
from pipelines.storage.keys import Keys
from pipelines.storage.standardised import forget_standardised, kept_files


@dataclass(frozen=True)
class Sweep:
    """One erasure on its way through the home; whoever calls holds the home's lock."""

    settings: Settings
    keys: Keys
    conn: duckdb.DuckDBPyConnection
    people: ErasedPeople
    customers: tuple[str, ...]
    receipt: Receipt
    contacts: set[str] = field(default_factory=set)

    def steps(self) -> dict[str, Callable[[], None]]:
        """Place -> what is done there, in order; raw is last, since it alone tells what to look for elsewhere."""
        return {
            "docs and logs": self.docs,
            "exports": self.exports,
            "claim files": self.claims,
            "versions": self.versions,
            "builds": self.builds,
            "standardised values": self.standardised,
            "landing": self.landing,
            "raw": self.raw,
        }

    def docs(self) -> None:
        """Pages, events and logs hold no value of a person by rule; a file of docs that does is removed, another is named."""
        for path in find_traces(self.settings.home, self._contacts()):
            name = path.relative_to(self.settings.home).as_posix()
            if name.startswith("docs/"):
                self.receipt.note("docs and logs", name, 1)
                path.unlink()
            else:
                self.receipt.note(
                    "not searched", f"{name}: holds a value of the person; remove it by hand", 1
                )

    def exports(self) -> None:
        erase_from_exports(
            self.settings.home,
            self.customers,
            self._contacts(),
            self.keys.tokeniser(),
            lambda what, count: self.receipt.note("exports", what, count),
        )

    def claims(self) -> None:
        """Written anew when somebody asks for them; what lies there tells of rejected rows that go now. So do answers that
        erased people were given about themselves."""
        for folder in sorted((self.settings.home / "exports" / "subject_access").glob("*")):
            if folder.name in self.customers:
                self.receipt.note("claim files", f"subject_access/{folder.name}", 1)
                shutil.rmtree(folder)
        for path in sorted((self.settings.home / "exports" / "claims").glob("*.csv")):
            self.receipt.note("claim files", path.name, 1)
            path.unlink()

    def versions(self) -> None:
        for version in list_versions(self.settings.home):
            erase_from_version(
                version,
                self.settings,
                self.keys,
                self.customers,
                self.people.has_record,
                lambda what, count: self.receipt.note("versions", what, count),
                RoleFiles(
                    self.settings, self.keys, raised_by(contracts_by_source(self.settings.home).values())
                ).write,
            )

    def builds(self) -> None:
        for build, count in erase_builds(self.settings.home).items():
            self.receipt.note("builds", build, count)

    def standardised(self) -> None:
        for path in kept_files(self.settings.home):
            self.receipt.note("standardised values", path.name, 1)
        forget_standardised(self.settings.home)

    def landing(self) -> None:
        home = self.settings.home
        known = {str(one["delivery_id"]) for one in list_deliveries(home)}
        for contract in contracts_by_source(home).values():
            for path in landed_files(contract, home) if contract.server.type == "local" else ():
                if path.is_file() and not path.is_symlink():
                    self._landed(path, contract, known)

    def _landed(self, path: Path, contract: Contract, known: set[str]) -> None:
        name = path.relative_to(self.settings.home).as_posix()
        try:
            judged = judge_file(path, contract, self.people)
        except DeliveryError:
            self.receipt.note("not searched", f"{name}: cannot be read", 1)
            return
        if not judged.erased:
            return
        self.receipt.note("landing", name, len(judged.erased))
        if file_hash(path)[:32] in known or len(judged.erased) == judged.rows:
            path.unlink()
            return
        facts, half = path.stat(), path.with_name(f".{path.name}.erasing")
        write_without(path, half, judged.server, frozenset(judged.erased))
        os.utime(half, ns=(facts.st_atime_ns, facts.st_mtime_ns))
        half.replace(path)
        sync_directory(path.parent)

    def raw(self) -> None:
        """Accepted and rejected rows and kept originals of every source."""
        home = self.settings.home
        contracts = contracts_by_source(home)
        for contract in contracts.values():
            erase_source(contract, self.settings, self.keys, self.conn, self.people, self.receipt.erasure_id)
        for name in sorted({one["source_system"] for one in list_deliveries(home)} - set(contracts)):
            self.receipt.note("not searched", f"raw of {name}: its contract is gone or broken", 1)
        for what, count in erased_rows(home, self.receipt.erasure_id).items():
            self.receipt.note("raw", what, count)

    def _contacts(self) -> set[str]:
        """Numbers and mailboxes of the erased as raw still tells them; looked for once."""
        if self.contacts:
            return self.contacts
        contracts = contracts_by_source(self.settings.home)
        found = self.contacts
        for row in person_rows(self.conn, self.settings.home):
            contract = contracts.get(row["source_system"])
            if contract and self.people.verdict(contract, row["source_record_id"], row) == ERASED:
                found |= {one.partition(":")[2] for one in signs_of(row, contract).contacts}
                found |= {
                    str(row[name])
                    for name in ("email", "email_2", "email_3", "phone", "phone_2", "phone_3")
                    if row[name]
                }
        return found
