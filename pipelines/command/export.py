"""`ucv export`: hold an audience against the rules, write its file, remember it in the ledger. One place, one lock, one order:

members (uses are spent), then the ledger's line, then the file appears in `exports/<id>/`. A kill in between leaves no file, and
the same command with the same export id finishes what was begun.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.command.audience import audience_of, find_segments
from pipelines.command.export_version import open_exportable
from pipelines.exports.decoys import DecoyPlaces, decoys_of
from pipelines.exports.files import write_export
from pipelines.exports.ledger import (
    LedgerError,
    add_to_ledger,
    forget_unfinished,
    ledger_lock,
    members_files,
    members_path,
    read_ledger,
)
from pipelines.exports.members import uses_of, write_members
from pipelines.exports.request import ExportError, Request, check_request
from pipelines.exports.rows import read_rows
from pipelines.exports.rules import Circumstances, judge
from pipelines.segments.document import Segment
from pipelines.settings import Settings
from pipelines.storage.checksums import file_hash
from pipelines.storage.connection import connect, prepare_reader
from pipelines.storage.durable import sync_directory
from pipelines.storage.keys import Keys

Step = Callable[[str], None]
"""Called with a step's name before the step; tests fail there."""


@dataclass(frozen=True)
class Outcome:
    """What an export did: its ledger line (of a dry run what would stand there), the file if one was written."""

    entry: Mapping[str, Any]
    path: Path | None
    is_repeated: bool = False


def export(
    settings: Settings,
    keys: Keys,
    request: Request,
    *,
    dry_run: bool = False,
    on_step: Step = lambda step: None,
) -> Outcome:
    """Make one export; with an id that was exported already, its outcome again and no use more.

    An empty `export_id` or campaign gets a name of its own. Raises ExportError, SegmentError, PublishError, GateError or
    LedgerError; then no file appeared and, unless the error came after the step `members`, no use was spent.
    """
    segment = find_segments(settings, request.audience)[0]
    request = replace(request, campaign=request.campaign or plain_name(request.audience))
    if dry_run:
        request = replace(request, export_id=request.export_id or "dry-run")
        check_request(request)
        return Outcome(
            _judged(settings, keys, request, segment, read_ledger(settings.home), on_step)[0], None
        )
    with ledger_lock(settings.home):
        ledger = read_ledger(settings.home)
        known = {str(line["export_id"]): line for line in ledger}
        request = replace(request, export_id=request.export_id or _next_id(request, known))
        check_request(request)
        if request.export_id in known:
            return _again(settings, request, segment, known[request.export_id])
        forget_unfinished(settings.home, ledger, request.export_id)
        entry, write = _judged(settings, keys, request, segment, ledger, on_step)
        half = _half(settings, request.export_id)
        shutil.rmtree(half, ignore_errors=True)
        path, save_members = write(half)
        on_step("members")
        save_members(members_path(settings.home, len(ledger) + 1, request.export_id))
        on_step("ledger")
        entry = add_to_ledger(settings.home, ledger, {**entry, "file": path.name, "sha256": file_hash(path)})
        on_step("place")
        return Outcome(entry, _place(settings, entry))


def places_of(settings: Settings) -> DecoyPlaces:
    """Where this home's decoys live."""
    return DecoyPlaces(
        settings.decoy_domain, settings.decoy_phones, settings.decoy_addresses, settings.decoys_per_export
    )


def spent_uses(settings: Settings, keys: Keys) -> list[tuple[str, str, int]]:
    """(source_system, value_token, uses) of every value that an export used under terms that count."""
    files = members_files(settings.home)
    return uses_of(_store(settings, keys), files) if files else []


def plain_name(text: str) -> str:
    """A name that may name a folder."""
    return re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-_")[:40] or "audience"


def _judged(  # noqa: PLR0913, PLR0917 - everything that decides an export
    settings: Settings,
    keys: Keys,
    request: Request,
    segment: Segment,
    ledger: list[dict[str, Any]],
    on_step: Step,
) -> tuple[dict[str, Any], Callable[[Path], tuple[Path, Callable[[Path], None]]]]:
    """The ledger's line without its file, and how to write the file and the members."""
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
    on_step("judge")
    manifest, conn = open_exportable(settings, keys, request.day)
    try:
        audience = audience_of(conn, segment)
        request = replace(request, audience_hash=hash_of(audience))
        drops = judge(conn, request, audience, Circumstances(spent, earlier, token))
        size = int((conn.execute("SELECT count(*) FROM judged").fetchone() or (0,))[0])
        recipients, members = read_rows(conn, request, mine, token)
    finally:
        conn.close()
    entry = {
        "export_id": request.export_id, "at": datetime.now(UTC).isoformat(timespec="seconds"), "by": getpass.getuser(),
        "version": manifest.version, "as_of": manifest.as_of_date, "day": request.day.isoformat(), **request.asked,
        "people": size, "drops": drops, "rows": len(recipients), "decoys": len(mine),
        "charged": dict(sorted(Counter(m.charged_source for m in members if m.charged_source).items())),
    }  # fmt: skip

    def write(folder: Path) -> tuple[Path, Callable[[Path], None]]:
        return write_export(folder, request, recipients), lambda path: write_members(store, path, members)

    return entry, write


def _store(settings: Settings, keys: Keys) -> duckdb.DuckDBPyConnection:
    """A connection that may reach the files of members."""
    store = connect(settings)
    prepare_reader(store, settings, keys)
    return store


def hash_of(audience: tuple[str, list[Any]]) -> str:
    """SHA-256 of an audience's rules."""
    return hashlib.sha256(json.dumps([audience[0], list(map(str, audience[1]))]).encode()).hexdigest()


def _next_id(request: Request, known: Mapping[str, Any]) -> str:
    stem = f"{request.day:%Y%m%d}-{plain_name(request.audience)}-{request.channel}"
    number = 1
    while f"{stem}-{number}" in known:
        number += 1
    return f"{stem}-{number}"


def _again(settings: Settings, request: Request, segment: Segment, entry: dict[str, Any]) -> Outcome:
    """The export of this id as it was made; its file is put in place where a kill came before that."""
    differs = [
        name for name, value in request.asked.items() if name != "audience_hash" and entry.get(name) != value
    ]
    if differs:
        raise ExportError(
            f"Export {request.export_id} was made with another {', '.join(differs)}; take a new --export-id."
        )
    return Outcome(entry, _place(settings, entry), is_repeated=True)


def _place(settings: Settings, entry: Mapping[str, Any]) -> Path:
    """Let the file appear. Raises LedgerError when it is gone: its uses are spent, and nobody makes it a second time."""
    folder, half = (
        settings.home / "exports" / str(entry["export_id"]),
        _half(settings, str(entry["export_id"])),
    )
    path = folder / str(entry["file"])
    if not folder.exists() and half.is_dir():
        half.replace(folder)
        sync_directory(folder.parent)
    if not path.is_file() or file_hash(path) != entry["sha256"]:
        raise LedgerError(
            f"Export {entry['export_id']} was made, but its file {path} is gone or was changed. It is not made again, since its "
            "uses are spent; take a new --export-id."
        )
    return path


def _half(settings: Settings, export_id: str) -> Path:
    return settings.home / "exports" / f".{export_id}.half"
