"""Casting: SQL that turns delivered text into canonical columns, with a reason for every row that cannot be taken.

A bad value of a key, a required field, an event time, an amount or a vocabulary quarantines its row. A bad value of any
other field becomes null; the text stays in `extra` under <field>__raw and is counted as a repair.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.contracts.fields import fields_of, raw_schema
from pipelines.contracts.model import Column, Contract
from pipelines.contracts.vocabularies import FIELD_VOCABULARIES
from pipelines.storage.connection import quote

EVENT_TIMES = frozenset({"transacted_at", "occurred_at", "effective_at", "verified_at"})
_CRITICAL = EVENT_TIMES | {"amount", "quantity", "transaction_id", "line_number"}
MAX_TEXT = 10_000
_NUMBER_LIKE = re.compile(r"(phone|postcode|national_id|member_no|source_record_id)(_\d)?")
"""Text fields of digits, which a spreadsheet turns into numbers."""
_SCIENTIFIC = r"^\d(\.\d+)?[eE]\+\d+$"  # 1.38001E+10: the digits are lost, nothing can mend it
_DECIMAL_ENDING = r"^(\d{5,})\.0+$"  # 13800138000.0
_TRUE = "('true', 't', 'yes', 'y', '1', '是', '有', '同意', 'on')"
_FALSE = "('false', 'f', 'no', 'n', '0', '否', '无', '不同意', 'off')"


@dataclass(frozen=True)
class Cast:
    """One canonical column: its value and, when the text is no such value, the reason code (both SQL)."""

    field: str
    text: str
    value: str
    reason: str
    is_critical: bool
    repair: str = "NULL::VARCHAR"  # code of what was mended on the way to the value (SQL)


def casts(contract: Contract, positions: dict[str, int]) -> list[Cast]:
    """A cast per delivered column; `positions`: physical name -> index of the staged text column c<index>."""
    return [_cast(contract, column, f"c{positions[column.physical_name]}") for column in contract.columns
            if column.physical_name in positions]  # fmt: skip


def _cast(contract: Contract, column: Column, staged: str) -> Cast:
    text = f"nullif(trim({staged}), '')"
    if column.value_map:
        cases = " ".join(
            f"WHEN {quote(theirs)} THEN {quote(ours)}" for theirs, ours in column.value_map.items()
        )
        text = f"CASE {text} {cases} ELSE {text} END"
    value, reason = _typed(contract, column, text)
    name = column.field
    checks = [f"WHEN {text} IS NOT NULL AND {value} IS NULL THEN {reason}"]
    vocabulary = FIELD_VOCABULARIES.get((contract.kind, name))
    for code, allowed in (("not_in_vocabulary", vocabulary), ("not_in_enumeration", column.enumeration)):
        if allowed:
            listed = ", ".join(quote(item) for item in sorted(allowed))
            checks.append(f"WHEN {text} IS NOT NULL AND {text} NOT IN ({listed}) THEN '{code}:{name}'")
    if name in contract.key:
        checks.insert(0, f"WHEN {text} IS NULL THEN 'missing_key:{name}'")
    elif column.required:
        checks.insert(0, f"WHEN {text} IS NULL THEN 'missing_required:{name}'")
    if name != "text":
        checks.append(f"WHEN length({text}) > {MAX_TEXT} THEN 'value_too_long:{name}'")
    is_critical = (
        column.required or name in contract.key or name in _CRITICAL or bool(vocabulary or column.enumeration)
    )
    kind = fields_of(contract.kind)[name].type
    if kind == "string" and _NUMBER_LIKE.fullmatch(name):
        checks.append(f"WHEN regexp_matches({text}, '{_SCIENTIFIC}') THEN 'scientific_number:{name}'")
        value = f"regexp_replace({value}, '{_DECIMAL_ENDING}', '\\1')"
    return Cast(name, text, value, f"CASE {' '.join(checks)} END", is_critical, _repair(name, kind, text))


def _clean(text: str) -> str:
    """A number without thousands separators and currency signs, its digits of ordinary width."""
    narrow = f"translate({text}, '０１２３４５６７８９．－', '0123456789.-')"
    return f"regexp_replace({narrow}, '[,，¥￥$€£\\s]', '', 'g')"


def _repair(name: str, kind: str, text: str) -> str:
    if kind in ("decimal", "number", "integer"):
        return f"CASE WHEN {_clean(text)} <> {text} THEN 'number_signs:{name}' END"
    if kind == "string" and _NUMBER_LIKE.fullmatch(name):
        return f"CASE WHEN regexp_matches({text}, '{_DECIMAL_ENDING}') THEN 'decimal_ending:{name}' END"
    return "NULL::VARCHAR"


def _typed(contract: Contract, column: Column, text: str) -> tuple[str, str]:
    """The value in its canonical type, and the reason code (SQL text) when there is text but no value."""
    name = column.field
    kind = fields_of(contract.kind)[name].type
    pattern = quote(column.format) if column.format else "NULL"
    country = quote(contract.default_country) if contract.default_country else "NULL"
    clean = _clean(text)
    if kind in ("date", "timestamp"):
        parsed = f"parse_{kind}({text}, {pattern}, {country})"
        reason = (
            f"CASE {parsed}.status WHEN 'ambiguous' THEN 'ambiguous_date:{name}' ELSE 'bad_{kind}:{name}' END"
        )
        return f"{parsed}.value", reason
    typed = {
        "string": f"regexp_replace({text}, '[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]', '', 'g')",
        "decimal": f"try_cast({clean} AS DECIMAL(18,4))",
        "number": f"try_cast({clean} AS DOUBLE)",
        "integer": f"try_cast(try_cast({clean} AS DECIMAL(38,6)) AS BIGINT)",
        "boolean": f"CASE WHEN lower({text}) IN {_TRUE} THEN true WHEN lower({text}) IN {_FALSE} THEN false END",
    }[kind]
    return typed, f"'bad_{'number' if kind in ('decimal', 'integer') else kind}:{name}'"


def cast_sql(contract: Contract, header: list[str], table: str) -> str:
    """SELECT over the staged table: row_number, every delivered canonical column, extra, reasons and repairs (lists)."""
    positions = {name: index for index, name in enumerate(header) if name}
    found = casts(contract, positions)
    mapped = {column.physical_name for column in contract.columns}
    extra = [f"{quote(name)}, c{index}" for name, index in positions.items() if name not in mapped]
    lax = [cast for cast in found if not cast.is_critical]
    extra += [f"'{c.field}__raw', CASE WHEN {c.reason} IS NOT NULL THEN {c.text} END" for c in lax]
    judged = ", ".join(["NULL", *(cast.reason for cast in found if cast.is_critical)])
    # Of a row that is broken as a whole nothing more can be said.
    reasons = f"CASE WHEN problem IS NOT NULL THEN [problem] ELSE [{judged}] END"
    unparsed = [f"CASE WHEN {c.reason} IS NOT NULL THEN 'unparsed:{c.field}' END" for c in lax]
    repairs = ", ".join(["NULL::VARCHAR", *unparsed, *(c.repair for c in found)])
    kinds = raw_schema(contract.kind)
    columns = []
    for cast in found:
        taken = cast.value if cast.is_critical else f"CASE WHEN {cast.reason} IS NULL THEN {cast.value} END"
        columns.append(f"({taken})::{kinds[cast.field]} AS {cast.field}")
    folded = f"json_merge_patch('{{}}', json_object({', '.join(extra)}))" if extra else "NULL"
    return f"""
        SELECT row_number, {", ".join(columns)},
            nullif({folded}::VARCHAR, '{{}}') AS extra,
            list_filter({reasons}, lambda r: r IS NOT NULL)::VARCHAR[] AS reasons,
            list_filter([{repairs}], lambda r: r IS NOT NULL)::VARCHAR[] AS repairs
        FROM {table}"""
