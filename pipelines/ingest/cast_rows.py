"""The SELECTs that cast whole rows: canonical columns and what is left over; of odd rows also reasons and repairs.

Most rows of most files are plain: no blank, sign or form in them needs a second look. They are cast in one quick pass that
sets the odd ones aside, as they came, for the careful one.
"""

from __future__ import annotations

from pipelines.contracts.fields import raw_schema
from pipelines.contracts.model import Contract
from pipelines.ingest.casting import Cast, casts, freed_sql
from pipelines.ingest.fill_down import FILLED, Fill, filled_repair, filled_sql, fills, staged_names
from pipelines.ingest.no_record_rows import suspect_sql
from pipelines.ingest.people import RESEMBLES_REASON
from pipelines.storage.connection import quote

_LABELS = frozenset({"full_name", "family_name", "transaction_id", "organisation_name"})
"""Fields in which a total stands though other columns stand before it."""


def plain_sql(  # noqa: PLR0913 - what is known of one file
    contract: Contract,
    header: list[str],
    table: str,
    *,
    is_clean: bool,
    doubtful: frozenset[str] = frozenset(),
    is_held: str | None = None,
) -> str:
    """SELECT over the delivered text (row_number, problem, broken, c0, c1, …), one row per row: row_number, every delivered
    canonical column, extra, and odd_text: null, or of an odd row its text (then nothing else in it is of use).

    `is_held` is a condition on row_number for rows that are set aside in any case.
    """
    positions = {name: index for index, name in enumerate(header) if name}
    found = casts(contract, positions, is_clean=is_clean, doubtful=doubtful)
    kinds = raw_schema(contract.kind)
    texts = ", ".join(["*", *(f"{cast.plain_text} AS t_{cast.field}" for cast in found)])
    plain = ", ".join(["*", *(f"{cast.plain} AS p_{cast.field}" for cast in found if cast.plain)])
    values = ", ".join(
        f"{'p' if cast.plain else 't'}_{cast.field}::{kinds[cast.field]} AS {cast.field}" for cast in found
    )
    labels = [f"t_{cast.field}" for cast in found if cast.field in _LABELS]
    suspect = suspect_sql(header, labels)
    is_filled = [f"{FILLED} IS NOT NULL"] if FILLED in staged_names(contract, header) else []
    held = [is_held] if is_held else []
    is_odd = " OR ".join(["problem IS NOT NULL", suspect, *is_filled, *held, *(cast.odd for cast in found)])
    return f"""
        SELECT row_number, {values}, {_extra(contract, positions, [])} AS extra,
            CASE WHEN {is_odd} THEN [{", ".join(staged_names(contract, header))}] END AS odd_text
        FROM (SELECT {plain} FROM (SELECT {texts} FROM {filled_sql(contract, header, table)}))"""


def odd_text_sql(contract: Contract, header: list[str], table: str) -> str:
    """The delivered text of the odd rows that `plain_sql` set aside in `table`, blanks filled."""
    names = staged_names(contract, header)
    columns = ", ".join(f"odd_text[{place}] AS {name}" for place, name in enumerate(names, 1))
    return f"SELECT row_number, {columns} FROM {table} WHERE odd_text IS NOT NULL"


