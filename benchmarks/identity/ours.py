"""Our side: what was delivered goes through ingest and the nightly dbt models up to the customer ids, and no further.

`python -m benchmarks.identity.ours HOME OUT [VARS]`: OUT.json gets seconds of ingest and of dbt. VARS are dbt variables as
JSON (other blocking rules in the benchmark of speed). `read_ours` reads the finished build.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import datetime
from pathlib import Path

from pipelines.contracts.load import load_contracts
from pipelines.ingest.source import ingest_source
from pipelines.settings import DBT_PROJECT_DIR, load_settings
from pipelines.storage.connection import connect
from pipelines.storage.keys import load_keys
from pipelines.warehouse import prepare_warehouse

LOADED = datetime(2026, 11, 1)
WAREHOUSE = Path("warehouse") / "benchmark.duckdb"


def main(home: str, out: str, variables: str = "{}") -> None:
    """Raises SystemExit with dbt's own account when a model fails or the source was refused."""
    settings = load_settings(Path(home))
    keys = load_keys(settings)
    started = time.monotonic()
    contract = load_contracts(settings.home).contracts[0]
    report = ingest_source(contract, settings, keys, LOADED)
    refused = [delivery for delivery in report.deliveries if delivery.status != "accepted"]
    if refused:
        raise SystemExit(f"refused: {refused}")
    ingested = time.monotonic()
    os.environ.update(UCV_HOME=home, UCV_WAREHOUSE=str(settings.home / WAREHOUSE))
    _build(settings.home / "target", variables)
    told = {"ingest_seconds": ingested - started, "dbt_seconds": time.monotonic() - ingested}
    Path(f"{out}.json").write_text(json.dumps(told), encoding="utf-8")


def _build(target: Path, variables: str) -> None:
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - after the environment is set

    folder = str(DBT_PROJECT_DIR)
    words = ["build", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test", "--select"]
    words += ["+resolved", "identity_hot_keys", "--vars", variables, "--target-path", str(target), "--quiet"]
    result = dbtRunner().invoke([*words, "--project-dir", folder, "--profiles-dir", folder])
    if not result.success:
        raise SystemExit(
            f"dbt failed: {result.exception or [str(r.node.name) for r in result.result if r.status == 'error']}"
        )


def read_ours(home: Path, out: Path) -> None:
    """OUT.csv gets source_record_id, customer_id; OUT.pairs.parquet the pairs of records (a, b) compared or alike."""
    settings = load_settings(home)
    conn = connect(settings)
    prepare_warehouse(conn, settings, load_keys(settings), settings.home / WAREHOUSE)
    conn.execute("USE warehouse.identity")
    conn.execute(
        "COPY (SELECT source_record_id, customer_id FROM resolved JOIN identity_records USING (record_id)) "
        f"TO '{out}.csv' (HEADER)"
    )
    conn.execute(
        "COPY (SELECT a.source_record_id AS a, b.source_record_id AS b FROM identity_candidate_pairs "
        "JOIN identity_records AS a ON a.profile_no = profile_a JOIN identity_records AS b ON b.profile_no = profile_b "
        "UNION ALL SELECT a.source_record_id, b.source_record_id FROM identity_records AS a "
        "JOIN identity_records AS b ON a.profile_no = b.profile_no AND a.record_id < b.record_id) "
        f"TO '{out}.pairs.parquet' (FORMAT parquet)"
    )
    conn.close()


if __name__ == "__main__":
    main(*sys.argv[1:4])
