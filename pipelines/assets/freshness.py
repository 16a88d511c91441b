"""The freshness of every source as asset checks, judged every night from manifests alone, with news or without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg

from pipelines.assets.nightly import Nightly
from pipelines.assets.raw import raw_key
from pipelines.ingest.readings import watched
from pipelines.publishing.version import current_version
from pipelines.quality.freshness import Clock, Freshness, moment_of
from pipelines.quality.freshness_findings import DESCRIPTIONS, OWNER, Finding, findings
from pipelines.quality.results import CheckResult
from pipelines.quality.run_record import write_results
from pipelines.source_freshness import judge_sources

SEVERITY = {
    "fail": dg.AssetCheckSeverity.ERROR,
    "warn": dg.AssetCheckSeverity.WARN,
    "info": dg.AssetCheckSeverity.WARN,
}


def freshness_checks(source_ids: list[str]) -> dg.AssetChecksDefinition:
    """Four checks per source. None is blocking: what one source does not deliver must not keep the others' news away."""
    specs = [
        dg.AssetCheckSpec(
            name,
            asset=raw_key(source_id),
            description=description,
            metadata={"severity": "warn", "owner": OWNER},
        )
        for source_id in source_ids
        for name, description in DESCRIPTIONS.items()
    ]

    @dg.multi_asset_check(name="freshness_gate", specs=specs, can_subset=False)
    def freshness(nightly: Nightly) -> Iterator[dg.AssetCheckResult]:
        zone = ZoneInfo(nightly.settings.time_zone)
        now = moment_of(nightly.started_at, nightly.as_of, zone)
        readable = {contract.id: contract for contract in nightly.contracts().contracts}
        active = [watched(contract) for contract in readable.values() if contract.active]
        judged = judge_sources(active, nightly.settings.home, now, zone)
        version = current_version(nightly.settings.home) or "none"
        kept: list[CheckResult] = []
        for source_id in source_ids:
            if source_id not in judged:
                yield from _not_judged(source_id, is_readable=source_id in readable)
                continue
            severity = readable[source_id].sla.severity
            for finding in findings(judged[source_id], severity):
                kept.append(_kept(source_id, finding, version))
                yield _result(source_id, finding, _facts(finding, judged[source_id], version))
        write_results(nightly.settings.home, nightly.run_id, "freshness", kept)

    return freshness


def _kept(source_id: str, finding: Finding, version: str) -> CheckResult:
    """The finding as the run's record holds it."""
    return CheckResult(
        asset=f"raw/{source_id}",
        name=finding.check,
        layer="freshness",
        severity=finding.severity,
        description=DESCRIPTIONS[finding.check],
        remedy=finding.remedy,
        owner=finding.owner,
        passed=finding.passed,
        told=f"{finding.told} (readers see {version})",
    )


def _not_judged(source_id: str, *, is_readable: bool) -> Iterator[dg.AssetCheckResult]:
    told = "its contract is a draft or retired" if is_readable else "its contract is broken or gone"
    for name in DESCRIPTIONS:
        yield dg.AssetCheckResult(
            passed=True, asset_key=raw_key(source_id), check_name=name, severity=SEVERITY["warn"],
            description=f"Not judged: {told}.", metadata={"state": "not judged"},
        )  # fmt: skip


def _result(source_id: str, finding: Finding, facts: dict[str, Any]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=finding.passed,
        asset_key=raw_key(source_id),
        check_name=finding.check,
        severity=SEVERITY[finding.severity],
        description=finding.told if finding.passed else f"{finding.told.removesuffix('.')}. {finding.remedy}",
        metadata={**facts, "owner": finding.owner, "remedy": "none" if finding.passed else finding.remedy},
    )


def _facts(finding: Finding, fresh: Freshness, version: str) -> dict[str, Any]:
    """What was judged: by which version readers are served meanwhile, and the figures behind the finding."""
    facts: dict[str, Any] = {"as_of_version": version}
    match finding.check:
        case "freshness":
            facts |= _clock_facts(fresh.by_delivery, "newest_delivery")
        case "event_freshness" if fresh.by_event is not None:
            facts |= _clock_facts(fresh.by_event, "newest_event")
        case "future_events":
            facts |= {"deliveries": fresh.future.deliveries, "rows": fresh.future.rows}
        case "delivery_gaps":
            facts |= {"days": len(fresh.gaps), "gaps": [day.isoformat() for day in fresh.gaps]}
    return facts


def _clock_facts(clock: Clock, newest: str) -> dict[str, Any]:
    """Moments in the home's time zone."""
    moments = {newest: clock.newest, "due_at": clock.due_at}
    shown = {name: moment.isoformat(timespec="minutes") for name, moment in moments.items() if moment}
    return {"state": clock.state, **shown, "hours_late": round(clock.hours_late, 2)}
