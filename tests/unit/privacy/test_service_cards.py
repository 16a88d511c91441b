"""A sealed card is found by whatever service may know somebody by, and shows each value as the class of its field asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.privacy.column_classes import Raised
from pipelines.privacy.masking import make_mask
from pipelines.privacy.role_files import RoleFiles
from pipelines.privacy.service_file import read_cards
from pipelines.storage.home import create_home
from pipelines.storage.keys import load_keys

_PERSON = ("display_name", "native_name", "latin_name", "gender", "income_band", "member_no", "province")


@pytest.fixture
def conn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[duckdb.DuckDBPyConnection]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    settings = create_home(tmp_path / "home")
    with duckdb.connect() as conn:
        for name in ("version", "role"):
            conn.execute(f"ATTACH ':memory:' AS {name}")
        for name in ("golden", "marts"):
            conn.execute(f"CREATE SCHEMA version.{name}")
        people = "('C1', '王小明', '王小明', 'Xiaoming Wang', 'male', '5000', '8800000034', '上海市'), ('C2', ' ', NULL, NULL, NULL, NULL, NULL, NULL)"
        conn.execute(
            f"CREATE TABLE version.golden.customers AS FROM (VALUES {people}) AS t(customer_id, {', '.join(_PERSON)})"
        )
        values = (
            "('C1', 'display_name', '王小明'), ('C1', 'display_name', '小明'), ('C1', 'gender', 'male'), ('C1', 'income_band', '5000'), "
            "('C1', 'province', '上海市'), ('C1', 'member_no', '8800000034'), ('C1', 'never_heard_of', 'something')"
        )
        conn.execute(
            f"CREATE TABLE version.golden.customer_values AS FROM (VALUES {values}) AS t(customer_id, field, value)"
        )
        conn.execute(
            "CREATE TABLE version.marts.customer_membership AS SELECT 'C1' AS customer_id, '77' AS member_no"
        )
        make_mask(conn)
        monkeypatch.setattr(RoleFiles, "asked", (settings, load_keys(settings)), raising=False)
        yield conn


def write(conn: duckdb.DuckDBPyConnection, raised: dict[str, Raised] | None = None) -> None:
    columns = {
        "golden.customers": ("customer_id", *_PERSON), "golden.customer_values": ("customer_id", "field", "value"),
        "marts.customer_membership": ("customer_id", "member_no"),
    }  # fmt: skip
    settings, keys = RoleFiles.asked  # type: ignore[attr-defined]
    RoleFiles(settings, keys, raised or {}).service(conn, columns)


@pytest.mark.parametrize(
    "asked",
    [
        "C1",
        "王小明",
        " 王 小明",
        "小明",
        "xiaoming wang",
        "Wang Xiaoming",
        "WANGXIAOMING",
        "8800000034",
        "77",
    ],
)
def test_somebody_is_found_by_names_in_either_order_and_by_numbers(
    conn: duckdb.DuckDBPyConnection, asked: str
) -> None:
    write(conn)
    (card,) = read_cards(conn, asked)
    assert {row["customer_id"] for rows in card.values() for row in rows} == {"C1"}


@pytest.mark.parametrize("asked", ["王", "Wang", "Xiaoming", "", " ", "male", "something", "5000"])
def test_nobody_is_found_by_a_part_or_by_what_is_no_sign(conn: duckdb.DuckDBPyConnection, asked: str) -> None:
    write(conn)
    assert read_cards(conn, asked) == []


def test_a_value_is_shown_as_the_class_of_its_field_asks(conn: duckdb.DuckDBPyConnection) -> None:
    write(conn)
    (card,) = read_cards(conn, "C1")
    assert {(row["field"], row["value"]) for row in card["customer_values"]} == {
        ("display_name", "王**"), ("display_name", "小**"), ("gender", "male"), ("income_band", None), ("province", "上海市"),
        ("never_heard_of", "s**"), ("member_no", "****034"),
    }  # fmt: skip


def test_a_contract_that_wants_a_field_handled_more_strictly_is_heard(
    conn: duckdb.DuckDBPyConnection,
) -> None:
    write(
        conn, {"gender": Raised("sensitive", "web", "restricted"), "province": Raised("direct", "web", "pii")}
    )
    (card,) = read_cards(conn, "C1")
    shown = {row["field"]: row["value"] for row in card["customer_values"]}
    assert (shown["gender"], shown["province"]) == (None, "上**")
