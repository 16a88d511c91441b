"""`ucv status`: what readers see, how fresh each source is now, and what the last run did not take.

Read from small files alone, neither Dagster's store nor DuckDB: it answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from pipelines.command.red_checks import red_checks, source_warnings
from pipelines.command.status_shown import as_json, show
from pipelines.ingest.manifests import Manifest, list_deliveries
from pipelines.ingest.readings import (
    Reading,
    Trouble,
    Watched,
    contract_state,
    read_readings,
    watched,
)
from pipelines.publishing.version import current_manifest, list_versions
from pipelines.quality.freshness import JUDGED_LATE, NEVER_DELIVERED, Freshness, moment_of
from pipelines.quality.results import outside
from pipelines.settings import Settings
from pipelines.source_freshness import delivery_of, judge_sources

_CONTRACTS = frozenset({".yml", ".yaml"})
BROKEN = "broken"


@dataclass(frozen=True)
class SourceStatus:
    """One source: `fresh` is None for one that is not judged (`watched` None: broken or without contract; or not active)."""

    id: str
    watched: Watched | None
    fresh: Freshness | None
    newest: Manifest | None
    troubles: tuple[Trouble, ...]

    @property
    def is_late(self) -> bool:
        """Never delivered, or late by one of its clocks where the contract does not call that info."""
        if self.fresh is None or self.watched is None:
            return False
        clocks = [clock for clock in (self.fresh.by_delivery, self.fresh.by_event) if clock]
        late = any(clock.state in JUDGED_LATE for clock in clocks) and self.watched.sla.severity != "info"
        return late or self.fresh.by_delivery.state == NEVER_DELIVERED

    @property
    def is_refused(self) -> bool:
        return any(trouble.status in ("refused", BROKEN) for trouble in self.troubles)


@dataclass(frozen=True)
class Status:
    """A home at one moment (`at`, in its zone)."""

    at: datetime
    version: str | None
    as_of_date: str | None
    versions_kept: int
    sources: tuple[SourceStatus, ...]
    red: tuple[str, ...]
    warned: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        return not self.red and not any(one.is_late or one.is_refused for one in self.sources)


def tell_status(settings: Settings, console: Console, *, is_json: bool = False) -> int:
    """Print the status of a home; 1 when a source is late, never delivered or was refused, or a check is red, else 0."""
    status = read_status(settings, datetime.now(UTC))
    if is_json:
        sys.stdout.write(as_json(status) + "\n")
    else:
        show(status, console)
    return 0 if status.is_good else 1


def read_status(settings: Settings, now: datetime) -> Status:
    """The status at the instant `now`, or at the end of the as-of day that the settings name."""
    home, zone = settings.home, ZoneInfo(settings.time_zone)
    moment = moment_of(now, settings.today(), zone)
    readings = read_readings(home)
    known = _known_sources(home, readings)
    manifests = list_deliveries(home)
    active = [one for one, _ in known.values() if one is not None and one.active]
    judged = judge_sources(active, home, moment, zone, manifests)
    newest = _newest(manifests, home, zone)
    manifest = current_manifest(home)
    return Status(
        moment.astimezone(zone),
        manifest.version if manifest else None,
        manifest.as_of_date if manifest else None,
        len(list_versions(home)),
        tuple(
            SourceStatus(id_, one, judged.get(id_), newest.get(id_), troubles)
            for id_, (one, troubles) in sorted({**dict.fromkeys(newest, (None, ())), **known}.items())
        ),
        tuple(red_checks(home)),
        tuple(
            f"{one.asset.partition('/')[2]}: {one.name}: {outside(one) or one.told}"
            for one in source_warnings(home)
        ),
    )


_Known = dict[str, tuple[Watched | None, tuple[Trouble, ...]]]


def _known_sources(home: Path, readings: dict[str, Reading]) -> _Known:
    """The sources that have a contract. As the last run read it, unless a file of them changed: checking is slow."""
    by_file = {reading.contract_file: reading for reading in readings.values()}
    files = _contract_files(home)
    if all(
        path.name in by_file and by_file[path.name].contract_state == contract_state(path) for path in files
    ):
        used = [by_file[path.name] for path in files]
        return {one.source: (one.watched, one.troubles) for one in used}
    return _checked_sources(home, readings)


def _checked_sources(home: Path, readings: dict[str, Reading]) -> _Known:
    from pipelines.contracts.load import load_contracts  # noqa: PLC0415 - only after a change

    found = load_contracts(home)
    known: _Known = {}
    for problem in found.problems:
        if problem.source_id:
            told = "its contract cannot be used; `ucv check` tells where"
            known[problem.source_id] = (None, (Trouble("", BROKEN, "contract", told),))
    for contract in found.contracts:
        last = readings.get(contract.id)
        files = tuple(one for one in last.troubles if one.status != BROKEN) if last else ()
        known[contract.id] = (watched(contract), files)
    return known


def _contract_files(home: Path) -> list[Path]:
    folder = home / "contracts"
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path for path in found if path.suffix.lower() in _CONTRACTS and not path.name.startswith(".")]


def _newest(manifests: Iterable[Manifest], home: Path, zone: ZoneInfo) -> dict[str, Manifest]:
    """The newest delivery of each source."""
    found: dict[str, tuple[datetime, str, Manifest]] = {}
    for manifest in manifests:
        source = str(manifest["source_system"])
        rank = (delivery_of(manifest, home, zone).arrived_at, str(manifest.get("loaded_at", "")))
        if source not in found or rank > found[source][:2]:
            found[source] = (*rank, manifest)
    return {source: manifest for source, (_, _, manifest) in found.items()}
