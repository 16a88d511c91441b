"""`ucv export`: hold an audience against the rules, write its file, remember it in the ledger. One place, one lock, one order:

members (uses are spent), then the ledger's line, then the file appears in `exports/<id>/`. A kill in between leaves no file, and
the same command with the same export id finishes what was begun.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipelines.command.audience import find_segments
from pipelines.command.export_judged import judge_export
from pipelines.exports.erasing import is_rewritten
from pipelines.exports.files import write_export, write_left
from pipelines.exports.ledger import (
    LedgerError,
    Token,
    add_to_ledger,
    forget_unfinished,
    ledger_lock,
    members_path,
    read_ledger,
)
from pipelines.exports.request import ExportError, Request, check_request
from pipelines.segments.compile import is_profiled
from pipelines.segments.document import Segment
from pipelines.settings import Settings
from pipelines.storage.checksums import file_hash
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
    token = keys.tokeniser()
    rules = hashlib.sha256(repr(segment.where).encode()).hexdigest()
    request = replace(
        request,
        campaign=request.campaign or plain_name(request.audience),
        audience_hash=rules,
        is_profiled=is_profiled(segment),
    )
    if dry_run:
        request = replace(request, export_id=request.export_id or "dry-run")
        check_request(request)
        return Outcome(
            judge_export(settings, keys, request, segment, read_ledger(settings.home, token)).entry, None
        )
    with ledger_lock(settings.home):
        ledger = read_ledger(settings.home, token)
        known = {str(line["export_id"]): line for line in ledger}
        request = replace(request, export_id=request.export_id or _next_id(request, known))
        check_request(request)
        if request.export_id in known:
            return _again(settings, request, known[request.export_id], token)
        forget_unfinished(settings.home, ledger, request.export_id)
        return _made(settings, keys, request, segment, ledger, on_step)


def _made(  # noqa: PLR0913, PLR0917 - what an export is made from
    settings: Settings,
    keys: Keys,
    request: Request,
    segment: Segment,
    ledger: list[dict[str, Any]],
    on_step: Step,
) -> Outcome:
    """Judge, write, spend, remember, place: in this order, under the lock."""
    token = keys.tokeniser()
    judged = judge_export(settings, keys, request, segment, ledger)
    _sweep(settings, {str(line["export_id"]) for line in ledger})
    path = write_export(_half(settings, request.export_id), request, judged.recipients, judged.cells)
    if request.since:
        write_left(path.parent, request, [one.recipient for one in judged.left])
    on_step("members")
    judged.save_members(members_path(settings.home, len(ledger) + 1, request.export_id))
    on_step("ledger")
    told = {**judged.entry, "file": path.name, "sha256": file_hash(path)}
    entry = add_to_ledger(settings.home, ledger, told, token)
    on_step("place")
    return Outcome(entry, _place(settings, entry, token))


def plain_name(text: str) -> str:
    """A name that may name a folder."""
    return re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-_")[:40] or "audience"


def _next_id(request: Request, known: Mapping[str, Any]) -> str:
    stem = f"{request.day:%Y%m%d}-{plain_name(request.audience)}-{request.channel}"
    number = 1
    while f"{stem}-{number}" in known:
        number += 1
    return f"{stem}-{number}"


def _again(settings: Settings, request: Request, entry: dict[str, Any], token: Token) -> Outcome:
    """The export of this id as it was made; its file is put in place where a kill came before that."""
    differs = [name for name, value in request.asked.items() if entry.get(name) != value]
    if differs:
        raise ExportError(
            f"Export {request.export_id} was made with another {', '.join(differs)}; take a new --export-id."
        )
    return Outcome(entry, _place(settings, entry, token), is_repeated=True)


def _place(settings: Settings, entry: Mapping[str, Any], token: Token) -> Path:
    """Let the file appear. Raises LedgerError when it is gone: its uses are spent, and nobody makes it a second time."""
    folder, half = (
        settings.home / "exports" / str(entry["export_id"]),
        _half(settings, str(entry["export_id"])),
    )
    path = folder / str(entry["file"])
    if not folder.exists() and half.is_dir():
        half.replace(folder)
        sync_directory(folder.parent)
    found = file_hash(path) if path.is_file() else None
    if found is None or (found != entry["sha256"] and not is_rewritten(settings.home, entry, found, token)):
        raise LedgerError(
            f"Export {entry['export_id']} was made, but its file {path} is gone or was changed. It is not made again, since its "
            "uses are spent; take a new --export-id."
        )
    return path


def _sweep(settings: Settings, known: Container[str]) -> None:
    """Remove files of exports that a kill cut short before the ledger knew them."""
    for half in (settings.home / "exports").glob(".*.half"):
        if half.name.removeprefix(".").removesuffix(".half") not in known:
            shutil.rmtree(half, ignore_errors=True)


def _half(settings: Settings, export_id: str) -> Path:
    return settings.home / "exports" / f".{export_id}.half"
