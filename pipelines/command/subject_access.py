"""`ucv subject-access`: everything that a home keeps about one person, with where it came from, as JSON and as a page to read."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from pipelines.command.erase_who import find_subjects
from pipelines.command.erased_people import Subject, contracts_by_source, tombstone_of
from pipelines.contracts.model import Contract
from pipelines.errors import UcvError
from pipelines.exports.ledger import members_path, read_ledger
from pipelines.ingest.manifests import Manifest, is_expired, list_deliveries, parquet_path
from pipelines.ingest.quarantined import quarantined_rows, quarantined_verdicts
from pipelines.privacy.access_page import render_page
from pipelines.privacy.erased import ErasedPeople
from pipelines.publishing.query import open_reader
from pipelines.publishing.version import current_manifest
from pipelines.settings import Settings
from pipelines.storage.append_log import append_line
from pipelines.storage.connection import open_connection, read_parquet_sql
from pipelines.storage.durable import write_file
from pipelines.storage.keys import Keys

FOLDER = Path("exports") / "subject_access"
ACCESS_LOG = Path("state") / "subject_access.jsonl"
_LINEAGE = ("delivery_id", "record_hash", "operation", "row_number", "loaded_at", "source_system")


@dataclass(frozen=True)
class Answer:
    """The two files, and how many tables, delivered rows, rejected rows and exports they tell of."""

    data: Path
    page: Path
    counts: dict[str, int]


def subject_access(  # noqa: PLR0913 - who, for whom and where to
    settings: Settings, keys: Keys, target: str, *, by: str, reason: str, folder: Path | None = None
) -> Answer:
    """Write both files (mode 0600) into `folder` (default: below the home's exports, where an erasure finds them).

    Raises UcvError for an unknown target, or one that is erased; each answer is written to `state/subject_access.jsonl`.
    """
    if not by.strip() or not reason.strip():
        raise UcvError("Who answers and why is written down: give --name and --reason, neither blank.")
    with open_connection(settings, keys) as conn:
        subjects = find_subjects(settings, keys, conn, [target])
        if not subjects:
            raise UcvError(f"{target} was erased: nothing is kept that could be shown.")
        document = _document(settings, keys, conn, subjects[0], by.strip(), reason.strip())
    who = subjects[0].customer_id or target.replace(":", "-").replace("/", "-")
    place = folder or settings.home / FOLDER / who
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    data, page = place / "data.json", place / "page.html"
    write_file(data, json.dumps(document, ensure_ascii=False, indent=1))
    write_file(page, render_page(document))
    for path in (data, page):
        os.chmod(path, 0o600)
    append_line(
        settings.home / ACCESS_LOG,
        {
            "at": document["made_at"],
            "by": by.strip(),
            "reason": reason.strip(),
            "customer": keys.tokeniser()(f"customer/{who}"),
        },
    )
    counts = {name: len(document[name]) for name in ("tables", "deliveries", "rejected", "exports")}
    return Answer(data, page, counts)


def _document(  # noqa: PLR0913, PLR0917 - one answer's surroundings
    settings: Settings, keys: Keys, conn: duckdb.DuckDBPyConnection, subject: Subject, by: str, reason: str
) -> dict[str, Any]:
    manifest = current_manifest(settings.home)
    contracts = contracts_by_source(settings.home)
    people = ErasedPeople([tombstone_of(subject, keys, "", "")], keys)
    return {
        "customer_id": subject.customer_id,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "made_by": by,
        "reason": reason,
        "version": manifest.version if manifest else None,
        "as_of_date": manifest.as_of_date if manifest else None,
        "tables": _tables(settings, keys, subject.customer_id) if manifest and subject.customer_id else {},
        "deliveries": list(_delivered(settings, conn, subject, contracts)),
        "rejected": list(_rejected(settings, conn, contracts, people)),
        "exports": list(_exports(settings, keys, conn, subject.customer_id)),
    }


def _tables(settings: Settings, keys: Keys, customer: str) -> dict[str, list[dict[str, Any]]]:
    """Every published row of the customer, by table."""
    found = {}
    with open_reader(settings, keys) as conn:
        tables = conn.execute(
            "SELECT schema_name, table_name FROM duckdb_columns() WHERE database_name = 'warehouse' "
            "AND column_name = 'customer_id' ORDER BY schema_name, table_name <> 'customers', table_name"
        ).fetchall()
        for schema, table in tables:
            rows = _rows(
                conn, f'SELECT * FROM "{schema}"."{table}" WHERE customer_id = ? ORDER BY ALL', [customer]
            )
            if rows:
                found[f"{schema}.{table}"] = rows
    return found


def _delivered(
    settings: Settings, conn: duckdb.DuckDBPyConnection, subject: Subject, contracts: dict[str, Contract]
) -> Iterator[dict[str, Any]]:
    """Every stored row of the person's records, in the words of the source, with the terms under which it came."""
    by_source: dict[str, list[str]] = {}
    for source, key in sorted(subject.records):
        by_source.setdefault(source, []).append(key)
    for manifest in list_deliveries(settings.home):
        wanted = by_source.get(manifest["source_system"])
        if not wanted or is_expired(manifest):
            continue
        stored = read_parquet_sql([parquet_path(settings.home, manifest)])
        sql = f"SELECT * FROM {stored} WHERE list_contains(?, source_record_id) ORDER BY row_number"
        for row in _rows(conn, sql, [wanted]):
            kept = {name: value for name, value in row.items() if name not in _LINEAGE and value is not None}
            yield {**_terms(manifest, contracts), "closed": row["operation"] == "close", "row": kept}


def _rejected(
    settings: Settings, conn: duckdb.DuckDBPyConnection, contracts: dict[str, Contract], people: ErasedPeople
) -> Iterator[dict[str, Any]]:
    """Rejected rows whose values name the person."""
    for manifest in list_deliveries(settings.home):
        contract = contracts.get(manifest["source_system"])
        if contract is None or is_expired(manifest) or not manifest["quarantined"]:
            continue
        numbers = quarantined_verdicts(conn, settings.home, manifest, contract, people)
        for number, reasons, values in quarantined_rows(conn, settings.home, manifest, contract):
            if number in numbers:
                row = (
                    {"line": values}
                    if isinstance(values, str)
                    else {k.strip(): v for k, v in values.items() if v}
                )
                yield {**_terms(manifest, contracts), "reasons": reasons, "row": row}


def _terms(manifest: Manifest, contracts: dict[str, Contract]) -> dict[str, Any]:
    contract = contracts.get(manifest["source_system"])
    told: dict[str, Any] = {
        "source": manifest["source_system"],
        "kind": manifest["kind"],
        "file": manifest["file_name"],
        "delivered_at": manifest["delivered_at"],
        "loaded_at": manifest.get("loaded_at"),
    }
    if contract is not None:
        told |= {
            "source_name": contract.name,
            "channel": contract.channel,
            "acquisition_mode": contract.terms.acquisition_mode,
            "vendor": contract.terms.vendor,
            "legal_basis": contract.terms.legal_basis,
            "kept_days": contract.sla.retention_days,
        }
    return told


def _exports(
    settings: Settings, keys: Keys, conn: duckdb.DuckDBPyConnection, customer: str
) -> Iterator[dict[str, Any]]:
    """Exports in which the person was, as the ledger remembers them."""
    token = keys.tokeniser()
    for entry in read_ledger(settings.home, token):
        stored = read_parquet_sql(
            [members_path(settings.home, int(entry["number"]), str(entry["export_id"]))]
        )
        sql = f"SELECT DISTINCT role FROM {stored} WHERE customer_token = ? AND role = 'sent'"
        if conn.execute(sql, [token(f"customer/{customer}")]).fetchone():
            yield {
                name: entry.get(name)
                for name in ("export_id", "day", "audience", "channel", "purpose", "campaign")
            }


def _rows(conn: duckdb.DuckDBPyConnection, sql: str, values: list[Any]) -> list[dict[str, Any]]:
    reader = conn.execute(sql, values)
    names = [column[0] for column in reader.description]
    return [
        {name: _plain(value) for name, value in zip(names, row, strict=True)} for row in reader.fetchall()
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, (str, int, float, bool, dict)) else str(value)
