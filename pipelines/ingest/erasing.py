"""Taking erased people out of the stored deliveries of one source: accepted rows, rejected rows and the kept original.

Files are written anew, never changed: the new ones lie beside the old until one rename of the manifest takes them. A kill before
it changes nothing, one after it leaves files that nobody reads and `remove_leftovers` removes. Row numbers follow the original as
it is kept, so that it can be read again; the manifest counts what is left, and under `erased` what went with which erasure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from pipelines.contracts.model import Contract
from pipelines.ingest.erasing_original import Rewritten, rewrite_original
from pipelines.ingest.erasing_views import counts_of, reasons_of, show_what_is_left
from pipelines.ingest.key_index import remove_index
from pipelines.ingest.manifests import (
    Manifest,
    is_expired,
    list_deliveries,
    original_path,
    parquet_path,
    quarantine_path,
    write_manifest,
)
from pipelines.ingest.people import ERASED, ErasedPeople
from pipelines.ingest.quarantined import quarantined_verdicts
from pipelines.ingest.storing import store_rows
from pipelines.settings import Settings
from pipelines.storage.connection import read_parquet_sql
from pipelines.storage.durable import remove_file
from pipelines.storage.keys import Keys


@dataclass
class Found:
    """Rows of one delivery that are about erased people: keys of accepted ones, and numbers of accepted and rejected ones."""

    keys: set[str] = field(default_factory=set)
    accepted: set[int] = field(default_factory=set)
    rejected: set[int] = field(default_factory=set)


def erase_source(  # noqa: PLR0913, PLR0917 - one source's surroundings
    contract: Contract,
    settings: Settings,
    keys: Keys,
    database: duckdb.DuckDBPyConnection,
    people: ErasedPeople,
    erasure_id: str,
) -> int:
    """Take the erased out of every stored delivery of a source; returns how many deliveries were written anew.

    Once a row of a record is about an erased person, all rows of that record are. Raises UcvError where the disk is full.
    """
    home = settings.home
    stored = [one for one in list_deliveries(home, contract.kind, contract.id) if not is_expired(one)]
    stored.sort(key=lambda one: (str(one.get("loaded_at")), str(one["delivery_id"])))
    found = {}
    with database.cursor() as conn:
        for manifest in stored:
            found[manifest["delivery_id"]] = _found(conn, home, manifest, contract, people)
        records = {key for one in found.values() for key in one.keys}
        written = 0
        for manifest in stored:
            job = _Job(manifest, contract, settings, keys, people, erasure_id, frozenset(records))
            written += job.rewrite(conn, found[manifest["delivery_id"]])
    remove_index(home, contract.kind, contract.id)
    for manifest in list_deliveries(home, contract.kind, contract.id):
        remove_leftovers(home, manifest)
    return written


def remove_leftovers(home: Path, manifest: Manifest) -> None:
    """Remove files of a delivery that its manifest does not name: what a killed rewriting left."""
    kept = {parquet_path(home, manifest), quarantine_path(home, manifest), original_path(home, manifest)}
    for folder in {path.parent for path in kept}:
        for pattern in (f"{manifest['delivery_id']}*", f".{manifest['delivery_id']}*.half"):
            for path in folder.glob(pattern):
                if path not in kept and path.suffix in (".parquet", ".original", ".half"):
                    remove_file(path)


def erased_rows(home: Path, erasure_id: str) -> dict[str, int]:
    """By source and delivery, how many rows went with an erasure, as the manifests tell."""
    found = {}
    for manifest in list_deliveries(home):
        count = manifest.get("erased", {}).get(erasure_id, 0)
        if count:
            found[f"{manifest['source_system']} {manifest['delivery_id']}"] = int(count)
    return found


def _found(
    conn: duckdb.DuckDBPyConnection, home: Path, manifest: Manifest, contract: Contract, people: ErasedPeople
) -> Found:
    found = Found()
    for row in _rows(conn, parquet_path(home, manifest)):
        key = str(row["source_record_id"])
        if people.verdict(contract, key, row) == ERASED:
            found.keys.add(key)
            found.accepted.add(int(row["row_number"]))
    if manifest["quarantined"]:
        found.rejected = quarantined_verdicts(conn, home, manifest, contract, people)
    return found


def _rows(conn: duckdb.DuckDBPyConnection, path: Path) -> Iterator[dict[str, Any]]:
    reader = conn.execute(f"SELECT * FROM {read_parquet_sql([path])}")
    names = [column[0] for column in reader.description]
    while batch := reader.fetchmany(10_000):
        for row in batch:
            yield dict(zip(names, row, strict=True))


@dataclass(frozen=True)
class _Job:
    """Writing one delivery anew."""

    manifest: Manifest
    contract: Contract
    settings: Settings
    keys: Keys
    people: ErasedPeople
    erasure_id: str
    records: frozenset[str]

    def rewrite(self, conn: duckdb.DuckDBPyConnection, found: Found) -> bool:
        """Whether there was anything to write anew."""
        home, old = self.settings.home, self.manifest
        accepted = self._numbers(conn) | found.accepted
        closed = self._closings(conn)
        if not (accepted or found.rejected or closed or (old["duplicate"] and self.records)):
            return False
        original = self._original(accepted | found.rejected)
        if not (accepted or found.rejected or closed or original.left_out):
            return False
        new = self._manifest(original)
        removed = sorted({*original.left_out, *accepted, *found.rejected})
        show_what_is_left(conn, home, old, self.records, removed, renumbered=original.is_written)
        rows, rejected = counts_of(conn)
        gone_rows, gone_rejected = int(old["accepted"]) - rows, int(old["quarantined"]) - rejected
        repeated = max(len(removed) - gone_rows - gone_rejected, 0)
        new |= {
            "accepted": rows, "quarantined": rejected, "duplicate": int(old["duplicate"]) - repeated,
            "rows_in": int(old["rows_in"]) - gone_rows - gone_rejected - repeated,
            "closed": int(old["closed"]) - closed, "reasons": reasons_of(conn),
            "erased": {**old.get("erased", {}), self.erasure_id: len(removed) + closed
                       + int(old.get("erased", {}).get(self.erasure_id, 0))},
        }  # fmt: skip
        write_manifest(home, {**new, **store_rows(conn, home, new)})
        remove_leftovers(home, new)
        return True

    def _numbers(self, conn: duckdb.DuckDBPyConnection) -> set[int]:
        """Numbers of accepted rows whose record is an erased person's."""
        path = read_parquet_sql([parquet_path(self.settings.home, self.manifest)])
        sql = f"SELECT row_number FROM {path} WHERE row_number > 0 AND list_contains(?, source_record_id)"
        return {int(row[0]) for row in conn.execute(sql, [sorted(self.records)]).fetchall()}

    def _closings(self, conn: duckdb.DuckDBPyConnection) -> int:
        """How many records of erased people this delivery closed; such a row stands in no file."""
        path = read_parquet_sql([parquet_path(self.settings.home, self.manifest)])
        sql = f"SELECT count(*) FROM {path} WHERE row_number = 0 AND list_contains(?, source_record_id)"
        row = conn.execute(sql, [sorted(self.records)]).fetchone()
        return int(row[0]) if row else 0

    def _original(self, numbers: set[int]) -> Rewritten:
        def also(number: int, key: str | None) -> bool:
            return number in numbers or (key is not None and key in self.records)

        return rewrite_original(self.manifest, self.contract, self.settings, self.keys, self.people, also)

    def _manifest(self, original: Rewritten) -> Manifest:
        return {
            **self.manifest,
            **original.facts,
            "revision": int(self.manifest.get("revision", 0)) + 1,
        }
