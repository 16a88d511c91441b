"""Dates and timestamps: the form that most files have in DuckDB, every other through the parser of pipelines.functions."""

from __future__ import annotations

import re

from pipelines.functions.date import strptime_pattern
from pipelines.ingest.typed import Typed
from pipelines.storage.connection import quote

MOMENTS = frozenset({"date", "timestamp"})
_ISO_DAY = r"[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_ISO_CLOCK = r"([ T]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])?"
_ISO_FORMAT = re.compile(r"yyyy-MM-dd(( |'?T'?)HH:mm(:ss)?)?")


def moment(name: str, kind: str, form: str | None, country: str | None) -> Typed:
    """A date or timestamp. Repairs: what the parser mended (`spreadsheet_serial`, `epoch`), and `date_form` for a value
    in another form than the declared one, or than ISO where none is declared."""
    text, is_iso = f"t_{name}", form is None or bool(_ISO_FORMAT.fullmatch(form))
    pattern, region = (quote(given) if given else "NULL" for given in (form, country))
    parsed, value = f"parse_{kind}({text}, {pattern}, {region})", f"q_{name}.value"
    is_other = f"q_{name} IS NOT NULL"
    if is_iso:
        parsed = f"CASE WHEN {plain_moment(kind, text)} IS NULL THEN {parsed} END"
        value = f"coalesce({plain_moment(kind, text)}, {value})"
    else:
        is_other = f"try_strptime({text}, {quote(strptime_pattern(form or ''))}) IS NULL"
    return Typed(
        value=value,
        reason=f"CASE q_{name}.status WHEN 'ambiguous' THEN 'ambiguous_date:{name}' ELSE 'bad_{kind}:{name}' END",
        parsed=parsed,
        repairs=(
            f"CASE WHEN v_{name} IS NULL THEN NULL WHEN q_{name}.status = 'repaired' THEN q_{name}.reason || ':{name}' "
            f"WHEN {is_other} THEN 'date_form:{name}' END",
        ),
    )


def plain_moment(kind: str, text: str) -> str:
    """A date or timestamp in the one form that most files have, where DuckDB reads it as `parse_{kind}` does; else null."""
    form = _ISO_DAY if kind == "date" else f"{_ISO_DAY}{_ISO_CLOCK}"
    return f"CASE WHEN regexp_full_match({text}, '{form}') THEN try_cast({text} AS {kind.upper()}) END"
