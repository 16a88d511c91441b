"""A build that begins as a copy of the published one: of a night on which nothing but the day changed.

Then a table is built again only where the day or a table above it says something new: the macro `reasons_to_build` asks
`warehouse.night.news`, which holds a name for whatever changed since the copied build, or `*` in any other build.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

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


def kept_build(home: Path, inputs: Inputs) -> Path | None:
    """The folder of the published version's build when these inputs are its own, seen on whatever day; None else.

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
    is_its_own = record.fingerprint == manifest.input_fingerprint and not record.changed(inputs)
    return folder if is_its_own else None


def begin_with(kept: Path, folder: Path) -> None:
    """Let the build in `folder` begin as a copy of the one in `kept`. The day of that stands among the news as `as_of:<day>`."""
    write_file(kept / _TAKEN, folder.name.encode())
    shutil.copyfile(kept / DATABASE, folder / DATABASE)
    record = read_build_record(kept)
    news = [f"as_of:{record.as_of}"] if record else []
    news += [f"source.unified_customer_view.state.{name}" for name in ADDED_BY_PUBLISH]
    write_file(folder / _KEPT, json.dumps({"from": kept.name, "news": news}).encode())


def is_kept(folder: Path) -> bool:
    """Whether the build in `folder` began as a copy."""
    return (folder / _KEPT).exists()


def create_news(conn: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """warehouse.night.news of the build in `folder`, unless an earlier process has made it; what it found stays."""
    build = folder.name
    news = _told(folder)["news"] if is_kept(folder) else [EVERYTHING]
    conn.execute("CREATE SCHEMA IF NOT EXISTS warehouse.night")
    conn.execute("CREATE TABLE IF NOT EXISTS warehouse.night.news (build VARCHAR, name VARCHAR)")
    conn.execute("DELETE FROM warehouse.night.news WHERE build <> ?", [build])
    told = conn.execute("SELECT count(*) FROM warehouse.night.news").fetchone()
    if told is None or not told[0]:
        conn.executemany("INSERT INTO warehouse.night.news VALUES (?, ?)", [[build, name] for name in news])


def unchanged_tables(
    conn: duckdb.DuckDBPyConnection, folder: Path, seen: Manifest | None
) -> dict[str, TableFacts]:
    """Of what readers see in version `seen` the tables that the build in `folder`, attached as `warehouse`, left as they are."""
    if seen is None or not is_kept(folder) or _told(folder)["from"] != seen.build_id:
        return {}
    told = conn.execute("SELECT name FROM warehouse.night.news").fetchall()
    changed = {name.rsplit(".", 1)[-1] for (name,) in told}
    return {table: facts for table, facts in seen.tables.items() if table.partition(".")[2] not in changed}


def _told(folder: Path) -> dict[str, Any]:
    """Which build was copied, and what was news when it was."""
    told: dict[str, Any] = json.loads((folder / _KEPT).read_text(encoding="utf-8"))
    return told
