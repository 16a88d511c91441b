"""Storing one delivery: accepted and quarantined rows and the original bytes, encrypted; the manifest last."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.contracts.model import Contract
from pipelines.ingest.landed import Landed
from pipelines.ingest.manifests import (
    Manifest,
    parquet_path,
    quarantine_path,
    raw_folder,
    write_manifest,
)
from pipelines.ingest.originals import keep_sealed
from pipelines.ingest.outcome import Outcome
from pipelines.ingest.writing import WRITE
from pipelines.settings import Settings
from pipelines.storage.checksums import file_hash
from pipelines.storage.connection import quote
from pipelines.storage.durable import sync_file

_OF_THE_ORIGINAL = (
    "original_sha256", "original_revision", "original_removed", "content_sha256", "erased", "profile", "taken_at",
)  # fmt: skip


def store_delivery(  # noqa: PLR0913, PLR0917 - one delivery's surroundings
    conn: duckdb.DuckDBPyConnection,
    landed: Landed,
    contract: Contract,
    outcome: Outcome,
    settings: Settings,
    sealed: Path,
    taken_at: datetime,
    profile: dict[str, Any] | None = None,
) -> None:
    """Write raw, quarantine and the original, then the manifest that commits them; a kill before it leaves nothing.

    `sealed` are the delivered bytes (see `originals.sealing`). `taken_at` (UTC without zone) is what the clock said; terms count from it.
    """
    manifest = {**_manifest(landed, contract, outcome), "taken_at": taken_at.isoformat()}
    hashes = store_loaded(conn, outcome, settings.home, manifest)
    hashes |= keep_sealed(sealed, settings.home, manifest)
    kept = {} if profile is None else {"profile": profile}
    write_manifest(settings.home, {**manifest, **hashes, **kept})


def replace_delivery(  # noqa: PLR0913, PLR0917 - one delivery's surroundings
    conn: duckdb.DuckDBPyConnection,
    landed: Landed,
    contract: Contract,
    outcome: Outcome,
    settings: Settings,
    old: Manifest,
) -> None:
    """Put what the connection holds in place of the rows of a stored delivery, under its id; its original stays.

    The new rows lie in files of their own until one rename of the manifest takes them and leaves the old: a kill before it
    changes nothing, one after it leaves files that nobody reads and the next time removes.
    """
    new = {**_manifest(landed, contract, outcome), "revision": int(old.get("revision", 0)) + 1}
    # What came is not changed by reading it once more.
    new |= {name: old[name] for name in _OF_THE_ORIGINAL if name in old}
    hashes = store_loaded(conn, outcome, settings.home, new)
    write_manifest(settings.home, {**new, **hashes})
    for kept in (parquet_path(settings.home, new), quarantine_path(settings.home, new)):
        for path in kept.parent.glob(f"{landed.delivery_id}*.parquet"):
            if path != kept:
                path.unlink()


@contextmanager
def room_for_rows(home: Path, contract: Contract, delivery_id: str) -> Iterator[Path]:
    """Where the accepted rows of a delivery are written until they are stored; what is not stored goes."""
    folder = raw_folder(home, contract.kind, contract.id)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f".{delivery_id}.parquet.half"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def store_loaded(
    conn: duckdb.DuckDBPyConnection, outcome: Outcome, home: Path, manifest: Manifest
) -> dict[str, str | None]:
    """Put the rows of a loaded delivery, and its quarantine, where its manifest has them; the hashes of these files."""
    _settle(outcome.rows, parquet_path(home, manifest))
    return _store_quarantined(conn, home, manifest)


def store_rows(conn: duckdb.DuckDBPyConnection, home: Path, manifest: Manifest) -> dict[str, str | None]:
    """Write the views `accepted` and `quarantined` where the manifest's delivery has its rows; the hashes of these files."""
    _copy(conn, "accepted", parquet_path(home, manifest))
    return _store_quarantined(conn, home, manifest)


def _store_quarantined(
    conn: duckdb.DuckDBPyConnection, home: Path, manifest: Manifest
) -> dict[str, str | None]:
    quarantine = quarantine_path(home, manifest)
    if manifest["quarantined"]:
        quarantine.parent.mkdir(parents=True, exist_ok=True)
        _copy(conn, "quarantined", quarantine)
    return {
        "parquet_sha256": file_hash(parquet_path(home, manifest)),
        "quarantine_sha256": file_hash(quarantine) if manifest["quarantined"] else None,
    }


def _manifest(landed: Landed, contract: Contract, outcome: Outcome) -> Manifest:
    return {
        "delivery_id": landed.delivery_id,
        "source_system": contract.id,
        "kind": contract.kind,
        "file_name": landed.path.name,
        "delivered_at": landed.delivered_at.isoformat(),
        "loaded_at": outcome.loaded_at.isoformat(),
        **outcome.counts,
        "reasons": outcome.reasons,
        "repairs": outcome.repairs,
        "header": outcome.header,
        "absent_columns": [*outcome.absent],
        "extra_columns": outcome.extra_columns,
        "schema": outcome.schema,
        "first_event_at": outcome.first_event_at.isoformat() if outcome.first_event_at else None,
        "latest_event_at": outcome.latest_event_at.isoformat() if outcome.latest_event_at else None,
        "latest_past_event_at": outcome.latest_past_event_at.isoformat()
        if outcome.latest_past_event_at
        else None,
        "future_events": outcome.future_events,
        "contract_version": contract.version,
        "origin": landed.origin,
        **(
            {"content_sha256": landed.content, "erased": {"delivered": landed.erased}}
            if landed.content
            else {}
        ),
    }


def _copy(conn: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
    half = path.with_name(f".{path.name}.half")
    with _or_nothing(half):
        conn.execute(f"COPY (SELECT * FROM {table}) TO {quote(str(half))} ({WRITE})")
        _settle(half, path)


@contextmanager
def _or_nothing(half: Path) -> Iterator[None]:
    """What a full disk cuts short must not take up the rest of it."""
    try:
        yield
    except BaseException:
        half.unlink(missing_ok=True)
        raise


def _settle(half: Path, path: Path) -> None:
    sync_file(half)
    half.replace(path)
