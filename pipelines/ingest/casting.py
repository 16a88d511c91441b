"""Casting: SQL that turns one delivered column into a canonical one, with a reason for every row that cannot be taken.

A bad value of a key, a required field, an event time, an amount or a vocabulary quarantines its row. A bad value of any
other field becomes null; the text stays in `extra` under <field>__raw and is counted as a repair. What is mended on the
way to a value is counted too. Most values need nothing: cheap questions tell which rows are odd, and those are cast with care.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pipelines.contracts.fields import fields_of
from pipelines.contracts.model import Bounds, Column, Contract
from pipelines.contracts.vocabularies import FIELD_VOCABULARIES
from pipelines.ingest.around import freed, has_plain_blanks, has_something_around, trimmed
from pipelines.ingest.moments import MOMENTS, moment
from pipelines.ingest.numbers import NUMBERS, number
from pipelines.ingest.typed import Typed
from pipelines.storage.connection import quote

EVENT_TIMES = frozenset({"transacted_at", "occurred_at", "effective_at", "verified_at"})
_CRITICAL = EVENT_TIMES | {"amount", "quantity", "transaction_id", "line_number"}
MAX_TEXT = 10_000
_NUMBER_LIKE = re.compile(r"(phone|postcode|national_id|member_no|source_record_id)(_\d)?")
"""Text fields of digits, which a spreadsheet turns into numbers and some keyboards write in full width."""
_SCIENTIFIC = r"^\d(\.\d+)?[eE]\+\d+$"  # 1.38001E+10: the digits are lost, nothing can mend it
_DECIMAL_ENDING = r"^(\d{5,})\.0+$"  # 13800138000.0
_WIDE, _NARROW = "０１２３４５６７８９＋－．", "0123456789+-."
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"
_TRUE = "('true', 't', 'yes', 'y', '1', '是', '有', '同意', 'on')"
_FALSE = "('false', 'f', 'no', 'n', '0', '否', '无', '不同意', 'off')"


@dataclass(frozen=True)
class Cast:
    """One canonical column, all SQL, each over the ones before it: the delivered column without blanks at its ends
    (`b_<field>`), and freed of all that stands around it (`f_<field>`), its text `t_<field>`, what a parser says of that
    (`q_<field>`, None without one), its value `v_<field>`, the reason code when the text is no such value, and the codes of what
    was mended.

    In a plain row the text is `plain_text` and the value `plain` (named `p_<field>`; None: the text). A row is plain
    unless `odd` holds for one of its columns."""

    field: str
    trimmed: str
    freed: str
    plain_text: str
    text: str
    parsed: str | None
    value: str
    reason: str
    is_critical: bool
    repairs: tuple[str, ...]
    plain: str | None
    odd: str


def casts(
    contract: Contract,
    positions: dict[str, int],
    *,
    is_clean: bool = False,
    doubtful: frozenset[str] = frozenset(),
) -> list[Cast]:
    """A cast per delivered column; `positions`: physical name -> index of the delivered text column c<index>.

    Text that `is_clean` holds no control characters. In `doubtful` fields a number with two readings has none.
    """
    return [
        _cast(
            contract,
            column,
            f"c{positions[column.physical_name]}",
            _typed(contract, column, is_clean, column.field in doubtful),
        )
        for column in contract.columns
        if column.physical_name in positions
    ]


def freed_sql(found: Iterable[Cast], table: str) -> str:
    """`table` of delivered text with the columns b_<field> and f_<field> of these casts."""
    listed = [*found]
    trimmed_texts = ", ".join(["*", *(f"{cast.trimmed} AS b_{cast.field}" for cast in listed)])
    freed_texts = ", ".join(["*", *(f"{cast.freed} AS f_{cast.field}" for cast in listed)])
    return f"(SELECT {freed_texts} FROM (SELECT {trimmed_texts} FROM {table}))"


def _cast(contract: Contract, column: Column, delivered: str, typed: Typed) -> Cast:
    name, kind = column.field, fields_of(contract.kind)[column.field].type
    text = f"nullif(f_{name}, '')"
    vocabulary = FIELD_VOCABULARIES.get((contract.kind, name))
    is_critical = (
        column.required or name in contract.key or name in _CRITICAL or bool(vocabulary or column.enumeration)
    )
    checks = [f"WHEN t_{name} IS NOT NULL AND v_{name} IS NULL THEN {typed.reason}", *typed.checks]
    plain_text = f"nullif({delivered}, '')"
    odd = [_around(plain_text if column.value_map else f"t_{name}", kind), typed.odd]
    for code, allowed in (("not_in_vocabulary", vocabulary), ("not_in_enumeration", column.enumeration)):
        if allowed:
            odd.append(f"t_{name} NOT IN ({', '.join(quote(item) for item in sorted(allowed))})")
            checks.append(f"WHEN {odd[-1]} THEN '{code}:{name}'")
    if column.bounds:
        odd.append(outside(f"p_{name}", column.bounds))
        checks.append(f"WHEN {outside(f'v_{name}', column.bounds)} THEN 'out_of_range:{name}'")
    if name in contract.key or column.required:
        odd.append(f"t_{name} IS NULL")
        code = "missing_key" if name in contract.key else "missing_required"
        checks.insert(0, f"WHEN t_{name} IS NULL THEN '{code}:{name}'")
    if name != "text":
        odd.append(f"strlen(t_{name}) > {MAX_TEXT}")  # of bytes, not fewer than the characters
        checks.append(f"WHEN {odd[-1]} AND length(t_{name}) > {MAX_TEXT} THEN 'value_too_long:{name}'")
    around = (
        f"CASE WHEN {condition} AND {text} IS NOT NULL THEN '{code}:{name}' END"
        for code, condition in (("spaces", f"b_{name} <> {delivered}"), ("guard", f"f_{name} <> b_{name}"))
    )
    return Cast(
        name,
        trimmed(delivered),
        freed(delivered, f"b_{name}", name),
        _mapped(plain_text, column),
        _mapped(text, column),
        typed.parsed,
        typed.value,
        f"CASE {' '.join(checks)} END",
        is_critical,
        (*around, *typed.repairs),
        typed.plain,
        " OR ".join(condition for condition in odd if condition),
    )


def _around(text: str, kind: str) -> str:
    """Whether something stands around a value that would be cast all the same: a date or boolean is cast as it should be or not."""
    if kind in NUMBERS:
        return has_plain_blanks(text)
    return "" if kind in MOMENTS or kind == "boolean" else has_something_around(text)


def outside(value: str, bounds: Bounds) -> str:
    """Whether a number, date or time lies outside; of a time the whole last day is inside."""
    if isinstance(bounds.low, date):
        return f"({value} < DATE '{bounds.low}' OR {value}::DATE > DATE '{bounds.high}')"
    return f"({value} < {bounds.low} OR {value} > {bounds.high})"


def _mapped(text: str, column: Column) -> str:
    """Their words as ours, where the contract has a map."""
    if not column.value_map:
        return text
    cases = " ".join(f"WHEN {quote(theirs)} THEN {quote(ours)}" for theirs, ours in column.value_map.items())
    return f"CASE {text} {cases} ELSE {text} END"


def _typed(contract: Contract, column: Column, is_clean: bool, is_doubtful: bool) -> Typed:
    """How the text becomes a value of the field's canonical type."""
    name, kind = column.field, fields_of(contract.kind)[column.field].type
    if kind in MOMENTS:
        return moment(name, kind, column.format, contract.default_country)
    if kind in NUMBERS:
        return number(name, kind, column.number_signs, is_doubtful=is_doubtful)
    text = f"t_{name}"
    if kind == "boolean":
        low = f"lower({text})"
        return Typed(
            f"CASE WHEN {low} IN {_TRUE} THEN true WHEN {low} IN {_FALSE} THEN false END",
            f"'bad_boolean:{name}'",
            odd=f"{text} IS NOT NULL AND p_{name} IS NULL",
            plain=f"CASE {text} WHEN 'true' THEN true WHEN 'false' THEN false WHEN '1' THEN true WHEN '0' THEN false END",
        )
    bare = text if is_clean else f"regexp_replace({text}, '{_CONTROL}', '', 'g')"
    has_control = "" if is_clean else f"regexp_matches({text}, '{_CONTROL}')"
    if _NUMBER_LIKE.fullmatch(name):
        return _digits(name, bare, has_control)
    return Typed(bare, f"'bad_string:{name}'", odd=has_control)


