"""What the next start does about a publish or rollback that was killed: finish it or undo it, then clean up.

Invariant: a ledger file of a version that readers never saw exists only while the journal names it. Hence no
journal, no orphan, and recovery never has to guess which ledger files to remove.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from pipelines.errors import PublishError
from pipelines.publishing.history import ROLLED_BACK, append_event
from pipelines.publishing.journal import Journal, clear_journal, read_journal
from pipelines.publishing.layout import builds_dir, ledger_dir, version_dir
from pipelines.publishing.prune import discard_version, prune_builds, remove_stale_staging
from pipelines.publishing.switch import add_ledger_file, ledger_names, remove_ledger_file, switch_to
from pipelines.publishing.version import current_manifest, current_version, verify_version
from pipelines.settings import Settings
from pipelines.storage.prepared import drop_stale
from pipelines.storage.spill import remove_stale_spills


def recover(settings: Settings, keep: Collection[str] = ()) -> str | None:
    """Call at the start of every run, before its build directory exists, holding the home's lock.

    Returns a sentence on what was finished or undone, None when nothing was under way. Also removes half-
    written versions and all builds but the published one, the newest other (kept to find out why it failed, and for a
    run that goes on with it) and those named in `keep`.
    """
    home = settings.home
    journal = read_journal(home)
    told = None
    if journal is not None:
        told = _recover_rollback(home, journal) if _is_rollback(journal) else _recover_publish(home, journal)
    remove_stale_staging(home)
    remove_stale_spills(home)
    drop_stale(home)
    _prune_failed_builds(home, set(keep))
    return told


def _is_rollback(journal: Journal) -> bool:
    return bool(journal.event["action"] == ROLLED_BACK)


def _recover_publish(home: Path, journal: Journal) -> str:
    if current_version(home) != journal.version:
        problem = _cannot_finish(home, journal)
        if problem:
            return _undo_publish(home, journal, problem)
        if journal.ledger_name and _lacks_ledger(home, journal):
            add_ledger_file(home, Path(str(journal.ledger_source)), journal.ledger_name)
        switch_to(home, journal.version)
    append_event(home, journal.event)
    clear_journal(home)
    return f"Finished the interrupted publish of {journal.version}."


def _cannot_finish(home: Path, journal: Journal) -> str | None:
    if not version_dir(home, journal.version).is_dir():
        return "it was killed before the version was in place"
    if _lacks_ledger(home, journal) and not Path(str(journal.ledger_source)).exists():
        return "the ledger entries of its build are gone"
    try:
        verify_version(home, journal.version)
    except PublishError as error:
        return str(error)
    return None


def _lacks_ledger(home: Path, journal: Journal) -> bool:
    return journal.ledger_name is not None and not (ledger_dir(home) / journal.ledger_name).exists()


def _undo_publish(home: Path, journal: Journal, reason: str) -> str:
    if journal.ledger_name:
        remove_ledger_file(home, journal.ledger_name)
    if version_dir(home, journal.version).is_dir():
        discard_version(home, journal.version)
    clear_journal(home)
    return f"Undid the interrupted publish of {journal.version}: {reason}"


def _recover_rollback(home: Path, journal: Journal) -> str:
    if current_version(home) != journal.version:
        if not journal.compensated:  # the compensating entries may be half written
            for name in sorted(set(ledger_names(home)) - set(journal.ledger_before)):
                remove_ledger_file(home, name)
            clear_journal(home)
            return f"Undid the interrupted rollback to {journal.version}; run `ucv rollback` again."
        switch_to(home, journal.version)
    append_event(home, journal.event)
    clear_journal(home)
    return f"Finished the interrupted rollback to {journal.version}."


def _prune_failed_builds(home: Path, keep: set[str]) -> None:
    folder = builds_dir(home)
    if not folder.is_dir():
        return
    try:
        manifest = current_manifest(home)
    except PublishError:
        return  # a damaged version must not keep the next good one from being built
    published = {manifest.build_id} if manifest else set()
    others = [path for path in folder.iterdir() if path.is_dir() and path.name not in published]
    newest = max(others, key=lambda path: path.stat().st_mtime_ns, default=None)
    prune_builds(home, published | keep | ({newest.name} if newest else set()))
