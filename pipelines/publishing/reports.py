"""Data docs of the gates, one folder a run below docs/: which of them are kept."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from pipelines.errors import PublishError
from pipelines.publishing.version import list_versions, read_manifest

_GOING = ".going-"


def prune_reports(home: Path, keep: int) -> list[str]:
    """Remove all but the newest `keep` folders of docs/ and those of versions that are still there; returns their names.

    Each is renamed first, so that a kill leaves none half; the next call removes what one left.
    """
    docs = home / "docs"
    if not docs.is_dir():
        return []
    for path in docs.glob(f"{_GOING}*"):
        shutil.rmtree(path, ignore_errors=True)
    folders = [path for path in docs.iterdir() if path.is_dir() and not path.name.startswith(".")]
    newest = sorted(folders, key=lambda path: path.stat().st_mtime_ns)[-keep:]
    kept = {path.name for path in newest} | _of_versions(home)
    going = sorted(path.name for path in folders if path.name not in kept)
    for name in going:
        os.replace(docs / name, docs / f"{_GOING}{name}")
        shutil.rmtree(docs / f"{_GOING}{name}")
    return going


def _of_versions(home: Path) -> set[str]:
    """Runs whose versions readers may still see or return to."""
    runs = set()
    for version in list_versions(home):
        try:
            runs.add(read_manifest(home, version).run_id)
        except PublishError:
            continue  # a damaged manifest names no run
    return runs
