"""Requests for erasure that suppression sources deliver: done in the night that brings them, as `ucv erase` would.

A request that names one customer is done. One that fits several (the bare number of a family) waits for the officer, and one that
fits nobody leaves a tombstone, so that whom it names does not come later. Before the first version nobody is known, and all wait.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from pipelines.command.erase import erase_subjects
from pipelines.command.erase_who import published_records, subjects_of
from pipelines.command.erased_people import Record, Subject, contracts_by_source, describe, person_rows
from pipelines.ingest.raw_store import raw_relation_sql
from pipelines.privacy.claims import naming_answers, naming_claims
from pipelines.privacy.receipts import Receipt
from pipelines.privacy.signs import PERSON_FIELDS, Signs, merged, signs_of
from pipelines.settings import Settings
from pipelines.storage.keys import Keys

_REASON = "erasure"


@dataclass(frozen=True)
class Requests:
    """What became of them: the receipt, if anybody left, and records of requests that wait, each with how many customers fit."""

    receipt: Receipt | None
    waiting: Mapping[str, int]


def erase_requested(
    settings: Settings, keys: Keys, conn: duckdb.DuckDBPyConnection, now: datetime
) -> Requests:
    """Do what raw holds of requests in force on the settings' as-of day; the caller holds the lock and builds anew afterwards."""
    asked = _requests(settings, conn)
    xref, retired = published_records(settings, keys) if asked else ({}, {})
    if not xref:
        return Requests(None, {f"{source}:{key}": 0 for source, key in asked})
    fitting = _fitting(settings, conn, asked, xref, retired)
    found: dict[str, set[Record]] = defaultdict(set)
    waiting, alone = {}, []
    for record, customers in fitting.items():
        if len(customers) > 1:
            waiting[":".join(record)] = len(customers)
        elif customers:
            found[next(iter(customers))].add(record)
        else:
            alone.append(Subject("", {record}))
    subjects = subjects_of(found, xref)
    for subject in subjects:
        subject.records |= found[subject.customer_id]
    subjects += alone
    if not subjects:
        return Requests(None, waiting)
    describe(conn, settings.home, subjects, xref)
    sources = ", ".join(sorted({source for source, _ in asked}))
    receipt = erase_subjects(settings, keys, conn, subjects, "ucv run", f"requested by {sources}", now)
    return Requests(receipt, waiting)


def _requests(settings: Settings, conn: duckdb.DuckDBPyConnection) -> dict[Record, Signs]:
    """Each request in force with what its rows tell."""
    contracts = contracts_by_source(settings.home)
    columns = ", ".join(["source_system", "source_record_id", *PERSON_FIELDS])
    rows = conn.execute(
        f"SELECT DISTINCT {columns} FROM ({raw_relation_sql(settings.home, 'suppression')}) "
        "WHERE reason = ? AND operation = 'upsert' AND coalesce(effective_at::DATE <= ?, true)",
        [_REASON, settings.today()],
    )
    names = [column[0] for column in rows.description]
    found: dict[Record, list[Signs]] = defaultdict(list)
    for row in rows.fetchall():
        told: dict[str, Any] = dict(zip(names, row, strict=True))
        record = (told["source_system"], told["source_record_id"])
        found[record].append(signs_of(told, contracts.get(record[0])))
    return {record: merged(signs) for record, signs in found.items()}


def _fitting(
    settings: Settings,
    conn: duckdb.DuckDBPyConnection,
    asked: Mapping[Record, Signs],
    xref: Mapping[Record, str],
    retired: Mapping[str, str],
) -> dict[Record, set[str]]:
    """Request -> customers that it names, surest first: by id, or contact and name; else by mailbox; else by any contact."""
    contracts = contracts_by_source(settings.home)
    of_customer: dict[str, set[Record]] = defaultdict(set)
    for record, customer in xref.items():
        of_customer[customer].add(record)
    by_name, by_contact = _index(asked)
    named: dict[Record, set[str]] = {
        record: _told(record, signs, of_customer, xref, retired, asked) for record, signs in asked.items()
    }
    mailed: dict[Record, set[str]] = defaultdict(set)
    reached: dict[Record, set[str]] = defaultdict(set)
    for row in person_rows(conn, settings.home):
        owner = xref.get((row["source_system"], row["source_record_id"]))
        if owner is None or of_customer[owner] <= {*asked}:
            continue  # nobody's, or the customer that requests alone make up
        signs = signs_of(row, contracts.get(row["source_system"]))
        for claim in naming_claims(signs):
            for record in by_name.get(claim, ()):
                (mailed if claim in signs.emails else named)[record].add(owner)
        for contact in signs.contacts:
            for record in by_contact.get(contact, ()):
                reached[record].add(owner)
    return {record: named[record] or mailed[record] or reached[record] for record in asked}


def _told(  # noqa: PLR0913, PLR0917 - what a version tells
    record: Record,
    signs: Signs,
    of_customer: Mapping[str, set[Record]],
    xref: Mapping[Record, str],
    retired: Mapping[str, str],
    asked: Iterable[Record],
) -> set[str]:
    """Whom a request means without a look at values: the customer it belongs to, or whose id it gives."""
    found = set()
    owner = xref.get(record)
    if owner is not None and not of_customer[owner] <= {*asked}:
        found.add(owner)
    for sign in signs.ids:
        kind, _, value = sign.partition(":")
        if kind == "customer_ref":
            reference = value.partition(":")[2]
            reference = retired.get(reference, reference)
            found |= {reference} & {*of_customer}
    return found


def _index(asked: Mapping[Record, Signs]) -> tuple[dict[str, list[Record]], dict[str, list[Record]]]:
    by_name, by_contact = defaultdict(list), defaultdict(list)
    for record, signs in asked.items():
        for claim in naming_answers(signs):
            by_name[claim].append(record)
        for contact in signs.contacts:
            by_contact[contact].append(record)
    return by_name, by_contact
