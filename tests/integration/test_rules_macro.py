"""The generic test `rules`: each kind of rule is broken once in a real dbt project on a temporary DuckDB."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from pipelines.assets.table_facts import broken_rules
from pipelines.settings import DBT_PROJECT_DIR

DBT = str(Path(sys.executable).parent / "dbt")
CASES = {
    "good": ("(1, 'x', 'k', 1), (2, 'y', 'k', 2), (3, null, 'l', null)", {}),
    "empty_key": ("(null, 'x', 'k', 1), (2, 'y', null, 2)", {"id is filled": 1, "key is filled": 1}),
    "twice": ("(1, 'x', 'k', 1), (1, 'y', 'k', 2)", {"id is unique": 2}),
    "pair_twice": (
        "(1, 'x', 'k', 1), (2, 'x', 'k', 2), (3, 'x', 'k', null)", {"kind, key is unique": 3},
    ),
    "unknown_value": ("(1, 'x', 'k', 1), (2, 'z', 'k', 2)", {"kind has a known value": 1}),
    "orphan": ("(1, 'x', 'k', 1), (2, 'y', 'k', 9)", {"at is found in parents": 1}),
    "reserved_word": ("(1, 'x', 'k', 1), (2, 'y', 'k', 1)", {"at is unique": 2}),
    "all_at_once": (
        "(null, 'z', null, 9), (null, 'z', null, 9)",
        {
            "at is found in parents": 2, "at is unique": 2, "id is filled": 2, "key is filled": 2,
            "kind has a known value": 2, "kind, key is unique": 2,
        },
    ),
}  # fmt: skip
"""Name of a table -> its rows (id, kind, key, at), and the rules that they break with the number of rows."""

RULES = """
- name: {name}
  data_tests:
  - rules:
      name: {name}_rules
      arguments:
        not_null: [id, key]
        unique: [id, [kind, key], at]
        accepted_values: {{kind: [x, y]}}
        relationships: [{{column: at, to: ref('parents'), field: id}}]"""


@dataclass(frozen=True)
class Build:
    """What dbt said, and by table the status of its test and the rules that are named as broken."""

    told: str
    status: dict[str, str]
    broken: dict[str, dict[str, int]]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    project = tmp_path_factory.mktemp("rules")
    (project / "models").mkdir()
    (project / "macros").mkdir()
    for macro in ("test_rules.sql", "test_materialization.sql"):
        shutil.copy(DBT_PROJECT_DIR / "macros" / macro, project / "macros")
    always = "{% macro reasons_to_build(node, code) %}{{ return(['*']) }}{% endmacro %}"
    (project / "macros" / "reasons_to_build.sql").write_text(always)
    (project / "dbt_project.yml").write_text("name: tried\nversion: 1.0.0\nprofile: tried\n")
    (project / "profiles.yml").write_text(
        f"tried: {{target: t, outputs: {{t: {{type: duckdb, path: '{project}/tried.duckdb'}}}}}}\n"
    )
    (project / "models" / "parents.sql").write_text("select * from (values (1), (2), (null)) as t(id)")
    for name, (rows, _) in CASES.items():
        text = f'select * from (values {rows}) as t(id, kind, key, "at")'
        (project / "models" / f"{name}.sql").write_text(text)
    (project / "models" / "schema.yml").write_text(
        "models:" + "".join(RULES.format(name=name) for name in CASES)
    )
    words = ["build", "--no-use-colors", "--project-dir", str(project), "--profiles-dir", str(project)]
    environment = {**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    ended = subprocess.run(
        [DBT, *words], cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    results = json.loads((project / "target" / "run_results.json").read_text())["results"]
    tests = {
        r["unique_id"].split(".")[2].removesuffix("_rules"): r
        for r in results
        if r["unique_id"].startswith("test")
    }
    with duckdb.connect(str(project / "tried.duckdb")) as conn:
        broken = {name: broken_rules(conn, test["compiled_code"]) for name, test in tests.items()}
    return Build(ended.stdout, {name: test["status"] for name, test in tests.items()}, broken)


@pytest.mark.parametrize("name", CASES)
def test_broken_rules_are_named_with_their_rows_and_nulls_break_not_null_only(
    build: Build, name: str
) -> None:
    expected = CASES[name][1]
    assert build.broken[name] == expected
    assert build.status[name] == ("fail" if expected else "pass")


def test_the_shell_is_told_each_broken_rule_and_no_value(build: Build) -> None:
    told = {line.partition("  ")[2] for line in build.told.splitlines() if "not every row" in line}
    assert told == {
        f"{name}_rules: not every row: {rule} ({count} rows)"
        for name, (_, rules) in CASES.items()
        for rule, count in rules.items()
    }
