"""One pass over a delivery: text comes in, accepted rows go out, and what needs a second look is set aside on the way.

Odd rows are set aside as text, rows that may have stood before as they are; both are judged when the rest has passed, and
what is accepted of them follows at the end. Nothing else is kept, so that memory does not grow with the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import duckdb
import numpy as np
import pyarrow as pa

from pipelines.ingest.fill_down import staged_names
from pipelines.ingest.no_record_rows import mark_no_records
from pipelines.ingest.number_doubt import doubtful_numbers, has_decimal_commas, signed_by_country
from pipelines.ingest.plan import DELIVERED, POINTS, Plan
from pipelines.ingest.repeats import Repeats
from pipelines.ingest.staging import Stream

_BATCH = 50_000
_BESIDE = ("key_hash", "row_hash", POINTS, "odd_text")


class AnotherPlanError(Exception):
    """The file is to be read once more: its numbers are not written as the plan took them to be."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan


class Passage:
    """The rows of one stream on their way: `batches` are those that surely stand for the first time, in the columns that move.

    Tables `odd_text` and `maybe_rows` of `conn` take what is set aside.
    """

    def __init__(self, conn: duckdb.DuckDBPyConnection, plan: Plan, stream: Stream, repeats: Repeats) -> None:
        self._conn, self._plan, self._stream, self.repeats = conn, plan, stream, repeats
        self.plan = plan  # once all rows have passed, with what the file says of its numbers
        self._pointed: set[str] = set()
        names = staged_names(plan.contract, plan.header)
        texts = ", ".join(f"{name} VARCHAR" for name in names)
        conn.execute(f"CREATE OR REPLACE TEMP TABLE odd_text (row_number BIGINT, {texts})")
        rows = ", ".join(f"{name} {kind}" for name, kind in plan.moving.items())
        conn.execute(f"CREATE OR REPLACE TEMP TABLE maybe_rows ({rows})")
        self._odd = ", ".join(["row_number", *(f"odd_text[{place}]" for place in range(1, len(names) + 1))])

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Ends by raising AnotherPlanError where the numbers of the file turn out to be written otherwise."""
        with closing(self._conn.cursor()) as source:
            source.register(DELIVERED, self._stream.reader())
            reader = source.execute(self._plan.passed_sql(is_clean=self._stream.is_clean)).to_arrow_reader(
                _BATCH
            )
            for batch in reader:
                yield self._first(batch)
        mark_no_records(self._conn, self._plan.contract, self._plan.header)
        self.plan = self._settled()

    def _first(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        is_plain = batch.column("odd_text").is_null().to_numpy(zero_copy_only=False)
        keys, rows, numbers = (batch.column(n).to_numpy() for n in ("key_hash", "row_hash", "row_number"))
        is_first = np.zeros(batch.num_rows, np.bool_)
        is_first[is_plain] = self.repeats.first(keys[is_plain], rows[is_plain], numbers[is_plain])
        stored = batch.select([name for name in batch.schema.names if name not in _BESIDE])
        if self._plan.suspected:
            self._look_for_points(batch.column(POINTS).filter(pa.array(is_plain)))
        if not is_plain.all():
            odd = batch.select(["row_number", "odd_text"]).filter(pa.array(~is_plain))
            self._set_aside("odd_text", self._odd, odd)
        if (is_plain & ~is_first).any():
            self._set_aside("maybe_rows", "*", stored.filter(pa.array(is_plain & ~is_first)))
        return stored if is_first.all() else stored.filter(pa.array(is_first))

    def _set_aside(self, table: str, columns: str, batch: pa.RecordBatch) -> None:
        self._conn.register("set_aside", pa.Table.from_batches([batch]))
        self._conn.execute(f"INSERT INTO {table} SELECT {columns} FROM set_aside")
        self._conn.unregister("set_aside")

    def _look_for_points(self, points: pa.Array) -> None:
        names = self._plan.undeclared
        shown = points.flatten().to_numpy(zero_copy_only=False).reshape(-1, max(len(names), 1)).any(axis=0)
        self._pointed |= {name for name, has in zip(names, shown, strict=False) if has}

    def _settled(self) -> Plan:
        """The plan with what the whole file says of its numbers."""
        conn, plan = self._conn, self._plan
        contract, header, pointed = plan.contract, plan.header, frozenset(self._pointed)
        if not plan.suspected:
            if has_decimal_commas(conn, contract, header):
                # Numbers with two readings were taken for plain.
                raise AnotherPlanError(plan.suspecting())
            return plan
        doubtful = doubtful_numbers(conn, contract, header, pointed)
        signed = signed_by_country(conn, contract, header, doubtful, pointed)
        if signed is not contract:
            raise AnotherPlanError(plan.signed(signed))
        return replace(plan, doubtful=doubtful)
