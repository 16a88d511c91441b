"""Publishing one build: copy, check, put in place, switch. Until the switch, readers see the version before.

The caller holds the home's lock and has called `recover` before the build began. Steps, each safe to be
killed in: stage, journal, place, ledger, switch, record, clear, prune.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pipelines.errors import PublishError
from pipelines.publishing.built_contracts import keep_files, kept_contracts
from pipelines.publishing.fingerprint import code_version
from pipelines.publishing.history import PUBLISHED, append_event, event
from pipelines.publishing.journal import Journal, clear_journal, read_journal, write_journal
from pipelines.publishing.layout import staging_dir, version_dir, versions_dir
from pipelines.publishing.prune import prune_builds, prune_versions
from pipelines.publishing.recovery import recover
from pipelines.publishing.snapshot import write_snapshot
from pipelines.publishing.switch import add_ledger_file, next_ledger_name, switch_to
from pipelines.publishing.version import (
    FileFacts,
    Manifest,
    TableFacts,
    current_manifest,
    list_versions,
    version_id,
    version_time,
    write_manifest,
)
from pipelines.settings import Settings
from pipelines.storage.checksums import file_hash
from pipelines.storage.durable import sync_directory, sync_file
from pipelines.storage.keys import Keys

logger = logging.getLogger(__name__)

StepHook = Callable[[str], None]
"""Called with a step's name before the step; tests use it to fail there, a caller may show progress."""


Beside = Callable[[Path], None]
"""Called with the folder of a version whose database is there, to write what lies beside it."""


def nothing_beside(_folder: Path) -> None:
    """No file beside the database."""


@dataclass(frozen=True)
class Candidate:
    """A build that passed its gates, and what its manifest tells about it."""

    build_db: Path
    now: datetime
    as_of: date
    run_id: str
    fingerprint: str
    verdicts: Sequence[Mapping[str, Any]]
    ledger_entries: Path | None
    unchanged: Mapping[str, TableFacts]
    beside: Beside = nothing_beside

    @property
    def build_id(self) -> str:
        """The name of the build's directory."""
        return self.build_db.parent.name


def publish(  # noqa: PLR0913 - the facts of one build, by keyword; inside they travel as a Candidate
    build_db: Path,
    settings: Settings,
    keys: Keys,
    *,
    now: datetime,
    as_of: date,
    run_id: str,
    fingerprint: str,
    verdicts: Sequence[Mapping[str, Any]],
    ledger_entries: Path | None = None,
    unchanged: Mapping[str, TableFacts] = MappingProxyType({}),
    beside: Beside = nothing_beside,
    on_step: StepHook = lambda step: None,
) -> Manifest:
    """Make the golden and marts schemas of `build_db` the version that readers see; return its manifest.

    `now` is the publish time (with a time zone), `as_of` the day described, `fingerprint` from
    `input_fingerprint`, `verdicts` what the gates said (kept as they are), `ledger_entries` the build's new
    identity-ledger file, if any, `unchanged` the facts of tables that are what readers see already, `beside` writes the files
    that belong to the version. A retry after
    a failure within the same run finishes or repeats the publish; a build that readers see already is not
    published again.
    Raises PublishError, and readers keep the last good version, when space is short, the build does not copy,
    or another publish was interrupted.
    """
    candidate = Candidate(
        build_db, now, as_of, run_id, fingerprint, verdicts, ledger_entries, unchanged, beside
    )
    finished = _finish_own_retry(settings, run_id) or _seen_already(settings.home, candidate)
    if finished is not None:
        return finished
    on_step("space")
    check_free_space(settings, build_db)
    manifest = _stage(candidate, settings, keys, on_step)
    _go_live(candidate, manifest, settings.home, on_step)
    on_step("prune")
    _tidy(settings, manifest, now)
    return manifest


def check_free_space(settings: Settings, build_db: Path) -> None:
    """PublishError unless the disk holds another copy of the build and `min_free_bytes` beside it."""
    folder = versions_dir(settings.home)
    folder.mkdir(parents=True, exist_ok=True)
    needed = settings.min_free_bytes + (build_db.stat().st_size if build_db.is_file() else 0)
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise PublishError(
            f"Not enough space at {folder}: {free:,} bytes free, {needed:,} needed. Free some, or lower "
            "keep_versions or min_free_bytes in ucv.toml; readers keep the version they see."
        )


