"""The one switch that readers follow, and the identity-ledger file that goes with a version."""

from __future__ import annotations

import os
from pathlib import Path

from pipelines.publishing.layout import current_link, ledger_dir, versions_dir
from pipelines.storage.checksums import checked_name
from pipelines.storage.durable import copy_file, remove_file, sync_directory


def switch_to(home: Path, version: str) -> None:
    """Let readers see `version` from now on. One rename: at no moment is there no current version."""
    folder = versions_dir(home)
    temporary = folder / ".current.tmp"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(version)  # relative, so that a home may be moved
    os.replace(temporary, current_link(home))
    sync_directory(folder)


def next_ledger_name(home: Path, version: str, source: Path) -> str:
    """The name that `source` gets as the next ledger file: six digits of sequence, its version, a checksum of its bytes."""
    numbers = [int(name[:6]) for name in ledger_names(home) if name[:6].isdigit()]
    return checked_name(f"{max(numbers, default=0) + 1:06d}-{version}", source, ".parquet")


def ledger_names(home: Path) -> list[str]:
    """The ledger's files, oldest first."""
    folder = ledger_dir(home)
    return sorted(path.name for path in folder.glob("*.parquet")) if folder.is_dir() else []


def add_ledger_file(home: Path, source: Path, name: str) -> None:
    """Copy a build's new ledger entries to state in one step; the copy in the build goes with the build."""
    copy_file(source, ledger_dir(home) / name)


def remove_ledger_file(home: Path, name: str) -> None:
    """Take back the ledger file of a version that readers never saw."""
    remove_file(ledger_dir(home) / name)
