"""The layer's own SQL over records: codes, junk and what was delivered stay with the record that they belong to."""

from __future__ import annotations

from typing import Any

import duckdb
import pandas as pd
import pytest

from benchmarks.registrations import registrations
from benchmarks.standardise import STAGES, column_lists, model_sql
from pipelines.functions.registry import register_functions
from pipelines.storage.standardised import KEPT_MODELS

COLUMNS = ["gender", "education", "marital_status", "occupation", "birth_date", "phone"]
# delivered -> gender, education_level, marital_status_code, occupation_group, birth_date, phones
CASES = [
    (["男", "本科", "已婚", "教师", "1980-02-03", "13912345670"], ["male", "bachelor", "married", "professional", "1980-02-03", ["+8613912345670"]]),
    (["F", "??", None, "", "1900-01-01", "139-1234-5671"], ["female", None, None, None, None, ["+8613912345671"]]),
    ([None, None, "", None, None, None], [None, None, None, None, None, []]),
    (["不详", "本科", "已婚", "x", "1980-02-03", "13800138000"], [None, "bachelor", "married", None, "1980-02-03", []]),
    (["男", None, None, None, "1970-01-01", "13912345670/13912345671"], ["male", None, None, None, None, ["+8613912345670", "+8613912345671"]]),
]  # fmt: skip


@pytest.fixture
def conn() -> duckdb.DuckDBPyConnection:
    conn = duckdb.connect()
    register_functions(conn)
    conn.execute("CREATE SCHEMA memory.kept")
    for model, key in KEPT_MODELS.items():
        columns = ", ".join(f"NULL::VARCHAR AS {column}" for column in key)
        conn.execute(f"CREATE VIEW memory.kept.{model} AS SELECT {columns} WHERE false")
    return conn


