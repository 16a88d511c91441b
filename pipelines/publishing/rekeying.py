"""What publishing keeps encrypted, and the documents that name its checksums once it is written with another key."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from pipelines.publishing.layout import (
    DATABASE,
    builds_dir,
    ledger_dir,
    roles_dir,
    version_dir,
    warehouse_dir,
)
from pipelines.publishing.version import FileFacts, Manifest, list_versions, read_manifest
from pipelines.storage.checksums import checked_name, file_hash, is_as_named, with_checksum
from pipelines.storage.prepared import prepared_path

_BUILD_RECORD = "build.json"

Prepared = Mapping[Path, str]
"""File -> SHA-256 (hex) of what was prepared to take its place."""


def version_databases(home: Path) -> Iterator[Path]:
    """The database of every version."""
    for version in list_versions(home):
        yield version_dir(home, version) / DATABASE


def role_databases(home: Path) -> Iterator[Path]:
    """The files of roles beside every version; the stem is the role."""
    for version in list_versions(home):
        yield from sorted(roles_dir(home, version).glob("[!.]*.duckdb"))


def build_databases(home: Path) -> Iterator[Path]:
    """Databases that the next night makes again if need be: those of builds, and the dev warehouse."""
    for folder in (*sorted(builds_dir(home).glob("*")), warehouse_dir(home) / "dev"):
        yield from sorted(folder.glob("*.duckdb"))


def build_ledgers(home: Path) -> Iterator[Path]:
    """The copies of ledger entries that lie in builds."""
    yield from sorted(builds_dir(home).glob("*/ledger.parquet"))


def ledger_moves(home: Path) -> dict[str, str]:
    """Name of a prepared ledger file -> the name it gets, which tells its new checksum."""
    found = {}
    for path in sorted(ledger_dir(home).glob("*.parquet")):
        half = prepared_path(path)
        is_checked = half.exists() and path.name.count(".") == 2 and is_as_named(path)
        if half.exists():
            stem = path.name.split(".")[0]
            found[path.name] = checked_name(stem, half, ".parquet") if is_checked else path.name
    return found


def prepare_documents(
    home: Path, prepared: Prepared, ledger: Mapping[str, str], key_told: Callable[[str], Mapping[str, object]]
) -> Iterator[Path]:
    """Write, beside each manifest of a version and of a role and each record of a build, the one that tells of the prepared
    files. `key_told`: role -> period and print of its new key."""
    for version in list_versions(home):
        folder = version_dir(home, version)
        for path in sorted(roles_dir(home, version).glob("[!.]*.json")):
            database = path.with_suffix(".duckdb")
            told = json.loads(path.read_text(encoding="utf-8"))
            told["key"] = {**key_told(path.stem)}
            half = prepared_path(database)
            told["file"] |= {"sha256": prepared[database], "size": half.stat().st_size}
            prepared_path(path).write_text(
                json.dumps(with_checksum(told), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
            )
            yield path
        path = folder / "manifest.json"
        prepared_path(path).write_text(
            _manifest(folder, read_manifest(home, version), ledger), encoding="utf-8"
        )
        yield path
    for path in sorted(builds_dir(home).glob(f"*/{_BUILD_RECORD}")):
        record = json.loads(path.read_text(encoding="utf-8"))
        record["ledger"] = [ledger.get(name, name) for name in record.get("ledger", [])]
        prepared_path(path).write_text(json.dumps(record, indent=1), encoding="utf-8")
        yield path


def _manifest(folder: Path, manifest: Manifest, ledger: Mapping[str, str]) -> str:
    files = {}
    for name, facts in manifest.files.items():
        path = folder / name
        half = prepared_path(path)
        files[name] = FileFacts(file_hash(half), half.stat().st_size) if half.exists() else facts
    added = manifest.ledger_file
    return replace(manifest, files=files, ledger_file=ledger.get(added, added) if added else None).to_json()
