"""Values that an earlier night standardised, kept for the next: one encrypted file per model of distinct values.

A file holds what the model held, so that values which left raw leave it with the next night. It lies in a folder named by
the code that wrote it: other code finds nothing and standardises anew.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import duckdb

from pipelines.settings import DBT_PROJECT_DIR, PROJECT_ROOT
from pipelines.storage.connection import PARQUET_WRITE, quote, read_parquet_sql

KEPT_MODELS = {
    "std_addresses": ("address_key",),
    "std_names": ("name_key",),
    "std_identifiers": ("identifier_raw", "country"),
    "std_organisations": ("organisation_raw",),
    "std_emails": ("field_raw",),
    "std_phones": ("field_raw", "region"),
}
"""Model -> the value as delivered that its rows answer. Every other column depends on the key and on code alone."""

_CODE = (
    (PROJECT_ROOT / "pipelines" / "functions", {".py", ".csv", ".txt"}),
    (DBT_PROJECT_DIR / "models" / "standardise", {".sql"}),
    (DBT_PROJECT_DIR / "macros", {".sql"}),
)
_PACKAGES = (
    "duckdb", "phonenumbers", "pypinyin", "opencc", "python-stdnum", "nicknames", "jellyfish", "anyascii",
    "babel", "idna", "rapidfuzz", "lunar_python",
)  # fmt: skip


def create_kept_views(conn: duckdb.DuckDBPyConnection, home: Path) -> None:
    """(Re)create memory.kept: a view per model, with nothing but its key where nothing is kept."""
    conn.execute("CREATE SCHEMA IF NOT EXISTS memory.kept")
    for model, key in KEPT_MODELS.items():
        view = f"CREATE OR REPLACE VIEW memory.kept.{model} AS SELECT"
        empty = f"{view} {', '.join(f'NULL::VARCHAR AS {column}' for column in key)} WHERE false"
        path = _path(home, model)
        try:
            conn.execute(f"{view} * FROM {read_parquet_sql([path])}" if path.exists() else empty)
        except duckdb.Error:
            conn.execute(empty)  # a damaged file costs a night's time, nothing else


def keep_standardised(conn: duckdb.DuckDBPyConnection, home: Path) -> None:
    """Write what the build attached as `warehouse` holds for the next night, in place of what was kept before."""
    for model in KEPT_MODELS:
        path = _path(home, model)
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".half")
        conn.execute(
            f"COPY (FROM warehouse.standardise.{model}) TO {quote(str(half))} ({PARQUET_WRITE}, USE_TMP_FILE false)"
        )
        with half.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(half, path)  # whoever reads has the old file or the new one, and both are right
    for folder in _folder(home).iterdir():
        if folder.name != standardise_version():
            shutil.rmtree(folder, ignore_errors=True)


def forget_standardised(home: Path) -> None:
    """Remove all that is kept, so that the next build standardises every value."""
    shutil.rmtree(_folder(home), ignore_errors=True)


def kept_files(home: Path) -> list[Path]:
    """What is kept, of whatever code."""
    return sorted(_folder(home).glob("*/*.parquet"))


@cache
def standardise_version() -> str:
    """16 hex digits that change with any code, list or package that a standardised value depends on."""
    digest = hashlib.sha256()
    for folder, suffixes in _CODE:
        for path in sorted(path for path in folder.rglob("*") if path.suffix in suffixes):
            digest.update(f"{path.relative_to(PROJECT_ROOT).as_posix()}\n".encode())
            digest.update(path.read_bytes())
    for package in _PACKAGES:
        digest.update(f"{package} {_version(package)}\n".encode())
    return digest.hexdigest()[:16]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"


def _folder(home: Path) -> Path:
    return home / "warehouse" / "standardised"


def _path(home: Path, model: str) -> Path:
    return _folder(home) / standardise_version() / f"{model}.parquet"
