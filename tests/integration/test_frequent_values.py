"""A birth date, number or mailbox that a hundredth of a source shares takes no part in identity, and is listed and told."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from delivery_home import Home
from test_dbt_unit_tests import run_dbt

from pipelines.storage.connection import connect
from pipelines.warehouse import prepare_warehouse

BUILD = ("build", "--exclude-resource-types", "unit_test", "test", "--select")
MORE = """      - {name: email, logicalType: string}
      - {name: birth_date, logicalType: date}
"""
SHOP, FILLED, MAILBOX = "13900139000", "1990-03-07", "list@firma-beispiel.de"
FAMILY = "13800138001"


def names(count: int) -> list[str]:
    """Different Chinese names."""
    given = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平"
    return [f"{family}{one}" for family in "王李张刘陈杨赵黄周吴" for one in given][:count]


def read(home: Home, sql: str) -> list[tuple[object, ...]]:
    path = home.root / "warehouse" / "unit" / "warehouse.duckdb"
    with connect(home.settings) as conn:
        prepare_warehouse(conn, home.settings, home.keys, path)
        conn.execute("USE warehouse.standardise")
        return conn.execute(sql).fetchall()


def deliver(home: Home, source: str, rows: list[str]) -> None:
    contract = home.source(
        source, {"a.csv": "no,姓名,手机,time,email,birth_date\n" + "".join(rows)}, more=MORE
    )
    (report,) = home.take(contract, datetime(2026, 10, 1))
    assert report.quarantined == 0


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Home:
    root = tmp_path_factory.mktemp("frequent")
    monkey = pytest.MonkeyPatch()
    monkey.setenv("XDG_CONFIG_HOME", str(root / "config"))
    home = Home(root / "home")
    rows = []
    for number, name in enumerate(names(100)):
        phone = SHOP if number < 20 else f"137{number:08d}"
        birth = FILLED if number < 40 else f"19{60 + number % 40}-05-{number % 28 + 1:02d}"
        mailbox = MAILBOX if number < 19 else f"person{number}@example.org"
        rows.append(f"{number},{name},{phone},2026-01-01,{mailbox},{birth}\n")
    # One customer with many orders, and a family: much shared, by few names.
    rows += [f"b{number},欧阳修,{FAMILY},2026-01-01,,\n" for number in range(60)]
    deliver(home, "web", rows)
    deliver(home, "club", [f"1,{names(1)[0]},{SHOP},2026-01-01,,{FILLED}\n"])
    run_dbt(home.root, root / "target", *BUILD, "+std_records")
    monkey.undo()
    return home


def test_what_very_many_names_share_is_listed(built: Home) -> None:
    found = read(
        built,
        "SELECT source_system, field, value, record_count, name_count FROM std_frequent_values ORDER BY field",
    )
    # Nineteen names are too few for the mailbox, one name for the number on sixty orders.
    assert found == [("web", "birth_date", FILLED, 40, 40), ("web", "phone", f"+86{SHOP}", 20, 20)]


def test_it_takes_no_part_in_identity_where_it_is_shared(built: Home) -> None:
    asked = f"""
        SELECT source_system, count(*) FILTER (list_contains(own_phones, '+86{SHOP}')),
            count(*) FILTER (birth_date = DATE '{FILLED}'), count(*) FILTER (list_contains(own_phones, '+86{FAMILY}')),
            count(*) FILTER (len(own_emails) > 0)
        FROM std_records GROUP BY source_system ORDER BY source_system"""
    assert read(built, asked) == [("club", 1, 1, 0, 0), ("web", 0, 0, 60, 19)]


def test_it_stays_a_contact_of_the_record(built: Home) -> None:
    assert read(built, f"SELECT count(*) FROM std_record_phones WHERE phone_e164 = '+86{SHOP}'") == [(21,)]
    assert read(built, f"SELECT count(*) FROM std_records WHERE list_contains(phones, '+86{SHOP}')") == [
        (21,)
    ]


def test_it_is_told_without_the_value(built: Home, tmp_path: Path) -> None:
    check = "assert_values_seldom_shared"
    run_dbt(built.root, tmp_path / "told", "test", "--select", check, warned=frozenset({check}))
    results = json.loads((tmp_path / "told" / "run_results.json").read_text("utf-8"))["results"]
    assert [(one["status"], one["failures"]) for one in results] == [("warn", 2)]
    assert SHOP not in json.dumps(results)
    assert FILLED not in json.dumps(results)
