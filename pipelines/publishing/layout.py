"""Where publishing keeps its files inside a home. Paths only; nothing is created or read here."""

from __future__ import annotations

from pathlib import Path

DATABASE = "warehouse.duckdb"
MANIFEST = "manifest.json"
CURRENT = "current"
ROLES = "roles"


def warehouse_dir(home: Path) -> Path:
    """Everything that raw, state and contracts can rebuild."""
    return home / "warehouse"


def versions_dir(home: Path) -> Path:
    """One directory per published version, and the switch."""
    return warehouse_dir(home) / "versions"


def version_dir(home: Path, version: str) -> Path:
    """The directory of one published version."""
    return versions_dir(home) / version


def staging_dir(home: Path, version: str) -> Path:
    """Where a version is written before it is published, or goes before it is deleted; not for readers."""
    return versions_dir(home) / f".{version}.tmp"


def current_link(home: Path) -> Path:
    """The switch: a relative symlink to the version that readers see."""
    return versions_dir(home) / CURRENT


def roles_dir(home: Path, version: str) -> Path:
    """The files of roles beside a version: `<role>.duckdb` and its manifest `<role>.json`."""
    return version_dir(home, version) / ROLES


def role_files(folder: Path) -> list[Path]:
    """What lies there for roles in the folder of a version, without half-written ones."""
    return sorted((folder / ROLES).glob("[!.]*"))


def journal_path(home: Path) -> Path:
    """Present only while a publish or rollback is between its first and last step."""
    return versions_dir(home) / ".journal.json"


def builds_dir(home: Path) -> Path:
    """One directory per nightly build."""
    return warehouse_dir(home) / "builds"


def ledger_dir(home: Path) -> Path:
    """The identity ledger: encrypted Parquet files `<sequence>-<version>.parquet`, only ever added to."""
    return home / "state" / "identity_ledger"


def history_path(home: Path) -> Path:
    """The append-only log of versions published, rolled back and pruned."""
    return home / "state" / "versions.jsonl"


def lock_path(home: Path) -> Path:
    """The file lock that one run holds."""
    return home / ".run.lock"
