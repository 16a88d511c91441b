"""Rows that are no records in a staged delivery: which of its rows may be some, and setting aside those that are."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import pyarrow as pa

from pipelines.contracts.model import Contract
from pipelines.ingest.fill_down import FILLED, fills
from pipelines.ingest.no_records import NO_RECORDS, no_record, suspicion
from pipelines.storage.connection import quote

_CUT = "chr(31)"
_BATCH = 10_000
_WRONG_WIDTH = "wrong_column_count"


def suspect_sql(header: list[str], texts: list[str]) -> str:
    """A condition over delivered text (c0, c1, …) that holds for every row without record, and for a few others.

    It looks at the first filled cell, and at the expressions `texts` of columns in which a label may stand further right.
    """
    cells = [f"nullif(c{index}, '')" for index in range(len(header))]
    first = f"coalesce({', '.join(cells)})" if len(cells) > 1 else cells[0]
    looked = f"concat_ws({_CUT}, {', '.join([first, *texts])})" if texts else first
    few = " + ".join(f"({cell} IS NOT NULL)::INTEGER" for cell in cells)
    is_few = f"{few} <= {1 if len(header) > 2 else 0}"
    return f"coalesce({is_few} OR regexp_matches({looked}, {quote(suspicion(_start()))}) OR lower(trim({first})) IN ({_names(header)}), true)"


def _start() -> str:
    return r"(?:^|\x1f)"


def mark_no_records(conn: duckdb.DuckDBPyConnection, contract: Contract, header: list[str]) -> None:
    """Give rows of the table `odd_text` that are no records their reason as problem."""
    fields = {
        header.index(column.physical_name): column.field
        for column in contract.columns
        if column.physical_name in header
    }
    reader = conn.execute(_candidates_sql(contract, header))
    found: list[tuple[int, str]] = []
    while rows := reader.fetchmany(_BATCH):
        found += [(row[0], code) for row in rows if (code := _judged(row, header, fields, contract))]
    if not found:
        return
    numbers, codes = zip(*found, strict=True)
    conn.register(
        "no_record_codes", pa.table({"row_number": pa.array(numbers, pa.int64()), "code": list(codes)})
    )
    conn.execute("""
        UPDATE odd_text SET problem = no_record_codes.code
        FROM no_record_codes WHERE odd_text.row_number = no_record_codes.row_number""")
    conn.unregister("no_record_codes")


def _candidates_sql(contract: Contract, header: list[str]) -> str:
    """row_number, broken, filled and the cells of every row that may be no record; all rows where blanks were filled."""
    cells = ", ".join(f"c{index}" for index in range(len(header)))
    whole = f"coalesce(broken, concat_ws({_CUT}, {cells}))"
    own = f"list_filter(string_split({whole}, {_CUT}), lambda cell: trim(cell) <> '')"
    is_suspect = f"""len({own}) <= 1 OR lower(trim({own}[1])) IN ({_names(header)})
        OR regexp_matches({whole}, {quote(suspicion(_start() + "[ ]*"))})"""
    has_fills = bool(fills(contract, header))
    return f"""
        SELECT row_number, broken, {FILLED if has_fills else "NULL"}, {cells} FROM odd_text
        WHERE (problem IS NULL OR problem = '{_WRONG_WIDTH}') AND ({"true" if has_fills else is_suspect})"""


def _names(header: list[str]) -> str:
    return ", ".join(quote(name.strip().lower()) for name in header if name.strip()) or "NULL"


def _judged(
    row: tuple[int | str | None, ...], header: list[str], fields: Mapping[int, str], contract: Contract
) -> str | None:
    broken = row[1]
    if isinstance(broken, str):
        return no_record(broken.split("\x1f"), header, {}, contract.key)
    # What was filled from above is not the row's own.
    lent = set(str(row[2]).split(",")) if row[2] else set()
    cells = [
        None if cell is None or fields.get(place) in lent else str(cell) for place, cell in enumerate(row[3:])
    ]
    return no_record(cells, header, fields, contract.key)


def counted(reasons: Mapping[str, int]) -> dict[str, int]:
    """Of counts by reason those of rows that are no records."""
    return {code: reasons[code] for code in NO_RECORDS if reasons.get(code)}


def no_records_told(reasons: Mapping[str, int]) -> str | None:
    """What a report says of them; None where there were none."""
    found = counted(reasons)
    if not found:
        return None
    listed = ", ".join(f"{count} {code}" for code, count in found.items())
    total = sum(found.values())
    return f"{total} {'row is' if total == 1 else 'rows are'} no record{'' if total == 1 else 's'} and set aside ({listed})"
