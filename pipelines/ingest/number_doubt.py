"""Which columns of a delivery hold numbers that cannot be read, because nobody says with which signs they are written.

A file with decimal commas puts every 1.000 and 1,000 in doubt: in its own column, since there they stand beside a decimal
comma, and in the others too unless a decimal point stands there, since one system wrote them all. Such files are few, and
what shows a decimal comma is no plain number, so that only rows set aside are asked first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import duckdb

from pipelines.contracts.model import Contract, NumberSigns
from pipelines.contracts.number_signs import NUMBER_TYPES
from pipelines.ingest.casting import casts, freed_sql
from pipelines.ingest.country_signs import decimal_sign
from pipelines.ingest.numbers import bare_number, has_only


def undeclared_numbers(contract: Contract, header: list[str]) -> frozenset[str]:
    """Delivered number fields whose signs the contract does not say."""
    return frozenset(
        column.field
        for column in contract.columns
        if column.type in NUMBER_TYPES and not column.number_signs and column.physical_name in header
    )


def suspected_numbers(contract: Contract, header: list[str]) -> frozenset[str]:
    """The undeclared ones where the contract says decimal commas of another column, so that no file need show one."""
    signs = [column.number_signs for column in contract.columns if column.number_signs]
    has_commas = any(sign.decimal == "," for sign in signs)
    return undeclared_numbers(contract, header) if has_commas else frozenset()


def has_decimal_commas(conn: duckdb.DuckDBPyConnection, contract: Contract, header: list[str]) -> bool:
    """Whether a row of `odd_text` shows a decimal comma in a column without declared signs."""
    return bool(_showing(conn, contract, header, undeclared_numbers(contract, header), ","))


def doubtful_numbers(
    conn: duckdb.DuckDBPyConnection, contract: Contract, header: list[str], pointed: frozenset[str]
) -> frozenset[str]:
    """Of a delivery with decimal commas, cast so that all numbers with two readings lie in `odd_text`: the fields in which
    these have no reading. `pointed` are fields in which a plain row has decimals: they were written with a point."""
    fields = undeclared_numbers(contract, header)
    return _showing(conn, contract, header, fields, ",") | (
        fields - pointed - _showing(conn, contract, header, fields, ".")
    )


def signed_by_country(
    conn: duckdb.DuckDBPyConnection,
    contract: Contract,
    header: list[str],
    doubtful: frozenset[str],
    pointed: frozenset[str],
) -> Contract:
    """The contract with decimal commas for the doubtful fields in which nothing shows a decimal point, where its
    defaultCountry writes them so; else the contract as it came. What shows both stays in doubt in any country."""
    if not doubtful or not contract.default_country or decimal_sign(contract.default_country) != ",":
        return contract
    settled = doubtful - pointed - _showing(conn, contract, header, doubtful, ".")
    columns = (
        replace(column, number_signs=NumberSigns(",")) if column.field in settled else column
        for column in contract.columns
    )
    return replace(contract, columns=tuple(columns)) if settled else contract


def _showing(
    conn: duckdb.DuckDBPyConnection,
    contract: Contract,
    header: list[str],
    fields: Iterable[str],
    decimal: str,
) -> frozenset[str]:
    """Fields in which a row of `odd_text` has a number that only this decimal sign gives."""
    positions = {name: index for index, name in enumerate(header) if name}
    asked = [cast for cast in casts(contract, positions) if cast.field in fields]
    texts = {cast.field: cast.text for cast in asked}
    if not texts:
        return frozenset()
    listed = ", ".join(f"{bare_number(text)} AS {field}" for field, text in texts.items())
    shown = ", ".join(f"bool_or({has_only(decimal, field)})" for field in texts)
    row = conn.execute(
        f"SELECT {shown} FROM (SELECT {listed} FROM {freed_sql(asked, 'odd_text')} WHERE problem IS NULL)"
    ).fetchone()
    return frozenset(field for field, is_shown in zip(texts, row or (), strict=True) if is_shown)
