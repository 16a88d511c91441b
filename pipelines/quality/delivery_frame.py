"""A delivery as a frame of bounded size that holds no personal value: flags, labels of classes, and hashes of values.

Column names are `<what>:<field>`: given and valid are 1 or 0, distinct is a hash, label a class; a whole row has recent,
future, email_fits_name, known_elsewhere, known_again and known_otherwise. Null where there is nothing to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pandas as pd

from pipelines.contracts.fields import fields_of
from pipelines.contracts.model import Contract
from pipelines.contracts.quality import EVENT_FIELDS, VALIDATED_FIELDS
from pipelines.quality.classes import class_sql
from pipelines.storage.connection import quote

FRAME_ROWS = 5_000
"""Rows of the frame: a share of 5,000 rows is known to 1.4 percentage points (two standard errors)."""
CHECKED_ROWS = 400
"""Rows whose contacts are standardised and looked up: the costly part, known to 5 percentage points."""

_VALID = {
    "phone": "standardise_phone({f}, {country}).status IN ('valid', 'repaired')",
    "email": "standardise_email({f}).status IN ('valid', 'repaired')",
    "national_id": "standardise_identifier({f}, {country}).status IN ('valid', 'repaired')",
    "passport_no": "standardise_passport({f}, {country}).status IN ('valid', 'repaired')",
    "organisation_id": "standardise_identifier({f}, {country}).status IN ('valid', 'repaired')",
}


@dataclass(frozen=True)
class Delivered:
    """What a judgement needs to know of a delivery whose rows stand in the view `keyed` of a connection."""

    contract: Contract
    present: frozenset[str]  # canonical fields that came
    delivered_at: datetime  # UTC without zone
    salt: str  # of labels: so that a class of free text can't be looked up in a table of hashes


def delivery_frame(conn: duckdb.DuckDBPyConnection, delivered: Delivered, earlier_sql: str) -> pd.DataFrame:
    """One row per looked-at row of the delivery, at most FRAME_ROWS, the same ones whenever the same bytes come.

    `earlier_sql` selects source_system, source_record_id, full_name, phone and email of earlier deliveries of this kind.
    """
    conn.execute(f"""
        CREATE OR REPLACE TEMP TABLE judged_rows AS
        SELECT keyed.*, turn <= {CHECKED_ROWS} AS is_checked
        FROM keyed JOIN (
            SELECT row_number, row_number() OVER (ORDER BY record_hash, row_number) AS turn
            FROM keyed WHERE NOT is_bad ORDER BY record_hash, row_number LIMIT {FRAME_ROWS}) USING (row_number)""")
    columns = ", ".join(f'{sql} AS "{name}"' for name, sql in _columns(delivered))
    # In the order of the file no row says who it is either; this one is the same on every machine.
    frame = conn.execute(
        f"SELECT {columns or 'NULL AS nothing'} FROM judged_rows ORDER BY record_hash, row_number"
    ).df()
    for name, column in _contacts(conn, delivered, earlier_sql).items():
        frame[name] = column
    numbers = [name for name in frame.columns if not name.startswith(("label:", "distinct:"))]
    return frame.astype(dict.fromkeys(numbers, "float64"))


def exact_shares(conn: duckdb.DuckDBPyConnection, delivered: Delivered) -> dict[str, list[float]]:
    """measure -> [share, rows], counted over every row that could be read: of the columns that the contract sets bounds on."""
    ruled = sorted(
        {(rule.measure, rule.field) for rule in delivered.contract.quality if rule.field in delivered.present}
    )
    found: dict[str, list[float]] = {}
    for measure, field in ruled:
        name = "record_key" if field == "source_record_id" else str(field)
        given = f"{name} IS NOT NULL AND trim({name}::VARCHAR) <> ''"
        what = measure.partition(":")[0]
        if what == "given":
            sql = f"SELECT avg(({given})::INTEGER), count(*) FROM keyed WHERE NOT is_bad"
        elif what == "distinct":
            sql = f"SELECT count(DISTINCT {name}) / nullif(count(*), 0), count(*) FROM keyed WHERE NOT is_bad AND {given}"
        else:
            sql = f"SELECT avg(coalesce({_valid(name, delivered)}, false)::INTEGER), count(*) FROM keyed WHERE NOT is_bad AND {given}"
        share, rows = conn.execute(sql).fetchone() or (None, 0)
        if share is not None:
            found[measure] = [float(share), int(rows)]
    return found


def _valid(name: str, delivered: Delivered) -> str:
    country = quote(delivered.contract.default_country) if delivered.contract.default_country else "NULL"
    return _VALID[name.removesuffix("_2").removesuffix("_3")].format(f=name, country=country)


def _columns(delivered: Delivered) -> Iterator[tuple[str, str]]:
    fields = fields_of(delivered.contract.kind)
    for name in sorted(delivered.present - {"source_record_id"}):
        field = fields[name]
        is_text = field.type == "string"
        given = f"{name} IS NOT NULL AND trim({name}) <> ''" if is_text else f"{name} IS NOT NULL"
        yield f"given:{name}", f"({given})::INTEGER"
        if is_text and name in VALIDATED_FIELDS:
            valid = f"coalesce({_valid(name, delivered)}, false)::INTEGER"
            yield f"valid:{name}", f"CASE WHEN is_checked AND {given} THEN {valid} END"
        if is_text and field.sensitivity == "pii":
            yield f"distinct:{name}", f"CASE WHEN {given} THEN hash({name}) END"
        label = class_sql(field, delivered.contract, delivered.delivered_at, delivered.salt)
        if label:
            yield f"label:{name}", label
    event = EVENT_FIELDS.get(delivered.contract.kind, "updated_at")
    if event in delivered.present:
        at = f"TIMESTAMP '{delivered.delivered_at}'"
        yield "recent", f"({event} BETWEEN {at} - INTERVAL 365 DAY AND {at} + INTERVAL 1 DAY)::INTEGER"
        yield "future", f"({event} > {at} + INTERVAL 1 DAY)::INTEGER"


def _contacts(
    conn: duckdb.DuckDBPyConnection, delivered: Delivered, earlier_sql: str
) -> dict[str, pd.Series]:
    """What the contacts of the checked rows say together: with the name beside them, and with earlier deliveries."""
    present = delivered.present
    phone, email = ("phone" if "phone" in present else "NULL"), ("email" if "email" in present else "NULL")
    if not present & {"phone", "email"}:
        return {}
    parts = [
        name if name in present else "NULL"
        for name in ("full_name", "family_name", "given_name", "native_name")
    ]
    full, family, given, native = parts
    conn.execute(f"""
        CREATE OR REPLACE TEMP TABLE checked AS
        SELECT row_number, record_hash, record_key, {contact_keys(phone, email)},
            standardise_name({full}, {family}, {given}, NULL, {native}) AS name
        FROM judged_rows WHERE is_checked""")
    source = quote(delivered.contract.id)
    found = conn.execute(f"""
        WITH earlier AS (
            SELECT source_system, source_record_id, {contact_keys("phone", "email")}, {_WRITTEN} AS written
            FROM ({earlier_sql})),
        hits AS (
            SELECT checked.row_number, checked.record_key, checked.name.full_key AS full_key, earlier.*
            FROM checked JOIN earlier ON checked.phone_key = earlier.phone_key
            UNION ALL
            SELECT checked.row_number, checked.record_key, checked.name.full_key AS full_key, earlier.*
            FROM checked JOIN earlier ON checked.email_key = earlier.email_key),
        -- each name once: a switchboard stands beside thousands of rows
        read AS (
            SELECT written, standardise_name(written.full_name, written.family_name, written.given_name, NULL, NULL).full_key AS full_key
            FROM (SELECT DISTINCT written FROM hits)),
        seen AS (
            SELECT row_number, bool_or(source_system <> {source}) AS elsewhere,
                bool_or(source_system = {source} AND source_record_id IS DISTINCT FROM record_key) AS again,
                bool_and(read.full_key <> hits.full_key) AS otherwise
            FROM hits JOIN read ON hits.written = read.written GROUP BY row_number)
        SELECT {_fits_sql()} AS email_fits_name,
            CASE WHEN phone_key IS NOT NULL OR email_key IS NOT NULL THEN coalesce(elsewhere, false)::INTEGER END
                AS known_elsewhere,
            CASE WHEN phone_key IS NOT NULL OR email_key IS NOT NULL THEN coalesce(again, false)::INTEGER END AS known_again,
            otherwise::INTEGER AS known_otherwise
        FROM checked LEFT JOIN seen USING (row_number) ORDER BY record_hash, checked.row_number""").df()
    return {name: found[name].astype("float64") for name in found.columns}


_WRITTEN = "{'full_name': full_name, 'family_name': family_name, 'given_name': given_name}"
"""A name as an earlier delivery wrote it. Names are compared as words in any order and script: Jean Dubois is DUBOIS/JEAN."""


def contact_keys(phone: str, email: str) -> str:
    """SQL columns phone_key (the last eleven digits) and email_key: what contacts of two deliveries are compared by."""
    digits = f"regexp_replace({phone}, '[^0-9]', '', 'g')"
    return (
        f"CASE WHEN len({digits}) >= 7 THEN right({digits}, 11) END AS phone_key, "
        f"CASE WHEN {email} LIKE '%_@_%' THEN lower(trim({email})) END AS email_key"
    )


def _fits_sql() -> str:
    """1 where the mailbox holds the family or the given name in Latin letters; null without one of them."""
    box = "regexp_replace(split_part(email_key, '@', 1), '[^a-z]', '', 'g')"
    parts = [
        f"(len(name.{part}) >= 2 AND contains({box}, name.{part}))"
        for part in ("family_latin", "given_latin")
    ]
    return (
        f"CASE WHEN email_key IS NOT NULL AND coalesce(name.family_latin, name.given_latin) IS NOT NULL "
        f"THEN coalesce({parts[0]}, false)::INTEGER | coalesce({parts[1]}, false)::INTEGER END"
    )
