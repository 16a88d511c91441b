"""What cleaning made of a value can be looked up: before, after, by which rule, in how many records of which source."""

from __future__ import annotations

from datetime import datetime

import pytest
from delivery_home import Home
from test_dbt_unit_tests import run_dbt

from pipelines.storage.connection import connect
from pipelines.warehouse import prepare_warehouse

MORE = """      - {name: email, logicalType: string}
      - {name: gender, logicalType: string}
"""
ROWS = (
    "1,王小明,137 8812 4590,2026-01-01,ANN.LEE@Beispiel.de,男",
    "2,王小明,137 8812 4590,2026-01-01,ann.lee@beispiel.de,male",
    "3,test test,+8613788124590,2026-01-01,,外星人",
)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[object, ...]]:
    """Rows of the log without names: field, rule, before, after, records."""
    root = tmp_path_factory.mktemp("changed")
    with pytest.MonkeyPatch.context() as monkey:
        monkey.setenv("XDG_CONFIG_HOME", str(root / "config"))
        home = Home(root / "home")
        text = "no,姓名,手机,time,email,gender\n" + "".join(f"{row}\n" for row in ROWS)
        home.take(home.source("web", {"a.csv": text}, more=MORE), datetime(2026, 10, 1))
        words = ("build", "--exclude-resource-types", "unit_test", "test", "--select", "+std_changed_values")
        run_dbt(home.root, root / "target", *words)
        path = home.root / "warehouse" / "unit" / "warehouse.duckdb"
        assert b"137 8812 4590" not in path.read_bytes()
        with connect(home.settings) as conn:
            prepare_warehouse(conn, home.settings, home.keys, path)
            return conn.execute(
                "SELECT source_system, field, cleaning_rule, value_before, value_after, record_count "
                "FROM warehouse.standardise.std_changed_values ORDER BY ALL"
            ).fetchall()


def test_a_changed_value_stands_beside_what_it_was(changed: list[tuple[object, ...]]) -> None:
    assert ("web", "phone", "form", "137 8812 4590", "+8613788124590", 2) in changed
    assert ("web", "gender", "form", "男", "male", 1) in changed


def test_a_value_that_became_none_is_told_with_the_rule(changed: list[tuple[object, ...]]) -> None:
    (name,) = [row for row in changed if row[1] == "name"]
    assert name[3:] == ("test test", None, 1)
    assert name[2] not in ("form", None)
    assert ("web", "gender", "invalid", "外星人", None, 1) in changed


def test_what_was_right_is_not_in_the_log(changed: list[tuple[object, ...]]) -> None:
    before = {row[3] for row in changed}
    assert not before & {"王小明", "male", "+8613788124590"}
