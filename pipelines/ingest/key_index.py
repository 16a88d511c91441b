"""The keys of a source, each with the hash of its latest row: what a new delivery is compared with, without its history.

The index lies beside raw as two hidden files, `.keys` (Parquet, encrypted as raw is) and `.keys_made_of`, which tells of which
deliveries it is made and the checksum of the first. Only what was delivered since is read from raw. It is made from raw: where
it is missing, damaged, or made of other deliveries than those before a file, raw is read instead, and it is written anew.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import duckdb

from pipelines.contracts.model import Contract
from pipelines.ingest.manifests import Manifest, is_expired, list_deliveries, raw_folder
from pipelines.ingest.raw_store import relation_of
from pipelines.storage.checksums import file_hash
from pipelines.storage.connection import PARQUET_WRITE, quote, read_parquet_sql
from pipelines.storage.durable import sync_file, write_file

_KEYS, _MADE_OF = ".keys", ".keys_made_of"
_MOST_FILES = 50
_MOST_ROWS = 50_000
_MOST_SHARE = 0.2
"""What may have come since the index was written before it is written anew: files, or rows beside those that it has."""


def create_latest(
    conn: duckdb.DuckDBPyConnection, contract: Contract, home: Path, earlier: Sequence[Manifest]
) -> None:
    """Table `latest`: hash and operation of the last row of each key of the `earlier` deliveries (in order), and when one of its
    rows was loaded last. Where these are all deliveries of the source and many came since, the index is written anew."""
    kept = [manifest for manifest in earlier if not is_expired(manifest)]
    since = compared_with(home, contract, earlier)
    index = _folder(home, contract) / _KEYS
    rows = relation_of(home, contract.kind, since)
    turns = (
        ", ".join(f"({quote(str(m['delivery_id']))}, {turn})" for turn, m in enumerate(since)) or "('', 0)"
    )
    told = f"""SELECT source_record_id, record_hash, operation, loaded_at, turn, row_number
        FROM ({rows}) AS rows JOIN (VALUES {turns}) AS turns (delivery_id, turn) USING (delivery_id)"""
    if len(since) < len(kept):
        told += f" UNION ALL SELECT *, -1 AS turn, 0 AS row_number FROM {read_parquet_sql([index])}"
    conn.execute(f"""
        CREATE OR REPLACE TEMP TABLE latest AS
        SELECT source_record_id, arg_max(record_hash, (turn, row_number)) AS record_hash,
            arg_max(operation, (turn, row_number)) AS operation, max(loaded_at) AS loaded_at
        FROM ({told}) GROUP BY source_record_id""")
    if len(earlier) == len(list_deliveries(home, contract.kind, contract.id)) and _is_long(conn, since):
        _write(conn, home, contract, kept)


def covered(home: Path, contract: Contract, earlier: Sequence[Manifest]) -> int:
    """How many of the deliveries (in order, none expired) the index is made of: the first ones, or 0 without a use for it."""
    folder = _folder(home, contract)
    try:
        made_of = json.loads((folder / _MADE_OF).read_text(encoding="utf-8"))
        told, count = made_of["deliveries"], len(made_of["deliveries"])
        is_whole = file_hash(folder / _KEYS) == made_of["sha256"]
    except (OSError, ValueError, KeyError, TypeError):  # none yet, or damaged
        return 0
    return count if is_whole and told == _stamps(earlier[:count]) else 0


def remove_index(home: Path, kind: str, source: str) -> None:
    """After rows have gone for good: keys are people's too. Raises OSError."""
    for name in (_MADE_OF, _KEYS, f"{_KEYS}.half"):
        (raw_folder(home, kind, source) / name).unlink(missing_ok=True)


def compared_with(home: Path, contract: Contract, earlier: Sequence[Manifest]) -> list[Manifest]:
    """The deliveries (in order) whose stored rows are read to judge the next one: those that came since the index."""
    kept = [manifest for manifest in earlier if not is_expired(manifest)]
    return kept[covered(home, contract, kept) :]


def _is_long(conn: duckdb.DuckDBPyConnection, since: Sequence[Manifest]) -> bool:
    rows = sum(int(manifest["accepted"]) + int(manifest["closed"]) for manifest in since)
    (keys,) = conn.execute("SELECT count(*) FROM latest").fetchone() or (0,)
    return len(since) > _MOST_FILES or rows > max(_MOST_ROWS, _MOST_SHARE * keys)


def _write(conn: duckdb.DuckDBPyConnection, home: Path, contract: Contract, kept: Sequence[Manifest]) -> None:
    folder = _folder(home, contract)
    half = folder / f"{_KEYS}.half"
    try:
        conn.execute(f"COPY (FROM latest) TO {quote(str(half))} ({PARQUET_WRITE})")
        sync_file(half)
        made_of = {"sha256": file_hash(half), "deliveries": _stamps(kept)}
        # Killed in between, the checksum tells that the two do not belong together.
        half.replace(folder / _KEYS)
        write_file(folder / _MADE_OF, json.dumps(made_of))
    finally:
        half.unlink(missing_ok=True)


def _stamps(manifests: Sequence[Manifest]) -> list[str]:
    """What each delivery's rows are known by; taken again or rewritten they are others."""
    return [f"{m['delivery_id']} {m['parquet_sha256']}" for m in manifests]


def _folder(home: Path, contract: Contract) -> Path:
    return raw_folder(home, contract.kind, contract.id)
