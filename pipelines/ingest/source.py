"""Ingest of one source: find its files, read, check, cast, quarantine, and store each delivery once."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from pipelines.contracts.model import Contract
from pipelines.errors import DeliveryError
from pipelines.ingest.acceptance import ACCEPTABLE, Acceptance, read_acceptances
from pipelines.ingest.arrival import Arrival
from pipelines.ingest.arrivals import arrivals, note_taken
from pipelines.ingest.delivery import load_delivery
from pipelines.ingest.earlier import return_to_earlier
from pipelines.ingest.judge import Judge, refuse_red
from pipelines.ingest.landed import Landed, file_facts, landed_file
from pipelines.ingest.manifests import Manifest, list_deliveries
from pipelines.ingest.originals import sealing
from pipelines.ingest.outcome import Outcome
from pipelines.ingest.people import ErasedPeople, without_erased
from pipelines.ingest.refused import guarded
from pipelines.ingest.report import DeliveryReport, SourceReport
from pipelines.ingest.seen_again import SeenAgain
from pipelines.ingest.so_far import SoFar
from pipelines.ingest.storing import room_for_rows, store_delivery
from pipelines.settings import Settings
from pipelines.storage.connection import open_connection
from pipelines.storage.keys import Keys


def ingest_source(  # noqa: PLR0913, PLR0917 - one source's surroundings
    contract: Contract,
    settings: Settings,
    keys: Keys,
    taken_at: datetime,
    database: duckdb.DuckDBPyConnection | None = None,
    judge: Judge | None = None,
    people: ErasedPeople | None = None,
) -> SourceReport:
    """Take every delivery of `contract` that lies at its server, in a run that began at `taken_at` (UTC without zone).

    That is the first one's `loaded_at`, unless the clock was set back: what is loaded later is later in raw in any case.

    `judge` looks at each file before it is stored and may refuse it; without one nothing is judged.
    `people` tells of erased people: their rows are left out, and a file of landing that held some goes once it is stored.
    `database` is a prepared connection, of which each file gets a cursor of its own; without one each file prepares its own.

    A refused file or a server that cannot be read is told in the report and leaves raw as it was. Raises UcvError when
    the disk is full or what raw holds of the source is damaged.
    """
    manifests = list_deliveries(settings.home, contract.kind, contract.id)
    so_far = SoFar(contract, settings.home, manifests)
    known = so_far.known
    accepted = read_acceptances(settings.home)
    desk = _Desk(contract, settings, keys, so_far, database, judge, accepted, taken_at, people)
    again = SeenAgain(contract, settings.home, manifests)
    reports = []
    first = _first_moment(taken_at, manifests)
    try:
        for turn, arrival in enumerate(arrivals(contract, settings, manifests)):
            # A moment of its own for each file: what comes later in one night is later in raw, too.
            moment = first + timedelta(microseconds=turn)
            report = _take(arrival, desk, moment)
            if report.delivery_id and report.status in ("accepted", "known"):
                known.add(report.delivery_id)
                note_taken(arrival, contract, settings, known, report.delivery_id)
                # Our own reading of a table carries no moment: a table that is as it was says nothing of its owner.
                if report.status == "known" and report.arrived_at is not None:
                    again.note(report.delivery_id, report.arrived_at, taken_at)
            reports.append(report)
    except DeliveryError as error:
        server = contract.server.path
        reports.append(DeliveryReport(server, "refused", error_code=error.code, error_message=str(error)))
    return SourceReport(contract.id, tuple(reports))


def _first_moment(taken_at: datetime, manifests: list[Manifest]) -> datetime:
    """`taken_at`, or just after everything of the source that a clock since set back has dated later."""
    stored = [datetime.fromisoformat(str(m["loaded_at"])) for m in manifests if m.get("loaded_at")]
    return max([taken_at, *(moment + timedelta(microseconds=1) for moment in stored)])


@dataclass(frozen=True)
class _Desk:
    """What the files of one source share in one run."""

    contract: Contract
    settings: Settings
    keys: Keys
    so_far: SoFar
    database: duckdb.DuckDBPyConnection | None
    judge: Judge | None
    acceptances: dict[tuple[str, str], Acceptance]
    taken_at: datetime  # when the run began
    people: ErasedPeople | None


def _take(arrival: Arrival, desk: _Desk, loaded_at: datetime) -> DeliveryReport:
    contract, settings = desk.contract, desk.settings
    path = arrival.path
    if path is None:
        return DeliveryReport(arrival.name, "known", arrival.known_as, arrived_at=arrival.arrived_at)
    return guarded(contract, path, settings, lambda: _load(arrival, path, desk, loaded_at))


def _load(arrival: Arrival, path: Path, desk: _Desk, loaded_at: datetime) -> DeliveryReport:
    """Read, judge and store one file, unless its bytes were taken before."""
    contract, settings = desk.contract, desk.settings
    landed = return_to_earlier(contract, settings.home, landed_file(arrival, path, settings.home))
    if landed.delivery_id in desk.so_far.known:
        if landed.delivery_id in desk.so_far.erased_from:
            _remove_landed(path, settings.home)
        return DeliveryReport(path.name, "known", landed.delivery_id, arrived_at=landed.delivered_at)
    desk.so_far.check()
    try:
        with without_erased(landed, contract, settings.home, desk.people) as readable:
            report = _read_and_store(arrival, path, readable, desk, loaded_at)
    except DeliveryError as error:
        told = f"{error}{_may_accept(contract, landed) if error.code in ACCEPTABLE else ''}"
        return DeliveryReport(
            path.name, "refused", landed.delivery_id, error_code=error.code, error_message=told
        )
    if readable.erased and report.status in ("accepted", "known"):
        _remove_landed(path, settings.home)
    return report


def _read_and_store(
    arrival: Arrival, path: Path, landed: Landed, desk: _Desk, loaded_at: datetime
) -> DeliveryReport:
    contract, settings = desk.contract, desk.settings
    if landed.is_emptied:
        return DeliveryReport(
            path.name, "known", landed.delivery_id, warnings=("every row is about an erased person",)
        )
    is_accepted = (contract.id, landed.delivery_id) in desk.acceptances
    zone = ZoneInfo(settings.time_zone)
    with ExitStack() as stack:
        opened = open_connection(settings, desk.keys) if desk.database is None else desk.database.cursor()
        conn = stack.enter_context(closing(opened))
        rows = stack.enter_context(room_for_rows(settings.home, contract, landed.delivery_id))
        named = {"kind": contract.kind, "source_system": contract.id, "delivery_id": landed.delivery_id}
        sealed = stack.enter_context(sealing(landed.path, settings.home, named, desk.keys))
        outcome = load_delivery(
            conn, landed, contract, settings.home, loaded_at, rows, zone, is_accepted=is_accepted
        )
        kept = sealed.result()
        if file_facts(path) != landed.facts:
            return DeliveryReport(path.name, "unfinished", warnings=("the file changed while it was read",))
        if arrival.after and not any(outcome.counts[name] for name in ("accepted", "quarantined", "closed")):
            return DeliveryReport(path.name, "known", arrival.after)
        profile = None
        if desk.judge is not None:
            manifests = list_deliveries(settings.home, contract.kind)
            judged = desk.judge(conn, contract, landed, outcome, manifests)
            profile = judged.profile
            if not is_accepted:
                refuse_red(judged, landed)
        store_delivery(conn, landed, contract, outcome, settings, kept, desk.taken_at, profile)
    return delivery_report("accepted", landed, outcome, desk.so_far.added(outcome))


def _remove_landed(path: Path, home: Path) -> None:
    """A file that holds an erased person does not wait in landing for its term: raw has all the rest of it."""
    if (home / "landing").resolve() in path.resolve().parents:
        path.unlink(missing_ok=True)


def _may_accept(contract: Contract, landed: Landed) -> str:
    return (
        f" Who answers for it takes it nonetheless: `ucv accept-delivery {contract.id} {landed.delivery_id}`."
    )


def landed_id(contract: Contract, home: Path, path: Path) -> str:
    """The delivery_id under which a file in landing is taken. Raises DeliveryError for what is no file of the home."""
    return return_to_earlier(contract, home, landed_file(Arrival(path.name, path), path, home)).delivery_id


def delivery_report(
    status: str, landed: Landed, outcome: Outcome, added: tuple[str, ...] = ()
) -> DeliveryReport:
    """What became of a delivery that was taken; `added` are columns that came for the first time."""
    counts: dict[str, Any] = outcome.counts
    return DeliveryReport(
        landed.path.name, status, landed.delivery_id, **counts, reasons=outcome.reasons, repairs=outcome.repairs,
        warnings=outcome.warnings, absent=outcome.absent, added=added, latest_event_at=outcome.latest_event_at,
    )  # fmt: skip
