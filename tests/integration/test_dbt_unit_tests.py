"""The dbt unit tests (given rows, expected rows) on a temporary DuckDB, and that the nightly job leaves them out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml
from dbt.parser.manifest import PARTIAL_PARSE_FILE_NAME

from pipelines.assets.dbt_manifest import project_hash
from pipelines.assets.dbt_process import BUILD
from pipelines.settings import DBT_PROJECT_DIR
from pipelines.storage.home import create_home

PARSED = DBT_PROJECT_DIR / "target" / "tests"
"""What dbt parsed for an earlier test, by the project's hash: six seconds less for the next."""
DBT = str(Path(sys.executable).parent / "dbt")
GOOD = ("pass", "success", "no-op")  # an exposure is named and not run


def run_dbt(home: Path, target: Path, *words: str, warned: frozenset[str] = frozenset()) -> dict[str, str]:
    """Status of each node that dbt ran, in an empty home of its own: exactly the tests `warned` warn, all others pass."""
    environment = {
        **os.environ, "UCV_HOME": str(home), "XDG_CONFIG_HOME": str(home.parent / "config"),
        "UCV_AS_OF_DATE": "2026-11-01", "UCV_WAREHOUSE": str(home / "warehouse" / "unit" / "warehouse.duckdb"),
        "PYTHONPATH": str(DBT_PROJECT_DIR.parent),
    }  # fmt: skip
    command = [DBT, *words, "--target-path", str(target), "--log-path", str(target), "--quiet"]
    parsed = PARSED / f"{project_hash()}.msgpack"
    own = target / PARTIAL_PARSE_FILE_NAME
    if parsed.exists() and not own.exists():
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(parsed, own)
    ended = subprocess.run(
        command, cwd=DBT_PROJECT_DIR, env=environment, capture_output=True, text=True, check=False
    )
    if own.exists() and not parsed.exists():
        PARSED.mkdir(parents=True, exist_ok=True)
        half = parsed.with_suffix(f".{os.getpid()}")
        shutil.copyfile(own, half)
        half.replace(parsed)
    results = json.loads((target / "run_results.json").read_text("utf-8"))["results"]
    assert results, ended.stdout[-4000:] + ended.stderr[-2000:]
    statuses = {result["unique_id"]: result["status"] for result in results}
    expected = {f"test.unified_customer_view.{name}": "warn" for name in warned}
    others = {name: status for name, status in statuses.items() if status not in GOOD}
    assert others == expected, f"{others}\n{ended.stdout[-6000:]}"
    return statuses


def declared() -> set[str]:
    files = list((DBT_PROJECT_DIR / "models").rglob("*__unit_tests.yml"))
    cases = [case for path in files for case in yaml.safe_load(path.read_text("utf-8"))["unit_tests"]]
    return {f"unit_test.unified_customer_view.{case['model']}.{case['name']}" for case in cases}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("dbt_unit") / "home"
    monkey = pytest.MonkeyPatch()
    monkey.setenv("XDG_CONFIG_HOME", str(root.parent / "config"))
    create_home(root)
    monkey.undo()
    return root


def test_every_unit_test_passes_on_an_empty_home(home: Path, tmp_path: Path) -> None:
    # Fixtures take their column types from the tables, so the layers are built once, without a row.
    run_dbt(home, tmp_path / "empty", "build", "--exclude-resource-types", "unit_test", "test")
    ran = run_dbt(home, tmp_path / "unit", "test", "--select", "test_type:unit")
    assert declared()
    assert set(ran) == declared()
    assert Counter(ran.values()) == {"pass": len(declared())}


def test_the_nightly_job_leaves_unit_tests_out() -> None:
    assert BUILD[BUILD.index("--exclude-resource-type") + 1] == "unit_test"
