"""Numbers as people write them: full-width digits, currency signs, decimal and grouping signs of several countries.

Where the contract says the signs of a column, they hold. Else what has one reading is read, and what has two is read as
programs write it: 1.000 is one, 1,000 a thousand. A column that is doubtful (see `number_doubt`) has no such reading.
"""

from __future__ import annotations

from pipelines.contracts.model import NumberSigns
from pipelines.ingest.number_forms import AMBIGUOUS, COMMA, MACHINE, POINT, form, group_characters
from pipelines.ingest.typed import Typed
from pipelines.storage.connection import quote

NUMBERS = {"decimal": "DECIMAL(18,4)", "number": "DOUBLE", "integer": "BIGINT"}
"""Canonical type -> DuckDB type."""
_TOO_LARGE = {"decimal": "1e14", "number": "1e308", "integer": "9.2e18"}
"""Canonical type -> what it cannot hold any more."""

_WIDE, _NARROW = "０１２３４５６７８９．－，＇", "0123456789.-,'"
_SIGNS = r"[¥￥$€£元]|CNY|RMB|USD|EUR|GBP|CHF"


def number(name: str, kind: str, signs: NumberSigns | None = None, *, is_doubtful: bool = False) -> Typed:
    """A decimal, number or integer (fractions of an integer are rounded). What is written plainly, or as the contract
    says, is cast as it is; every other reading is a repair."""
    text = f"t_{name}"
    bare = bare_number(text)
    if signs:
        plain, mended = _cast(_declared(text, signs), kind), _declared(bare, signs)
    else:
        plain, mended = _cast(text, kind), _undeclared(text, bare, is_doubtful=is_doubtful)
        if is_doubtful:
            plain = f"CASE WHEN NOT {_matches(text, AMBIGUOUS)} THEN {plain} END"
    code = f"CASE WHEN {_is_too_large(f'coalesce(q_{name}, {text})', kind)} THEN 'out_of_range:{name}' ELSE 'bad_number:{name}' END"
    if not signs:
        code = f"CASE WHEN {_matches(bare, AMBIGUOUS)} THEN 'ambiguous_number:{name}' ELSE {code} END"
    return Typed(
        value=f"coalesce({plain}, {_cast(f'q_{name}', kind)})",
        reason=code,
        odd=f"{text} IS NOT NULL AND p_{name} IS NULL",
        plain=plain,
        parsed=f"CASE WHEN {plain} IS NULL THEN {mended} END",
        repairs=(f"CASE WHEN q_{name} IS NOT NULL AND v_{name} IS NOT NULL THEN 'number_signs:{name}' END",),
    )


def bare_number(text: str) -> str:
    """The number in narrow characters, without a currency."""
    return f"trim(regexp_replace(translate({text}, {quote(_WIDE)}, {quote(_NARROW)}), '{_SIGNS}', '', 'g'))"


def has_only(decimal: str, text: str) -> str:
    """Whether this is the only decimal sign with which `text` is a number."""
    this, other = (POINT, COMMA) if decimal == "." else (COMMA, POINT)
    return f"({_matches(text, this)} AND NOT {_matches(text, other)} AND NOT {_matches(text, AMBIGUOUS)})"


def _cast(text: str, kind: str) -> str:
    if kind == "integer":
        return f"try_cast(try_cast({text} AS DECIMAL(38,6)) AS BIGINT)"
    cast = f"try_cast({text} AS {NUMBERS[kind]})"
    if kind == "decimal":
        # DuckDB rounds the digits of a negative exponent before it moves the point: 5e-10 would become 0.0001
        tiny = f"contains({text}, 'e-') OR contains({text}, 'E-')"
        return (
            f"CASE WHEN {tiny} THEN try_cast(try_cast({text} AS DOUBLE) AS {NUMBERS[kind]}) ELSE {cast} END"
        )
    return (
        f"CASE WHEN isfinite({cast}) THEN {cast} END" if kind == "number" else cast
    )  # nan and inf are words here


def _is_too_large(text: str, kind: str) -> str:
    """Whether text that became no value is a number all the same; of inf and nan, which are words, it is not."""
    return f"(abs(try_cast({text} AS DOUBLE)) >= {_TOO_LARGE[kind]} AND regexp_matches({text}, '[0-9]'))"


def _declared(text: str, signs: NumberSigns) -> str:
    """A number with the declared signs as programs write it, else null."""
    return (
        f"CASE WHEN {_matches(text, form(signs))} THEN {_machine(text, signs)} "
        f"WHEN {_matches(text, MACHINE)} THEN {text} END"
    )


def _undeclared(text: str, bare: str, *, is_doubtful: bool) -> str:
    # Beside a currency sign a person wrote the point: then programs' way of writing says nothing.
    two_readings = (
        "NULL"
        if is_doubtful
        else f"CASE WHEN contains({bare}, ',') THEN replace({bare}, ',', '') WHEN {bare} = {text} THEN {bare} END"
    )
    return (
        f"CASE WHEN {_matches(bare, AMBIGUOUS)} THEN {two_readings} "
        f"WHEN {_matches(bare, POINT)} THEN {_machine(bare, NumberSigns('.'))} "
        f"WHEN {_matches(bare, COMMA)} THEN {_machine(bare, NumberSigns(','))} "
        f"WHEN NOT contains({bare}, ',') THEN {bare} END"
    )


def _machine(text: str, signs: NumberSigns) -> str:
    """What is left of `text` when its groups run on and its decimal sign is a point."""
    return f"translate({text}, {quote(signs.decimal + group_characters(signs))}, '.')"


def _matches(text: str, pattern: str) -> str:
    return f"regexp_full_match({text}, {quote(pattern)})"
