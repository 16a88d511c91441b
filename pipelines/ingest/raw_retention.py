"""Removing deliveries past the `retention` that their contract states: rows, rejected rows and original bytes.

The term counts from the moment at which a delivery was loaded. Its manifest stays, without a personal value, with `expired_at`:
it tells what came and went, and the same bytes delivered again are known and not taken. A row that a source delivers again
after half of its term is stored anew (`renewal_moment`), so that what a source still delivers does not go.

What is removed is first written to `state/retention.jsonl`, then told by the manifest, then removed; killed in between, the
next night finishes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.contracts.load import ContractSet
from pipelines.contracts.model import Contract
from pipelines.ingest.key_index import remove_index
from pipelines.ingest.manifests import (
    Manifest,
    is_expired,
    list_deliveries,
    original_path,
    parquet_path,
    quarantine_path,
    taken_at,
    write_manifest,
)
from pipelines.storage.append_log import append_line, read_lines

RETENTION_LOG = Path("state") / "retention.jsonl"


@dataclass(frozen=True)
class Expired:
    """What of one source is past its term: deliveries, accepted rows, rejected rows."""

    deliveries: int = 0
    rows: int = 0
    rejected: int = 0


def renewal_moment(contract: Contract, moment: datetime) -> datetime | None:
    """Rows loaded before it are stored again when they are delivered again at `moment`; None: never. Both UTC without zone."""
    days = contract.sla.retention_days
    return None if days is None else moment - timedelta(days=days) / 2


def past_term(contracts: ContractSet, home: Path, now: datetime) -> dict[str, Expired]:
    """By source, what `expire_raw` would remove at `now` (with time zone)."""
    found = {}
    for contract in contracts.contracts:
        manifests = list_deliveries(home, contract.kind, contract.id)
        due = [manifest for manifest in manifests if _is_due(contract, manifest, home, now)]
        if due:
            found[contract.id] = _counted(due)
    return found


def expire_raw(contracts: ContractSet, home: Path, now: datetime) -> dict[str, Expired]:
    """Remove what is past its term at `now` (with time zone) and tell it by source; the home is locked by the caller.

    A source whose contract cannot be read states no term now and keeps everything. Raises OSError.
    """
    found = {}
    logged = {line.get("delivery_id") for line in read_lines(home / RETENTION_LOG)}
    for contract in contracts.contracts:
        manifests = list_deliveries(home, contract.kind, contract.id)
        due = [manifest for manifest in manifests if _is_due(contract, manifest, home, now)]
        if due:
            remove_index(home, contract.kind, contract.id)
        for manifest in due:
            if manifest["delivery_id"] not in logged:
                append_line(home / RETENTION_LOG, _line(contract, manifest, now))
            write_manifest(home, {**manifest, "expired_at": now.astimezone(UTC).isoformat()})
        # Those of earlier nights as well: one of them may have been killed just here.
        for manifest in (*due, *filter(is_expired, manifests)):
            for path in _files(home, manifest):
                path.unlink(missing_ok=True)
        if due:
            found[contract.id] = _counted(due)
    return found


def _is_due(contract: Contract, manifest: Manifest, home: Path, now: datetime) -> bool:
    days = contract.sla.retention_days
    return (
        days is not None
        and not is_expired(manifest)
        and taken_at(home, manifest) + timedelta(days=days) <= now
    )


def _counted(manifests: list[Manifest]) -> Expired:
    return Expired(
        len(manifests),
        sum(manifest["accepted"] for manifest in manifests),
        sum(manifest["quarantined"] for manifest in manifests),
    )


def _line(contract: Contract, manifest: Manifest, now: datetime) -> dict[str, object]:
    return {
        "at": now.astimezone(UTC).isoformat(),
        "source_system": contract.id,
        "delivery_id": manifest["delivery_id"],
        "accepted": manifest["accepted"],
        "quarantined": manifest["quarantined"],
        "retention_days": contract.sla.retention_days,
    }


def _files(home: Path, manifest: Manifest) -> list[Path]:
    return [parquet_path(home, manifest), original_path(home, manifest), quarantine_path(home, manifest)]
