"""Whether what raw holds is what was stored."""

from __future__ import annotations

from pathlib import Path

from pipelines.ingest.manifests import is_expired, list_deliveries
from pipelines.ingest.raw_store import is_intact


def unverified(home: Path) -> list[str]:
    """Deliveries whose accepted rows are missing or changed; those past their term have none."""
    return [
        str(one["delivery_id"])
        for one in list_deliveries(home)
        if not is_expired(one) and not is_intact(home, one)
    ]
