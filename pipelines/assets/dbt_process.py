"""dbt inside this process: parsed once, built in parts, its log kept below the build.

One process starts the interpreter, dbt's modules and the manifest once for all parts of a night; a child for each part cost
15 s of imports, and one more child that asked for dbt's version went to the network.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipelines.assets.dbt_call import invoke_dbt
from pipelines.assets.dbt_cause import cause
from pipelines.assets.dbt_manifest import parsed_manifest
from pipelines.warehouse import WAREHOUSE_VARIABLE

BUILD = ["build", "--indirect-selection", "buildable", "--exclude-resource-type", "unit_test"]
"""What dbt is asked to do in each part of a night.

`buildable`: a test runs with the last part that builds one of its models, so each runs exactly once. Unit tests judge the
code, not the night's data: `make test` runs them.
"""


FAILED = frozenset({"error", "fail", "runtime error"})
"""Statuses of nodes that failed; what only follows from one of them is skipped."""


@dataclass(frozen=True)
class NodeOutcome:
    """How one node of a part ended. `failures` counts the rows (a test: the broken rules) that failed, `seconds` is wall time."""

    unique_id: str
    status: str
    failures: int
    seconds: float
    compiled_sql: str
    cause: str = ""  # why it failed, without a value; empty for one that did not

    @property
    def is_good(self) -> bool:
        return self.status in ("success", "pass", "warn")


@dataclass(frozen=True)
class PartOutcome:
    """How a part ended: its nodes in the order in which they ended, and whether dbt finished without a failure."""

    nodes: tuple[NodeOutcome, ...]
    is_good: bool


def build_part(
    select: list[str] | str, target: Path, on_node: Callable[[NodeOutcome, int], None]
) -> PartOutcome:
    """Build what `select` names in this process's environment (UCV_HOME, UCV_AS_OF_DATE, UCV_WAREHOUSE).

    A list holds names of nodes, a text is the name of one selector of dbt_project/selectors.yml.

    Compiled SQL, run_results.json and dbt.log go to `target`. `on_node` is called, on one of dbt's threads, with each node
    that ended and the number of nodes that ended so far. Never raises for what dbt meets: the outcome tells. The warehouse
    stays attached for the next part and `warehouse_cursor`, until `close_warehouse`.
    """
    manifest = parsed_manifest()
    ended: list[NodeOutcome] = []

    def heard(message: Any) -> None:
        if message.info.name == "NodeFinished":
            ended.append(_outcome(message.data.run_result, message.data.node_info))
            with suppress(Exception):  # a line of progress that cannot be told must not fail the node
                on_node(ended[-1], len(ended))

    chosen = ["--selector", select] if isinstance(select, str) else ["--select", *select]
    words = [*BUILD, *chosen, "--no-write-json"]
    words += ["--target-path", str(target), "--log-path", str(target)]
    result = invoke_dbt(words, manifest=manifest, callbacks=[heard])
    if result.result is None:
        (target / "dbt_error.txt").write_text(type(result.exception).__name__, encoding="utf-8")
        return PartOutcome(tuple(ended), is_good=False)
    result.result.write(str(target / "run_results.json"))
    nodes = tuple(
        _result(r) for r in result.result.results if r.node.resource_type in ("model", "seed", "test")
    )
    return PartOutcome(nodes, is_good=bool(result.success))


@contextmanager
def build_environment(home: str, as_of: date, path: Path) -> Iterator[None]:
    """This process's environment as dbt's plugin reads it: home, day, and the file that is built."""
    ours = {"UCV_HOME": home, "UCV_AS_OF_DATE": as_of.isoformat(), WAREHOUSE_VARIABLE: str(path)}
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def warehouse_cursor(path: Path) -> duckdb.DuckDBPyConnection | None:
    """A connection to the database that dbt has open with the file `path` as `warehouse`; None when it has none."""
    if "dbt.adapters.duckdb" not in sys.modules:
        return None
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415

    database = getattr(DuckDBConnectionManager._ENV, "conn", None)
    if database is None:
        return None
    try:
        conn: duckdb.DuckDBPyConnection = database.cursor()
        attached = conn.execute(
            "SELECT path FROM duckdb_databases() WHERE database_name = 'warehouse'"
        ).fetchone()
    except duckdb.Error:  # an error inside DuckDB leaves a database of which nothing can be asked any more
        close_warehouse()
        return None
    if attached and Path(attached[0]).resolve() == path.resolve():  # DuckDB tells the place behind links
        return conn
    conn.close()
    return None


def close_warehouse() -> None:
    """End dbt's connection. dbt-duckdb keeps it for the life of the process, and the next build is another file."""
    if "dbt.adapters.duckdb" not in sys.modules:
        return
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415

    environment = DuckDBConnectionManager._ENV
    if environment is not None:
        environment.close()
        DuckDBConnectionManager.close_all_connections()


def _outcome(result: Any, node: Any) -> NodeOutcome:
    return NodeOutcome(
        node.unique_id, node.node_status, int(result.num_failures or 0), float(result.execution_time), ""
    )


def _result(result: Any) -> NodeOutcome:
    return NodeOutcome(
        result.node.unique_id,
        str(result.status),
        int(result.failures or 0),
        float(result.execution_time),
        str(getattr(result.node, "compiled_code", None) or ""),
        cause(str(result.status), result.message, int(result.failures or 0))
        if str(result.status) in FAILED
        else "",
    )
