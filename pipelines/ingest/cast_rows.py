"""The SELECT that casts whole rows: canonical columns, what is left over, reasons and repairs."""

from __future__ import annotations

from pipelines.contracts.fields import raw_schema
from pipelines.contracts.model import Contract
from pipelines.ingest.casting import Cast, casts
from pipelines.storage.connection import quote


def cast_sql(contract: Contract, header: list[str], table: str, *, is_clean: bool = False) -> str:
    """SELECT over the delivered text (row_number, problem, broken, c0, c1, …), one row per row: row_number, every delivered
    canonical column, extra, lists of reasons and repairs, and `delivered`, the row as it came where it is quarantined.

    In layers, so that nothing is computed twice.
    """
    positions = {name: index for index, name in enumerate(header) if name}
    found = casts(contract, positions, is_clean=is_clean)
    texts = ", ".join(["*", *(f"{cast.text} AS t_{cast.field}" for cast in found)])
    parsed = ", ".join(["*", *(f"{cast.parsed} AS q_{cast.field}" for cast in found if cast.parsed)])
    values = ", ".join(["*", *(f"{cast.value} AS v_{cast.field}" for cast in found)])
    checks = ", ".join(["*", *(f"{cast.reason} AS r_{cast.field}" for cast in found)])
    delivered = ", ".join(["row_number", "problem", "broken", *(f"c{index}" for index in range(len(header)))])
    return f"""
        SELECT * EXCLUDE (delivered_row),
            CASE WHEN len(reasons) > 0 THEN coalesce(delivered_row.broken, to_json(delivered_row)::VARCHAR) END AS delivered
        FROM (
            SELECT row_number, {_columns(contract, found)}, {_extra(contract, positions, found)} AS extra,
                {_reasons(found)} AS reasons, {_repairs(found)} AS repairs, struct_pack({delivered}) AS delivered_row
            FROM (SELECT {checks} FROM (SELECT {values} FROM (SELECT {parsed} FROM (SELECT {texts} FROM {table})))))"""


def _columns(contract: Contract, found: list[Cast]) -> str:
    kinds = raw_schema(contract.kind)
    return ", ".join(
        f"({'' if cast.is_critical else f'CASE WHEN r_{cast.field} IS NULL THEN '}v_{cast.field}"
        f"{'' if cast.is_critical else ' END'})::{kinds[cast.field]} AS {cast.field}"
        for cast in found
    )


def _reasons(found: list[Cast]) -> str:
    critical = [f"r_{cast.field}" for cast in found if cast.is_critical]
    # Of a row that is broken as a whole nothing more can be said.
    return f"CASE WHEN problem IS NOT NULL THEN [problem] ELSE {_filled(critical)} END"


def _repairs(found: list[Cast]) -> str:
    unparsed = [
        f"CASE WHEN r_{cast.field} IS NOT NULL THEN 'unparsed:{cast.field}' END"
        for cast in found
        if not cast.is_critical
    ]
    return _filled([*unparsed, *(repair for cast in found for repair in cast.repairs)])


def _filled(codes: list[str]) -> str:
    """The list of the codes that are there; most rows have none."""
    listed = ", ".join(["NULL::VARCHAR", *codes])
    return (
        f"CASE WHEN coalesce({listed}) IS NULL THEN []::VARCHAR[] "
        f"ELSE list_filter([{listed}], lambda r: r IS NOT NULL)::VARCHAR[] END"
    )


def _extra(contract: Contract, positions: dict[str, int], found: list[Cast]) -> str:
    """Unmapped columns, and text that became no value under <field>__raw, as JSON without nulls; null for none."""
    mapped = {column.physical_name for column in contract.columns}
    unmapped = {name: f"c{index}" for name, index in positions.items() if name not in mapped}
    lax = [cast.field for cast in found if not cast.is_critical]
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
