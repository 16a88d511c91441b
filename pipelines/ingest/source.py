"""Ingest of one source: find its files, read, check, cast, quarantine, and store each delivery once."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from pipelines.contracts.model import Contract
from pipelines.errors import DeliveryError, UcvError
from pipelines.ingest.arrivals import Arrival, arrivals, note_taken
from pipelines.ingest.delivery import Outcome, load_delivery
from pipelines.ingest.landed import Landed
from pipelines.ingest.manifests import Manifest, list_deliveries
from pipelines.ingest.report import DeliveryReport, SourceReport
from pipelines.ingest.storing import store_delivery
from pipelines.settings import Settings
from pipelines.storage.connection import open_connection
from pipelines.storage.keys import Keys


def ingest_source(
    contract: Contract,
    settings: Settings,
    keys: Keys,
    taken_at: datetime,
    database: duckdb.DuckDBPyConnection | None = None,
) -> SourceReport:
    """Take every delivery of `contract` that lies at its server, in a run that began at `taken_at` (UTC without zone).

    That is the first one's `loaded_at`, unless the clock was set back: what is loaded later is later in raw in any case.

    `database` is a prepared connection, of which each file gets a cursor of its own; without one each file prepares its own.

    A refused file or a server that cannot be read is told in the report and leaves raw as it was. Raises UcvError when
    the disk is full.
    """
    manifests = list_deliveries(settings.home, contract.kind, contract.id)
    known = {str(manifest["delivery_id"]) for manifest in manifests}
    reports = []
    first = _first_moment(taken_at, manifests)
    try:
        for turn, arrival in enumerate(arrivals(contract, settings, manifests)):
            # A moment of its own for each file: what comes later in one night is later in raw, too.
            moment = first + timedelta(microseconds=turn)
            report = _take(arrival, contract, settings, keys, (moment, taken_at), known, database)
            if report.delivery_id and report.status in ("accepted", "known"):
                known.add(report.delivery_id)
                note_taken(arrival, contract, settings, known, report.delivery_id)
            reports.append(report)
    except DeliveryError as error:
        server = contract.server.path
        reports.append(DeliveryReport(server, "refused", error_code=error.code, error_message=str(error)))
    return SourceReport(contract.id, tuple(reports))


def _first_moment(taken_at: datetime, manifests: list[Manifest]) -> datetime:
    """`taken_at`, or just after everything of the source that a clock since set back has dated later."""
    stored = [datetime.fromisoformat(str(m["loaded_at"])) for m in manifests if m.get("loaded_at")]
    return max([taken_at, *(moment + timedelta(microseconds=1) for moment in stored)])


def _take(  # noqa: PLR0913, PLR0917 - one file's surroundings
    arrival: Arrival,
    contract: Contract,
    settings: Settings,
    keys: Keys,
    moments: tuple[datetime, datetime],
    known: set[str],
    database: duckdb.DuckDBPyConnection | None,
) -> DeliveryReport:
    loaded_at, taken_at = moments
    path = arrival.path
    if path is None:
        return DeliveryReport(arrival.name, "known", arrival.known_as)
    try:
        landed = _landed(arrival, path, settings.home)
        if landed.delivery_id in known:
            return DeliveryReport(path.name, "known", landed.delivery_id)
        conn = open_connection(settings, keys) if database is None else database.cursor()
        try:
            outcome = load_delivery(conn, landed, contract, settings.home, loaded_at)
            if _facts(path) != landed.facts:
                return DeliveryReport(
                    path.name, "unfinished", warnings=("the file changed while it was read",)
                )
            if arrival.after and not any(
                outcome.counts[name] for name in ("accepted", "quarantined", "closed")
            ):
                return DeliveryReport(path.name, "known", arrival.after)
            store_delivery(conn, landed, contract, outcome, settings, keys, taken_at)
        finally:
            conn.close()
    except DeliveryError as error:
        return DeliveryReport(path.name, "refused", error_code=error.code, error_message=str(error))
    except OSError as error:
        raise _not_stored(contract, path, settings, error.strerror or "") from error
    except duckdb.IOException as error:
        raise _not_stored(
            contract, path, settings, type(error).__name__
        ) from None  # its words may quote a value
    except duckdb.Error as error:
        told = (
            f"{path.name} could not be loaded ({type(error).__name__}); raise memory_limit if it is very large, "
            "else have the file looked at."
        )
        return DeliveryReport(path.name, "refused", error_code="not_loadable", error_message=told)
    return _report(path, landed, outcome)


def _not_stored(contract: Contract, path: Path, settings: Settings, why: str) -> UcvError:
    return UcvError(
        f"{contract.id}: {path.name} could not be stored below {settings.home} ({why}); free space or "
        "mend the disk and run again. Nothing of this file was kept."
    )


def _landed(arrival: Arrival, path: Path, home: Path) -> Landed:
    if not path.is_file():
        raise DeliveryError("not_a_file", f"{path.name} is a folder or device; expected a file.")
    if home not in path.resolve().parents:
        raise DeliveryError(
            "outside_home", f"{path.name} leads outside the home; deliver the file itself, no link."
        )
    # A table that is as it was two readings ago has changed since the last one: that is no repeated delivery.
    digest = hashlib.sha256((arrival.after or "").encode())
    facts = _facts(path)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    delivered_at = datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None)
    return Landed(path, digest.hexdigest()[:32], delivered_at, facts, arrival.origin)


def _facts(path: Path) -> tuple[int, int]:
    return path.stat().st_size, path.stat().st_mtime_ns


def _report(path: Path, landed: Landed, outcome: Outcome) -> DeliveryReport:
    counts: dict[str, Any] = outcome.counts
    return DeliveryReport(
        path.name, "accepted", landed.delivery_id, **counts, reasons=outcome.reasons, repairs=outcome.repairs,
        warnings=outcome.warnings, absent=outcome.absent, latest_event_at=outcome.latest_event_at,
    )  # fmt: skip
