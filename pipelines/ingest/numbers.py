"""Numbers as people write them: full-width digits, currency signs, thousands separators of several countries."""

from __future__ import annotations

from pipelines.ingest.typed import Typed

NUMBERS = {"decimal": "DECIMAL(18,4)", "number": "DOUBLE", "integer": "BIGINT"}
"""Canonical type -> DuckDB type."""

_WIDE, _NARROW = "０１２３４５６７８９．－，", "0123456789.-,"
_SIGNS = r"[¥￥$€£元]|CNY|RMB|USD|EUR"
# Groups of three or (as in 1,0000) of four digits; a comma in another place is a decimal sign or a slip: not guessed.
_GROUPED = r"[-+]?([0-9]{1,3}(,[0-9]{3})+|[0-9]{1,4}(,[0-9]{4})+)(\.[0-9]+)?"
_SPACED = r"[-+]?[0-9]{1,3}([ \x{a0}][0-9]{3})+([.,][0-9]{1,2})?"
_EUROPEAN = r"[-+]?[0-9]{1,3}(\.[0-9]{3})+,[0-9]{1,2}"


def number(name: str, kind: str) -> Typed:
    """A decimal, number or integer (fractions of an integer are rounded). What is written plainly is cast as it is."""
    plain, mended = _cast(f"t_{name}", kind), _cast(f"q_{name}", kind)
    return Typed(
        value=f"coalesce({plain}, {mended})",
        reason=f"'bad_number:{name}'",
        odd=f"t_{name} IS NOT NULL AND p_{name} IS NULL",
        plain=plain,
        parsed=f"CASE WHEN {plain} IS NULL THEN {_mended(f't_{name}')} END",
        repairs=(f"CASE WHEN q_{name} IS NOT NULL AND v_{name} IS NOT NULL THEN 'number_signs:{name}' END",),
    )


def _cast(text: str, kind: str) -> str:
    if kind == "integer":
        return f"try_cast(try_cast({text} AS DECIMAL(38,6)) AS BIGINT)"
    cast = f"try_cast({text} AS {NUMBERS[kind]})"
    return (
        f"CASE WHEN isfinite({cast}) THEN {cast} END" if kind == "number" else cast
    )  # nan and inf are words here


def _mended(text: str) -> str:
    bare = f"trim(regexp_replace(translate({text}, '{_WIDE}', '{_NARROW}'), '{_SIGNS}', '', 'g'))"
    return (
        f"CASE WHEN regexp_full_match({bare}, '{_GROUPED}') THEN replace({bare}, ',', '') "
        f"WHEN regexp_full_match({bare}, '{_SPACED}') THEN replace(regexp_replace({bare}, '[ \\x{{a0}}]', '', 'g'), ',', '.') "
        f"WHEN regexp_full_match({bare}, '{_EUROPEAN}') THEN replace(replace({bare}, '.', ''), ',', '.') "
        f"WHEN NOT contains({bare}, ',') THEN {bare} END"
    )
