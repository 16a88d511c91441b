"""Whom a target of `ucv erase` means: a customer of the published version, or the record of a source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb

from pipelines.command.erased_people import Record, Subject, describe, person_rows
from pipelines.errors import UcvError
from pipelines.privacy.tombstones import read_tombstones
from pipelines.publishing.query import open_reader
from pipelines.publishing.version import current_version
from pipelines.settings import Settings
from pipelines.storage.erased_since import tombstones_path
from pipelines.storage.keys import Keys


class UnknownTargetError(UcvError):
    """A target names nobody: nothing was erased."""


def published_records(settings: Settings, keys: Keys) -> tuple[dict[Record, str], dict[str, str]]:
    """Record -> customer_id of the version that readers see, and retired id -> its successor; empty before the first one."""
    if current_version(settings.home) is None:
        return {}, {}
    with open_reader(settings, keys) as conn:
        rows = conn.execute(
            "SELECT source_system, source_record_id, customer_id FROM customer_xref"
        ).fetchall()
        retired = conn.execute(
            "SELECT customer_id, successor_id FROM customer_id_history WHERE successor_id IS NOT NULL"
        ).fetchall()
    return {(row[0], row[1]): row[2] for row in rows}, dict(retired)


def find_subjects(
    settings: Settings, keys: Keys, conn: duckdb.DuckDBPyConnection, targets: Sequence[str]
) -> list[Subject]:
    """The people meant, described, each once; those who were erased before are left out. Raises UnknownTargetError."""
    xref, retired = published_records(settings, keys)
    erased = {one.customer_id for one in read_tombstones(tombstones_path(settings.home), keys)} - {""}
    customers, records, unknown = set(), set(), []
    living = set(xref.values())
    for target in targets:
        source, _, key = target.partition(":")
        told = retired.get(target, target)
        if told in living:
            customers.add(told)
        elif (source, key) in xref:
            customers.add(xref[source, key])
        elif key and any(True for _ in person_rows(conn, settings.home, [(source, key)])):
            records.add((source, key))
        elif told not in erased:
            unknown.append(target)
    if unknown:
        raise UnknownTargetError(
            f"{len(unknown)} of {len(targets)} targets name nobody here, first {unknown[0]!r}; expected a customer_id or "
            "SOURCE:RECORD as `ucv query` shows them. Nobody was erased."
        )
    subjects = subjects_of(customers, xref) + [Subject("", {record}) for record in sorted(records)]
    describe(conn, settings.home, subjects, xref)
    return subjects


def subjects_of(customers: Iterable[str], xref: dict[Record, str]) -> list[Subject]:
    """Customers with all their records."""
    wanted = {customer: Subject(customer, set()) for customer in sorted(customers)}
    for record, customer in xref.items():
        if customer in wanted:
            wanted[customer].records.add(record)
    return list(wanted.values())
