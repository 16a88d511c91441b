"""Whether what a soak left can be accounted for, and gives the same view when it is built anew elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

from benchmarks.soak.nights import Soak
from pipelines.ingest.manifests import is_expired, list_deliveries, parquet_path
from pipelines.ingest.raw_store import is_intact
from pipelines.publishing.version import current_manifest
from pipelines.settings import load_settings
from pipelines.storage.connection import open_connection, read_parquet_sql
from pipelines.storage.keys import load_keys


def unaccounted(soak: Soak) -> list[str]:
    """Where rows delivered are not rows accepted, quarantined or repeated; empty when every row is accounted for."""
    manifests = {str(manifest["delivery_id"]): manifest for manifest in list_deliveries(soak.home)}
    told = [
        f"raw of {delivery} does not verify"
        for delivery, one in manifests.items()
        if not is_expired(one) and not is_intact(soak.home, one)
    ]
    for delivery_id, parcel in soak.vendor.delivered.items():
        manifest = manifests.pop(delivery_id, None)
        if manifest is None:
            if f"{parcel.path.name} refused" not in soak.said:
                told.append(f"{parcel.source}: a file of {parcel.rows} rows was neither taken nor refused")
            continue
        counts = [int(manifest[name]) for name in ("rows_in", "accepted", "quarantined", "duplicate")]
        if counts[0] != sum(counts[1:]) or counts[0] != parcel.rows:
            told.append(f"{parcel.source}: {parcel.rows} rows delivered, in and judged {counts}")
    told += [f"{manifest['source_system']}: a delivery that nobody sent" for manifest in manifests.values()]
    return told + _stored_otherwise(soak)


def _stored_otherwise(soak: Soak) -> list[str]:
    """Deliveries whose stored rows are not as many as their manifest says."""
    os.environ["XDG_CONFIG_HOME"] = str(soak.home.parent / "config")
    settings = load_settings(soak.home)
    told = []
    with open_connection(settings, load_keys(settings)) as conn:

        def rows(path: Path) -> int:
            found = conn.execute(f"SELECT count(*) FROM {read_parquet_sql([path])}").fetchone()
            return int(found[0]) if found else 0

        for manifest in list_deliveries(soak.home):
            if is_expired(manifest) or not is_intact(soak.home, manifest):
                continue  # the one has no rows, the other was told before
            path = parquet_path(soak.home, manifest)
            rejected = soak.home / "quarantine" / path.relative_to(soak.home / "raw")
            stored = (rows(path), rows(rejected) if rejected.exists() else 0)
            if stored != (manifest["accepted"] + manifest["closed"], manifest["quarantined"]):
                told.append(
                    f"{manifest['source_system']}: {stored} rows stored, its manifest tells otherwise"
                )
    return told


def differing_tables(soak: Soak, as_of: str) -> list[str]:
    """Published tables that come out otherwise when the home's backup is restored to an empty folder and run."""
    archive, rebuilt = soak.home.parent / "backup.tar", soak.home.parent / "rebuilt"
    for words, home in ((("backup", str(archive)), soak.home), (("restore", str(archive)), rebuilt)):
        code, told = soak.ucv(*words, home=home)
        if code:
            return [f"{words[0]} ended with {code}: {told.strip()}"]
    code, told = soak.ucv("run", "--as-of", as_of, home=rebuilt)
    ours, theirs = current_manifest(soak.home), current_manifest(rebuilt)
    if ours is None or theirs is None:
        return [f"nothing is published: {told.strip()[-2000:]}"]
    if ours.as_of_date != theirs.as_of_date:
        return [f"readers see {ours.as_of_date}, the rebuilt home {theirs.as_of_date}"]
    names = sorted({*ours.tables, *theirs.tables})
    return [
        f"{name}: {_rows(ours.tables, name)} rows, rebuilt {_rows(theirs.tables, name)}"
        for name in names if ours.tables.get(name) != theirs.tables.get(name)
    ]  # fmt: skip


def _rows(tables: object, name: str) -> str:
    facts = tables.get(name) if hasattr(tables, "get") else None
    return "no" if facts is None else f"{facts.rows:,}"
