"""Judges the sources of a home: their deliveries as raw tells them, against what their contracts promise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.ingest.manifests import Manifest, list_deliveries, manifest_path
from pipelines.ingest.readings import Watched
from pipelines.ingest.seen_again import seen_again
from pipelines.quality.freshness import Delivery, Freshness, judge


def judge_sources(
    sources: Iterable[Watched],
    home: Path,
    now: datetime,
    zone: ZoneInfo,
    manifests: Iterable[Manifest] | None = None,
) -> dict[str, Freshness]:
    """Every source at the instant `now`, by id; `manifests` are all of the home's where they are at hand."""
    deliveries: dict[str, list[Delivery]] = defaultdict(list)
    for manifest in list_deliveries(home) if manifests is None else manifests:
        deliveries[str(manifest["source_system"])].append(delivery_of(manifest, home, zone))
    return {
        one.id: judge(
            one.id,
            one.sla,
            deliveries[one.id],
            [moment.replace(tzinfo=UTC) for moment in seen_again(home, one.kind, one.id)],
            now,
            zone,
            has_events=one.has_events,
        )
        for one in sources
    }


def delivery_of(manifest: Manifest, home: Path, zone: ZoneInfo) -> Delivery:
    """What a manifest says of time. A file is there when it is loaded at the latest, whatever its own moment says."""
    arrived_at = min(_instant(manifest["delivered_at"]), _loaded_at(manifest, home))
    latest = _event(manifest.get("latest_event_at"))
    if "latest_past_event_at" in manifest:
        past = _event(manifest["latest_past_event_at"])
    else:  # stored before manifests told it: no event is later than its file
        past = latest and min(latest, arrived_at.astimezone(zone).replace(tzinfo=None))
    return Delivery(arrived_at, latest, past, int(manifest.get("future_events") or 0))


def _loaded_at(manifest: Manifest, home: Path) -> datetime:
    if "loaded_at" in manifest:
        return _instant(manifest["loaded_at"])
    return datetime.fromtimestamp(manifest_path(home, manifest).stat().st_mtime, UTC)


def _instant(text: Any) -> datetime:
    return datetime.fromisoformat(str(text)).replace(tzinfo=UTC)


def _event(text: Any) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text else None
