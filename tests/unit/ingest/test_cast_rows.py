"""The quick cast gives what the careful one gives, or sets the row aside."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.contracts.load import load_contract
from pipelines.functions.registry import register_functions
from pipelines.ingest.cast_rows import careful_sql, odd_text_sql, plain_sql

CONTRACT = """
apiVersion: v3.1.0
kind: DataContract
id: shop
name: Shop
version: 1.0.0
status: active
servers:
  - {server: landing, type: local, path: "landing/shop/*", format: csv}
schema:
  - name: registration
    logicalType: object
    properties:
      - {name: source_record_id, physicalName: id, logicalType: string, required: true, primaryKey: true}
      - {name: registered_at, logicalType: timestamp, required: true}
      - {name: birth_date, logicalType: date, logicalTypeOptions: {format: yyyy/MM/dd}}
      - {name: phone, logicalType: string}
      - {name: full_name, logicalType: string}
customProperties:
  - {property: defaultCountry, value: CN}
"""
HEADER = ["id", "registered_at", "birth_date", "phone", "full_name", "page"]
SOME = st.none() | st.text(max_size=3)
CELLS = st.tuples(
    SOME | st.sampled_from(["7", " 7", "7\u3000", "７", "70000.0", "1e+5"]),
    SOME | st.sampled_from(["2026-01-02 10:00:00", "2026-01-02T10:00:00", "2026-01-02", "2026-02-30", "46024.5", "10000-01-01"]),
    SOME | st.sampled_from(["2026/01/02", "2026/1/2", "2026-01-02", "2026/02/30", "1/2/2026", "0001/01/01"]),
    SOME | st.sampled_from(["13800138000", "13800138000.0", "1.38E+10", "+86 138", "１３８", "1\x012", "\u00a01"]),
    SOME | st.sampled_from(["王伟", "O'Neil ", "\t李", "x" * 10_001, "王" * 9_000]),
    SOME,
)  # fmt: skip


@pytest.mark.parametrize("is_clean", [True, False])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(CELLS, min_size=1, max_size=12))
def test_a_plain_row_is_what_the_careful_cast_makes_of_it_without_a_reason_or_repair(
    tmp_path: Path, rows: list[tuple[str | None, ...]], is_clean: bool
) -> None:
    path = tmp_path / "contracts" / "shop.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(CONTRACT, encoding="utf-8")
    contract = load_contract(path, tmp_path)
    texts = [[cell if cell is None else _storable(cell, is_clean) for cell in row] for row in rows]
    with duckdb.connect() as conn:
        register_functions(conn)
        names = ", ".join(f"c{n} VARCHAR" for n in range(len(HEADER)))
        conn.execute(f"CREATE TABLE given (row_number BIGINT, problem VARCHAR, broken VARCHAR, {names})")
        for number, row in enumerate(texts, 1):
            conn.execute(f"INSERT INTO given VALUES ({number}, NULL, NULL, ?, ?, ?, ?, ?, ?)", row)
        conn.execute(f"CREATE TABLE plain AS {plain_sql(contract, HEADER, 'given', is_clean=is_clean)}")
        conn.execute(f"CREATE TABLE careful AS {careful_sql(contract, HEADER, 'given')}")
        columns = "row_number, source_record_id, registered_at, birth_date, phone, full_name, extra"
        quick = conn.execute(f"SELECT {columns} FROM plain WHERE odd_text IS NULL ORDER BY 1").fetchall()
        wanted = conn.execute(f"""
            SELECT {columns} FROM careful WHERE row_number IN (SELECT row_number FROM plain WHERE odd_text IS NULL)
                AND len(reasons) + len(repairs) = 0 ORDER BY 1""").fetchall()
        aside = conn.execute(
            f"SELECT * FROM ({odd_text_sql(contract, HEADER, 'plain')}) ORDER BY 1"
        ).fetchall()
    assert quick == wanted
    assert [list(row[3:]) for row in aside] == [texts[row[0] - 1] for row in aside]


def _storable(text: str, is_clean: bool) -> str:
    """Text without lone surrogates, which no reader gives; and, if clean, without control characters."""
    text = text.encode("utf-8", "replace").decode()
    return "".join(sign for sign in text if sign >= " " or sign in "\t\r\n") if is_clean else text
