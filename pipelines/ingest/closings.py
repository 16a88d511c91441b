"""What a snapshot closes: records of the source that it no longer holds."""

from __future__ import annotations

import duckdb

from pipelines.errors import DeliveryError
from pipelines.ingest.landed import Landed
from pipelines.ingest.plan import Plan

# `passed` knows keys by a hash of 64 bits: of ten million records one may be missed in a thousand years of nights.
_GONE = """operation = 'upsert' AND source_record_id NOT IN (SELECT record_key FROM aside WHERE record_key IS NOT NULL)
    AND hash(source_record_id) NOT IN (SELECT key_hash FROM passed)"""


def check_shrink(conn: duckdb.DuckDBPyConnection, plan: Plan, landed: Landed) -> None:
    """Raises DeliveryError (empty_snapshot, shrink) where too much of the list would be closed."""
    held, gone, rows = conn.execute(f"""
        SELECT count(*) FILTER (operation = 'upsert'), count(*) FILTER ({_GONE}),
            (SELECT count(*) FROM aside) + (SELECT count(*) FROM passed)
        FROM latest""").fetchone() or (0, 0, 0)
    if not rows and held:
        raise DeliveryError(
            "empty_snapshot",
            f"{landed.path.name} is a snapshot without rows; {held} records would be closed.",
        )
    limit = plan.contract.shrink_limit
    if held and gone / held > limit:
        raise DeliveryError(
            "shrink", f"{landed.path.name} lacks {gone} of {held} records ({gone / held:.0%}), more than the contract's "
            f"shrinkLimit of {limit:.0%}; deliver the whole list or raise the limit."
        )  # fmt: skip


def closings_sql(plan: Plan, landed: Landed) -> str:
    """SELECT of the closings, in the columns that move."""
    return f"SELECT {plan.closing_columns(landed)} FROM latest WHERE {_GONE}"
