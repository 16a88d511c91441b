"""dbt inside this process: parsed once, built in parts, its log kept below the build.

One process starts the interpreter, dbt's modules and the manifest once for all parts of a night; a child for each part cost
15 s of imports, and one more child that asked for dbt's version went to the network.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from filelock import FileLock

from pipelines.errors import SettingsError
from pipelines.settings import DBT_PROJECT_DIR

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

TARGET_DIR = DBT_PROJECT_DIR / "target" / "night"
"""Of the nights, apart from what a data engineer's own dbt commands leave in target/, with whatever variables."""
MANIFEST = TARGET_DIR / "manifest.json"
_PARTS = ("models", "seeds", "macros", "tests", "dbt_project.yml", "profiles.yml")
_QUIET = ["--quiet", "--log-level", "none", "--no-use-colors"]
_PLACE = ["--project-dir", str(DBT_PROJECT_DIR), "--profiles-dir", str(DBT_PROJECT_DIR)]
BUILD = ["build", "--indirect-selection", "buildable", "--exclude-resource-type", "unit_test"]
"""What dbt is asked to do in each part of a night.

`buildable`: a test runs with the last part that builds one of its models, so each runs exactly once. Unit tests judge the
code, not the night's data: `make test` runs them.
"""


@dataclass(frozen=True)
class NodeOutcome:
    """How one node of a part ended. `failures` counts the rows (a test: the broken rules) that failed, `seconds` is wall time."""

    unique_id: str
    status: str
    failures: int
    seconds: float
    compiled_sql: str

    @property
    def is_good(self) -> bool:
        return self.status in ("success", "pass", "warn")


@dataclass(frozen=True)
class PartOutcome:
    """How a part ended: its nodes in the order in which they ended, and whether dbt finished without a failure."""

    nodes: tuple[NodeOutcome, ...]
    is_good: bool


@cache
def parsed_manifest() -> Manifest:
    """dbt's own manifest of the project as it stands when this process asks first; MANIFEST holds the same as JSON.

    Raises SettingsError with dbt's own words when the project does not parse.
    """
    TARGET_DIR.mkdir(parents=True, exist_ok=True)
    with FileLock(TARGET_DIR / ".parse.lock"):
        saved = _saved_manifest() if is_parsed() else None
        if saved is not None:
            return saved
        ended = _invoke(["parse", "--target-path", str(TARGET_DIR), "--log-path", str(TARGET_DIR)])
        if not ended.success:
            raise SettingsError(f"The dbt project does not parse; mend it and try again.\n{ended.exception}")
        MANIFEST.touch()
    manifest: Manifest = ended.result
    return manifest


def is_parsed() -> bool:
    """Whether MANIFEST is no older than the project's files; a folder's own time tells of removed ones."""
    roots = [DBT_PROJECT_DIR / part for part in _PARTS]
    newest = max(path.stat().st_mtime for root in roots for path in (root, *root.rglob("*")))
    return MANIFEST.exists() and MANIFEST.stat().st_mtime >= newest


def _saved_manifest() -> Manifest | None:
    """What an earlier process parsed (a second less than to ask dbt whether anything changed); None where it does not serve."""
    from dbt.contracts.graph.manifest import Manifest  # noqa: PLC0415 - seconds
    from dbt.parser.manifest import PARTIAL_PARSE_FILE_NAME, extended_mashumuro_decoder  # noqa: PLC0415

    try:
        saved: Manifest = Manifest.from_msgpack(
            (TARGET_DIR / PARTIAL_PARSE_FILE_NAME).read_bytes(), decoder=extended_mashumuro_decoder
        )
    except Exception:  # of another version of dbt, damaged or not there: parsed anew
        return None
    return saved if saved.metadata.dbt_version == version("dbt-core") else None


def build_part(select: list[str], target: Path, on_node: Callable[[NodeOutcome, int], None]) -> PartOutcome:
    """Build what `select` names in this process's environment (UCV_HOME, UCV_AS_OF_DATE, UCV_WAREHOUSE).

    Compiled SQL, run_results.json and dbt.log go to `target`. `on_node` is called, on one of dbt's threads, with each node
    that ended and the number of nodes that ended so far. Never raises for what dbt meets: the outcome tells. The warehouse
    stays attached for the next part and `warehouse_cursor`, until `close_warehouse`.
    """
    manifest = parsed_manifest()
    ended: list[NodeOutcome] = []

    def heard(message: Any) -> None:
        if message.info.name == "NodeFinished":
            ended.append(_outcome(message.data.run_result, message.data.node_info))
            on_node(ended[-1], len(ended))

    words = [*BUILD, "--select", *select, "--no-write-json"]
    words += ["--target-path", str(target), "--log-path", str(target)]
    result = _invoke(words, manifest=manifest, callbacks=[heard])
    if result.result is None:
        (target / "dbt_error.txt").write_text(type(result.exception).__name__, encoding="utf-8")
        return PartOutcome(tuple(ended), is_good=False)
    result.result.write(str(target / "run_results.json"))
    nodes = tuple(
        _result(r) for r in result.result.results if r.node.resource_type in ("model", "seed", "test")
    )
    return PartOutcome(nodes, is_good=bool(result.success))


def _invoke(words: list[str], **runner: Any) -> Any:
    os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - seconds; a night without news never needs it

    return dbtRunner(**runner).invoke([*_QUIET, *words, *_PLACE])


def warehouse_cursor(path: Path) -> duckdb.DuckDBPyConnection | None:
    """A connection to the database that dbt has open with the file `path` as `warehouse`; None when it has none."""
    if "dbt.adapters.duckdb" not in sys.modules:
        return None
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415

    database = getattr(DuckDBConnectionManager._ENV, "conn", None)
    if database is None:
        return None
    conn: duckdb.DuckDBPyConnection = database.cursor()
    attached = conn.execute(
        "SELECT path FROM duckdb_databases() WHERE database_name = 'warehouse'"
    ).fetchone()
    if attached and Path(attached[0]) == path:
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
    )
