"""Dates and timestamps: the form that most files have in DuckDB, every other through the parser of pipelines.functions."""

from __future__ import annotations

import re

from pipelines.functions.date import strptime_pattern
from pipelines.ingest.typed import Typed
from pipelines.storage.connection import quote

MOMENTS = frozenset({"date", "timestamp"})
_ISO_DAY = r"[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_ISO_CLOCK = r"([ T]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])?"
_DIRECTIVE = re.compile("%.")
_DIGIT_DIRECTIVES = {"%Y", "%m", "%d", "%H", "%M", "%S"}
_ISO_FORMAT = re.compile(r"yyyy-MM-dd(( |'?T'?)HH:mm(:ss)?)?")


def moment(name: str, kind: str, form: str | None, country: str | None) -> Typed:
    """A date or timestamp. Repairs: what the parser mended (`spreadsheet_serial`, `epoch`), and `date_form` for a value
    in another form than the declared one, or than ISO where none is declared."""
    text, is_iso = f"t_{name}", form is None or bool(_ISO_FORMAT.fullmatch(form))
    pattern, region = (quote(given) if given else "NULL" for given in (form, country))
    plain = plain_moment(kind, text) if is_iso else _declared_moment(kind, text, form or "")
    is_other = "true" if is_iso else f"try_strptime({text}, {quote(strptime_pattern(form or ''))}) IS NULL"
    return Typed(
        value=f"coalesce({plain}, q_{name}.value)",
        reason=f"CASE q_{name}.status WHEN 'ambiguous' THEN 'ambiguous_date:{name}' ELSE 'bad_{kind}:{name}' END",
        odd=f"{text} IS NOT NULL AND p_{name} IS NULL",
        plain=plain,
        parsed=f"CASE WHEN {plain} IS NULL THEN parse_{kind}({text}, {pattern}, {region}) END",
        repairs=(
            f"CASE WHEN q_{name}.value IS NULL THEN NULL WHEN q_{name}.status = 'repaired' "
            f"THEN q_{name}.reason || ':{name}' WHEN {is_other} THEN 'date_form:{name}' END",
        ),
    )


def plain_moment(kind: str, text: str) -> str:
    """A date or timestamp in ISO form, where DuckDB reads it as `parse_{kind}` does; else null."""
    form, length = (_ISO_DAY, 10) if kind == "date" else (f"{_ISO_DAY}{_ISO_CLOCK}", 19)
    cast = f"try_cast({text} AS {kind.upper()})"
    # The first is for speed: what comes out as it went in was read right.
    is_iso = f"CASE WHEN strlen({text}) = {length} AND {cast}::VARCHAR = {text} THEN true ELSE regexp_full_match({text}, '{form}') END"
    return f"CASE WHEN {is_iso} THEN {cast} END"


def _declared_moment(kind: str, text: str, form: str) -> str:
    """A date or timestamp that is written exactly as declared, in digits; else null."""
    pattern = strptime_pattern(form)
    if set(_DIRECTIVE.findall(pattern)) - _DIGIT_DIRECTIVES:
        return f"NULL::{kind.upper()}"
    read = f"try_strptime({text}, {quote(pattern)})"
    return f"CASE WHEN strftime({read}, {quote(pattern)}) = {text} THEN {read}::{kind.upper()} END"
