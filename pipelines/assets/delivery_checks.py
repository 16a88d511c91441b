"""The checks of deliveries as Dagster shows them: each source has one of every kind, told anew every night."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import duckdb

from pipelines.contracts.model import Contract
from pipelines.ingest.acceptance import Acceptance
from pipelines.ingest.judge import Judged
from pipelines.ingest.landed import Landed
from pipelines.ingest.outcome import Outcome
from pipelines.ingest.raw_store import Manifest, list_deliveries, relation_of
from pipelines.ingest.row_hashes import delivered_fields
from pipelines.quality.delivery import LAYER, judge_delivery
from pipelines.quality.delivery_frame import Delivered
from pipelines.quality.expectations import Earlier
from pipelines.quality.measures import CHECKS
from pipelines.quality.profile import FORM
from pipelines.quality.results import CheckResult, result_of
from pipelines.settings import Settings
from pipelines.storage.keys import Keys

Acceptances = Mapping[tuple[str, str], Acceptance]

MOST_EARLIER = 60
"""Deliveries of a kind, the newest, among whose people those of a delivery are looked for."""


class DeliveryJudge:
    """The judge of a run: knows the home's zone, key and acceptances, and keeps what it said of each file."""

    def __init__(
        self,
        settings: Settings,
        keys: Keys,
        acceptances: Acceptances,
        site: Path | None = None,
    ) -> None:
        self._site = site
        self._home, self._zone = settings.home, ZoneInfo(settings.time_zone)
        self._salt = keys.tokeniser()("classes of values")
        self._acceptances = acceptances
        self.results: dict[str, tuple[CheckResult, ...]] = {}
        """delivery_id -> results, in the order in which deliveries were judged."""

    def __call__(
        self,
        conn: duckdb.DuckDBPyConnection,
        contract: Contract,
        landed: Landed,
        outcome: Outcome,
        manifests: list[Manifest],
    ) -> Judged:
        delivered = Delivered(
            contract,
            frozenset(delivered_fields(contract, outcome.header)),
            landed.delivered_at,
            self._salt,
        )
        newest = sorted(manifests, key=_moment)[-MOST_EARLIER:]
        judgement = judge_delivery(
            conn,
            delivered,
            outcome.counts,
            earlier_of(manifests, contract.id, self._acceptances, self._zone),
            weekday_of(landed.delivered_at, self._zone),
            relation_of(self._home, contract.kind, newest),
            self._site,
        )
        accepted = self._acceptances.get((contract.id, landed.delivery_id))
        self.results[landed.delivery_id] = (
            tuple(_accepted(one, accepted) for one in judgement.results) if accepted else judgement.results
        )
        kept = {**judgement.profile, "results": [result.as_dict() for result in judgement.results]}
        return Judged(kept, judgement.red)

    def results_of(self, source: str, kind: str) -> list[CheckResult]:
        """One result per check of a source: of the worst file judged by this judge, else of its last delivery."""
        found = [result for results in self.results.values() for result in results]
        if not found:
            own = sorted(
                (one for one in list_deliveries(self._home, kind, source) if _profile(one)), key=_moment
            )
            found = _as_of(own[-1], self._acceptances) if own else []
        return [_worst(source, check.name, found) for check in CHECKS]


def earlier_of(manifests: list[Manifest], source: str, acceptances: Acceptances, zone: ZoneInfo) -> Earlier:
    """The profiles of a source's deliveries, oldest first; what somebody accepted begins the history of what failed there."""
    own = sorted((one for one in manifests if one["source_system"] == source and _profile(one)), key=_moment)
    begins = {
        measure: index
        for index, one in enumerate(own)
        if (source, one["delivery_id"]) in acceptances
        for measure in one["profile"].get("failed", ())
    }
    profiles = [
        (weekday_of(datetime.fromisoformat(one["delivered_at"]), zone), one["profile"]) for one in own
    ]
    return Earlier(profiles, begins)


def weekday_of(delivered_at: datetime, zone: ZoneInfo) -> int:
    """0 is Monday; `delivered_at` is UTC without zone, the day that of the home."""
    return delivered_at.replace(tzinfo=UTC).astimezone(zone).weekday()


def _profile(manifest: Manifest) -> bool:
    return bool(manifest.get("profile", {}).get("form") == FORM)


def _moment(manifest: Manifest) -> tuple[str, str]:
    return manifest["delivered_at"], manifest["loaded_at"]


def delivery_check_specs(key: dg.AssetKey) -> Iterator[dg.AssetCheckSpec]:
    for check in CHECKS:
        # What it is without a contract that says fail.
        told = {"severity": "warn", "owner": check.owner, "remedy": check.remedy}
        yield dg.AssetCheckSpec(check.name, asset=key, description=check.description, metadata=told)


def _as_of(manifest: Manifest, acceptances: Acceptances) -> list[CheckResult]:
    """What the checks said of a delivery of an earlier night; what was accepted since passes, with who accepted it."""
    results = [result_of(values) for values in manifest["profile"].get("results", ())]
    accepted = acceptances.get((str(manifest["source_system"]), str(manifest["delivery_id"])))
    as_of = f"as of the delivery of {str(manifest['delivered_at'])[:10]}"
    told = [replace(result, told=as_of) for result in results]
    return [_accepted(one, accepted) for one in told] if accepted else told


def _accepted(result: CheckResult, accepted: Acceptance) -> CheckResult:
    """What somebody answers for passes, and says who it was."""
    words = f"accepted by {accepted.name}: {accepted.reason}"
    return replace(result, passed=True, told=f"{result.told}; {words}".removeprefix("; "))


def _worst(source: str, name: str, found: list[CheckResult]) -> CheckResult:
    own = [result for result in found if result.name == name]
    if own:
        return max(own, key=lambda one: (not one.passed, ("info", "warn", "fail").index(one.severity)))
    check = next(check for check in CHECKS if check.name == name)
    return CheckResult(
        f"raw/{source}",
        name,
        LAYER,
        "warn",
        check.description,
        check.remedy,
        check.owner,
        told="no delivery yet",
    )
