"""What was delivered before a file, in the order of delivery: whichever night took a file, it is judged against the same rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pipelines.contracts.model import Contract
from pipelines.errors import DeliveryError
from pipelines.ingest.landed import Landed
from pipelines.ingest.manifests import Manifest, list_deliveries, stored_at


def earlier_deliveries(contract: Contract, home: Path, landed: Landed) -> list[Manifest]:
    """What this source delivered before `landed`, oldest first, though it may have been taken later.

    Raises DeliveryError for a snapshot that is older than one that was taken: what holds now, the newer one has told.
    """
    place = (landed.delivered_at, landed.path.name)
    stored = list_deliveries(home, contract.kind, contract.id)
    newer = [manifest for manifest in stored if _place(manifest) > place]
    if newer and contract.delivery_mode == "snapshot":
        latest = max(newer, key=_place)
        raise DeliveryError(
            "older_snapshot",
            f"{landed.path.name} is a snapshot of {landed.delivered_at:%Y-%m-%d %H:%M} UTC (the file's time), older than "
            f"{latest['file_name']} of {latest['delivered_at'][:16]}, which was taken and tells what holds now. Nothing of "
            "the older one was used: remove it from landing, or deliver it anew if it is the newer one.",
        )
    before = [manifest for manifest in stored if _place(manifest) <= place]
    return sorted(before, key=lambda manifest: (_place(manifest), str(manifest.get("loaded_at") or "")))


def return_to_earlier(contract: Contract, home: Path, landed: Landed) -> Landed:
    """A snapshot that is newer than all, yet the very bytes of an older one, as a delivery of its own: the list is as it was once.

    Its id is the start of the hash of the id before it and its bytes, as for a table that is read each night.
    """
    if contract.delivery_mode != "snapshot":
        return landed
    stored = list_deliveries(home, contract.kind, contract.id)
    latest = max(stored, key=_place, default=None)
    if latest is None or landed.delivered_at <= _place(latest)[0]:
        return landed
    if landed.delivery_id not in {m["delivery_id"] for m in stored if m is not latest}:
        return landed
    after = str(latest["delivery_id"])
    digest = hashlib.sha256(after.encode() + landed.path.read_bytes()).hexdigest()
    return replace(landed, delivery_id=digest[:32], origin={**landed.origin, "after": after})


def all_in_order(contract: Contract, home: Path) -> list[Manifest]:
    """Every delivery of the source, oldest first."""
    stored = list_deliveries(home, contract.kind, contract.id)
    return in_order(stored, max(stored, key=_place)) if stored else []


def taken_before(home: Path, manifest: Manifest) -> list[Manifest]:
    """The deliveries that a stored one was judged against when it was taken, oldest first."""
    taken = stored_at(home, manifest)
    stored = list_deliveries(home, manifest["kind"], manifest["source_system"])
    return in_order((m for m in stored if stored_at(home, m) < taken), before=manifest)


def in_order(manifests: Iterable[Manifest], before: Manifest) -> list[Manifest]:
    """Those of the deliveries that were delivered no later than `before`, oldest first."""
    earlier = [m for m in manifests if _place(m) <= _place(before)]
    return sorted(earlier, key=lambda m: (_place(m), str(m.get("loaded_at") or "")))


def _place(manifest: Manifest) -> tuple[datetime, str]:
    """The file's time, then its name: the order in which files of one night are read."""
    return datetime.fromisoformat(manifest["delivered_at"]), str(manifest["file_name"])
