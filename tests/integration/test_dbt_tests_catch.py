"""The dbt tests that keep the layers whole, each on tables with one fault that it is there for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from pipelines.assets.dbt_process import NodeOutcome, build_part, close_warehouse
from pipelines.assets.table_facts import broken_rules
from pipelines.settings import Settings
from pipelines.storage.connection import attach_database, connect, prepare_connection
from pipelines.storage.home import create_home
from pipelines.storage.keys import load_keys

GOOD = """
create schema warehouse.standardise; create schema warehouse.identity; create schema warehouse.golden;
create schema warehouse.staging; create schema warehouse.marts;
create table warehouse.standardise.std_records as select 's:' || n as record_id from range(4) as t(n);
create table warehouse.identity.resolved as select 's:' || n as record_id from range(3) as t(n);
create table warehouse.identity.unidentified_records as select 's:3' as record_id;
create table warehouse.golden.customer_xref as
    select 's' as source_system, n::varchar as source_record_id, 's:' || n as record_id, 'c' || n // 2 as customer_id,
        'person' as entity_type from range(3) as t(n);
create table warehouse.golden.customers as select 'c' || n as customer_id, 'person' as entity_type from range(2) as t(n);
create table warehouse.staging.stg_transactions as select 't:' || n as record_id, n::decimal(9,2) as amount,
    null::decimal(18,4) as unit_price, null::decimal(18,4) as quantity from range(3) as t(n);
create table warehouse.marts.fct_transactions as from warehouse.staging.stg_transactions;
create table warehouse.golden.source_consistency as
    select 's' as source_system, 'id_sex' as rule, 100 as judged_count, 5 as broken_count, 0.05 as broken_share, 0.05 as warn_share;
"""
TESTS = [
    "assert_records_reconcile", "assert_amounts_preserved", "assert_entity_types_unmixed", "customers_rules",
    "customer_xref_rules", "assert_inconsistencies_rare",
]  # fmt: skip
FAULTS = {
    "nothing": ("select 1", {}),
    "record_lost": (
        "delete from warehouse.identity.unidentified_records", {"assert_records_reconcile": {}},
    ),
    "record_in_both": (
        "insert into warehouse.identity.unidentified_records values ('s:0')", {"assert_records_reconcile": {}},
    ),
    "line_lost": (
        "delete from warehouse.marts.fct_transactions where amount = 0",
        {"assert_amounts_preserved": {"every transaction line is published": 1}},
    ),
    "amount_changed": (
        "update warehouse.marts.fct_transactions set amount = amount + 0.01 where amount = 1",
        {"assert_amounts_preserved": {"the sum of amounts is the one of staging": 3}},
    ),
    "all_lines_lost": (
        "delete from warehouse.marts.fct_transactions",
        {"assert_amounts_preserved": {"every transaction line is published": 3, "the sum of amounts is the one of staging": 3}},
    ),
    "customer_twice": (
        "insert into warehouse.golden.customers values ('c0', 'person')", {"customers_rules": {"customer_id is unique": 2}},
    ),
    "customer_without_records": (
        "insert into warehouse.golden.customers values ('c9', 'person')",
        {"customers_rules": {"customer_id is found in customer_xref": 1}},
    ),
    "records_without_customer": (
        "delete from warehouse.golden.customers where customer_id = 'c1'",
        {"customer_xref_rules": {"customer_id is found in customers": 1}},
    ),
    "customer_of_two_types": (
        "update warehouse.golden.customer_xref set entity_type = 'organisation' where record_id = 's:0'",
        {"assert_entity_types_unmixed": {}},
    ),
    "source_contradicts_itself": (
        "update warehouse.golden.source_consistency set broken_count = 6, broken_share = 0.06",
        {"assert_inconsistencies_rare": {"s breaks id_sex": 6}},
    ),
}  # fmt: skip
"""Name -> a statement that breaks good tables, and the tests that see it with the rules that they name."""


@dataclass(frozen=True)
class Built:
    """Good tables, what dbt said of them, and what it said when every fault was in them at once."""

    settings: Settings
    path: Path
    good: dict[str, NodeOutcome]
    all_broken: dict[str, NodeOutcome]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    folder = tmp_path_factory.mktemp("catch")
    path = folder / "good" / "warehouse.duckdb"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        settings = create_home(folder / "home")
        patch.setenv("UCV_HOME", str(settings.home))
        patch.setenv("UCV_AS_OF_DATE", "2026-11-01")
        patch.setattr("pipelines.assets.dbt_process.BUILD", ["test"])
        good = said_of(patch, settings, path, GOOD)
        broken = said_of(
            patch, settings, folder / "broken" / "warehouse.duckdb",
            ";".join([GOOD, *(statement for statement, _ in FAULTS.values())]),
        )  # fmt: skip
        yield Built(settings, path, good, broken)


def said_of(patch: pytest.MonkeyPatch, settings: Settings, path: Path, sql: str) -> dict[str, NodeOutcome]:
    path.parent.mkdir()
    with warehouse(settings, path) as conn:
        conn.execute(sql)
    patch.setenv("UCV_WAREHOUSE", str(path))
    try:
        nodes = build_part(TESTS, path.parent, lambda *_: None).nodes
    finally:
        close_warehouse()
    return {node.unique_id.split(".")[2]: node for node in nodes}


def warehouse(settings: Settings, path: Path) -> duckdb.DuckDBPyConnection:
    conn = connect(settings)
    prepare_connection(conn, settings, load_keys(settings))
    attach_database(conn, path, load_keys(settings))
    return conn


def test_good_tables_pass_and_broken_ones_fail_or_warn(built: Built) -> None:
    assert {name: node.status for name, node in built.good.items()} == dict.fromkeys(TESTS, "pass")
    expected = {**dict.fromkeys(TESTS, "fail"), "assert_inconsistencies_rare": "warn"}
    assert {name: node.status for name, node in built.all_broken.items()} == expected


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_seen_by_the_test_that_is_there_for_it(built: Built, fault: str) -> None:
    statement, expected = FAULTS[fault]
    with warehouse(built.settings, built.path) as conn:
        conn.begin()
        conn.execute(statement)
        seen = {
            name: broken_rules(conn, node.compiled_sql)
            for name, node in built.good.items()
            if conn.execute(f"select count(*) from ({node.compiled_sql})").fetchall() != [(0,)]
        }
        conn.rollback()
    assert seen == expected
