"""`ucv keys rotate`: everything that the home keeps encrypted, written anew with the key of a new period.

First every file is written beside the old one, under a name that nothing reads: a kill leaves the home as it was, and the next
call goes on. Then one journal names them all, and renames put them in place: a kill there is finished by whoever holds the home
next. Readers go on all the while; one that meets a file of another period than it expects takes that period's key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.command.rotate_files import Work, files_to_rekey
from pipelines.errors import SettingsError, UcvError
from pipelines.ingest.rekeying import prepare_manifests
from pipelines.privacy.roles import role_key
from pipelines.publishing.layout import ledger_dir
from pipelines.publishing.locks import home_lock
from pipelines.publishing.recovery import recover
from pipelines.publishing.rekeying import ledger_moves, prepare_documents
from pipelines.settings import Settings
from pipelines.storage.checksums import file_hash
from pipelines.storage.durable import sync_file
from pipelines.storage.key_document import KeyDocument, print_of
from pipelines.storage.key_period import HomePeriod, announce_change, finish_change, read_period
from pipelines.storage.key_source import is_writable_source, read_document, told_source, write_document
from pipelines.storage.keys import Keys, keys_of, load_keys
from pipelines.storage.prepared import drop_stale, kept_from_before, note_prepared, prepared_path
from pipelines.storage.rekey import RekeyError, rekeying
from pipelines.storage.space import check_free

StepHook = Callable[[str], None]
"""Called with the name of a step before it; tests kill there, the command shows progress."""


@dataclass(frozen=True)
class Rotated:
    """What a rotation did: the periods, and how many files and bytes (of the new ones) were written, now and by an earlier call."""

    before: int
    after: int
    files: int
    size: int
    resumed: int


def rotate(settings: Settings, on_step: StepHook = lambda step: None) -> Rotated:
    """Take the home to a new period, or finish what a kill cut short.

    Raises SettingsError when the keys come from where no new period can be written and none is there, HomeBusyError while a run
    holds the home, UcvError when a file does not open or the disk is full; then everything is as it was.
    """
    load_keys(settings)
    with home_lock(settings):
        recover(settings)
        before = read_period(settings.home).number
        on_step("key")
        document = _with_next(settings, before)
        old = keys_of(document, settings)
        after = next(number for number in sorted(document.periods) if number > before)
        new = old.of_period(after)
        drop_stale(settings.home, after)
        work = list(files_to_rekey(settings.home))
        check_free(settings, sum(one.path.stat().st_size for one in work))
        done = _Preparation(settings, old, new, on_step)
        with rekeying(settings, old, new) as conn:
            moves = [*done.files(conn, work)]
        on_step("documents")
        moves += done.documents()
        on_step("journal")
        announce_change(settings.home, HomePeriod(after, print_of(new.master)), moves)
        on_step("change")
        finish_change(settings.home)
        on_step("end")
    return Rotated(before, after, len(done.prepared), done.size, done.resumed)


def _with_next(settings: Settings, before: int) -> KeyDocument:
    """The keys with a period after the home's; written before anything is encrypted with it."""
    document = read_document(settings)
    if any(number > before for number in document.periods):
        return document
    if not is_writable_source(settings):
        raise SettingsError(
            f"{told_source(settings)} holds no period after {before}, and cannot be written from here. `ucv keys new --output "
            f"FILE` writes the document with period {before + 1} (mode 0600): put it where the keys come from, remove the file, "
            "then `ucv keys rotate` again."
        )
    document = document.with_new_period()
    write_document(settings.key_path, document)
    return document


class _Preparation:
    """Writing what takes the place of each file, and remembering it."""

    def __init__(self, settings: Settings, old: Keys, new: Keys, on_step: StepHook) -> None:
        self._home, self._old, self._new = settings.home, old, new
        self._on_step = on_step
        self.prepared: dict[Path, str] = {}
        self.size = self.resumed = 0

    def files(self, conn: duckdb.DuckDBPyConnection, work: list[Work]) -> Iterator[tuple[str, str, str]]:
        known = kept_from_before(self._home)
        for one in work:
            self._on_step(f"prepare {one.path.name}")
            half = prepared_path(one.path)
            sha256 = known.get(one.path)
            if sha256 is None:
                try:
                    one.rekey(conn, self._old, self._new)
                except RekeyError:
                    if not one.is_rebuilt:
                        raise
                    yield "", "", self._name(one.path)  # the next night makes it again
                    continue
                sha256 = file_hash(half)
                note_prepared(self._home, one.path, sha256, self._new.period)
            else:
                self.resumed += 1
            self.prepared[one.path] = sha256
            self.size += half.stat().st_size
            if one.path.parent != ledger_dir(self._home):
                yield self._name(half), self._name(one.path), ""

    def documents(self) -> list[tuple[str, str, str]]:
        ledger = ledger_moves(self._home)
        folder = ledger_dir(self._home)
        moves = [
            (self._name(prepared_path(folder / old)), self._name(folder / new), self._name(folder / old))
            for old, new in ledger.items()
        ]
        for places in (
            prepare_manifests(self._home, self.prepared),
            prepare_documents(self._home, self.prepared, ledger, self._key_told),
        ):
            for place in places:
                half = prepared_path(place)
                sync_file(half)
                moves.append((self._name(half), self._name(place), ""))
        return moves

    def _key_told(self, role: str) -> dict[str, object]:
        key = role_key(self._new, role)
        return {"period": key.period, "print": key.key_print}

    def _name(self, path: Path) -> str:
        return path.relative_to(self._home).as_posix()


def forget_period(settings: Settings, number: int) -> None:
    """Remove a period from the key file: backups of that period open no more. Raises UcvError when the home needs it."""
    load_keys(settings)
    with home_lock(settings):
        document = read_document(settings)
        if not is_writable_source(settings):
            raise SettingsError(
                f"{told_source(settings)} cannot be written from here: remove period {number} there."
            )
        if number not in document.periods:
            raise UcvError(f"There is no period {number}; `ucv keys` lists those that there are.")
        current = read_period(settings.home).number
        if number >= current:
            raise UcvError(
                f"The home is written with period {current}; only an earlier one can go. `ucv keys rotate` begins a new one."
            )
        write_document(settings.key_path, document.without(number))
        with suppress(OSError):
            drop_stale(settings.home, current)
