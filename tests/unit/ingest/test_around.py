"""What stands around a delivered value is taken off in every field, and what belongs to it stays."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.contracts.load import load_contract
from pipelines.functions.registry import register_functions
from pipelines.ingest.around import freed, has_something_around, trimmed
from pipelines.ingest.cast_rows import careful_sql, odd_text_sql, plain_sql

CODES = [
    ('="000123"', "000123"), ("='000123'", "000123"), ('="000123', '="000123'), ('= "00 12"', "00 12"), ('=T("0012")', "0012"),
    ('=t( "A-7" )', "A-7"), ("=000123", "000123"), ("=+34612345678", "+34612345678"), ("=-12.5", "-12.5"), ("'28013", "28013"),
    ("`4200001234", "4200001234"), ("’28013", "28013"), ("‘A1’", "A1"), ("＇0755", "0755"), ("'+34 612 34", "+34 612 34"),
    ("''007", "007"), ('\'="0012"', "0012"), ('="\'0012"', "0012"), ('" 0012 "', "0012"), ('"A-1"', "A-1"), ("'A-10122", "A-10122"),
    ("2026060422001\t", "2026060422001"), ("\t 77\t\t", "77"), ('="77\t"', "77"), ("77\r\n", "77"), ("77\n", "77"), ("\u300077\u3000", "77"),
    ("\xa077\xa0", "77"), ("\ufeff77", "77"), ("\u202d13912345678\u202c", "13912345678"), ("77\u200b", "77"), ("77\u2069", "77"), ("\u206677\u2069", "77"),
    ("'@wang", "@wang"), ("'", ""), ('=""', ""), ("' '", ""), ('="null"', "null"), ("#1001", "#1001"), ("$5", "$5"), ("%a", "%a"), ("!", "!"),
    ("O'Neil-7", "O'Neil-7"), ("=A1+B2", "=A1+B2"), ("=SUM(1)", "=SUM(1)"), ('A "7"', 'A "7"'), ("a=1", "a=1"), ("12'", "12'"), ("'A-7'", "A-7"),
]  # fmt: skip
WORDS = [
    ("'张三", "张三"), ("'Smith, John", "Smith, John"), ("'John Smith'", "John Smith"), ('="王小明"', "王小明"), ('"Maria"', "Maria"),
    ("'t Hooft", "'t Hooft"), ("'s-Hertogenbosch", "'s-Hertogenbosch"), ("'S-GRAVENHAGE", "'S-GRAVENHAGE"), ("’s Gravenhage", "’s Gravenhage"),
    ("'tHart", "'tHart"), ("'s", "'s"), ("Jan van 't Hof", "Jan van 't Hof"), ("'12 rue des Lilas", "12 rue des Lilas"), ("'-", "-"),
    ("D'Angelo'", "D'Angelo'"), ('"Bob" Smith', '"Bob" Smith'), ("`Lee", "Lee"), ("'=cmd|x", "=cmd|x"), ("Anna\t", "Anna"),
    ("“Ann”", "“Ann”"), ('=T("Acme, Inc.")', "Acme, Inc."),
]  # fmt: skip
FREE = [
    ("'Twas fine", "'Twas fine"), ("'=HYPERLINK(1)", "=HYPERLINK(1)"), ("'-5 for service", "-5 for service"), ('"good"', '"good"'),
    ("'10' too short", "10' too short"), ("'很好", "'很好"), ('="very good"', "very good"), ("fine\u3000", "fine"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "delivered", "wanted"),
    [("member_no", *case) for case in CODES]
    + [("amount", *case) for case in CODES[:12]]
    + [(field, *case) for field in ("full_name", "city", "organisation_name", "address_2") for case in WORDS]
    + [("text", *case) for case in FREE],
)
def test_only_what_stands_around_goes(field: str, delivered: str, wanted: str) -> None:
    sql = (
        f"SELECT f, {has_something_around('t')}, b <> t OR f <> b "
        f"FROM (SELECT *, {freed('t', 'b', field)} AS f FROM (SELECT t, {trimmed('t')} AS b FROM (SELECT ? AS t)))"
    )
    row = duckdb.sql(sql, params=[delivered]).fetchone()
    assert row is not None
    assert row[0] == wanted
    assert row[2] == (delivered != wanted)  # every change is counted
    assert row[1] or delivered == wanted


CONTRACT = """
apiVersion: v3.1.0
kind: DataContract
id: till
name: Till
version: 1.0.0
status: active
servers:
  - {server: landing, type: local, path: "landing/till/*", format: csv}
schema:
  - name: transaction
    logicalType: object
    properties:
      - {name: source_record_id, physicalName: id, logicalType: string, required: true, primaryKey: true}
      - {name: transacted_at, logicalType: timestamp, required: true}
      - {name: amount, logicalType: number}
      - {name: postcode, logicalType: string}
      - {name: birth_date, logicalType: date}
      - {name: payment_method, logicalType: string, customProperties: [{property: valueMap, value: {现金: cash}}]}
      - {name: city, logicalType: string}
"""
HEADER = ["id", "transacted_at", "amount", "postcode", "birth_date", "payment_method", "city"]


def test_a_row_full_of_guards_becomes_the_plain_row_and_each_guard_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "contracts" / "till.yml"
    path.parent.mkdir()
    path.write_text(CONTRACT, encoding="utf-8")
    contract = load_contract(path, tmp_path)
    guarded = ['="000123"', "'2026-01-02 10:00:00", "`12.50\t", "'28013", '="1990-02-03"', "`cash", "'s-Hertogenbosch"]  # fmt: skip
    with duckdb.connect() as conn:
        register_functions(conn)
        names = ", ".join(f"c{n} VARCHAR" for n in range(len(HEADER)))
        conn.execute(f"CREATE TABLE given (row_number BIGINT, problem VARCHAR, broken VARCHAR, {names})")
        conn.execute("INSERT INTO given VALUES (1, NULL, NULL, ?, ?, ?, ?, ?, ?, ?)", guarded)
        conn.execute(f"CREATE TABLE plain AS {plain_sql(contract, HEADER, 'given', is_clean=False)}")
        conn.execute(f"CREATE TABLE odd AS {odd_text_sql(contract, HEADER, 'plain')}")
        columns = "source_record_id, transacted_at::VARCHAR, amount::DOUBLE, postcode, birth_date::VARCHAR, payment_method, city, repairs"
        row = conn.execute(f"SELECT {columns} FROM ({careful_sql(contract, HEADER, 'odd')})").fetchone()
    assert row is not None
    assert row[:-1] == ("000123", "2026-01-02 10:00:00", 12.5, "28013", "1990-02-03", "cash", "'s-Hertogenbosch")  # fmt: skip
    assert sorted(row[-1]) == [
        "guard:amount", "guard:birth_date", "guard:payment_method", "guard:postcode", "guard:source_record_id",
        "guard:transacted_at", "spaces:amount",
    ]  # fmt: skip
