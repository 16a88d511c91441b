"""One archive of what cannot be rebuilt: state, raw, quarantine, contracts, segments, goals and settings; encrypted as it lies at rest.

The key file is never inside: an archive that carries its own key protects nothing.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pipelines.errors import UcvError
from pipelines.publishing.built_contracts import CONTRACTS
from pipelines.publishing.contracts_in_force import contracts_in_force
from pipelines.publishing.layout import MANIFEST, version_dir
from pipelines.publishing.locks import home_lock
from pipelines.publishing.version import current_version
from pipelines.settings import HOME_FILE, Settings
from pipelines.storage.durable import sync_directory, sync_file
from pipelines.storage.key_period import note_backup, read_period
from pipelines.storage.prepared import PREPARED

FOLDERS = ("state", "raw", "quarantine", "contracts", "segments", "goals", "receivers", "export_contracts")
WAITING = ".waiting"
"""Ends the name, in an archive, of a contract that was changed and not accepted yet; nothing reads it."""
INDEX = "backup.json"
LAST_MANIFEST = "warehouse/backed_up_manifest.json"
"""The manifest of the version published at the time, to compare the rebuilt one with."""


class BackupError(UcvError):
    """An archive could not be written, or is damaged or foreign."""


@dataclass(frozen=True)
class BackupReport:
    """What was written and where; `message` is for the person who ran it."""

    archive: Path
    files: int
    size: int
    message: str


def backup(settings: Settings, target: Path) -> BackupReport:
    """Write a tar of the home to `target`, in one step, mode 0600; nothing may run in the home meanwhile.

    Raises BackupError when `target` exists or lies in a folder that is backed up, or a link points to a
    folder.
    """
    target = target.resolve()
    if target.exists():
        raise BackupError(f"{target} exists; choose another name, a backup never overwrites one.")
    if any((settings.home / folder).resolve() in target.parents for folder in FOLDERS):
        raise BackupError(
            f"{target} lies in a folder that is backed up; choose a place outside {settings.home}."
        )
    temporary = target.with_name(f".{target.name}.tmp")
    try:
        with home_lock(settings):
            target.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            note_backup(settings.home, target.name, read_period(settings.home).number)  # it knows of itself
            with os.fdopen(descriptor, "wb") as stream:
                files = _write_archive(settings, stream)
        sync_file(temporary)
        os.replace(temporary, target)
        sync_directory(target.parent)
    except OSError as error:
        raise BackupError(
            f"{target} could not be written ({error.strerror}); free space or choose another."
        ) from error
    finally:
        temporary.unlink(missing_ok=True)
    size, period = target.stat().st_size, read_period(settings.home).number
    message = (
        f"{files} files, {size:,} bytes in {target}. The key file is NOT included, and without it the archive cannot be "
        f"read: keep a copy of {settings.key_path} with the key of period {period} somewhere else, as long as this archive."
    )
    return BackupReport(target, files, size, message)


def _write_archive(settings: Settings, stream: IO[bytes]) -> int:
    index: dict[str, dict[str, object]] = {}
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, path in _sources(settings):
            with path.open("rb") as file:
                info = tarfile.TarInfo(name)
                info.size = os.fstat(file.fileno()).st_size
                info.mode = 0o600
                reader = _Hashing(file)
                archive.addfile(info, reader)
            index[name] = {"sha256": reader.digest.hexdigest(), "size": info.size}
        period = read_period(settings.home)
        told = {"home_id": settings.home_id, "key_period": period.number, "key_print": period.key_print}
        content = json.dumps({**told, "files": index}, indent=1).encode()
        info = tarfile.TarInfo(INDEX)
        info.size, info.mode = len(content), 0o600
        archive.addfile(info, io.BytesIO(content))
    return len(index)


class _Hashing:
    """A reader that hashes what passes, so that the index tells what went into the archive."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self.digest.update(chunk)
        return chunk


def _sources(settings: Settings) -> Iterator[tuple[str, Path]]:
    home = settings.home
    for folder in FOLDERS:
        found = _files_below(home / folder, home)
        yield from _in_force(found, home) if folder == CONTRACTS else found
    if (home / HOME_FILE).is_file():
        yield HOME_FILE, home / HOME_FILE
    version = current_version(home)
    manifest = version_dir(home, version) / MANIFEST if version else None
    if manifest and manifest.is_file():
        yield LAST_MANIFEST, manifest


def _in_force(files: Iterator[tuple[str, Path]], home: Path) -> Iterator[tuple[str, Path]]:
    """The contracts that the view is built with; one that waits for an answer goes beside them under another name.

    A restored home has no version to compare it with: it would be read as if somebody had answered.
    """
    replaced = contracts_in_force(home).replaced
    waiting = {path for _, paths in replaced.values() for path in paths}
    for name, path in files:
        yield (f"{name}{WAITING}" if path in waiting else name), path
    for source, (kept, paths) in replaced.items():
        name = paths[0].relative_to(home).as_posix() if paths else f"{CONTRACTS}/{source}.yml"
        yield name, kept


def _files_below(folder: Path, home: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() and path.is_dir():
            raise BackupError(
                f"{path} is a link to a folder, which a backup would miss; put the folder itself there."
            )
        if path.is_file() and not path.name.endswith(PREPARED):
            yield path.relative_to(home).as_posix(), path
