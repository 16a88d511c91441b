"""The record and the page of a run: begun with its first step, written when its last one ended, however it ended."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg

from pipelines.errors import UcvError
from pipelines.publishing.version import current_manifest, current_version
from pipelines.quality.data_docs import DOCS_SITE
from pipelines.quality.run_record import RunFacts, record_folder, write_facts
from pipelines.report.page import PAGE, DeliveredFile, RunTold, write_page
from pipelines.report.run_list import write_run_list
from pipelines.report.verdict import SeenVersion, StepError

if TYPE_CHECKING:
    from pipelines.assets.nightly import Nightly

BUILD = "build"
_GATE_ERROR = "DagsterAssetCheckFailedError"
_log = logging.getLogger(__name__)


@contextmanager
def reported(nightly: Nightly, context: dg.InitResourceContext) -> Iterator[None]:
    """Keep the record of what runs within, and write its page at the end. Neither ever fails the run: a fault is logged."""
    log: Any = context.log or _log
    facts = None
    try:
        facts = _begun(nightly, context)
    except Exception as error:
        log.warning(f"The record of this run could not be begun ({type(error).__name__}: {error}).")
    try:
        yield
    finally:
        try:
            if facts is not None:
                _end(nightly, facts, context.instance)
        except Exception as error:
            log.warning(f"The page of this run could not be written ({type(error).__name__}: {error}).")


def page_link(nightly: Nightly) -> dg.UrlMetadataValue:
    """The page of this run, as `ucv ui` serves it."""
    return dg.MetadataValue.url(f"{nightly.settings.docs_url}/{nightly.run_id}/{PAGE}")


def gx_site(nightly: Nightly) -> Path:
    """Where Great Expectations' pages of this run go."""
    return record_folder(nightly.settings.home, nightly.run_id) / DOCS_SITE


def gx_link(nightly: Nightly) -> dg.UrlMetadataValue:
    """Great Expectations' pages of this run, as `ucv ui` serves them; not every run has some."""
    return dg.MetadataValue.url(f"{nightly.settings.docs_url}/{nightly.run_id}/{DOCS_SITE}/{PAGE}")


def _begun(nightly: Nightly, context: dg.InitResourceContext) -> RunFacts:
    from pipelines.assets.nightly import NIGHT_TAG  # noqa: PLC0415 - it imports this module

    run = context.run
    seen = current_version(nightly.settings.home)
    facts = RunFacts(
        nightly.run_id,
        run.job_name if run else "no job",
        nightly.started_at.astimezone(UTC).isoformat(timespec="seconds"),
        nightly.as_of.isoformat(),
        night_run_id=run.tags.get(NIGHT_TAG) if run else None,
        version_before=seen,
        version_after=seen,
    )
    write_facts(nightly.settings.home, facts)
    return facts


def _end(nightly: Nightly, begun: RunFacts, instance: dg.DagsterInstance | None) -> None:
    home = nightly.settings.home
    failures = step_failures(instance, begun.run_id) if instance else []
    facts = replace(
        begun,
        version_after=current_version(home),
        ended_at=datetime.now(UTC).isoformat(timespec="seconds"),
        failed_steps=tuple(step for step, _ in failures),
    )
    write_facts(home, facts)
    # What a build made itself is of no use here, and half a second to read.
    night = facts.night_run_id or (facts.run_id if facts.job != BUILD else None)
    made = _made(instance, night) if instance and night else []
    told = RunTold(
        errors=tuple(_errors(failures)),
        deliveries=tuple(file for event in made for file in _delivered(event)),
        seen=_seen(nightly),
        had_news=any(event.asset_key.path == ["raw", "changes"] for event in made),
        downstream=partial(_downstream, nightly),
        gates_site=_gates_site(nightly),
    )
    zone = nightly.settings.time_zone
    write_page(home, facts, told, zone)
    write_run_list(home, zone)


def step_failures(instance: dg.DagsterInstance, run_id: str) -> list[tuple[str, Any]]:
    """The steps of a run that ended in an error, each with Dagster's `StepFailureData`."""
    entries = instance.all_logs(run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
    events = [entry.get_dagster_event() for entry in entries]
    return [(event.step_key or "", event.step_failure_data) for event in events]


def _errors(failures: list[tuple[str, Any]]) -> Iterator[StepError]:
    """What the steps say that failed for themselves; a gate that holds the run says why by its checks."""
    for step, data in failures:
        error = data.error
        while error is not None and error.cause is not None:
            error = error.cause
        if error is None or error.cls_name != _GATE_ERROR:
            yield StepError(step, _safe_words(error, data.user_failure_data))


def _safe_words(error: Any, failure: Any) -> str:
    """The words of an error of ours, which hold no personal value; of any other its class alone."""
    if failure is not None and failure.description:
        return str(failure.description)
    if error is None:
        return "It was ended from outside, or said nothing."
    if error.cls_name in _our_errors(UcvError):
        return str(error.message).strip().split(": ", 1)[-1]
    return f"{error.cls_name}; its words may hold values of people and stand in Dagster's log alone."


def _our_errors(base: type[UcvError]) -> set[str]:
    return {base.__name__}.union(*(_our_errors(kind) for kind in base.__subclasses__()))


def _made(instance: dg.DagsterInstance, run_id: str) -> list[dg.AssetMaterialization]:
    entries = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
    return [entry.asset_materialization for entry in entries if entry.asset_materialization is not None]


def _delivered(event: dg.AssetMaterialization) -> Iterator[DeliveredFile]:
    table: Any = event.metadata.get("deliveries")
    if event.asset_key.path[0] == "raw" and table is not None:
        for record in table.records:
            yield DeliveredFile(source=event.asset_key.path[-1], **record.data)


def _seen(nightly: Nightly) -> SeenVersion | None:
    manifest = current_manifest(nightly.settings.home)
    return manifest and SeenVersion(manifest.version, manifest.as_of_date, manifest.created_at)


def _downstream(nightly: Nightly) -> dict[str, list[str]]:
    """For every asset the published tables that it reaches; empty where dbt never parsed the project."""
    from pipelines.assets.dbt_downstream import published_below  # noqa: PLC0415 - it imports this module's importers

    with suppress(OSError, ValueError):
        kinds = {contract.id: contract.kind for contract in nightly.contracts().contracts}
        return published_below(kinds)
    return {}


def _gates_site(nightly: Nightly) -> str | None:
    index = f"{DOCS_SITE}/{PAGE}"
    found = (record_folder(nightly.settings.home, nightly.run_id) / index).is_file()
    return index if found else None
