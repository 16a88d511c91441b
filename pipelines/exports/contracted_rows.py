"""The columns that a file's contract asks for beside name and value, each only where the person's choices and terms permit it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from pipelines.contracts.fields import canonical_fields
from pipelines.exports.file_contract import SENSITIVE, TYPES, Column, FileContract, FileContractError

if TYPE_CHECKING:
    import duckdb

GIVEN_BY = {
    "gender": "gender", "age_years": "birth_date", "country": "address", "province": "address", "city": "address",
    "marital_status": "marital_status", "income_band": "income_band", "occupation": "occupation", "education": "education",
}  # fmt: skip
"""Column of a mart -> golden field that a source delivered; such a value leaves only where that source permits this export."""

_PERMITTED = """coalesce(view.customer_id IN (
    SELECT golden.customer_id
    FROM golden.customer_values AS golden
    INNER JOIN source_obstacles AS terms ON golden.source_system = terms.source_system
    WHERE golden.field = '{field}' AND golden.is_golden AND terms.obstacle IS NULL AND terms.max_uses IS NULL
), false)"""


def offer_contracted(
    conn: duckdb.DuckDBPyConnection,
    contract: FileContract,
    tables: Mapping[str, Mapping[str, str]],
    predictions: Collection[str],
) -> None:
    """Make `contracted` on the connection: customer_id and one column of text per column of the contract that a mart fills.

    `tables` are the marts with one row per customer that may be asked, with their columns; `predictions` those of them that hold
    decisions made by calculation. After `judge`. Raises FileContractError for what the published version lacks.
    """
    asked = [(column, *column.origin) for column in contract.columns if isinstance(column.origin, tuple)]
    chosen = [_expression(column, table, field, tables, predictions) for column, table, field in asked]
    joins = "".join(
        f" LEFT JOIN marts.{table} ON {table}.customer_id = view.customer_id"
        for table in sorted({table for _, table, _ in asked})
    )
    conn.execute(
        f"CREATE OR REPLACE TEMP TABLE contracted AS SELECT {', '.join(['view.customer_id', *chosen])} "
        "FROM (SELECT customer_id FROM judged WHERE reason IS NULL) AS view "
        f"LEFT JOIN separate ON separate.customer_id = view.customer_id{joins}"
    )


def fill(conn: duckdb.DuckDBPyConnection, contract: FileContract) -> Callable[[Mapping[str, str]], list[str]]:
    """A function from what an export knows of a person (OWN of file_contract) to the cells of their row.

    Raises FileContractError for a required column that somebody has no value for: the file would break its contract. The row of
    a decoy has no customer and gets what the marts tell of nobody: nothing, or 0 where a number is required.
    """
    names = [column.name for column in contract.columns if isinstance(column.origin, tuple)]
    quoted = ", ".join(f'"{name}"' for name in names)
    rows = conn.execute(f"SELECT customer_id{', ' if quoted else ''}{quoted} FROM contracted").fetchall()
    known = {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}

    def cells(own: Mapping[str, str]) -> list[str]:
        told = known.get(own["customer_id"])
        return [_cell(column, own, told) for column in contract.columns]

    return cells


def _cell(column: Column, own: Mapping[str, str], told: Mapping[str, str | None] | None) -> str:
    if isinstance(column.origin, str):
        text: str | None = own[column.origin]
    elif told is None:
        text = "0" if column.is_required and column.type in ("integer", "number") else ""
        return text
    else:
        text = told[column.name]
    if column.is_required and not text:
        raise FileContractError(
            f"Column {column.name} is required by the contract, and somebody in the audience has no value for it; nothing was "
            "exported. Make it optional, or choose the audience by `known: true`."
        )
    return text or ""


def _class_of(field: str) -> str | None:
    return next((one.sensitivity for one in canonical_fields() if one.name == field), None)


def _expression(
    column: Column,
    table: str,
    field: str,
    tables: Mapping[str, Mapping[str, str]],
    predictions: Collection[str],
) -> str:
    if table not in tables or field not in tables[table]:
        known: Sequence[str] = sorted(tables.get(table, tables))
        raise FileContractError(
            f"Column {column.name} of the contract is from {table}.{field}, which is not published; there are {', '.join(known)}."
        )
    text = f'CAST(CAST({table}."{field}" AS {TYPES[column.type]}) AS VARCHAR)'
    conditions = []
    if field in GIVEN_BY:
        conditions.append(_PERMITTED.format(field=GIVEN_BY[field]))
    if SENSITIVE in (column.classification, _class_of(field)):  # a contract may be stricter, not laxer
        conditions.append("coalesce(separate.shows_sensitive, false)")
    if table in predictions:
        conditions.append("NOT coalesce(separate.refused_profiling, false)")
    shown = f"CASE WHEN {' AND '.join(conditions)} THEN {text} END" if conditions else text
    return f'{shown} AS "{column.name}"'
