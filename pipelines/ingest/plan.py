"""The plan of one delivery: what its contract and its header say of every row, worked out before the first one is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from pipelines.contracts.model import Contract
from pipelines.ingest.cast_rows import careful_sql, plain_sql
from pipelines.ingest.landed import Landed
from pipelines.ingest.number_doubt import suspected_numbers, undeclared_numbers
from pipelines.ingest.row_hashes import delivered_fields, hashed_sql, stored_schema
from pipelines.storage.connection import quote

DELIVERED = "delivered_rows"
"""The delivered text, as the plan reads it."""
POINTS = "with_points"
_SAME = frozenset({"source_system", "delivery_id", "loaded_at", "operation"})
"""Columns with one value in all rows of a delivery: they are added where rows are written."""


@dataclass(frozen=True)
class Plan:
    """`header` are the delivered columns by their names in the contract, `present` the canonical fields that came, `schema`
    the columns of stored rows and their types. In fields that are `suspected` a number with two readings is odd, in `doubtful`
    ones it has none. `is_held` is a condition on row_number for rows that resemble somebody erased."""

    contract: Contract
    header: list[str]
    present: frozenset[str]
    schema: Mapping[str, str]
    lineage: Mapping[str, str]
    suspected: frozenset[str]
    doubtful: frozenset[str] = frozenset()
    is_held: str | None = None

    @property
    def moving(self) -> dict[str, str]:
        """Column -> type of what differs from row to row."""
        return {name: kind for name, kind in self.schema.items() if name not in _SAME}

    @property
    def undeclared(self) -> list[str]:
        """Number fields whose signs nobody says."""
        return sorted(undeclared_numbers(self.contract, self.header))

    def passed_sql(self, *, is_clean: bool) -> str:
        """SELECT over the delivered text, one row per row: moving columns, key_hash and row_hash (of record_key and
        record_hash), with_points (which suspected numbers have decimals), and odd_text: the text of a row that is odd,
        whose other columns are of no use."""
        plain = plain_sql(
            self.contract,
            self.header,
            DELIVERED,
            is_clean=is_clean,
            doubtful=self.suspected,
            is_held=self.is_held,
        )
        points = [
            f"coalesce({name} <> trunc({name}), false)"
            for name in (self.undeclared if self.suspected else ())
        ]
        return f"""
            SELECT {self.moving_columns("record_key")}, hash(record_key) AS key_hash, hash(record_hash) AS row_hash,
                [{", ".join(points)}]::BOOLEAN[] AS {POINTS}, odd_text
            FROM ({self._keyed(hashed_sql(self.contract, set(self.present), plain))})"""

    def careful_sql(self, table: str) -> str:
        """SELECT over odd text with reasons, repairs, is_bad and delivered, record_hash and record_key."""
        careful = careful_sql(self.contract, self.header, table, self.doubtful, self.is_held)
        return self._keyed(hashed_sql(self.contract, set(self.present), careful))

    def stored_sql(self, relation: str) -> str:
        """SELECT of stored rows over rows that hold what differs from one to the next; a closing has the number 0."""
        is_close = self.contract.delivery_mode == "snapshot"
        operation = "CASE WHEN row_number = 0 THEN 'close' ELSE 'upsert' END" if is_close else "'upsert'"
        own = {**self.lineage, "operation": operation}
        listed = (
            f"({own[name] if name in _SAME else name})::{kind} AS {name}"
            for name, kind in self.schema.items()
        )
        return f"SELECT {', '.join(listed)} FROM {relation}"

    def moving_columns(self, key: str) -> str:
        """SQL of what differs from row to row, over cast rows whose key is `key`."""
        kept = (self.present | {"extra"}) - {"source_record_id"}
        own = {"source_record_id": key, "row_number": "row_number", "record_hash": "record_hash"}
        return ", ".join(
            f"({own.get(name, name if name in kept else 'NULL')})::{kind} AS {name}"
            for name, kind in self.moving.items()
        )

    def closing_columns(self, landed: Landed) -> str:
        """The same of a closing, over `latest`; it carries the delivery's time, so as to follow what it closes."""
        own = {"row_number": "0", "record_hash": "md5('closed')", "source_record_id": "source_record_id",
               "updated_at": f"TIMESTAMP '{landed.delivered_at}'"}  # fmt: skip
        return ", ".join(f"({own.get(name, 'NULL')})::{kind} AS {name}" for name, kind in self.moving.items())

    def _keyed(self, hashed: str) -> str:
        """Without a key of its own a row has that of the first row of its content."""
        return (
            hashed
            if self.contract.key
            else f"SELECT * REPLACE (record_hash || '-1' AS record_key) FROM ({hashed})"
        )

    def suspecting(self) -> Plan:
        """The same with every number of undeclared signs suspected: the file shows decimal commas."""
        return replace(self, suspected=frozenset(self.undeclared))

    def signed(self, contract: Contract) -> Plan:
        """The same for a contract that says more of how numbers are written."""
        return replace(self, contract=contract, suspected=suspected_numbers(contract, self.header))


def plan_delivery(contract: Contract, header: list[str], landed: Landed, loaded_at: datetime) -> Plan:
    """The plan for a file with this header (names as the contract has them), loaded at `loaded_at` (UTC without zone)."""
    present = frozenset(delivered_fields(contract, header))
    lineage = {"source_system": quote(contract.id), "delivery_id": quote(landed.delivery_id), "row_number": "row_number",
               "loaded_at": f"TIMESTAMP '{loaded_at}'", "record_hash": "record_hash", "operation": "'upsert'"}  # fmt: skip
    return Plan(
        contract,
        header,
        present,
        stored_schema(contract, set(present)),
        lineage,
        suspected_numbers(contract, header),
        is_held=f"row_number IN ({', '.join(map(str, landed.held))})" if landed.held else None,
    )
