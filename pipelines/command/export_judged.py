"""What one export would hold: the audience held against the rules, as the ledger's line and what its file needs."""

from __future__ import annotations

import getpass
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.command.audience import audience_of, mart_columns
from pipelines.command.export_version import open_exportable
from pipelines.exports.contracted_rows import fill, offer_contracted
from pipelines.exports.decoys import DecoyPlaces, decoys_of
from pipelines.exports.files import Cells
from pipelines.exports.ledger import members_files, members_path
from pipelines.exports.members import read_members, read_roles, uses_of, write_members
from pipelines.exports.request import ExportError, Request
from pipelines.exports.rows import Member, Recipient, read_left, read_rows
from pipelines.exports.rules import Circumstances, judge
from pipelines.segments.compile import PREDICTIONS
from pipelines.segments.document import Segment
from pipelines.settings import Settings
from pipelines.storage.connection import connect, prepare_reader
from pipelines.storage.keys import Keys


@dataclass(frozen=True)
class Judged:
    """`entry` is the ledger's line without its file."""

    entry: dict[str, Any]
    recipients: Sequence[Recipient]
    members: Sequence[Member]
    left: Sequence[Member]
    cells: Cells | None
    store: duckdb.DuckDBPyConnection

    def save_members(self, path: Path) -> None:
        """Write who was in it, durably."""
        write_members(self.store, path, [*self.members, *self.left])


def judge_export(
    settings: Settings, keys: Keys, request: Request, segment: Segment, ledger: Sequence[dict[str, Any]]
) -> Judged:
    """Raises ExportError, SegmentError, PublishError or GateError; nothing is written."""
    token = keys.tokeniser()
    store = _store(settings, keys)
    spent = uses_of(store, members_files(settings.home))
    places = places_of(settings)
    mine = decoys_of(request.export_id, request.kind, places, token)
    earlier = [
        (decoy.kind, decoy.value)
        for line in ledger
        for decoy in decoys_of(str(line["export_id"]), request.kind, places, token)
    ]
    had = read_members(store, _exports_until(settings, request, ledger))
    circumstances = Circumstances(
        spent, earlier, token, [(one.customer_token, one.value_token) for one in had]
    )
    cells = None
    manifest, conn = open_exportable(settings, keys, request.day)
    try:
        drops = judge(conn, request, audience_of(conn, segment), circumstances)
        size = int((conn.execute("SELECT count(*) FROM judged").fetchone() or (0,))[0])
        recipients, members = read_rows(conn, request, mine, token)
        left = read_left(conn, had)
        if request.contract:
            offer_contracted(conn, request.contract, mart_columns(conn), PREDICTIONS)
            cells = fill(conn, request.contract)
    finally:
        conn.close()
    entry = {
        "export_id": request.export_id, "at": datetime.now(UTC).isoformat(timespec="seconds"), "by": getpass.getuser(),
        "version": manifest.version, "as_of": manifest.as_of_date, "day": request.day.isoformat(), **request.asked,
        "people": size, "drops": drops, "rows": len(recipients), "decoys": len(mine), "left": len(left),
        "charged": dict(sorted(Counter(m.charged_source for m in members if m.charged_source).items())),
    }  # fmt: skip
    return Judged(entry, recipients, members, left, cells, store)


def _exports_until(settings: Settings, request: Request, ledger: Sequence[dict[str, Any]]) -> list[Path]:
    """The members of the export that `since` names and of those that it counts from, oldest first.

    Raises ExportError for an unknown export, or one of another audience, channel or purpose.
    """
    known = {str(line["export_id"]): line for line in ledger}
    paths: list[Path] = []
    name = request.since
    while name is not None:
        line = known.get(name)
        if line is None:
            raise ExportError(
                f"--since is {name!r}; expected an export of this home, see `ucv export ledger`."
            )
        for word in ("audience", "channel", "purpose"):
            if line[word] != getattr(request, word):
                raise ExportError(
                    f"--since {name} has the {word} {line[word]}; expected {getattr(request, word)}."
                )
        paths.insert(0, members_path(settings.home, int(line["number"]), name))
        name = line.get("since")
    return paths


def places_of(settings: Settings) -> DecoyPlaces:
    """Where this home's decoys live."""
    return DecoyPlaces(
        settings.decoy_domain, settings.decoy_phones, settings.decoy_addresses, settings.decoys_per_export
    )


def spent_uses(settings: Settings, keys: Keys) -> list[tuple[str, str, int]]:
    """(source_system, value_token, uses) of every value that an export used under terms that count."""
    files = members_files(settings.home)
    return uses_of(_store(settings, keys), files) if files else []


def read_sent(settings: Settings, keys: Keys, path: Path) -> list[Member]:
    """Who was sent and who was held out in one export, from its file of members."""
    return read_roles(_store(settings, keys), path)


def _store(settings: Settings, keys: Keys) -> duckdb.DuckDBPyConnection:
    """A connection that may reach the files of members."""
    store = connect(settings)
    prepare_reader(store, settings, keys)
    return store
