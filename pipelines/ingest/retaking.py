"""Taking stored deliveries again from their sealed originals, with today's contract and readers, in place of their rows.

Raw is then what it would be had the files come with today's contract: a delivery is judged by those stored before it, and
where its rows change, the later ones of its source are judged anew as well (what repeats, what a snapshot closes).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from pipelines.contracts.model import Contract
from pipelines.ingest.acceptance import read_acceptances
from pipelines.ingest.delivery import load_delivery
from pipelines.ingest.earlier import in_order
from pipelines.ingest.landed import Landed, file_facts
from pipelines.ingest.manifests import (
    Manifest,
    is_expired,
    list_deliveries,
    parquet_path,
    quarantine_path,
    stored_at,
)
from pipelines.ingest.originals import open_original
from pipelines.ingest.outcome import Outcome
from pipelines.ingest.people import ErasedPeople, judge_file
from pipelines.ingest.refused import guarded
from pipelines.ingest.report import DeliveryReport, SourceReport
from pipelines.ingest.source import delivery_report
from pipelines.ingest.storing import replace_delivery, room_for_rows
from pipelines.settings import Settings
from pipelines.storage.connection import read_parquet_sql
from pipelines.storage.keys import Keys
from pipelines.storage.spill import temporary_folder

_TOLD = (
    "rows_in",
    "accepted",
    "quarantined",
    "duplicate",
    "closed",
    "reasons",
    "header",
    "absent_columns",
    "extra_columns",
)


@dataclass(frozen=True)
class Days:
    """Calendar days, both included, of the home's zone; `until` None: all that came since."""

    since: date
    until: date | None
    time_zone: str

    def hold(self, manifest: Manifest) -> bool:
        """Whether the delivery came on one of these days."""
        delivered = datetime.fromisoformat(manifest["delivered_at"]).replace(tzinfo=UTC)
        day = delivered.astimezone(ZoneInfo(self.time_zone)).date()
        return self.since <= day and (self.until is None or day <= self.until)


def retake_source(  # noqa: PLR0913, PLR0917 - one source's surroundings
    contract: Contract,
    settings: Settings,
    keys: Keys,
    days: Days,
    database: duckdb.DuckDBPyConnection,
    people: ErasedPeople | None = None,
) -> SourceReport:
    """Take again every delivery of `contract` that came on these days, and later ones where what they follow has changed.

    Nothing is read from the server or from landing. A delivery whose original is damaged, or that today's contract refuses,
    is told in the report and keeps its rows; so does one whose rows come out as they are. Raises UcvError when the disk is
    full. `database` is a prepared connection, of which each file gets a cursor of its own. Rows that resemble erased `people`
    go to quarantine.
    """
    stored = [
        one for one in list_deliveries(settings.home, contract.kind, contract.id) if not is_expired(one)
    ]
    stored.sort(key=lambda manifest: (stored_at(settings.home, manifest), manifest["delivery_id"]))
    reports: list[DeliveryReport] = []
    for turn, manifest in enumerate(stored):
        if not (days.hold(manifest) or any(report.status == "replaced" for report in reports)):
            continue
        again = _Again(manifest, stored[:turn], contract, settings, keys, people)
        name = Path(str(manifest["file_name"]))
        with database.cursor() as conn:
            reports.append(guarded(contract, name, settings, lambda again=again, conn=conn: again.take(conn)))  # type: ignore[misc]
    return SourceReport(contract.id, tuple(reports))


@dataclass(frozen=True)
class _Again:
    """One stored delivery to take again, and those stored before it."""

    manifest: Manifest
    earlier: Sequence[Manifest]
    contract: Contract
    settings: Settings
    keys: Keys
    people: ErasedPeople | None

    def take(self, conn: duckdb.DuckDBPyConnection) -> DeliveryReport:
        """Raises DeliveryError when the original cannot be opened or the contract refuses the file."""
        home = self.settings.home
        delivery_id = str(self.manifest["delivery_id"])
        with temporary_folder(home) as folder, room_for_rows(home, self.contract, delivery_id) as rows:
            path = folder / str(self.manifest["file_name"])
            with path.open("wb") as file:
                open_original(home, self.manifest, self.keys, file.write)
            landed = Landed(
                path,
                delivery_id,
                datetime.fromisoformat(self.manifest["delivered_at"]),
                file_facts(path),
                self.manifest.get("origin", {}),
            )
            if self.people is not None and not self.people.is_idle:
                landed = replace(landed, held=judge_file(path, self.contract, self.people).held)
            outcome = load_delivery(
                conn,
                landed,
                self.contract,
                home,
                stored_at(home, self.manifest),
                rows,
                ZoneInfo(self.settings.time_zone),
                earlier=self._earlier(),
                is_accepted=(self.contract.id, landed.delivery_id) in read_acceptances(home),
            )
            if self._is_same(conn, outcome):
                return delivery_report("unchanged", landed, outcome)
            replace_delivery(conn, landed, self.contract, outcome, self.settings, self.manifest)
            return delivery_report("replaced", landed, outcome)

    def _earlier(self) -> list[Manifest]:
        """What it is judged against, as it lies now: a delivery before it may have been replaced in this run."""
        ids = {manifest["delivery_id"] for manifest in self.earlier}
        stored = list_deliveries(self.settings.home, self.contract.kind, self.contract.id)
        return in_order((one for one in stored if one["delivery_id"] in ids), before=self.manifest)

    def _is_same(self, conn: duckdb.DuckDBPyConnection, outcome: Outcome) -> bool:
        """Whether rows, reasons and columns are those that are stored: encrypted files never have the same bytes twice."""
        told = {
            **outcome.counts, "reasons": outcome.reasons, "header": outcome.header, "absent_columns": [*outcome.absent],
            "extra_columns": outcome.extra_columns,
        }  # fmt: skip
        if [self.manifest.get(name) for name in _TOLD] != [told[name] for name in _TOLD]:
            return False
        if list(self.manifest["schema"]) != outcome.schema:
            return False
        home = self.settings.home
        pairs = [("accepted", parquet_path(home, self.manifest))]
        if outcome.counts["quarantined"]:
            pairs.append(("quarantined", quarantine_path(home, self.manifest)))
        return all(_content(conn, view) == _content(conn, read_parquet_sql([path])) for view, path in pairs)


def _content(conn: duckdb.DuckDBPyConnection, relation: str) -> tuple[int, int]:
    """Number and hash of the rows, whatever their order."""
    columns = [row[0] for row in conn.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()]
    listed = ", ".join(f'"{column}"' for column in columns)
    row = conn.execute(
        f"SELECT count(*), coalesce(sum(hash({listed})::HUGEINT), 0) FROM {relation}"
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)
