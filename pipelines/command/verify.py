"""Comparing what a home keeps with its checksums, and restoring what can be restored: `ucv verify [--repair]`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.command.access import log_findings
from pipelines.command.erased_people import erased_people
from pipelines.command.rollback import roll_back
from pipelines.contracts.load import load_contracts
from pipelines.errors import UcvError
from pipelines.exports.ledger import LedgerError, read_ledger
from pipelines.identity.state import damaged_models
from pipelines.identity.verdicts import VerdictError, read_verdicts
from pipelines.ingest.damage import damaged_deliveries
from pipelines.ingest.repair import RepairError, repair_delivery
from pipelines.privacy.column_classes import raised_by
from pipelines.privacy.receipts import read_receipts
from pipelines.privacy.role_files import RoleFiles
from pipelines.privacy.tombstones import read_tombstones
from pipelines.publishing.damage import damaged_ledger_files, damaged_versions, restore_ledger_file
from pipelines.publishing.history import PRUNED, append_event, event
from pipelines.publishing.layout import ROLES, role_files, version_dir
from pipelines.publishing.locks import home_lock
from pipelines.publishing.prune import discard_version
from pipelines.publishing.recovery import recover
from pipelines.publishing.version import current_version, differing_files, list_versions, tell_files
from pipelines.settings import Settings
from pipelines.storage.checksums import DamageError
from pipelines.storage.erased_since import tombstones_path
from pipelines.storage.keys import Keys

_BACKUP = "take it from a backup"


@dataclass(frozen=True)
class Finding:
    """One damaged thing: what it is, whether it was restored, and what was or is to be done."""

    what: str
    is_restored: bool
    told: str


def verify(settings: Settings, keys: Keys, *, repair: bool) -> list[Finding]:
    """Everything that is damaged, empty when all is as it was written; with `repair` also restored where that can be.

    Reads every byte of raw, rejected rows, originals, versions and ledger. Nobody may work in the home meanwhile: raises
    HomeBusyError.
    """
    with home_lock(settings):
        if repair:
            recover(settings)
        return [
            *_deliveries(settings, keys, repair),
            *_ledger(settings.home, repair),
            *_state(settings, keys),
            *_versions(settings, keys, repair),
        ]


def _deliveries(settings: Settings, keys: Keys, repair: bool) -> Iterator[Finding]:
    contracts = load_contracts(settings.home)
    # In the order of their folders; one that needs an earlier one restored first says so.
    for damaged in list(damaged_deliveries(settings.home, keys)):
        if not repair:
            yield Finding(
                damaged.told,
                False,
                "`ucv verify --repair` restores it from its copy, its sealed original or landing",
            )
            continue
        try:
            repair_delivery(damaged, contracts, settings, keys, erased_people(settings, keys))
        except RepairError as error:
            yield Finding(damaged.told, False, str(error))
        except UcvError as error:
            yield Finding(damaged.told, False, f"not restored: {error}")
        else:
            yield Finding(damaged.told, True, "restored")


def _ledger(home: Path, repair: bool) -> Iterator[Finding]:
    for path in damaged_ledger_files(home):
        what = f"identity ledger: {path}"
        if repair and restore_ledger_file(home, path):
            yield Finding(what, True, "restored from the build of its version")
        else:
            yield Finding(what, False, _BACKUP if repair else f"`ucv verify --repair`, or {_BACKUP}")


def _state(settings: Settings, keys: Keys) -> Iterator[Finding]:
    home = settings.home
    for path in damaged_models(home):
        yield Finding(
            f"match model: {path}", False, f"{_BACKUP}, or remove it: the one before is in force then"
        )
    try:
        read_verdicts(home)
    except VerdictError as error:
        yield Finding("steward verdicts", False, str(error))
    try:
        read_tombstones(tombstones_path(home), keys)
        read_receipts(home)
    except DamageError as error:
        yield Finding("erasures", False, str(error))
    try:
        read_ledger(home, keys.tokeniser())
    except LedgerError as error:
        yield Finding("export ledger", False, str(error))
    for told in log_findings(settings, keys):
        yield Finding("access log", False, f"{told}; `ucv audit` shows it")


def _versions(settings: Settings, keys: Keys, repair: bool) -> Iterator[Finding]:
    """Readers go back to a good version first; what is damaged then goes, so that nobody rolls back to it."""
    home = settings.home
    damaged = damaged_versions(home)
    current = current_version(home)
    if current is not None and current not in damaged and not version_dir(home, current).is_dir():
        damaged[current] = f"Version {current}, which readers should see, is gone."
    for version, told in damaged.items():
        if repair and _mend_roles(settings, keys, version):
            yield Finding(told, True, "the files of roles were written anew")
        elif not repair:
            remedy = "`ucv verify --repair` goes back to a good version; the next `ucv run` builds it anew"
            yield Finding(told, False, remedy if version == current else "`ucv verify --repair` removes it")
        elif version == current:
            yield _leave(settings, keys, told, [v for v in list_versions(home) if v not in damaged])
        else:
            _discard(home, version)
            yield Finding(told, True, "removed; readers see another one")


def _mend_roles(settings: Settings, keys: Keys, version: str) -> bool:
    """Where nothing but files of roles is damaged, write them anew from the version itself."""
    home = settings.home
    try:
        names = differing_files(home, version)
        if not names or any(not name.startswith(f"{ROLES}/") for name in names):
            return False
        folder = version_dir(home, version)
        raised = raised_by(load_contracts(home).contracts)
        RoleFiles(settings, keys, raised).write(folder)
        tell_files(home, version, role_files(folder))
    except UcvError:
        return False
    return True


def _leave(settings: Settings, keys: Keys, told: str, good: list[str]) -> Finding:
    left = current_version(settings.home)
    if not good:
        return Finding(told, False, "no other version is whole; the next `ucv run` builds it anew")
    try:
        version = roll_back(settings, keys, good[-1])
    except UcvError as error:
        return Finding(told, False, f"readers could not be taken back: {error}")
    if left in list_versions(settings.home) or version_dir(settings.home, str(left)).is_dir():
        _discard(settings.home, str(left))
    return Finding(told, True, f"removed; readers see {version} now, and the next `ucv run` builds it anew")


def _discard(home: Path, version: str) -> None:
    discard_version(home, version)
    append_event(home, event(version, PRUNED, datetime.now(UTC), None))
