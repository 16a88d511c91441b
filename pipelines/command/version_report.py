"""`ucv report`: the page of the version that readers see, written beside the docs of the run that published it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import yaml

from pipelines.errors import PublishError, UcvError
from pipelines.publishing.history import previous_good
from pipelines.publishing.query import open_reader
from pipelines.publishing.version import Manifest, current_manifest, read_manifest
from pipelines.quality.run_record import record_folder
from pipelines.report.answers import UnreadableError
from pipelines.report.blocks import PublishedTables
from pipelines.report.version_page import VERSION_PAGE, ToldVersion, unreadable, write_version_page
from pipelines.settings import DBT_PROJECT_DIR, Settings
from pipelines.storage.keys import Keys


@dataclass(frozen=True)
class MadeReport:
    """Where the page lies, and the blocks on it that the version could not answer."""

    path: Path
    unreadable: tuple[str, ...]


def report_path(home: Path, run_id: str) -> Path:
    return record_folder(home, run_id) / VERSION_PAGE


def make_report(settings: Settings, keys: Keys) -> MadeReport:
    """Write the page of the version that readers see; PublishError where nothing is published."""
    manifest = current_manifest(settings.home)
    if manifest is None:
        raise PublishError(
            f"Nothing is published in {settings.home} yet; run `ucv run` (or `ucv demo`) first."
        )
    before = _before(settings.home)
    try:
        return _write(settings, keys, manifest, before)
    except UcvError:
        if before is None:
            raise
        return _write(settings, keys, manifest, None)  # the older version does not open, or went meanwhile


def _write(settings: Settings, keys: Keys, manifest: Manifest, before: Manifest | None) -> MadeReport:
    told = ToldVersion(
        manifest.version,
        manifest.as_of_date,
        manifest.created_at,
        before.version if before else None,
        _currency(),
        settings.time_zone,
    )
    path = report_path(settings.home, manifest.run_id)
    with open_reader(settings, keys, told.before) as conn:
        answers = write_version_page(path, told, published_tables(manifest, before), _Reader(conn))
    return MadeReport(path, tuple(unreadable(answers)))


def published_tables(manifest: Manifest, before: Manifest | None) -> PublishedTables:
    """Tables of a version, and of the one that it is compared with."""
    old = _columns(before) if before else {}
    return PublishedTables(_columns(manifest), old, manifest.as_of_date, before is not None)


class _Reader:
    """Queries of the page on one locked connection."""

    def __init__(self, conn: duckdb.DuckDBPyConnection) -> None:
        self._conn = conn

    def __call__(self, sql: str) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        try:
            found = self._conn.execute(sql)
            return [str(column[0]) for column in found.description or ()], found.fetchall()
        except duckdb.Error as error:
            # DuckDB's message may quote a value, so it is not passed on.
            raise UnreadableError(f"A query of the page failed ({type(error).__name__}).") from None


def _before(home: Path) -> Manifest | None:
    """The version to compare with; one whose manifest is damaged is none."""
    version = previous_good(home)
    try:
        return read_manifest(home, version) if version else None
    except PublishError:
        return None


def _columns(manifest: Manifest) -> dict[str, dict[str, str]]:
    return {name.partition(".")[2]: dict(facts.columns) for name, facts in manifest.tables.items()}


def _currency() -> str:
    """The currency in which the models add up values."""
    project = yaml.safe_load((DBT_PROJECT_DIR / "dbt_project.yml").read_text(encoding="utf-8"))
    return str(project["vars"]["reporting_currency"])
