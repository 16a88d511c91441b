"""Every SQL function of this project in one list, and their registration on a DuckDB connection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import duckdb
from duckdb.func import FunctionNullHandling, PythonUDFType

from pipelines.functions.address import ADDRESS_FIELDS, standardise_address
from pipelines.functions.chinese_names import surname_variants
from pipelines.functions.coded import (
    standardise_code,
    standardise_currency,
    standardise_education,
    standardise_gender,
    standardise_marital_status,
    standardise_occupation,
)
from pipelines.functions.columnar import Returns, columnar
from pipelines.functions.countries import country_code
from pipelines.functions.date import DATE_FIELDS, is_junk_date, parse_date
from pipelines.functions.email import EMAIL_FIELDS, standardise_email
from pipelines.functions.email_text import split_emails
from pipelines.functions.identifier import IDENTIFIER_FIELDS, standardise_identifier, standardise_passport
from pipelines.functions.kept_answers import kept_alive
from pipelines.functions.name import NAME_FIELDS, standardise_name
from pipelines.functions.name_sounds import name_phonetic, nickname_roots
from pipelines.functions.organisation import ORGANISATION_FIELDS, standardise_organisation
from pipelines.functions.phone import PHONE_FIELDS, standardise_phone
from pipelines.functions.phone_text import split_phones
from pipelines.functions.timestamp import TIMESTAMP_FIELDS, parse_timestamp
from pipelines.functions.user_agent import DEVICE_FIELDS, read_device


@dataclass(frozen=True)
class SqlFunction:
    """One scalar function; every parameter is VARCHAR. A dict of fields as `returns` is a STRUCT."""

    name: str
    parameters: tuple[str, ...]
    returns: Returns
    function: Callable[..., Any]
    description: str


_ADDRESS = ("address", "house_number", "street", "address_line_2", "district", "city", "province", "postcode", "country",
            "default_country")  # fmt: skip
_NAME = ("full_name", "family_name", "given_name", "middle_name", "native_name")
_DATE = ("raw", "pattern", "country")

FUNCTIONS = (
    SqlFunction(
        "standardise_phone",
        ("raw", "region"),
        PHONE_FIELDS,
        standardise_phone,
        "Number to E.164, kind, status",
    ),
    SqlFunction(
        "split_phones", ("raw",), "VARCHAR[]", split_phones, "The numbers in a field that holds several"
    ),
    SqlFunction(
        "split_emails", ("raw",), "VARCHAR[]", split_emails, "The addresses in a field that holds several"
    ),
    SqlFunction(
        "standardise_email", ("raw",), EMAIL_FIELDS, standardise_email, "Address to normal form and match key"
    ),
    SqlFunction("standardise_name", _NAME, NAME_FIELDS, standardise_name, "Name to parts, pinyin and tokens"),
    SqlFunction(
        "standardise_address", _ADDRESS, ADDRESS_FIELDS, standardise_address, "Address to comparable parts"
    ),
    SqlFunction(
        "standardise_identifier",
        ("raw", "country"),
        IDENTIFIER_FIELDS,
        standardise_identifier,
        "Identity number",
    ),
    SqlFunction(
        "standardise_passport", ("raw", "country"), IDENTIFIER_FIELDS, standardise_passport, "Passport number"
    ),
    SqlFunction(
        "standardise_organisation",
        ("raw",),
        ORGANISATION_FIELDS,
        standardise_organisation,
        "Organisation name",
    ),
    SqlFunction("standardise_gender", ("raw",), "VARCHAR", standardise_gender, "male, female or null"),
    SqlFunction("standardise_education", ("raw",), "VARCHAR", standardise_education, "Level of education"),
    SqlFunction(
        "standardise_marital_status", ("raw",), "VARCHAR", standardise_marital_status, "Marital status"
    ),
    SqlFunction(
        "standardise_occupation", ("raw",), "VARCHAR", standardise_occupation, "Major group of ISCO-08"
    ),
    SqlFunction(
        "standardise_currency", ("raw", "country"), "VARCHAR", standardise_currency, "ISO 4217 currency"
    ),
    SqlFunction(
        "standardise_code",
        ("family", "raw"),
        "VARCHAR",
        standardise_code,
        "Code of a family of coded_values.csv",
    ),
    SqlFunction("country_code", ("raw",), "VARCHAR", country_code, "ISO 3166 alpha-2 country"),
    SqlFunction("parse_date", _DATE, DATE_FIELDS, parse_date, "Date of a declared or any unambiguous form"),
    SqlFunction("parse_timestamp", _DATE, TIMESTAMP_FIELDS, parse_timestamp, "Timestamp; with a zone in UTC"),
    SqlFunction(
        "nickname_roots",
        ("name",),
        "VARCHAR[]",
        nickname_roots,
        "All formal names a given name may stand for",
    ),
    SqlFunction(
        "surname_variants",
        ("family_latin",),
        "VARCHAR[]",
        surname_variants,
        "Pinyin behind a romanised surname",
    ),
    SqlFunction("name_phonetic", ("name",), "VARCHAR", name_phonetic, "Sound of a name part"),
    SqlFunction(
        "read_device", ("user_agent", "device"), DEVICE_FIELDS, read_device, "Kind of device, system, browser"
    ),
    SqlFunction(
        "is_junk_date", ("iso_date",), "BOOLEAN", is_junk_date, "A date that systems fill in for unknown"
    ),
)


def register_functions(conn: duckdb.DuckDBPyConnection) -> bool:
    """Register every function on the connection's database; False where an earlier connection to it has done so."""
    for function in FUNCTIONS:
        try:
            conn.create_function(
                function.name,
                kept_alive(columnar(function.function, function.parameters, function.returns)),
                [duckdb.sqltype("VARCHAR")] * len(function.parameters),
                _duckdb_type(function.returns),
                type=PythonUDFType.ARROW,
                null_handling=FunctionNullHandling.SPECIAL,
            )
        except (duckdb.CatalogException, duckdb.NotImplementedException):
            if function is not FUNCTIONS[0]:
                raise
            return False  # all are there or none: looking through the catalogue costs 30 ms a connection
    return True


def _duckdb_type(returns: Returns) -> Any:
    if isinstance(returns, str):
        return duckdb.sqltype(returns)
    return duckdb.struct_type({name: duckdb.sqltype(kind) for name, kind in returns.items()})
