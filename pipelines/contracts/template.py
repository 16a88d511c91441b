"""Writes the first draft of a contract from a record kind and, if given, a sample."""

from __future__ import annotations

import json

from pipelines.contracts.column_guess import LIKELY, Guess, Guesses
from pipelines.contracts.draft import Draft, draft_from
from pipelines.contracts.draft_lines import property_lines, unmapped_lines
from pipelines.contracts.interpret import SOURCE_ID, SOURCE_ID_RULE
from pipelines.contracts.key_guess import guess_key
from pipelines.contracts.kind_guess import DEFAULT_KIND
from pipelines.contracts.plain_values import PLACEHOLDER
from pipelines.contracts.problems import nearest, shown
from pipelines.contracts.sample import Sample
from pipelines.contracts.vocabularies import KINDS
from pipelines.errors import ContractError

_USUAL_FIELDS = {
    "registration": ("source_record_id", "full_name", "phone", "email", "address", "registered_at"),
    "transaction": (
        "transaction_id",
        "line_number",
        "member_no",
        "phone",
        "transacted_at",
        "amount",
        "currency",
    ),
    "purchased_list": ("full_name", "phone", "email", "address", "collected_at", "last_verified_at"),
    "interaction": ("source_record_id", "phone", "occurred_at", "interaction_type", "outcome", "text"),
    "suppression": ("phone", "email", "scope", "scope_value", "reason", "effective_at"),
    "verification": ("full_name", "national_id", "method", "result", "verified_at"),
    "organisation": ("organisation_id", "organisation_name", "full_name", "role", "phone", "industry"),
}
"""What a contract without a sample starts from: fields that nearly every source of the kind delivers."""

_TEXT = """\
# {source_id}: one source in the Open Data Contract Standard. Check it with `ucv check`.
apiVersion: v3.1.0
kind: DataContract
id: {source_id}  # the source_system of every row; never change it later
name: {name}
version: 1.0.0
status: active  # draft or retired: checked, but not read
servers:
  - server: landing
    type: local
    path: "landing/{source_id}/*{suffix}*"  # drop deliveries there; .gz and .zip are opened
    format: {format}  # csv, tsv, jsonl, xlsx or parquet
{options}schema:
  - name: {kind}  # {kind_why}; one of {kinds}
    logicalType: object
{known}{key_why}    # name: canonical field; physicalName: the column as delivered. Columns that are not listed stay in `extra`.
    # Dates of one form: add logicalTypeOptions: {{format: yyyy-MM-dd}}; bounds of numbers and dates: {{minimum: 0, maximum: 500}}.
    properties:
{properties}
slaProperties:
  - {{property: frequency, value: 1, unit: d}}  # min, h, d, w, m (month) or y
  # - {{property: latency, value: 1, unit: d}}  # how much later than that a delivery may come, and how old its newest event may be
  - {{property: retention, value: 3, unit: y}}
{price}customProperties:
  - {{property: channel, value: {channel}}}  # how it reaches us, such as website, store, data_company
  - {{property: deliveryMode, value: incremental}}  # or snapshot (each file is the whole truth), or events
{country}  # - {{property: freshnessSeverity, value: fail}}  # a late delivery makes the run red; default warn, or info
  # - {{property: landingRetention, value: 7}}  # days after publishing until a stored file is removed from landing
{currency}{terms}"""

_KNOWN = """\
    # {name}: its header was recognised. Each column says how sure it is (sure, likely, doubtful) and shows the form of three
    # values: 9 stands for a digit, x and X for letters, 某 for a sign of another script.
"""

_SURENESS = """\
    # Each column says how sure it is (sure, likely, doubtful) and shows the form of three values: 9 stands for a digit,
    # x and X for letters, 某 for a sign of another script.
"""

_TERMS = """\
  - {{property: acquisitionMode, value: purchase}}  # or lease (then also validTo) or cooperation
  - {{property: vendor, value: {placeholder}}}  # who gave the records
  # - {{property: validTo, value: 2027-12-31}}
  # - {{property: permittedChannels, value: [email, phone]}}
  # - {{property: maxUses, value: 3}}
  # - {{property: matchingOnly, value: true}}  # helps to tell who is who; no value of it is shown or exported
"""


def _options(header: Sample) -> str:
    lines = []
    if header.format in ("csv", "tsv"):
        lines.append(f"{{property: delimiter, value: {json.dumps(header.delimiter)}}}")
    if header.format in ("csv", "tsv", "jsonl"):
        lines.append(f"{{property: encoding, value: {header.encoding}}}  # utf-8, gb18030, big5 ... or auto")
    for name, value in (("headerRow", header.header_row), ("sheet", header.sheet), ("member", header.member)):
        if value is not None:
            lines.append(f"{{property: {name}, value: {json.dumps(value)}}}")
    return "".join(["    customProperties:\n" if lines else "", *(f"      - {line}\n" for line in lines)])


