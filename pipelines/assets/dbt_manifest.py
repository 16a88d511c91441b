"""The dbt manifest that builds run and the asset graph is made from: parsed again when a file of the project changed."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from pipelines.assets.dbt_call import invoke_dbt
from pipelines.errors import SettingsError
from pipelines.matching.specification import match_specification
from pipelines.settings import DBT_PROJECT_DIR

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

TARGET_DIR = DBT_PROJECT_DIR / "target" / "night"
"""Of the nights, apart from what a data engineer's own dbt commands leave in target/, with whatever variables."""
MANIFEST = TARGET_DIR / "manifest.json"
_STAMP = TARGET_DIR / "parsed.sha256"
_PARTS = ("models", "seeds", "macros", "tests", "dbt_project.yml", "selectors.yml", "profiles.yml")


@cache
def parsed_manifest() -> Manifest:
    """dbt's own manifest of the project as it stands when this process asks first; MANIFEST holds the same as JSON.

    Raises SettingsError with dbt's own words when the project does not parse.
    """
    with _parse_lock():
        saved = _saved_manifest() if is_parsed() else None
        if saved is not None:
            return saved
        _STAMP.unlink(missing_ok=True)
        match_specification()  # refused with file and line before dbt renders SQL from it
        content = project_hash()  # before dbt reads: what is saved meanwhile is parsed the next time
        ended = invoke_dbt(["parse", "--target-path", str(TARGET_DIR), "--log-path", str(TARGET_DIR)])
        if not ended.success:
            raise SettingsError(f"The dbt project does not parse; mend it and try again.\n{ended.exception}")
        _STAMP.write_text(content, encoding="ascii")
    manifest: Manifest = ended.result
    return manifest


def read_manifest_json() -> dict[str, Any]:
    """The up-to-date manifest as dbt documents it (nodes, sources, child_map); dbt itself is not imported for it."""
    manifest: dict[str, Any] = json.loads(_manifest_text())
    return manifest


def ensure_manifest() -> Path:
    """The path of an up-to-date manifest.json; the project is parsed when it is missing or not of the project as it stands.

    Raises SettingsError with dbt's own words when the project does not parse.
    """
    _manifest_text()
    return MANIFEST


def _manifest_text() -> str:
    with _parse_lock():
        if is_parsed():
            return MANIFEST.read_text(encoding="utf-8")
    parsed_manifest.cache_clear()
    parsed_manifest()
    return MANIFEST.read_text(encoding="utf-8")


def is_parsed() -> bool:
    """Whether what was parsed last, to its end, is the project as it stands, file by file."""
    return MANIFEST.exists() and _STAMP.exists() and _STAMP.read_text(encoding="ascii") == project_hash()


def project_hash() -> str:
    """SHA-256 (hex) over names and content of what dbt parses, and dbt's version: times tell nothing of a file unpacked."""
    digest = hashlib.sha256(version("dbt-core").encode())
    roots = [DBT_PROJECT_DIR / part for part in _PARTS]
    for path in sorted(path for root in roots for path in (root, *root.rglob("*")) if path.is_file()):
        digest.update(f"\n{path.relative_to(DBT_PROJECT_DIR).as_posix()}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _parse_lock() -> FileLock:
    TARGET_DIR.mkdir(parents=True, exist_ok=True)
    return FileLock(TARGET_DIR / ".parse.lock", is_singleton=True)


def _saved_manifest() -> Manifest | None:
    """What an earlier process parsed (a second less than to ask dbt whether anything changed); None where it does not serve."""
    from dbt.contracts.graph.manifest import Manifest  # noqa: PLC0415 - seconds
    from dbt.parser.manifest import PARTIAL_PARSE_FILE_NAME, extended_mashumuro_decoder  # noqa: PLC0415

    try:
        saved: Manifest = Manifest.from_msgpack(
            (TARGET_DIR / PARTIAL_PARSE_FILE_NAME).read_bytes(), decoder=extended_mashumuro_decoder
        )
    except Exception:  # damaged or not there: parsed anew
        return None
    # What macros see as `graph` (the matching specification stands in it) is not saved.
    saved.build_flat_graph()
    return saved