def careful_sql(
    contract: Contract,
    header: list[str],
    table: str,
    doubtful: frozenset[str] = frozenset(),
    is_held: str | None = None,
) -> str:
    """SELECT over delivered text as for `plain_sql`, one row per row: row_number, every delivered canonical column, extra,
    lists of reasons and repairs, is_bad, and `delivered`, the row as it came where it is quarantined.

    In layers, so that nothing is computed twice.
    """
    positions = {name: index for index, name in enumerate(header) if name}
    found = casts(contract, positions, doubtful=doubtful)
    texts = ", ".join(["*", *(f"{cast.text} AS t_{cast.field}" for cast in found)])
    parsed = ", ".join(["*", *(f"{cast.parsed} AS q_{cast.field}" for cast in found if cast.parsed)])
    values = ", ".join(["*", *(f"{cast.value} AS v_{cast.field}" for cast in found)])
    checks = ", ".join(["*", *(f"{cast.reason} AS r_{cast.field}" for cast in found)])
    lax = [cast.field for cast in found if not cast.is_critical]
    return f"""
        SELECT * EXCLUDE (delivered_row), len(reasons) > 0 AS is_bad,
            CASE WHEN len(reasons) > 0 THEN coalesce(delivered_row.broken, to_json(delivered_row)::VARCHAR) END AS delivered
        FROM (
            SELECT row_number, {_columns(contract, found)}, {_extra(contract, positions, lax)} AS extra,
                {_reasons(found, is_held)} AS reasons, {_repairs(found, fills(contract, header))} AS repairs,
                struct_pack(row_number, {_delivered(header)}) AS delivered_row
            FROM (SELECT {checks} FROM (SELECT {values} FROM (SELECT {parsed} FROM (SELECT {texts} FROM {freed_sql(found, table)})))))"""


def _delivered(header: list[str]) -> str:
    return ", ".join(["problem", "broken", *(f"c{index}" for index in range(len(header)))])


def _columns(contract: Contract, found: list[Cast]) -> str:
    kinds = raw_schema(contract.kind)
    return ", ".join(
        f"({'' if cast.is_critical else f'CASE WHEN r_{cast.field} IS NULL THEN '}v_{cast.field}"
        f"{'' if cast.is_critical else ' END'})::{kinds[cast.field]} AS {cast.field}"
        for cast in found
    )


def _reasons(found: list[Cast], is_held: str | None) -> str:
    critical = [f"r_{cast.field}" for cast in found if cast.is_critical]
    critical += [f"CASE WHEN {is_held} THEN '{RESEMBLES_REASON}:full_name' END"] if is_held else []
    # Of a row that is broken as a whole nothing more can be said.
    return f"CASE WHEN problem IS NOT NULL THEN [problem] ELSE {_filled(critical)} END"


def _repairs(found: list[Cast], filled: list[Fill]) -> str:
    unparsed = [
        f"CASE WHEN r_{cast.field} IS NOT NULL THEN 'unparsed:{cast.field}' END"
        for cast in found
        if not cast.is_critical
    ]
    down = [filled_repair(fill.field) for fill in filled]
    return _filled([*unparsed, *down, *(repair for cast in found for repair in cast.repairs)])


def _filled(codes: list[str]) -> str:
    """The list of the codes that are there; most rows have none."""
    listed = ", ".join(["NULL::VARCHAR", *codes])
    return (
        f"CASE WHEN coalesce({listed}) IS NULL THEN []::VARCHAR[] "
        f"ELSE list_filter([{listed}], lambda r: r IS NOT NULL)::VARCHAR[] END"
    )


def _extra(contract: Contract, positions: dict[str, int], lax: list[str]) -> str:
    """Unmapped columns, and text of `lax` fields that became no value under <field>__raw, as JSON without nulls; null for
    none."""
    mapped = {column.physical_name for column in contract.columns}
    unmapped = {name: f"c{index}" for name, index in positions.items() if name not in mapped}
    plain = ", ".join(f"{quote(name)}, {staged}" for name, staged in unmapped.items())
    raws = ", ".join(f"'{name}__raw', CASE WHEN r_{name} IS NOT NULL THEN t_{name} END" for name in lax)
    told = ", ".join(part for part in (plain, raws) if part)
    if not told:
        return "NULL::VARCHAR"
    full = f"nullif(json_merge_patch('{{}}', json_object({told}))::VARCHAR, '{{}}')"
    bare = f"json_object({plain})::VARCHAR" if plain else "NULL::VARCHAR"
    is_bare = [f"r_{name} IS NULL" for name in lax] + [
        f"{staged} IS NOT NULL" for staged in unmapped.values()
    ]
    return f"CASE WHEN {' AND '.join(is_bare)} THEN {bare} ELSE {full} END"
