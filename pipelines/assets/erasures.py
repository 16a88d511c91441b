"""Requests for erasure in a night: done before anybody asks whether there is anything to build."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import dagster as dg

from pipelines.assets.layers import RAW_GROUP
from pipelines.assets.nightly import Nightly
from pipelines.ingest.raw_store import list_deliveries, raw_relation_sql

ERASED, WAITING = "people_erased", "erasure_requests_waiting"
SUPPRESSION, REASON = "suppression", "erasure"
_NIGHT_KEY = dg.AssetKey([RAW_GROUP, "changes"])


def erase_on_request(context: dg.AssetExecutionContext, nightly: Nightly) -> None:
    """Let everybody leave whom a suppression source asks to erase; tell which requests wait for the officer."""
    if not _is_asked(nightly):
        return
    from pipelines.command.erase_requests import erase_requested  # noqa: PLC0415 - reads names and numbers: half a second

    with nightly.database().cursor() as conn:
        done = erase_requested(nightly.settings, nightly.keys, conn, nightly.started_at)
    if done.waiting:
        context.log.warning(
            f"Requests for erasure wait, since none or several customers fit: {_by_source(done.waiting)}. "
            "They stand in marts.customer_suppressions; the privacy officer names whom they mean: `ucv erase CUSTOMER`."
        )
    if done.receipt or done.waiting:
        people = int(done.receipt.told["people"]) if done.receipt else 0
        context.log_event(
            dg.AssetObservation(_NIGHT_KEY, metadata={ERASED: people, WAITING: len(done.waiting)})
        )


def _by_source(records: Iterable[str]) -> str:
    """How many of each source; never their keys, which may be somebody's number or mailbox."""
    counts = Counter(record.partition(":")[0] for record in records)
    return ", ".join(f"{source} {count}" for source, count in sorted(counts.items()))


def _is_asked(nightly: Nightly) -> bool:
    home = nightly.settings.home
    if not any(manifest["accepted"] for manifest in list_deliveries(home, SUPPRESSION)):
        return False
    with nightly.database().cursor() as conn:
        sql = f"SELECT 1 FROM ({raw_relation_sql(home, SUPPRESSION)}) WHERE reason = ? LIMIT 1"
        return conn.execute(sql, [REASON]).fetchone() is not None
