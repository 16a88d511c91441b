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

from duckdb import DuckDBPyConnection

from pipelines.contracts.load import load_contracts
from pipelines.ingest.source import ingest_source
from pipelines.settings import DBT_PROJECT_DIR, load_settings
from pipelines.storage.connection import connect
from pipelines.storage.keys import load_keys
from pipelines.warehouse import prepare_warehouse

LOADED = datetime(2026, 11, 1)
WAREHOUSE = Path("warehouse") / "benchmark.duckdb"


def main(home: str, out: str, variables: str = "{}") -> None:
    """Raises SystemExit with dbt's own account when a model fails or a source was refused."""
    settings = load_settings(Path(home))
    keys = load_keys(settings)
    started = time.monotonic()
    for contract in load_contracts(settings.home).contracts:
        report = ingest_source(contract, settings, keys, LOADED)
        refused = [delivery for delivery in report.deliveries if delivery.status != "accepted"]
        if refused:
            raise SystemExit(f"refused: {refused}")
    ingested = time.monotonic()
    build_models(settings.home, ["--select", "+resolved", "identity_hot_keys"], variables)
    told = {"ingest_seconds": ingested - started, "dbt_seconds": time.monotonic() - ingested}
    Path(f"{out}.json").write_text(json.dumps(told), encoding="utf-8")


def build_models(home: Path, chosen: list[str], variables: str = "{}") -> None:
    """Build models of a home whose sources are ingested; `chosen` are dbt's words for which. Raises SystemExit."""
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - after the environment is set

    os.environ.update(UCV_HOME=str(home), UCV_WAREHOUSE=str(home / WAREHOUSE))
    folder, target = str(DBT_PROJECT_DIR), str(home / "target")
    words = ["build", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test", *chosen]
    words += ["--vars", variables, "--target-path", target, "--quiet"]
    result = dbtRunner().invoke([*words, "--project-dir", folder, "--profiles-dir", folder])
    if not result.success:
        raise SystemExit(
            f"dbt failed: {result.exception or [str(r.node.name) for r in result.result if r.status == 'error']}"
        )


def open_build(home: Path) -> DuckDBPyConnection:
    """A connection to the finished build of a home, its schema `identity` in use."""
    settings = load_settings(home)
    conn = connect(settings)
    prepare_warehouse(conn, settings, load_keys(settings), settings.home / WAREHOUSE)
    conn.execute("USE warehouse.identity")
    return conn


def read_ours(home: Path, out: Path) -> None:
    """OUT.csv gets source_record_id, customer_id; OUT.pairs.parquet the pairs of records (a, b) compared or alike."""
    conn = open_build(home)
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
