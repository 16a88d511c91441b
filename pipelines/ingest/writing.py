"""Writing the accepted rows of one delivery while they are read: one pass, and no table between."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from pipelines.errors import DeliveryError, UcvError
from pipelines.ingest.closings import check_shrink, closings_sql
from pipelines.ingest.judging import cast_odd_rows, judge_aside, overtaken, taken_sql
from pipelines.ingest.landed import Landed
from pipelines.ingest.opened import read_again
from pipelines.ingest.passing import AnotherPlanError, Passage
from pipelines.ingest.plan import Plan
from pipelines.ingest.readers import Delivered
from pipelines.ingest.repeats import Repeats
from pipelines.ingest.staging import Stream, is_irregular, streams
from pipelines.storage.connection import PARQUET_WRITE, quote, read_parquet_sql

# Most columns are of people, so that a dictionary would be built in vain: a fifth of the time for 1 % of size.
WRITE = f"{PARQUET_WRITE}, DICTIONARY_SIZE_LIMIT 1000"
_BYTES_A_ROW = 50  # a low guess: the filter of repeats is rather too large
_BATCH = 50_000


class Writing:
    """The way of one file's rows into the file `path`.

    The connection holds `latest`. A row of an earlier delivery loaded before `renewed_before` is taken again; unless it
    `is_limited` a snapshot may shrink at will.
    """

    def __init__(
        self,
        conn: duckdb.DuckDBPyConnection,
        landed: Landed,
        path: Path,
        renewed_before: datetime | None,
        *,
        is_limited: bool,
    ) -> None:
        self._conn, self._landed, self._path = conn, landed, path
        self._renewed_before, self._is_limited = renewed_before, is_limited
        self._error: BaseException | None = None
        self._overtaken: list[int] = []

    def write(self, plan: Plan, delivered: Delivered) -> int:
        """Rows read. Tables `aside`, `apart`, `odd_rows` and `maybe_rows` tell of those that are not in the file.

        Raises DeliveryError when the file is refused as a whole, duckdb.Error.
        """
        while True:
            try:
                return self._write(plan, delivered)
            except AnotherPlanError as another:
                plan = another.plan
                delivered = read_again(self._landed.path, plan.contract)

    def _write(self, plan: Plan, delivered: Delivered) -> int:
        for stream in streams(self._landed.path, plan.contract.server, delivered):
            self._error = None
            passage = Passage(self._conn, plan, stream, self._repeats())
            try:
                self._copy_passing(passage)
            except duckdb.Error as error:
                cause = self._cause(stream)
                if cause is not None:
                    raise cause from None
                if not is_irregular(stream):
                    raise error
                continue
            if self._overtaken:
                self._write_again(passage.plan)
            return stream.rows
        raise UcvError(
            f"{plan.contract.id}: no reader took {self._landed.path.name}; this is a fault of ours."
        )

    def _cause(self, stream: Stream) -> BaseException | None:
        """What went wrong in Python: DuckDB passes on nothing but its words."""
        if isinstance(stream.error, DeliveryError):
            return stream.error
        is_ours = isinstance(self._error, (UcvError, AnotherPlanError, duckdb.Error))
        return self._error if is_ours and stream.error is None else None

    def _repeats(self) -> Repeats:
        """Rows of earlier deliveries are known from the start."""
        repeats = Repeats(self._landed.path.stat().st_size // _BYTES_A_ROW)
        is_young = f"AND loaded_at >= TIMESTAMP '{self._renewed_before}'" if self._renewed_before else ""
        known = self._conn.execute(
            f"SELECT hash(source_record_id), hash(record_hash) FROM latest WHERE operation = 'upsert' {is_young}"
        ).to_arrow_reader(_BATCH)
        for batch in known:
            repeats.note(batch.column(0).to_numpy(), batch.column(1).to_numpy())
        return repeats

    def _copy_passing(self, passage: Passage) -> None:
        schema = self._conn.execute("FROM maybe_rows LIMIT 0").to_arrow_table().schema
        with closing(self._conn.cursor()) as sink:
            sink.register("moving_rows", pa.RecordBatchReader.from_batches(schema, self._rows(passage)))
            stored = passage.plan.stored_sql("moving_rows")
            sink.execute(f"COPY ({stored}) TO {quote(str(self._path))} ({WRITE})")

    def _rows(self, passage: Passage) -> Iterator[pa.RecordBatch]:
        try:
            yield from passage.batches()
            cast_odd_rows(self._conn, passage.plan, passage.repeats.passed())
            self._overtaken = overtaken(self._conn)
            if not self._overtaken:
                yield from self._conn.execute(self._rest(passage.plan)).to_arrow_reader(_BATCH)
        except Exception as error:
            self._error = error
            raise

    def _rest(self, plan: Plan) -> str:
        """SELECT of what follows the rows that passed: those taken after a second look, and closings."""
        judge_aside(self._conn, plan, self._renewed_before)
        if plan.contract.delivery_mode != "snapshot":
            return taken_sql(plan)
        if self._is_limited:
            check_shrink(self._conn, plan, self._landed)
        return f"({taken_sql(plan)}) UNION ALL {closings_sql(plan, self._landed)}"

    def _write_again(self, plan: Plan) -> None:
        """An odd row above one that passed says the same: the file is written once more, so that the first of them is in it."""
        written, again = read_parquet_sql([self._path]), self._path.with_name(f"{self._path.name}.again")
        moving = ", ".join(plan.moving)
        numbers = f"row_number IN ({', '.join(map(str, self._overtaken))})"
        self._conn.execute(f"INSERT INTO maybe_rows BY NAME SELECT {moving} FROM {written} WHERE {numbers}")
        self._conn.execute(f"DELETE FROM alike WHERE {numbers}")
        rest = plan.stored_sql(f"({self._rest(plan)})")
        try:
            self._conn.execute(
                f"COPY (FROM {written} WHERE NOT {numbers} UNION ALL ({rest})) TO {quote(str(again))} ({WRITE})"
            )
            again.replace(self._path)
        finally:
            again.unlink(missing_ok=True)
