"""Who was erased from a home, as ingest asks for it; and tombstones of those who shall be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from pipelines.contracts.model import Contract
from pipelines.contracts.vocabularies import KINDS
from pipelines.ingest.raw_store import raw_relation_sql
from pipelines.privacy.claims import atoms, likeness_answers, likeness_claims, naming_answers, naming_claims
from pipelines.privacy.erased import ErasedPeople, record_claim
from pipelines.privacy.signs import NORMALISER, PERSON_FIELDS, Signs, signs_of
from pipelines.privacy.tombstones import PEPPER, Tombstone, read_tombstones
from pipelines.publishing.contracts_in_force import contracts_in_force
from pipelines.settings import Settings
from pipelines.storage.erased_since import tombstones_path
from pipelines.storage.keys import Keys

Record = tuple[str, str]
"""Source and key."""


@dataclass
class Subject:
    """One person who shall be erased: the customer's id ('' where there is none yet), records, what they tell, and who of
    other customers has the same claims."""

    customer_id: str
    records: set[Record]
    signs: Signs = field(default_factory=Signs)
    shared: set[str] = field(default_factory=set)
    cleared: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)


def erased_people(settings: Settings, keys: Keys) -> ErasedPeople:
    """Everybody who was erased from the home. Raises DamageError when a tombstone is not what was written."""
    return ErasedPeople(read_tombstones(tombstones_path(settings.home), keys), keys)


def contracts_by_source(home: Path) -> dict[str, Contract]:
    """The contracts that the view is built with."""
    return {contract.id: contract for contract in contracts_in_force(home).build.contracts}


def person_rows(
    conn: duckdb.DuckDBPyConnection, home: Path, records: Iterable[Record] | None = None
) -> Iterator[dict[str, Any]]:
    """What each stored row tells of a person, each combination once; of some records, or all."""
    columns = ", ".join(["source_system", "source_record_id", *PERSON_FIELDS])
    where = ""
    if records is not None:
        names = [f"{source}\x1f{key}" for source, key in records]
        conn.execute("CREATE OR REPLACE TEMP TABLE wanted AS SELECT unnest(?::VARCHAR[]) AS record", [names])
        where = "WHERE source_system || chr(31) || source_record_id IN (FROM wanted)"
    for kind in KINDS:
        reader = conn.execute(f"SELECT DISTINCT {columns} FROM ({raw_relation_sql(home, kind)}) {where}")
        names = [column[0] for column in reader.description]
        while batch := reader.fetchmany(10_000):
            for row in batch:
                yield dict(zip(names, row, strict=True))


def describe(
    conn: duckdb.DuckDBPyConnection, home: Path, subjects: list[Subject], xref: Mapping[Record, str]
) -> None:
    """Fill in what each subject's records tell, and which of their claims other customers have too."""
    contracts = contracts_by_source(home)
    owner = {record: subject for subject in subjects for record in subject.records}
    for row in person_rows(conn, home, owner):
        subject = owner[row["source_system"], row["source_record_id"]]
        subject.signs |= signs_of(row, contracts.get(row["source_system"]))
    by_naming, by_likeness = _index(subjects)
    known = {atom for subject in subjects for atom in atoms(subject.signs)}
    for row in person_rows(conn, home):
        record = (row["source_system"], row["source_record_id"])
        if record in owner or record not in xref:
            continue  # what is in nobody's view stands for nobody: it is judged by its own signs
        signs = signs_of(row, contracts.get(row["source_system"]))
        if known.isdisjoint(atoms(signs)):
            continue
        if not (signs.ids or signs.natives or signs.latins or signs.births):
            continue  # a bare number or mailbox is nobody else's: it goes with whom it names
        naming = naming_claims(signs)
        for claim in naming:
            for subject in by_naming.get(claim, ()):
                subject.shared.add(claim)
                subject.others.add(xref[record])
        for claim in likeness_claims(signs):
            for subject in by_likeness.get(claim, ()):
                subject.cleared |= naming


def _index(subjects: list[Subject]) -> tuple[dict[str, list[Subject]], dict[str, list[Subject]]]:
    naming: dict[str, list[Subject]] = {}
    likeness: dict[str, list[Subject]] = {}
    for subject in subjects:
        for claim in naming_answers(subject.signs):
            naming.setdefault(claim, []).append(subject)
        for claim in likeness_answers(subject.signs):
            likeness.setdefault(claim, []).append(subject)
    return naming, likeness


def tombstone_of(subject: Subject, keys: Keys, erasure_id: str, at: str) -> Tombstone:
    """What is remembered of a subject. A claim that other customers have too names nobody."""
    token = keys.peppered(PEPPER)

    def tokens(claims: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(token(claim) for claim in claims))

    naming = naming_answers(subject.signs) - subject.shared
    return Tombstone(
        erasure_id,
        at,
        "erased",
        subject.customer_id,
        PEPPER,
        NORMALISER,
        records=tokens(record_claim(*record) for record in subject.records),
        naming=tokens(naming),
        likeness=tokens(likeness_answers(subject.signs)),
        births=tokens(f"birth:{birth}" for birth in subject.signs.births),
        national_ids=tokens(one for one in subject.signs.ids if one.startswith("national_id:")),
        cleared=tokens(subject.cleared),
        atoms=tokens(f"atom:{one}" for one in atoms(subject.signs)),
    )