def _digits(name: str, bare: str, has_control: str) -> Typed:
    """Text of digits as people and spreadsheets write it."""
    text = f"t_{name}"
    narrow = f"CASE WHEN strlen({text}) > length({text}) THEN translate({bare}, '{_WIDE}', '{_NARROW}') ELSE {bare} END"
    ending = f"contains(q_{name}, '.') AND regexp_matches(q_{name}, '{_DECIMAL_ENDING}')"
    lost = f"contains(q_{name}, '+') AND regexp_matches(q_{name}, '{_SCIENTIFIC}')"
    signs = [f"contains({text}, '{sign}')" for sign in (".0", "E+", "e+")]
    return Typed(
        value=f"CASE WHEN {ending} THEN regexp_extract(q_{name}, '{_DECIMAL_ENDING}', 1) ELSE q_{name} END",
        reason=f"'bad_string:{name}'",
        odd=" OR ".join([*filter(None, [has_control]), f"strlen({text}) > length({text})", *signs]),
        parsed=narrow,
        checks=(f"WHEN {lost} THEN 'scientific_number:{name}'",),
        repairs=(
            f"CASE WHEN strlen({text}) > length({text}) AND regexp_matches({text}, '[０-９]') THEN 'full_width:{name}' END",
            f"CASE WHEN {ending} THEN 'decimal_ending:{name}' END",
        ),
    )