def build(conn: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """stg_records with the cases, and the layer on top; returns the records as delivered."""
    frame = registrations(len(CASES), column_lists()["person_columns"])
    frame[COLUMNS] = pd.DataFrame([given for given, _ in CASES], dtype="string").to_numpy()
    frame["default_country"] = "CN"
    conn.register("frame", frame)
    conn.execute(
        "CREATE TABLE stg_records AS SELECT * REPLACE (CAST(birth_date AS DATE) AS birth_date) FROM frame"
    )
    for model in STAGES:
        conn.execute(f"CREATE TABLE {model} AS {model_sql(model)}")
    return frame


def test_each_record_has_the_codes_of_its_own_values(conn: duckdb.DuckDBPyConnection) -> None:
    build(conn)
    found = conn.execute(
        "SELECT gender, education_level, marital_status_code, occupation_group, birth_date::VARCHAR, phones "
        "FROM std_records ORDER BY record_id"
    ).fetchall()
    assert [list(row) for row in found] == [expected for _, expected in CASES]


def test_every_number_keeps_what_was_delivered_a_status_and_a_reason(conn: duckdb.DuckDBPyConnection) -> None:
    build(conn)
    found: list[tuple[Any, ...]] = conn.execute(
        "SELECT phone_raw, phone_status, phone_reason FROM std_record_phones ORDER BY record_id, position"
    ).fetchall()
    assert found == [
        ("13912345670", "valid", None),
        ("139-1234-5671", "valid", None),
        ("13800138000", "junk", "sample_number"),
        ("13912345670", "valid", None),
        ("13912345671", "valid", None),
    ]


def test_every_address_of_a_field_is_an_address_of_the_record(conn: duckdb.DuckDBPyConnection) -> None:
    frame = registrations(2, column_lists()["person_columns"])
    frame["email"] = ["Anna <anna@werft.de>; anna.kehl@posteo.de", None]
    frame["email_2"] = ["kehl@werft.de", "bo@werft.de"]
    conn.register("frame", frame)
    conn.execute(
        "CREATE TABLE stg_records AS SELECT * REPLACE (CAST(birth_date AS DATE) AS birth_date) FROM frame"
    )
    for model in STAGES:
        conn.execute(f"CREATE TABLE {model} AS {model_sql(model)}")
    found = conn.execute(
        "SELECT position, email_raw, email_normal FROM std_record_emails ORDER BY record_id, position"
    ).fetchall()
    assert found == [
        (1, "anna@werft.de", "anna@werft.de"),
        (2, "anna.kehl@posteo.de", "anna.kehl@posteo.de"),
        (3, "kehl@werft.de", "kehl@werft.de"),
        (1, "bo@werft.de", "bo@werft.de"),
    ]
    assert conn.execute("SELECT len(emails) FROM std_records ORDER BY record_id").fetchall() == [(3,), (1,)]


def test_an_organisation_in_the_column_of_names_is_one(conn: duckdb.DuckDBPyConnection) -> None:
    # delivered: full_name, organisation_name -> entity, organisation shown, key
    cases = [
        ("Abernathy & Sons Ltd.", None, "organisation", "Abernathy & Sons Ltd.", "abernathyandsons"),
        ("南京華盛科技有限公司", None, "organisation", "南京華盛科技有限公司", None),
        ("Keller GmbH", "Keller Werke GmbH", "organisation", "Keller Werke GmbH", "kellerwerke"),
        ("Anna Keller", "Keller GmbH", "person", "Keller GmbH", "keller"),
        ("合计", "Keller GmbH", "organisation", "Keller GmbH", "keller"),
        ("Anna Keller", None, "person", None, None),
        ("test test", None, "person", None, None),
    ]
    frame = registrations(len(cases), column_lists()["person_columns"])
    frame["full_name"] = [case[0] for case in cases]
    frame["organisation_name"] = pd.Series([case[1] for case in cases], dtype="string")
    for column in ("family_name", "given_name", "middle_name", "native_name"):
        frame[column] = pd.Series([None] * len(cases), dtype="string")
    conn.register("frame", frame)
    conn.execute(
        "CREATE TABLE stg_records AS SELECT * REPLACE (CAST(birth_date AS DATE) AS birth_date) FROM frame"
    )
    for model in STAGES:
        conn.execute(f"CREATE TABLE {model} AS {model_sql(model)}")
    found = conn.execute(
        "SELECT entity_type, organisation_name, organisation_key, coalesce(family_name, given_name, name_shown), len(phones) > 0 "
        "FROM std_records ORDER BY record_id"
    ).fetchall()
    for case, (entity, shown, key, person, has_phone) in zip(cases, found, strict=True):
        assert (entity, shown) == case[2:4]
        assert case[4] in (None, key)
        assert (person is None) == (entity == "organisation" or case[0] == "test test")
        assert has_phone  # nothing else of the record is lost


def test_further_addresses_are_read_like_the_first(conn: duckdb.DuckDBPyConnection) -> None:
    frame = registrations(3, column_lists()["person_columns"])
    frame["address"] = ["江苏省南京市鼓楼区中山北路12号", "江苏省南京市鼓楼区中山北路12号", None]
    frame["address_2"] = pd.Series(
        ["上海市徐汇区漕溪北路1号", None, "浙江省杭州市西湖区文三路1号"], dtype="string"
    )
    frame["address_3"] = pd.Series(["测试地址", None, "江苏省南京市鼓楼区中山北路12号"], dtype="string")
    frame["default_country"] = "CN"
    conn.register("frame", frame)
    conn.execute(
        "CREATE TABLE stg_records AS SELECT * REPLACE (CAST(birth_date AS DATE) AS birth_date) FROM frame"
    )
    for model in STAGES:
        conn.execute(f"CREATE TABLE {model} AS {model_sql(model)}")
    found = conn.execute("SELECT further_addresses FROM std_records ORDER BY record_id").fetchall()
    assert found == [
        (["上海市 徐汇区 漕溪北路1号"],),
        ([],),
        (["江苏省 南京市 鼓楼区 中山北路12号", "浙江省 杭州市 西湖区 文三路1号"],),
    ]
    assert conn.execute("SELECT count(*) = count(DISTINCT address_key) FROM std_addresses").fetchone() == (
        True,
    )
