"""Tricky values per field family, as tables of (input, expected)."""

from __future__ import annotations

from datetime import date, datetime

import duckdb
import pytest

from pipelines.functions.address import standardise_address
from pipelines.functions.coded import standardise_gender
from pipelines.functions.date import parse_date
from pipelines.functions.email import standardise_email
from pipelines.functions.identifier import standardise_identifier
from pipelines.functions.name import standardise_name
from pipelines.functions.organisation import standardise_organisation
from pipelines.functions.phone import standardise_phone
from pipelines.functions.phone_text import split_phones
from pipelines.functions.registry import FUNCTIONS, register_functions
from pipelines.functions.timestamp import parse_timestamp


@pytest.mark.parametrize(
    ("raw", "region", "e164", "status"),
    [
        ("138 1234 5670", "CN", "+8613812345670", "valid"),
        ("0086-139-1234-0000", "CN", "+8613912340000", "valid"),
        ("+86 13912340000", None, "+8613912340000", "valid"),
        ("１３９１２３４００００", "CN", "+8613912340000", "valid"),
        ("13912340000.0", "CN", "+8613912340000", "repaired"),
        ("010-62345678", "CN", "+861062345678", "valid"),
        ("13800138000", "CN", "+8613800138000", "junk"),
        ("11111111111", "CN", None, "junk"),
        ("1.38E+10", "CN", None, "invalid"),
        ("(415) 555-2671", "US", "+14155552671", "valid"),
        ("020 7946 0958", "GB", "+442079460958", "valid"),
        ("not a number", "CN", None, "invalid"),
    ],
)
def test_phone(raw: str, region: str | None, e164: str | None, status: str) -> None:
    found = standardise_phone(raw, region)
    assert found is not None
    assert (found["e164"], found["status"]) == (e164, status)


@pytest.mark.parametrize(
    ("full", "family", "given_name"),
    [
        ("王建国", "wang", "jianguo"),
        ("欧阳建国", "ouyang", "jianguo"),
        ("單小明", "shan", "xiaoming"),
        ("Wang Jianguo", "wang", "jianguo"),
        ("Jianguo WANG", "wang", "jianguo"),
        ("王先生", "wang", None),
        ("Smith, John", "smith", "john"),
        ("Dr. John Smith", "smith", "john"),
        ("Ludwig van Beethoven", "vanbeethoven", "ludwig"),
        ("阿里木·买买提", "maimaiti", "alimu"),
    ],
)
def test_name(full: str, family: str, given_name: str | None) -> None:
    found = standardise_name(full, None, None, None, None)
    assert found is not None
    assert (found["family_latin"], found["given_latin"]) == (family, given_name)


@pytest.mark.parametrize("raw", ["测试", "N/A", "无", "test"])
def test_placeholder_names_are_junk(raw: str) -> None:
    found = standardise_name(raw, None, None, None, None)
    assert found is not None
    assert found["status"] == "junk"


@pytest.mark.parametrize(
    ("line", "city", "district", "street", "unit"),
    [
        ("江苏省南京市鼓楼区中山北路12号3栋2单元501室", "南京市", "鼓楼区", "中山北路", "3-2-501"),
        ("北京市朝阳区建国路88号", "北京市", "朝阳区", "建国路", None),
        ("杭州市西湖区文三路1号", "杭州市", "西湖区", "文三路", None),
    ],
)
def test_chinese_address(line: str, city: str, district: str, street: str, unit: str | None) -> None:
    found = standardise_address(line, None, None, None, None, None, None, None, None, "CN")
    assert (found["city"], found["district"], found["street"], found["unit"]) == (
        city,
        district,
        street,
        unit,
    )


def test_a_district_that_several_cities_have_is_not_guessed() -> None:
    found = standardise_address("鼓楼区中山路1号", None, None, None, None, None, None, None, None, "CN")
    assert (found["city"], found["status"]) == (None, "ambiguous")


@pytest.mark.parametrize(
    ("raw", "country", "value"),
    [
        ("1968年02月12日", "CN", date(1968, 2, 12)),
        ("1968/2/12", "CN", date(1968, 2, 12)),
        ("19680212", None, date(1968, 2, 12)),
        ("03/04/1990", "US", date(1990, 3, 4)),
        ("03/04/1990", "GB", date(1990, 4, 3)),
        ("03/04/1990", None, None),
        ("31/12/1990", None, date(1990, 12, 31)),
        ("1990-02-30", "CN", None),
        ("12 Feb 1968", "GB", date(1968, 2, 12)),
    ],
)
def test_date(raw: str, country: str | None, value: date | None) -> None:
    found = parse_date(raw, None, country)
    assert found is not None
    assert found["value"] == value


def test_a_zone_becomes_utc_and_a_wall_time_stays() -> None:
    with_zone = parse_timestamp("2026-01-02 10:11:12+08:00", None, None)
    without = parse_timestamp("2026-01-02 10:11:12", None, None)
    assert with_zone is not None
    assert without is not None
    assert with_zone["value"] == datetime(2026, 1, 2, 2, 11, 12)
    assert without["value"] == datetime(2026, 1, 2, 10, 11, 12)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ("11010519491231002X", "valid"),
        ("110105194912310021", "invalid"),
        ("110105491231002", "repaired"),
        ("110***********002X", "valid"),
        ("111111111111111111", "junk"),
    ],
)
def test_resident_id(raw: str, status: str) -> None:
    found = standardise_identifier(raw, "CN")
    assert found is not None
    assert found["status"] == status


def test_mailbox_key_folds_what_the_provider_ignores_and_the_normal_form_does_not() -> None:
    found = standardise_email("A.B+news@Gmail.com")
    assert found is not None
    assert (found["normal"], found["match_key"]) == ("a.b+news@gmail.com", "ab@gmail.com")


def test_legal_forms_do_not_tell_organisations_apart() -> None:
    one, other = (
        standardise_organisation("南京华盛科技有限公司"),
        standardise_organisation("南京華盛科技股份有限公司"),
    )
    assert one is not None
    assert other is not None
    assert one["core_key"] == other["core_key"]


def test_every_function_is_registered_once_and_takes_nulls() -> None:
    conn = duckdb.connect()
    register_functions(conn)
    register_functions(conn)
    for function in FUNCTIONS:
        nulls = ", ".join("NULL" for _ in function.parameters)
        assert conn.execute(f"SELECT {function.name}({nulls})").fetchone() is not None


def test_repeated_and_missing_values_answer_row_by_row_in_sql() -> None:
    conn = duckdb.connect()
    register_functions(conn)
    values = ["男", None, "f", "?", ""]
    rows = conn.execute(
        "SELECT n, standardise_gender(raw), split_phones(raw), standardise_email(raw) FROM "
        "(SELECT range AS n, $values[range % 5 + 1] AS raw FROM range(5000)) ORDER BY n",
        {"values": values},
    ).fetchall()
    expected = [(standardise_gender(raw), split_phones(raw), standardise_email(raw)) for raw in values]
    assert [row[1:] for row in rows] == expected * 1000
