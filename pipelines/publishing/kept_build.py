"""A build that begins as a copy of the published one: of a night on which nothing but the day and rows of raw changed.

Then a table is built again only where the day or a table above it says something new: the macro `reasons_to_build` asks
`warehouse.night.news`, which holds a name for whatever changed since the copied build, or `*` in any other build. A table
that is built again may take over rows of its own that still hold (the macro `rows_before`).
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.contracts.vocabularies import KINDS
from pipelines.publishing.build_record import read_build_record
from pipelines.publishing.fingerprint import Inputs
from pipelines.publishing.layout import DATABASE, builds_dir
from pipelines.publishing.version import Manifest, TableFacts, current_manifest
from pipelines.storage.durable import write_file

if TYPE_CHECKING:
    import duckdb

EVERYTHING = "*"
"""Stands in `night.news` of a build that keeps nothing."""
ADDED_BY_PUBLISH = (
    "identity_ledger",
    "identity_assignments",
    "identity_successors",
    "match_model",
    "contract_terms",
)
"""Sources of state that publishing itself adds to, so that no fingerprint holds them: always news."""

_KEPT = "kept.json"
_TAKEN = "taken"
_SOURCE = "source.unified_customer_view"
_OF_ANY_DELIVERY = ("deliveries", "quarantine_reasons")


@dataclass(frozen=True)
class KeptBuild:
    """A build to begin with, and the sources (dbt's ids) that say something else by now."""

    folder: Path
    news: tuple[str, ...]


def kept_build(home: Path, inputs: Inputs) -> KeptBuild | None:
    """The published version's build when these inputs, seen on whatever day, are its own but for rows of raw; None else.

    A build that one night began with already is not given again: had that night ended well, another build would be
    published by now.
    """
    manifest = current_manifest(home)
    if manifest is None:
        return None
    folder = builds_dir(home) / manifest.build_id
    record = read_build_record(folder)
    database = folder / DATABASE
    is_whole = database.is_file() and not database.with_name(f"{DATABASE}.wal").exists()
    if record is None or not is_whole or (folder / _TAKEN).exists():
        return None
    changed = record.changed(inputs)
    kinds = [kind for kind in KINDS if f"raw {kind}" in changed]
    if record.fingerprint != manifest.input_fingerprint or len(kinds) < len(changed):
        return None
    tables = [*kinds, *(_OF_ANY_DELIVERY if kinds else ())]
    return KeptBuild(folder, tuple(f"{_SOURCE}.raw.{table}" for table in tables))


def give_up(home: Path) -> None:
    """Let no build begin with the published one: what is past its term would stay in the copy, in blocks that no table uses."""
    manifest = current_manifest(home)
    if manifest is not None and (folder := builds_dir(home) / manifest.build_id).is_dir():
        write_file(folder / _TAKEN, b"")


def begin_with(kept: KeptBuild, folder: Path) -> None:
    """Let the build in `folder` begin as a copy of the kept one. The day of that stands among the news as `as_of:<day>`."""
    write_file(kept.folder / _TAKEN, folder.name.encode())
    shutil.copyfile(kept.folder / DATABASE, folder / DATABASE)
    record = read_build_record(kept.folder)
    news = [*kept.news, *([f"as_of:{record.as_of}"] if record else [])]
    news += [f"{_SOURCE}.state.{name}" for name in ADDED_BY_PUBLISH]
    _tell(folder, {"from": kept.folder.name, "news": news, "raw": bool(kept.news)})


def keep_nothing(folder: Path) -> None:
    """From now on the build in `folder` builds every table: one that goes on after a failure may have other code by now, and
    tables of which some were made and some were not."""
    if is_kept(folder):
        told = _told(folder)
        _tell(folder, {**told, "news": [*told["news"], EVERYTHING]})


def is_kept(folder: Path) -> bool:
    """Whether the build in `folder` began as a copy."""
    return (folder / _KEPT).exists()


def has_new_rows(folder: Path) -> bool:
    """Whether raw is not what it was for the build that the one in `folder` began with; true of any other build."""
    return not is_kept(folder) or bool(_told(folder)["raw"])


def create_news(conn: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """warehouse.night.news of the build in `folder`; what an earlier process of it found stays."""
    build = folder.name
    news = _told(folder)["news"] if is_kept(folder) else [EVERYTHING]
    conn.execute("CREATE SCHEMA IF NOT EXISTS warehouse.night")
    conn.execute("CREATE TABLE IF NOT EXISTS warehouse.night.news (build VARCHAR, name VARCHAR)")
    conn.execute("DELETE FROM warehouse.night.news WHERE build <> ?", [build])
    found = {name for (name,) in conn.execute("SELECT name FROM warehouse.night.news").fetchall()}
    missing = [[build, name] for name in news if not found or (name == EVERYTHING and name not in found)]
    if missing:
        conn.executemany("INSERT INTO warehouse.night.news VALUES (?, ?)", missing)


def unchanged_tables(
    conn: duckdb.DuckDBPyConnection, folder: Path, seen: Manifest | None
) -> dict[str, TableFacts]:
    """Of what readers see in version `seen` the tables that the build in `folder`, attached as `warehouse`, left as they are."""
    if seen is None or not is_kept(folder) or _told(folder)["from"] != seen.build_id:
        return {}
    told = conn.execute("SELECT name FROM warehouse.night.news").fetchall()
    changed = {name.rsplit(".", 1)[-1] for (name,) in told}
    if EVERYTHING in changed:
        return {}
    return {table: facts for table, facts in seen.tables.items() if table.partition(".")[2] not in changed}


def _tell(folder: Path, told: dict[str, Any]) -> None:
    write_file(folder / _KEPT, json.dumps(told).encode())


def _told(folder: Path) -> dict[str, Any]:
    """Which build was copied (`from`), what was `news` when it was, and whether rows of `raw` were among them."""
    told: dict[str, Any] = json.loads((folder / _KEPT).read_text(encoding="utf-8"))
    return told
