"""Rows that resemble an erased person and wait in quarantine: the officer says whether they are that person's.

A place is SOURCE:DELIVERY:ROW. `same` erases the row and remembers its signs as well; `another` remembers whom it names as somebody
else and takes its delivery again, so that the row comes into raw and, with the next run, into the view.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import duckdb

from pipelines.command.erase import EraseError, erase_subjects
from pipelines.command.erase_who import published_records
from pipelines.command.erased_people import Subject, contracts_by_source, describe, erased_people
from pipelines.contracts.model import Contract
from pipelines.ingest.manifests import Manifest, is_expired, list_deliveries
from pipelines.ingest.people import RESEMBLES_REASON, row_key
from pipelines.ingest.quarantined import quarantined_rows
from pipelines.ingest.retaking import Days, retake_source
from pipelines.privacy.claims import naming_claims
from pipelines.privacy.erased import record_claim
from pipelines.privacy.receipts import Receipt, next_erasure_id
from pipelines.privacy.signs import NORMALISER, signs_of
from pipelines.privacy.tombstones import PEPPER, Tombstone, add_tombstones
from pipelines.publishing.locks import home_lock
from pipelines.settings import Settings
from pipelines.storage.connection import open_connection
from pipelines.storage.keys import Keys


@dataclass(frozen=True)
class Waiting:
    """One row; `values` are its canonical ones, of a person, not to be shown unasked."""

    place: str
    file_name: str
    values: dict[str, str | None]
    contract: Contract
    manifest: Manifest


def waiting_rows(settings: Settings, conn: duckdb.DuckDBPyConnection) -> Iterator[Waiting]:
    """All rows that wait, by source and delivery."""
    contracts = contracts_by_source(settings.home)
    for manifest in list_deliveries(settings.home):
        contract = contracts.get(manifest["source_system"])
        is_held = any(reason.startswith(RESEMBLES_REASON) for reason in manifest["reasons"])
        if contract is None or not is_held or is_expired(manifest):
            continue
        for number, reasons, values in quarantined_rows(conn, settings.home, manifest, contract):
            if RESEMBLES_REASON in reasons and isinstance(values, dict):
                place = f"{contract.id}:{manifest['delivery_id']}:{number}"
                yield Waiting(place, str(manifest["file_name"]), values, contract, manifest)


def list_waiting(settings: Settings, keys: Keys) -> list[Waiting]:
    """The same, on a connection of its own."""
    with open_connection(settings, keys) as conn:
        return list(waiting_rows(settings, conn))


def judge_same(settings: Settings, keys: Keys, place: str, *, by: str, reason: str) -> Receipt:
    """The row is an erased person's: it goes, and so does whatever else has its signs. Raises EraseError for another place."""
    with home_lock(settings), open_connection(settings, keys) as conn:
        row = _row(settings, conn, place)
        key = row_key(row.contract, row.values) or place
        subject = Subject("", {(row.contract.id, key)}, signs_of(row.values, row.contract))
        describe(conn, settings.home, [subject], published_records(settings, keys)[0])
        return erase_subjects(settings, keys, conn, [subject], by, reason, datetime.now(UTC))


def judge_another(settings: Settings, keys: Keys, place: str) -> None:
    """The row is somebody else's: it is taken, and so are later ones that name the same person. Raises EraseError for another
    place."""
    with home_lock(settings), open_connection(settings, keys) as conn:
        row = _row(settings, conn, place)
        token, now = keys.peppered(PEPPER), datetime.now(UTC)
        claims = naming_claims(signs_of(row.values, row.contract))
        key = row_key(row.contract, row.values)
        claims |= {record_claim(row.contract.id, key)} if key else set()
        cleared = tuple(sorted(token(claim) for claim in claims))
        at, name = now.isoformat(timespec="seconds"), next_erasure_id(settings.home, now)
        add_tombstones(
            settings, keys, [Tombstone(name, at, "cleared", "", PEPPER, NORMALISER, cleared=cleared)]
        )
        day = datetime.fromisoformat(row.manifest["delivered_at"]).replace(tzinfo=UTC)
        local = day.astimezone(ZoneInfo(settings.time_zone)).date()
        days = Days(local, local, settings.time_zone)
        retake_source(row.contract, settings, keys, days, conn, erased_people(settings, keys))


def _row(settings: Settings, conn: duckdb.DuckDBPyConnection, place: str) -> Waiting:
    found = next((row for row in waiting_rows(settings, conn) if row.place == place), None)
    if found is None:
        raise EraseError(
            f"No row waits at {place!r}; `ucv erase --waiting` lists those that do. Nothing was done."
        )
    return found
