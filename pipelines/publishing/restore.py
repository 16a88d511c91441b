"""Unpacking a backup into a new home. The archive comes from outside and is not trusted."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from pipelines.errors import SettingsError
from pipelines.publishing.backup import FOLDERS, INDEX, LAST_MANIFEST, BackupError
from pipelines.publishing.version import FileFacts
from pipelines.settings import HOME_FILE
from pipelines.storage.durable import sync_directory, sync_file
from pipelines.storage.home_version import refuse_newer

_CHUNK_BYTES = 1 << 20


def restore(archive: Path, home: Path, before_use: Callable[[Path], None] = lambda _unpacked: None) -> int:
    """Unpack a backup into an empty or missing `home`; return the number of files.

    Everything is unpacked beside the home, compared with the archive's checksums, given to `before_use`, and put in place last.
    Raises SettingsError when the home is not empty or a later release wrote the backup, BackupError when the archive is damaged or holds foreign
    names.
    """
    home = home.resolve()
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise SettingsError(f"{home} is not empty; restore into a new folder, then point UCV_HOME at it.")
    unpacked = home.with_name(f".{home.name}.restoring")
    shutil.rmtree(unpacked, ignore_errors=True)
    try:
        unpacked.mkdir(parents=True, mode=0o700)
        found, index = _unpack(archive, unpacked)
        _compare(archive, found, index)
        refuse_newer(unpacked)
        before_use(unpacked)
        if home.exists():
            home.rmdir()
        os.replace(unpacked, home)
        sync_directory(home.parent)
    except FileNotFoundError as error:
        raise BackupError(f"No archive at {archive}; expected a file that `ucv backup` wrote.") from error
    except (tarfile.TarError, EOFError, UnicodeError) as error:
        raise BackupError(
            f"{archive} is damaged or no backup ({type(error).__name__}); take another one."
        ) from error
    except OSError as error:
        raise BackupError(
            f"{home} could not be written ({error.strerror}); free space or choose another."
        ) from error
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)
    return len(found)


def _unpack(archive: Path, folder: Path) -> tuple[dict[str, FileFacts], bytes]:
    """Write the members below `folder`; return what was written, and the index that the archive carries."""
    found: dict[str, FileFacts] = {}
    index = b""
    with tarfile.open(archive, mode="r:") as opened:
        for member in opened:
            if not member.isreg():
                raise BackupError(f"{archive} holds {member.name!r}, which is no plain file; it is not ours.")
            if member.name == INDEX:
                index = _content(opened, member)
                continue
            if member.name in found or not _is_ours(member.name):
                raise BackupError(
                    f"{archive} holds {member.name!r}, which no backup of a home holds; it is not ours."
                )
            found[member.name] = _write(opened, member, folder / member.name)
    return found, index


def _is_ours(name: str) -> bool:
    """Only names below the folders that a backup takes: no absolute path, nothing that climbs out."""
    parts = PurePosixPath(name).parts
    if name != "/".join(parts) or ".." in parts or "\0" in name or "\\" in name:
        return False
    return name in (HOME_FILE, LAST_MANIFEST) or (len(parts) > 1 and parts[0] in FOLDERS)


def _content(opened: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    reader = opened.extractfile(member)
    return reader.read() if reader else b""


def _write(opened: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> FileFacts:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    reader = opened.extractfile(member)
    assert reader is not None
    size = 0
    with reader, target.open("xb") as writer:
        while chunk := reader.read(_CHUNK_BYTES):
            digest.update(chunk)
            writer.write(chunk)
            size += len(chunk)
    sync_file(target)
    return FileFacts(digest.hexdigest(), size)


def _compare(archive: Path, found: dict[str, FileFacts], index: bytes) -> None:
    try:
        listed = {name: FileFacts(**facts) for name, facts in json.loads(index)["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError(
            f"{archive} has no readable list of its files; it was cut off or is no backup."
        ) from error
    differing = sorted(name for name in {*listed, *found} if listed.get(name) != found.get(name))
    if differing:
        raise BackupError(
            f"{archive} is damaged: {len(differing)} files differ from its own list, first {differing[0]}. "
            "Nothing was restored; take another backup."
        )
