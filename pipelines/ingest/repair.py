"""Restoring what raw lost of a delivery: its manifest from the copy, its rows from the sealed original, that from landing.

The rows are read again as they were when the delivery was taken: against the deliveries before it, with its own moment. They
replace the damaged ones only when their counts and columns are those of the manifest.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from pipelines.contracts.load import ContractSet
from pipelines.contracts.model import Contract
from pipelines.errors import UcvError
from pipelines.ingest.acceptance import read_acceptances
from pipelines.ingest.arrivals import landed_files
from pipelines.ingest.damage import MANIFEST, ORIGINAL, REJECTED, ROWS, DamagedDelivery, damaged_parts
from pipelines.ingest.delivery import load_delivery
from pipelines.ingest.earlier import taken_before
from pipelines.ingest.landed import Landed
from pipelines.ingest.manifests import Manifest, copy_path, original_path, read_manifest, write_manifest
from pipelines.ingest.originals import read_original, store_original
from pipelines.ingest.outcome import Outcome
from pipelines.ingest.people import ErasedPeople, judge_file
from pipelines.ingest.storing import store_loaded
from pipelines.settings import Settings
from pipelines.storage.checksums import DamageError, file_hash
from pipelines.storage.connection import open_connection
from pipelines.storage.keys import Keys
from pipelines.storage.spill import temporary_folder

_COUNTS = ("rows_in", "accepted", "quarantined", "duplicate", "closed")


class RepairError(UcvError):
    """What is damaged cannot be restored from what the home holds."""


def repair_delivery(
    damaged: DamagedDelivery,
    contracts: ContractSet,
    settings: Settings,
    keys: Keys,
    people: ErasedPeople | None = None,
) -> None:
    """Restore every part of one delivery, in a home that nobody else works in. Raises RepairError with what to do instead."""
    if MANIFEST in damaged.parts:
        _restore_manifest(damaged.path, settings.home)
    parts = damaged_parts(settings.home, damaged.path, keys)
    if not parts:
        return
    manifest = read_manifest(damaged.path)
    contract = next((c for c in contracts.contracts if c.id == manifest["source_system"]), None)
    if contract is None:
        raise RepairError(
            f"The contract of {manifest['source_system']} is gone or broken; mend it first (`ucv check`)."
        )
    if ORIGINAL in parts:
        manifest |= store_original(
            _in_landing(contract, manifest, settings.home), settings.home, manifest, keys
        )
        write_manifest(settings.home, manifest)
    if ROWS in parts or REJECTED in parts:
        manifest |= _read_again(manifest, contract, settings, keys, people)
        write_manifest(settings.home, manifest)


def _restore_manifest(path: Path, home: Path) -> None:
    try:
        write_manifest(home, read_manifest(path))  # only its copy is damaged
    except DamageError:
        try:
            manifest = read_manifest(copy_path(path))
        except DamageError:
            raise RepairError(f"Neither {path} nor its copy is whole; take it from a backup.") from None
        write_manifest(home, manifest)


def _in_landing(contract: Contract, manifest: Manifest, home: Path) -> Path:
    """The delivered file, should it still lie in landing and nobody have been erased from what was kept of it."""
    if "content_sha256" in manifest:
        raise RepairError(
            f"The sealed original of {manifest['file_name']} cannot be made again from landing, since people were erased from it; "
            "take it from a backup."
        )
    for path in landed_files(contract, home) if contract.server.type == "local" else ():
        if path.is_file() and file_hash(path)[:32] == manifest["delivery_id"]:
            return path
    raise RepairError(
        f"The sealed original cannot be made again: {manifest['file_name']} no longer lies in landing. Put the same file there "
        "once more and repeat this, or take the original from a backup."
    )


def _read_again(
    manifest: Manifest, contract: Contract, settings: Settings, keys: Keys, people: ErasedPeople | None
) -> dict[str, str | None]:
    """Rows from the sealed original in place of the damaged ones; the hashes of the new files."""
    if "loaded_at" not in manifest:
        raise RepairError(
            "It was stored before December 2026 and does not tell when; take its files from a backup."
        )
    with temporary_folder(settings.home) as folder:
        path = folder / manifest["file_name"]
        path.write_bytes(read_original(original_path(settings.home, manifest), keys))
        delivered_at = datetime.fromisoformat(manifest["delivered_at"])
        os.utime(path, (delivered_at.replace(tzinfo=UTC).timestamp(),) * 2)
        held = () if people is None or people.is_idle else judge_file(path, contract, people).held
        origin = manifest.get("origin", {})
        landed = Landed(path, manifest["delivery_id"], delivered_at, (0, 0), origin, held=held)
        conn = open_connection(settings, keys)
        try:
            moment = datetime.fromisoformat(manifest["loaded_at"])
            earlier = taken_before(settings.home, manifest)
            outcome = load_delivery(
                conn,
                landed,
                contract,
                settings.home,
                moment,
                folder / "rows.parquet",
                ZoneInfo(settings.time_zone),
                earlier=earlier,
                is_accepted=(contract.id, landed.delivery_id) in read_acceptances(settings.home),
            )
            _compare(outcome, manifest)
            return store_loaded(conn, outcome, settings.home, manifest)
        except (duckdb.Error, OSError) as error:
            raise RepairError(
                f"Its original could not be read again ({type(error).__name__}); restore earlier deliveries of "
                f"{contract.id} first, free space, or take its files from a backup."
            ) from None  # DuckDB's own words may quote a value
        finally:
            conn.close()


def _compare(outcome: Outcome, manifest: Manifest) -> None:
    told = [
        f"{name} {outcome.counts[name]:,} instead of {manifest[name]:,}"
        for name in _COUNTS
        if outcome.counts[name] != manifest[name]
    ]
    if outcome.schema != manifest["schema"]:
        told.append("other columns")
    if told:
        raise RepairError(
            f"Read again, the delivery comes out otherwise ({', '.join(told)}): contract or code changed since version "
            f"{manifest['contract_version']} of the contract took it. Take its files from a backup."
        )
