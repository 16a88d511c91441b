"""Which rows of a delivery are no records, and which only look so."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.ingest.no_record_rows import suspect_sql
from pipelines.ingest.no_records import no_record

HEADER = ["no", "姓名", "手机", "登记日期", "金额"]
FIELDS = {0: "source_record_id", 1: "full_name", 2: "phone", 3: "registered_at", 4: "amount"}
KEY = ("source_record_id",)

NONE = None
NO_RECORDS = [
    ("total_row", ("合计", NONE, "4人", NONE, "300.4")),
    ("total_row", ("总计",)),
    ("total_row", ("总计：", NONE, NONE, NONE, "¥1,200.50")),
    ("total_row", (NONE, "合计", NONE, NONE, "5")),
    ("total_row", ("合 计", NONE, NONE, NONE, "300")),
    ("total_row", ("小计（6月）", NONE, NONE, NONE, "3")),
    ("total_row", ("本页小计", NONE, NONE, NONE, "3")),
    ("total_row", ("2026年6月合计", "12", NONE, NONE, "3")),
    ("total_row", ("合計", NONE, NONE, NONE, "300")),
    ("total_row", ("Total", NONE, NONE, NONE, "500.00")),
    ("total_row", ("TOTAL 2026", NONE, NONE, NONE, "3")),
    ("total_row", ("Grand Total:", "7", NONE, NONE, "$1,200.50")),
    ("total_row", ("Sub-total", NONE, NONE, NONE, "12%")),
    ("total_row", ("** Totals **", NONE, NONE, NONE, "3")),
    ("total_row", ("Total (EUR)", NONE, NONE, NONE, "3")),
    ("total_row", ("Gesamtsumme", NONE, NONE, NONE, "1.200,50 €")),
    ("total_row", ("Total général", NONE, NONE, NONE, "1 200,50")),
    ("total_row", ("Итого", NONE, NONE, NONE, "1 200,50")),
    ("count_line", ("共5条",)),
    ("count_line", ("共 5 笔记录", NONE, NONE, NONE, NONE)),
    ("count_line", ("记录数：5",)),
    ("count_line", ("总人数", "5", NONE, NONE, NONE)),
    ("count_line", ("(5 rows)",)),
    ("count_line", ("5 rows selected",)),
    ("count_line", ("Total records: 5", NONE, NONE, NONE, NONE)),
    ("count_line", ("Row count", "5")),
    ("footer_line", ("制表人：", NONE, "审核人：", NONE, NONE)),
    ("footer_line", ("制表人：", "张三", NONE, "审核人：", "李四")),
    ("footer_line", ("导出时间：2026-06-01 10:00", NONE, NONE, NONE, NONE)),
    ("footer_line", ("备注：金额含税",)),
    ("footer_line", ("以下空白",)),
    ("footer_line", ("第1页 共3页",)),
    ("footer_line", ("Page 1 of 3", NONE, NONE, NONE, NONE)),
    ("footer_line", ("Seite 2 von 7",)),
    ("footer_line", ("*** END OF FILE ***",)),
    ("footer_line", ("End of report",)),
    ("footer_line", ("EOF",)),
    ("footer_line", ("TRAILER", "000123")),
    ("footer_line", ("Generated on 2026-06-01 by the till",)),
    ("footer_line", ("Note: amounts include VAT",)),
    ("footer_line", ("Stand: 01.06.2026",)),
    ("ruled_line", ("-----", "----", "-----", "---", "--")),
    ("ruled_line", ("======",)),
    ("ruled_line", ("-", "-", "-", "-", "-")),
    ("blank_row", ("", " ", NONE, "\u3000", "")),
    ("repeated_header", ("no", "姓名", "手机", "登记日期", "金额")),
    ("repeated_header", ("NO ", "姓　名", "手机", "登记日期", "金额")),
]  # fmt: skip

RECORDS = [
    ("7", "王伟", "13925554001", "2026-06-01", "5"),
    ("17", "Total", NONE, NONE, "5"),  # a customer with a key who is called so
    ("17", "合计", NONE, NONE, "5"),
    (NONE, "Total", "13925554001", NONE, NONE),
    (NONE, "Sum", "13925554001", "2026-01-01", "3"),
    (NONE, "Total", NONE, "2026-06-03", "45.50"),  # bought something on a day
    ("Total Energies", NONE, NONE, "2026-06-03", "45.5"),
    (NONE, "Page Turner", NONE, NONE, NONE),
    (NONE, "Fin Taylor", NONE, NONE, NONE),
    (NONE, "Summer Lee", NONE, NONE, "3"),
    (NONE, "打印世界有限公司", NONE, NONE, NONE),
    (NONE, "完颜洪烈", NONE, NONE, NONE),
    (NONE, "report@example.org", NONE, NONE, NONE),
    (NONE, "共青团", NONE, NONE, NONE),
    ("Notebook", NONE, NONE, NONE, NONE),
    ("T1", "小计", "13925554001", NONE, NONE),
    (NONE, "手机", "13925554001", NONE, NONE),
    ("7", NONE, NONE, NONE, NONE),
    (NONE, NONE, NONE, NONE, "5"),
]


@pytest.mark.parametrize(("code", "cells"), NO_RECORDS)
def test_a_row_that_is_no_record_is_told_as_what_it_is(code: str, cells: tuple[str | None, ...]) -> None:
    fields = FIELDS if len(cells) == len(HEADER) else {}
    assert no_record(cells, HEADER, fields, KEY) == code


def test_the_total_of_a_day_is_no_record_though_its_day_stands_first() -> None:
    fields = {0: "transacted_at", 1: "full_name", 2: "amount"}
    assert no_record(("2026-06-30", "合计", "300"), ["时间", "姓名", "金额"], fields, ()) == "total_row"
    assert no_record(("2026-06-30", "Total", "45.50"), ["时间", "姓名", "金额"], fields, ()) is None


@pytest.mark.parametrize("cells", RECORDS)
def test_a_record_that_looks_like_a_total_stays_one(cells: tuple[str | None, ...]) -> None:
    assert no_record(cells, HEADER, FIELDS, KEY) is None


@pytest.mark.parametrize(("code", "cells"), [one for one in NO_RECORDS if len(one[1]) == len(HEADER)])
def test_the_quick_question_lets_no_such_row_pass(code: str, cells: tuple[str | None, ...]) -> None:
    with duckdb.connect() as conn:
        names = ", ".join(f"c{n} VARCHAR" for n in range(len(HEADER)))
        conn.execute(f"CREATE TABLE given ({names})")
        conn.execute("INSERT INTO given VALUES (?, ?, ?, ?, ?)", list(cells))
        assert conn.execute(f"SELECT {suspect_sql(HEADER, ['c1'])} FROM given").fetchone() == (True,)


def test_the_quick_question_leaves_nearly_all_records_alone() -> None:
    with duckdb.connect() as conn:
        names = ", ".join(f"c{n} VARCHAR" for n in range(len(HEADER)))
        conn.execute(f"CREATE TABLE given ({names})")
        for start in ("C-", "", "订单", "2026"):
            conn.execute(
                "INSERT INTO given SELECT ? || range, '王伟' || range, '139' || range, '2026-01-01', '5' FROM range(500)",
                [start],
            )
        found = conn.execute(f"SELECT count(*) FROM given WHERE {suspect_sql(HEADER, ['c1'])}").fetchone()
    assert found == (0,)