def _finish_own_retry(settings: Settings, run_id: str) -> Manifest | None:
    journal = read_journal(settings.home)
    if journal is None:
        return None
    if journal.run_id != run_id:
        # This build was made from the state before that publish; its customer ids could clash with it.
        raise PublishError(
            f"The publish or rollback to {journal.version} was interrupted after this build began; start "
            "the run again."
        )
    recover(settings)
    manifest = current_manifest(settings.home)
    return manifest if manifest and manifest.version == journal.version else None


def _seen_already(home: Path, candidate: Candidate) -> Manifest | None:
    """What readers see, when it is this build: a run went on after its parent's publish was interrupted and finished."""
    manifest = current_manifest(home)
    is_same = manifest and (manifest.build_id, manifest.input_fingerprint) == (
        candidate.build_id, candidate.fingerprint,
    )  # fmt: skip
    return manifest if is_same else None


def _next_version(candidate: Candidate, home: Path) -> str:
    """An id that sorts after every version there is, even if the clock was set back or a second is shared."""
    versions = list_versions(home)
    moment = candidate.now.astimezone(UTC)
    if versions:
        moment = max(moment, version_time(versions[-1]) + timedelta(seconds=1))
    return version_id(moment, candidate.fingerprint)


def _stage(candidate: Candidate, settings: Settings, keys: Keys, on_step: StepHook) -> Manifest:
    home = settings.home
    version = _next_version(candidate, home)
    folder = staging_dir(home, version)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    try:
        on_step("copy")
        tables = write_snapshot(candidate.build_db, folder, settings, keys, candidate.unchanged)
        on_step("beside")
        candidate.beside(folder)
        keep_files(kept_contracts(candidate.build_db.parent), folder)
        on_step("manifest")
        files = {}
        for path in sorted(folder.rglob("*")):
            if path.is_dir():
                sync_directory(path)
                continue
            sync_file(path)
            files[path.relative_to(folder).as_posix()] = FileFacts(
                sha256=file_hash(path), size=path.stat().st_size
            )
        manifest = Manifest(
            version=version,
            created_at=candidate.now.astimezone(UTC).isoformat(),
            as_of_date=candidate.as_of.isoformat(),
            run_id=candidate.run_id,
            build_id=candidate.build_id,
            input_fingerprint=candidate.fingerprint,
            code_version=code_version(),
            ledger_file=next_ledger_name(home, version, candidate.ledger_entries)
            if candidate.ledger_entries
            else None,
            tables=tables,
            files=files,
            verdicts=tuple(dict(verdict) for verdict in candidate.verdicts),
        )
        write_manifest(folder, manifest)
        sync_directory(folder)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise PublishError(
            f"The new version could not be written to {folder} ({error.strerror or type(error).__name__}); "
            "free space or mend the disk and run again."
        ) from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return manifest


def _go_live(candidate: Candidate, manifest: Manifest, home: Path, on_step: StepHook) -> None:
    version = manifest.version
    source = candidate.ledger_entries.resolve() if candidate.ledger_entries else None
    done = event(version, PUBLISHED, candidate.now, candidate.run_id)
    on_step("journal")
    write_journal(home, Journal(done, version, str(source) if source else None, manifest.ledger_file))
    on_step("place")
    os.replace(staging_dir(home, version), version_dir(home, version))
    sync_directory(versions_dir(home))
    on_step("ledger")
    if source and manifest.ledger_file:
        add_ledger_file(home, source, manifest.ledger_file)
    on_step("switch")
    switch_to(home, version)
    on_step("record")
    append_event(home, done)
    on_step("clear")
    clear_journal(home)


def _tidy(settings: Settings, manifest: Manifest, now: datetime) -> None:
    """Readers already see the new version: a file that cannot be removed does not fail the publish."""
    try:
        prune_versions(settings.home, settings.keep_versions, now, manifest.run_id)
        prune_builds(settings.home, keep={manifest.build_id})
    except OSError as error:
        logger.warning(
            "Old versions or builds could not be removed (%s); the next publish tries again.", error
        )
