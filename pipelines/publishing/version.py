"""Published versions: their ids and manifests, which one readers see, and whether their files are intact."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.errors import PublishError
from pipelines.publishing.layout import MANIFEST, current_link, version_dir, versions_dir
from pipelines.storage.checksums import CHECKSUM, file_hash, is_whole, with_checksum
from pipelines.storage.durable import write_file

_ID = re.compile(r"v(\d{8}T\d{6})Z-[0-9a-f]{6}")
_ID_TIME = "%Y%m%dT%H%M%S"


@dataclass(frozen=True)
class TableFacts:
    """One published table: row count, `table_hash`, and its columns as (name, DuckDB type), in order."""

    rows: int
    content_hash: str
    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FileFacts:
    """One file of a version: SHA-256 (hex) and size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Manifest:
    """What one version holds and where it came from. `tables` is keyed `schema.table`, `files` by name.

    `created_at` is UTC in ISO 8601, `as_of_date` the day that the view describes, `verdicts` what the gates
    said, `ledger_file` the name of the identity-ledger file that this version added, or None.
    """

    version: str
    created_at: str
    as_of_date: str
    run_id: str
    build_id: str
    input_fingerprint: str
    code_version: str
    ledger_file: str | None
    tables: Mapping[str, TableFacts]
    files: Mapping[str, FileFacts]
    verdicts: tuple[Mapping[str, Any], ...]

    def to_json(self) -> str:
        """Readable JSON with sorted keys: the same manifest always gives the same text."""
        stored = json.loads(json.dumps(asdict(self)))  # as it is read back: lists where tuples stood
        return json.dumps(with_checksum(stored), ensure_ascii=False, indent=2, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """The inverse of `to_json`; ValueError, KeyError or TypeError when the text is something else."""
        stored = json.loads(text)
        if not is_whole(stored):
            raise ValueError("not the manifest that was written")
        stored.pop(CHECKSUM, None)
        tables = {
            name: TableFacts(t["rows"], t["content_hash"], tuple((c[0], c[1]) for c in t["columns"]))
            for name, t in stored.pop("tables").items()
        }
        files = {name: FileFacts(**facts) for name, facts in stored.pop("files").items()}
        return cls(tables=tables, files=files, verdicts=tuple(stored.pop("verdicts")), **stored)


def version_id(now: datetime, fingerprint: str) -> str:
    """An id such as v20261123T023000Z-1a2b3c: sorts by UTC time, ends with six digits of the fingerprint."""
    return f"v{now.astimezone(UTC).strftime(_ID_TIME)}Z-{fingerprint[:6].lower()}"


def version_time(version: str) -> datetime:
    """The time in a version id, in UTC; PublishError when it is no version id."""
    match = _ID.fullmatch(version)
    if match is None:
        raise PublishError(f"'{version}' is no version; expected a name such as v20261123T023000Z-1a2b3c.")
    return datetime.strptime(match.group(1), _ID_TIME).replace(tzinfo=UTC)


def list_versions(home: Path) -> list[str]:
    """The versions that lie in the home, oldest first."""
    folder = versions_dir(home)
    if not folder.is_dir():
        return []
    return sorted(p.name for p in folder.iterdir() if _ID.fullmatch(p.name) and (p / MANIFEST).is_file())


def current_version(home: Path) -> str | None:
    """The version that readers see; None when nothing was published yet."""
    try:
        return Path(os.readlink(current_link(home))).name
    except FileNotFoundError:
        return None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write manifest.json into the folder of a version, durably."""
    write_file(folder / MANIFEST, manifest.to_json().encode())


def read_manifest(home: Path, version: str) -> Manifest:
    """The manifest of a version; PublishError when the version or its manifest is missing or damaged."""
    path = version_dir(home, version) / MANIFEST
    try:
        return Manifest.from_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise PublishError(f"No version {version} in {home}; {describe_versions(home)}.") from error
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise PublishError(
            f"{path} is damaged ({type(error).__name__}); go to another version with `ucv rollback --to`, or `ucv verify --repair`; "
            f"{describe_versions(home)}."
        ) from error


def current_manifest(home: Path) -> Manifest | None:
    """The manifest of the version that readers see; None when nothing was published yet."""
    version = current_version(home)
    return None if version is None else read_manifest(home, version)


def verify_version(home: Path, version: str) -> Manifest:
    """Compare every file of a version with its manifest; PublishError names the file that differs."""
    manifest = read_manifest(home, version)
    for name, facts in manifest.files.items():
        path = version_dir(home, version) / name
        problem = _problem(path, facts)
        if problem:
            raise PublishError(f"Version {version} is damaged: {name} {problem}; {describe_versions(home)}.")
    return manifest


def differing_files(home: Path, version: str) -> list[str]:
    """The files of a version that are not as its manifest tells; PublishError when the manifest itself is damaged."""
    folder = version_dir(home, version)
    return [
        name for name, facts in read_manifest(home, version).files.items() if _problem(folder / name, facts)
    ]


def tell_files(home: Path, version: str, paths: Iterable[Path]) -> None:
    """Let the manifest of a version tell of files that were written anew."""
    folder, manifest = version_dir(home, version), read_manifest(home, version)
    told = {
        path.relative_to(folder).as_posix(): FileFacts(file_hash(path), path.stat().st_size) for path in paths
    }
    write_manifest(folder, replace(manifest, files={**manifest.files, **told}))


def describe_versions(home: Path) -> str:
    """A clause for messages that lists the versions there are."""
    versions = list_versions(home)
    if not versions:
        return "there is no version yet: publish one with `ucv run`"
    current = current_version(home)
    return "versions there: " + ", ".join(f"{v} (current)" if v == current else v for v in versions)


def _problem(path: Path, facts: FileFacts) -> str | None:
    if not path.is_file():
        return "is missing"
    size = path.stat().st_size
    if size != facts.size:
        return f"has {size} bytes, expected {facts.size}"
    return None if file_hash(path) == facts.sha256 else "has another checksum than when it was published"
