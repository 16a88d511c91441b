"""`ucv query`: published tables by their plain names, and nothing else."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from publishing_home import Home

from pipelines.errors import PublishError, UcvError
from pipelines.publishing import query as subject
from pipelines.publishing.output import write_result
from pipelines.publishing.query import QueryError, run_query
from pipelines.publishing.recovery import recover


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("query") / "home")
    home.publish()
    return home


def ask(home: Home, sql: str) -> list[tuple[object, ...]]:
    return list(run_query(home.settings, home.keys, sql).rows)


@pytest.mark.parametrize(
    "sql",
    [
        "select * from customers",
        "select * from golden.customers",
        "select * from customer_360",
        "from marts.customer_360",
        "with c as (select * from customers) select * from c",
        "(select customer_id from customers) union all (select 'none' limit 0)",
        "-- a remark\n/* another */ select * from customers;",
        "DESCRIBE customers",
        "summarize customers",
        "show tables",
    ],
)
def test_reading_statements_work(home: Home, sql: str) -> None:
    assert ask(home, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "copy customers to '{out}'",
        "copy (select 1) to '{out}'",
        "attach '{out}' as other",
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "select * from '/etc/passwd'",
        "from read_blob('/etc/passwd')",
        "select * from glob('/etc/*')",
        "select * from read_parquet('https://example.org/a.parquet')",
        "install spatial",
        "load spatial",
        "pragma database_list",
        "/* select */ pragma show_tables",
        "set threads = 1",
        "reset threads",
        "call pragma_version()",
        "checkpoint",
        "export database '{out}'",
        "import database '{out}'",
        "create table golden.x as select 1",
        "create temp table x as select 1",
        "insert into customers select * from customers",
        "update customers set night = 0",
        "delete from customers",
        "drop table customers",
        "truncate customers",
        "select 1; drop table customers",
        "select 1; select 2",
        "select * from query('drop table customers')",
        "with x as (delete from customers returning *) select * from x",
        "prepare p as select 1",
        "begin",
        "use memory",
        "",
        "-- nothing",
        "select",
        "select * from nowhere",
        "select no_such_column from customers",
        "select ?",
    ],
)
def test_everything_else_is_refused(home: Home, tmp_path: Path, sql: str) -> None:
    before = (home.path / "warehouse" / "versions" / "current" / "warehouse.duckdb").read_bytes()
    with pytest.raises(QueryError):
        ask(home, sql.format(out=tmp_path / "out.db"))
    assert list(tmp_path.iterdir()) == []
    assert (home.path / "warehouse" / "versions" / "current" / "warehouse.duckdb").read_bytes() == before


def test_a_query_cannot_read_the_programs_own_variables(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "some_frame", pd.DataFrame({"a": [1]}), raising=False)
    with pytest.raises(QueryError, match="some_frame does not exist"):
        ask(home, "select * from some_frame")


def test_a_failing_cast_does_not_show_the_value(home: Home) -> None:
    with pytest.raises(QueryError) as caught:
        ask(home, "select note::integer from customers")
    assert "marked" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_wrong_statement_says_what_is_wrong(home: Home) -> None:
    with pytest.raises(QueryError, match="customers"):
        ask(home, "select * from custommers")


def test_the_key_shows_nowhere(home: Home) -> None:
    key = home.keys.duckdb_key("warehouse")
    for sql in ("select * from duckdb_databases()", "select * from duckdb_settings()", "from duckdb_logs()"):
        assert key not in str(ask(home, sql))


def test_two_large_sorts_spill_apart_inside_the_home(
    home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    small = home.settings.model_copy(update={"memory_limit": "60MB"})
    sql = "select md5(i::varchar) as m from range(3000000) as t(i) order by m"
    results = [run_query(small, home.keys, sql) for _ in range(2)]
    first = [next(result.rows) for result in results]
    spills = list((home.path / "warehouse").glob(".spill-*"))
    assert len(spills) == 2, "both must spill for this test to say anything"
    assert first[0] == first[1]
    assert [sum(1 for _ in result.rows) for result in results] == [2_999_999] * 2
    assert list(tmp_path.iterdir()) == []
    assert not any(path.exists() for path in spills)


def test_spill_files_of_dead_processes_go_and_those_of_live_ones_stay(home: Home) -> None:
    with subprocess.Popen([sys.executable, "-c", "pass"]) as process:
        process.wait()
    dead = home.path / "warehouse" / f".spill-{process.pid}-00000000"
    alive = home.path / "warehouse" / f".spill-{os.getpid()}-00000000"
    dead.mkdir()
    alive.mkdir()
    recover(home.settings)
    assert (dead.exists(), alive.exists()) == (False, True)


def test_nothing_published_says_what_to_run(tmp_path: Path) -> None:
    empty = Home(tmp_path / "home")
    with pytest.raises(PublishError, match="ucv run"):
        ask(empty, "select 1")


def test_a_current_version_that_is_gone_lists_the_others(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    first, second = home.publish(), home.publish()
    shutil.rmtree(home.path / "warehouse" / "versions" / second.version)
    with pytest.raises(PublishError, match=first.version):
        ask(home, "select 1")


def test_another_key_is_an_error_without_the_key(home: Home) -> None:
    other = Home(home.path)
    other.keys = type(home.keys)("test", bytes(32))
    with pytest.raises(UcvError) as caught:
        ask(other, "select 1")
    assert other.keys.duckdb_key("warehouse") not in str(caught.value)


SAMPLE = (
    "select 1 as n, null::varchar as nothing, 'a,\"b' as text, 1.10::decimal(9,2) as amount, "
    "date '2026-11-23' as day, [1, null] as list, 'nan'::double as odd, '王' as name, true as flag"
)


def test_csv(home: Home) -> None:
    stream = io.StringIO()
    assert write_result(run_query(home.settings, home.keys, SAMPLE), stream, "csv") == 1
    assert stream.getvalue() == (
        'n,nothing,text,amount,day,list,odd,name,flag\n1,,"a,""b",1.10,2026-11-23,"[1, null]",nan,王,true\n'
    )


def test_json(home: Home) -> None:
    stream = io.StringIO()
    write_result(run_query(home.settings, home.keys, SAMPLE), stream, "json")
    assert json.loads(stream.getvalue()) == [
        {
            "n": 1,
            "nothing": None,
            "text": 'a,"b',
            "amount": 1.1,
            "day": "2026-11-23",
            "list": [1, None],
            "odd": None,
            "name": "王",
            "flag": True,
        }
    ]
    empty = io.StringIO()
    assert write_result(run_query(home.settings, home.keys, "select 1 where false"), empty, "json") == 0
    assert json.loads(empty.getvalue()) == []


def test_table_shows_markup_and_control_signs_as_plain_text(home: Home) -> None:
    stream = io.StringIO()
    write_result(
        run_query(home.settings, home.keys, "select '[red]x' || chr(27) || '[2J' as note"), stream, "table"
    )
    assert "[red]x [2J" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_a_long_table_says_that_it_is_cut(home: Home) -> None:
    stream = io.StringIO()
    assert (
        write_result(run_query(home.settings, home.keys, "select * from range(501)"), stream, "table") == 500
    )
    assert "--format csv" in stream.getvalue()


def test_an_unknown_format_names_the_known_ones(home: Home) -> None:
    with pytest.raises(QueryError, match="csv, json, table"):
        write_result(run_query(home.settings, home.keys, "select 1"), io.StringIO(), "xml")