def new_contract(source_id: str, kind: str | None = None, sample: Sample | None = None) -> str:
    """YAML text of a contract with comments; it passes the checks once each FILL_IN is replaced.

    A sample gives format, encoding, place of the header and columns, and the kind where none is said. Raises ContractError
    for an unusable id and an unknown kind.
    """
    return written(source_id, new_draft(source_id, kind, sample))


def new_draft(source_id: str, kind: str | None, sample: Sample | None) -> Draft:
    """What the contract will say. Raises ContractError for an unusable id and an unknown kind."""
    if not SOURCE_ID.fullmatch(source_id):
        raise ContractError(
            f"The id {shown(source_id)} is not usable; {SOURCE_ID_RULE}, such as web_registrations."
        )
    if kind is not None and kind not in KINDS:
        near = nearest(kind, KINDS)
        hint = f"Did you mean {near}?" if near else "Choose one of them."
        raise ContractError(f"Unknown record kind {kind}; expected one of {', '.join(KINDS)}. {hint}")
    if sample is not None and sample.columns:
        return draft_from(sample, kind)
    chosen = kind or DEFAULT_KIND
    usual = {name: Guess(name, name, LIKELY, "a usual field") for name in _USUAL_FIELDS[chosen]}
    guesses = Guesses(chosen, usual)
    return Draft(chosen, "the record kind", guesses, guess_key(Sample(), guesses), sample or Sample())


def written(source_id: str, draft: Draft) -> str:
    """The draft as YAML text with comments."""
    sample, kind = draft.sample, draft.kind
    bought = kind == "purchased_list"
    no_key = "" if draft.key.key else _NO_KEY
    return _TEXT.format(
        source_id=source_id,
        name=source_id.replace("_", " ").capitalize(),
        format=sample.format,
        suffix=sample.suffix or f".{sample.format}",
        options=_options(sample),
        kind=kind,
        kind_why=draft.kind_why,
        kinds=", ".join(KINDS),
        known=_known(draft),
        key_why=_key_why(draft),
        properties="\n".join([*property_lines(draft), *unmapped_lines(draft)]),
        price="price: {priceAmount: 0, priceCurrency: CNY, priceUnit: record}\n" if bought else "",
        channel="data_company" if bought else "internal",
        country=_country(draft),
        currency=_currency(draft),
        terms=no_key + (_TERMS.format(placeholder=PLACEHOLDER) if bought else ""),
    )


_NO_KEY = (
    "  - {property: key, value: derived}  # no column names a record; else mark one with primaryKey: true\n"
)
_SURE_SHARE = 0.8


def _known(draft: Draft) -> str:
    if not draft.sample.columns:
        return ""
    return _KNOWN.format(name=draft.export.name) if draft.export else _SURENESS


def _key_why(draft: Draft) -> str:
    """On how many rows the key was seen to hold."""
    rows = max((shape.rows for shape in draft.sample.shapes.values()), default=0)
    if not rows or not draft.key.key:
        return ""
    return f"    # Key: {', '.join(draft.key.key)}, filled and different on all {rows:,} rows of the sample; see that it stays so.\n"


def _country(draft: Draft) -> str:
    """A line that holds where the values, or the system, are clear; else one to uncomment."""
    told = "for phones and dates that do not say"
    found = draft.country
    if found is not None:
        is_clear = found.share >= _SURE_SHARE
        mark = "" if is_clear else "# "
        return (
            f"  {mark}- {{property: defaultCountry, value: {found.country}}}  # {told}; {found.share:.0%} of {found.count} "
            "telling values are of it\n"
        )
    if draft.export and draft.export.country:
        return f"  - {{property: defaultCountry, value: {draft.export.country}}}  # {told}; the country of {draft.export.name}\n"
    return f"  # - {{property: defaultCountry, value: CN}}  # {told}\n"


def _currency(draft: Draft) -> str:
    if not {"amount", "unit_price", "gift_cost"} & set(draft.mapped):
        return ""
    told = "of amounts whose rows name none; without it these are not added up"
    if draft.export and draft.export.currency:
        return f"  - {{property: defaultCurrency, value: {draft.export.currency}}}  # {told}; that of {draft.export.name}\n"
    return f"  # - {{property: defaultCurrency, value: CNY}}  # {told}\n"
