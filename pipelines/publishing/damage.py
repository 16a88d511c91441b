"""Damage that publishing looks for: raw and ledger before a build begins, versions and what they were made from when asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from pipelines.errors import PublishError
from pipelines.publishing.layout import builds_dir, ledger_dir, versions_dir
from pipelines.publishing.switch import add_ledger_file
from pipelines.publishing.version import list_versions, verify_version
from pipelines.storage.checksums import DamageError, is_as_named, is_content_of

_REMEDY = (
    "Nothing was built and readers keep their version. `ucv verify` tells all that is damaged, `ucv verify --repair` restores "
    "what it can; else take the file from a backup."
)


def check_raw(raw: Path, hashes: Mapping[Path, str]) -> None:
    """Compare the hash of every file below `raw` (as just read) with its manifest. DamageError names the first that differs."""
    for path in sorted(raw.glob("*/*/*.json.copy")):
        if path.with_suffix("") not in hashes:
            raise DamageError(f"{_told(path)}: its manifest is missing. {_REMEDY}")
    for path in hashes:
        if path.suffix != ".json":
            continue
        try:
            manifest = json.loads(path.read_bytes())
            expected = None if "expired_at" in manifest else manifest.get("parquet_sha256")
        except (ValueError, AttributeError, TypeError):
            raise DamageError(f"{_told(path)}: its manifest is damaged. {_REMEDY}") from None
        revision = manifest.get("revision", 0)
        rows = path.with_suffix(f".{revision}.parquet" if revision else ".parquet")
        if expected is not None and hashes.get(rows) != expected:
            trouble = "differ from what was stored" if rows in hashes else "are missing"
            raise DamageError(f"{_told(path)}: its accepted rows ({rows}) {trouble}. {_REMEDY}")


def check_ledger(home: Path) -> None:
    """DamageError names the first file of the identity ledger that is not the one that was added."""
    for path in damaged_ledger_files(home):
        raise DamageError(f"{path} of the identity ledger differs from what was added. {_REMEDY}")


def damaged_ledger_files(home: Path) -> list[Path]:
    """Files of the identity ledger that are not what their names tell."""
    return [path for path in sorted(ledger_dir(home).glob("*.parquet")) if not is_as_named(path)]


def restore_ledger_file(home: Path, path: Path) -> bool:
    """Put the copy that lies in the build of a version in place of a damaged file; False when no build has it."""
    for source in sorted(builds_dir(home).glob("*/ledger.parquet")):
        if is_content_of(source, path.name):
            add_ledger_file(home, source, path.name)
            return True
    return False


def damaged_versions(home: Path) -> dict[str, str]:
    """Version -> what of it is missing or changed; versions without a manifest among them."""
    found = {}
    folders = [path.name for path in versions_dir(home).glob("v*") if path.is_dir() and not path.is_symlink()]
    for version in sorted({*list_versions(home), *folders}):
        try:
            verify_version(home, version)
        except PublishError as error:
            found[version] = str(error)
    return found


def _told(path: Path) -> str:
    return f"{path.parent.name}: delivery {path.name.partition('.')[0]}"
