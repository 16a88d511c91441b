"""Removing what is not needed any more: old versions, half-written versions, old builds."""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path

from pipelines.publishing.history import PRUNED, append_event, event, previous_good
from pipelines.publishing.layout import builds_dir, ledger_dir, staging_dir, version_dir, versions_dir
from pipelines.publishing.version import current_version, list_versions
from pipelines.storage.durable import sync_directory


def prune_versions(home: Path, keep: int, now: datetime, run_id: str | None) -> list[str]:
    """Remove all but the newest `keep` versions; the current one and its rollback target always stay.

    A reader that has an old version open goes on reading it: its bytes go when the reader closes.
    """
    versions = list_versions(home)
    kept = {*versions[-keep:], current_version(home), previous_good(home)}
    removed = [version for version in versions if version not in kept]
    for version in removed:
        discard_version(home, version)
        append_event(home, event(version, PRUNED, now, run_id))
    return removed


def discard_version(home: Path, version: str) -> None:
    """Remove a version; the rename first, so that a kill cannot leave half of one under a version's name."""
    target = staging_dir(home, version)
    shutil.rmtree(target, ignore_errors=True)
    os.replace(version_dir(home, version), target)
    sync_directory(versions_dir(home))
    shutil.rmtree(target)


def remove_stale_staging(home: Path) -> None:
    """Remove half-written versions and temporary files that a killed process left."""
    for folder in (versions_dir(home), ledger_dir(home)):
        for path in folder.glob(".*.tmp"):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()


def prune_builds(home: Path, keep: set[str]) -> list[str]:
    """Remove every build directory but those named; failed builds of earlier nights would fill the disk."""
    folder = builds_dir(home)
    if not folder.is_dir():
        return []
    removed = sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name not in keep)
    for name in removed:
        shutil.rmtree(folder / name)
    return removed
