"""What is told of a part of dbt that failed: node, cause without values, and the command that shows more."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from rich.console import Console

from pipelines.assets.dbt_cause import cause
from pipelines.assets.dbt_process import NodeOutcome, PartOutcome
from pipelines.assets.warehouse import failure_told
from pipelines.command.run import _tell

SECRET = "王小明"
CARD = "440981198807061234"

QUERIES = [
    (f"SELECT '{SECRET}'::INTEGER", "Conversion Error: a value does not fit the type of its column"),
    (f"SELECT ('{CARD}' || '{CARD}')::BIGINT", "Conversion Error: a value does not fit the type of its column"),
    (f"SELECT {CARD}::BIGINT * 1000000", "Out of Range Error: a number is larger than its type holds"),
    (f"INSERT INTO people VALUES (NULL, '{SECRET}')", "Constraint Error: a rule of the model's contract does not hold (people.id is not filled)"),
    (f"INSERT INTO people VALUES ('{CARD}', 'x'), ('{CARD}', 'y')", "Constraint Error: a rule of the model's contract does not hold"),
    (f"SELECT strptime('{SECRET}', '%Y')", "Invalid Input Error: a function was given what it cannot take"),
]  # fmt: skip


def message(sql: str) -> str:
    """What DuckDB says of a query that fails, as dbt hands it on."""
    with duckdb.connect() as conn:
        conn.execute("CREATE TABLE people (id VARCHAR NOT NULL PRIMARY KEY, name VARCHAR)")
        with pytest.raises(duckdb.Error) as caught:
            conn.execute(sql).fetchall()
    return f"Runtime Error in model people (models/golden/people.sql)\n  {caught.value}\n  > in macro x"


@pytest.mark.parametrize(("sql", "told"), QUERIES)
def test_a_fault_of_the_data_is_told_without_its_value(sql: str, told: str) -> None:
    found = message(sql)
    assert SECRET in found or CARD in found or "people.id" in found  # the control: dbt's message quotes it
    assert cause("error", found, 0) == told


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELECT nothing FROM people", 'Binder Error: Referenced column "nothing" not found in FROM clause!'),
        ("SELECT * FROM gone", "Catalog Error: Table with name gone does not exist!"),
        ("SELECT FROM people WHERE", "Parser Error: syntax error at end of input"),
        (f"SELECT * FROM people WHERE name = '{SECRET}' AND gone", 'Binder Error: Referenced column "gone" not found in FROM clause!'),
    ],
)  # fmt: skip
def test_a_fault_of_the_sql_is_told_as_it_is(sql: str, told: str) -> None:
    assert cause("error", message(sql), 0) == told


def test_a_text_quoted_in_a_fault_of_the_sql_is_masked() -> None:
    found = f"Runtime Error\n  Binder Error: No function matches '{SECRET}' here"
    assert cause("error", found, 0) == "Binder Error: No function matches … here"


@pytest.mark.parametrize(
    ("status", "text", "failures", "told"),
    [
        ("fail", f"Got 3 results {SECRET}", 3, "3 rules are broken"),
        ("fail", None, 1, "1 rule is broken"),
        ("error", f"something about {SECRET}", 0, "dbt gives no cause that can be told without values"),
        ("error", None, 0, "dbt gives no cause"),
        ("error", "Compilation Error in model a (models/a.sql)\n  'no_macro' is undefined", 0,
         "Compilation Error: in model a (models/a.sql)"),
    ],
)  # fmt: skip
def test_other_ends_are_told_too(status: str, text: str | None, failures: int, told: str) -> None:
    assert cause(status, text, failures) == told


def node(name: str, status: str, why: str = "") -> NodeOutcome:
    kind = "test" if status in ("fail", "pass") else "model"
    return NodeOutcome(f"{kind}.unified_customer_view.{name}", status, 0, 0.1, "", why)


def test_the_message_names_node_cause_and_command(tmp_path: Path) -> None:
    nodes = (
        node("customers", "error", "Conversion Error: a value"),
        node("fct_orders", "skipped"),
        node("std_names", "success"),
    )
    told = failure_told(PartOutcome(nodes, is_good=False), tmp_path / "target", tmp_path, is_dev=False)
    assert told.startswith("dbt: 1 of 3 nodes failed: customers: Conversion Error: a value. `cd ")
    assert f"UCV_HOME={tmp_path} " in told
    assert "/dbt build --select customers` shows it whole, values included." in told
    assert told.endswith("Readers keep the last good version.")


def test_of_failed_tests_the_command_is_a_test_and_of_many_the_first_are_named(tmp_path: Path) -> None:
    nodes = tuple(node(f"rules_{n}.0a1b", "fail", "1 rule is broken") for n in range(7))
    told = failure_told(PartOutcome(nodes, is_good=False), tmp_path, tmp_path, is_dev=False)
    assert "/dbt test --select rules_0 rules_1 rules_2 rules_3 rules_4`" in told
    assert "rules_4: 1 rule is broken; and 2 more." in told


def test_a_part_without_a_failed_node_did_not_finish(tmp_path: Path) -> None:
    told = failure_told(PartOutcome((), is_good=False), tmp_path, tmp_path, is_dev=False)
    assert (
        told == f"dbt did not finish. Its log is {tmp_path / 'dbt.log'}. Readers keep the last good version."
    )


def test_a_narrow_terminal_breaks_no_path_and_reads_no_bracket_as_markup() -> None:
    told = f"dbt: failed. `cd /{'deep/' * 30}dbt_project && dbt build --select a[b]` shows it"
    failure = SimpleNamespace(user_failure_data=SimpleNamespace(description=told))
    event: Any = SimpleNamespace(
        is_step_failure=True, is_job_failure=False, step_key="golden_models", step_failure_data=failure
    )
    result = SimpleNamespace(get_asset_check_evaluations=list, all_events=[event], success=False)
    shown = io.StringIO()
    assert _tell(result, Console(file=shown, width=60)) == ["golden_models"]
    assert shown.getvalue() == f"golden_models: {told}\n"
