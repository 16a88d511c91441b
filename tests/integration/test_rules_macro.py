"""The generic test `rules`: each kind of rule is broken once in a real dbt project on a temporary DuckDB."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines.assets.table_facts import broken_rules
from pipelines.settings import DBT_PROJECT_DIR

DBT = str(Path(sys.executable).parent / "dbt")
GOOD = {"a": "(1, 'x', 'k', 1), (2, 'y', 'k', 2), (3, null, 'l', null)", "b": "(1), (2), (null)"}
SCHEMA = """
models:
- name: a
  data_tests:
  - rules:
      name: a_rules
      arguments:
        not_null: [id, key]
        unique: [id, [kind, key], at]
        accepted_values: {kind: [x, y]}
        relationships: [{column: at, to: ref('b'), field: id}]
- name: b
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "models").mkdir()
    (tmp_path / "macros").mkdir()
    for macro in ("test_rules.sql", "test_materialization.sql"):
        shutil.copy(DBT_PROJECT_DIR / "macros" / macro, tmp_path / "macros")
    (tmp_path / "dbt_project.yml").write_text("name: tried\nversion: 1.0.0\nprofile: tried\n")
    (tmp_path / "profiles.yml").write_text(
        f"tried: {{target: t, outputs: {{t: {{type: duckdb, path: '{tmp_path}/tried.duckdb'}}}}}}\n"
    )
    (tmp_path / "models" / "schema.yml").write_text(SCHEMA)
    return tmp_path


def build(project: Path, **rows: str) -> tuple[str, dict[str, int]]:
    """dbt's words and the broken rules of a_rules, for tables with these rows."""
    tables = {**GOOD, **rows}
    for name, columns in (("a", 'id, kind, key, "at"'), ("b", "id")):
        text = f"select * from (values {tables[name]}) as t({columns})"
        (project / "models" / f"{name}.sql").write_text(text)
    words = ["build", "--no-use-colors", "--project-dir", str(project), "--profiles-dir", str(project)]
    environment = {**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    ended = subprocess.run(
        [DBT, *words], cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    results = json.loads((project / "target" / "run_results.json").read_text())["results"]
    (test,) = [result for result in results if result["unique_id"].startswith("test.tried.a_rules")]
    with duckdb.connect(str(project / "tried.duckdb")) as conn:
        broken = broken_rules(conn, test["compiled_code"])
    assert (test["status"] == "pass") == (not broken)
    return ended.stdout, broken


def test_good_rows_break_no_rule_and_nulls_break_not_null_only(project: Path) -> None:
    assert build(project)[1] == {}


@pytest.mark.parametrize(
    ("rows", "rule", "count"),
    [
        ("(null, 'x', 'k', 1), (2, 'y', null, 2)", "id is filled", 1),
        ("(1, 'x', 'k', 1), (1, 'y', 'k', 2)", "id is unique", 2),
        ("(1, 'x', 'k', 1), (2, 'x', 'k', 2), (3, 'x', 'k', null)", "kind, key is unique", 3),
        ("(1, 'x', 'k', 1), (2, 'z', 'k', 2)", "kind has a known value", 1),
        ("(1, 'x', 'k', 1), (2, 'y', 'k', 9)", "at is found in b", 1),
        ("(1, 'x', 'k', 1), (2, 'y', 'k', 1)", "at is unique", 2),
    ],
)
def test_a_broken_rule_is_named_with_its_rows_and_without_a_value(
    project: Path, rows: str, rule: str, count: int
) -> None:
    told, broken = build(project, a=rows)
    assert broken[rule] == count
    assert f"a_rules: not every row: {rule} ({count} rows)" in told


def test_every_broken_rule_is_told_at_once(project: Path) -> None:
    _, broken = build(project, a="(null, 'z', null, 9), (null, 'z', null, 9)")
    assert broken == {
        "at is found in b": 2, "at is unique": 2, "id is filled": 2, "key is filled": 2, "kind has a known value": 2,
        "kind, key is unique": 2,
    }  # fmt: skip
