"""Writes the first draft of a contract from a record kind and, if given, the header of a sample."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from pipelines.contracts.fields import fields_of
from pipelines.contracts.load import SOURCE_ID, SOURCE_ID_RULE
from pipelines.contracts.model import NumberSigns
from pipelines.contracts.number_signs import NUMBER_TYPES
from pipelines.contracts.odcs import LOGICAL_TYPES
from pipelines.contracts.plain_values import PLACEHOLDER
from pipelines.contracts.problems import nearest, shown
from pipelines.contracts.sample import Sample, guess_fields
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

_KEYS = {"transaction": ("transaction_id", "line_number"), "organisation": ("organisation_id", "role")}
_REQUIRED = frozenset({"registered_at", "transacted_at", "occurred_at", "effective_at", "verified_at"})

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
  - name: {kind}  # the record kind: {kinds}
    logicalType: object
    # name: canonical field; physicalName: the column as delivered. Columns that are not listed stay in `extra`.
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
  # - {{property: defaultCountry, value: CN}}  # for phones and dates that do not say
  # - {{property: freshnessSeverity, value: fail}}  # a late delivery makes the run red; default warn, or info
  # - {{property: landingRetention, value: 7}}  # days after publishing until a stored file is removed from landing
{currency}{terms}"""

_DOUBTFUL = """\
      # {name} holds numbers such as 1.000 or 1,000 and nothing tells whether they are thousands; if a comma is the decimal
      # sign, add customProperties: [{{property: decimalChar, value: ","}}] to the next line"""

_CURRENCY = "  # - {property: defaultCurrency, value: CNY}  # of amounts whose rows name none; without it these are not added up\n"

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


def new_contract(source_id: str, kind: str, sample: Sample | None = None) -> str:
    """YAML text of a contract with comments; it passes the checks once each FILL_IN is replaced.

    A sample gives format, encoding, place of the header and columns. Raises ContractError for an unusable id and an
    unknown kind.
    """
    if not SOURCE_ID.fullmatch(source_id):
        raise ContractError(
            f"The id {shown(source_id)} is not usable; {SOURCE_ID_RULE}, such as web_registrations."
        )
    if kind not in KINDS:
        near = nearest(kind, KINDS)
        hint = f"Did you mean {near}?" if near else "Choose one of them."
        raise ContractError(f"Unknown record kind {kind}; expected one of {', '.join(KINDS)}. {hint}")
    header = sample or Sample()
    mapped = (
        guess_fields(header.columns, kind) if header.columns else {name: name for name in _USUAL_FIELDS[kind]}
    )
    bought = kind == "purchased_list"
    lines = _properties(mapped, kind, header)
    return _TEXT.format(
        source_id=source_id,
        name=source_id.replace("_", " ").capitalize(),
        format=header.format,
        suffix=header.suffix or f".{header.format}",
        options=_options(header),
        kind=kind,
        kinds=", ".join(KINDS),
        properties="\n".join([*lines, *_unmapped(header.columns, mapped)]),
        price="price: {priceAmount: 0, priceCurrency: CNY, priceUnit: record}\n" if bought else "",
        channel="data_company" if bought else "internal",
        currency=_CURRENCY if "amount" in mapped or "gift_cost" in mapped else "",
        terms=_key_line(mapped, kind) + (_TERMS.format(placeholder=PLACEHOLDER) if bought else ""),
    )


def _key_of(mapped: dict[str, str], kind: str) -> tuple[str, ...]:
    """The record id, else what usually names a record of the kind if delivered; else nothing."""
    for key in (("source_record_id",), _KEYS.get(kind, ())):
        if key and all(field in mapped for field in key):
            return key
    return ()


def _key_line(mapped: dict[str, str], kind: str) -> str:
    if _key_of(mapped, kind):
        return ""
    return "  - {property: key, value: derived}  # no column names a record; else mark one with primaryKey: true\n"


def _properties(mapped: dict[str, str], kind: str, sample: Sample) -> list[str]:
    fields, key = fields_of(kind), _key_of(mapped, kind)
    lines = []
    for name, physical in mapped.items():
        logical = LOGICAL_TYPES[fields[name].type][0]
        parts = [
            f"name: {name}",
            f"physicalName: {json.dumps(physical, ensure_ascii=False)}",
            f"logicalType: {logical}",
        ]
        if name in key:
            parts += ["required: true", "primaryKey: true", f"primaryKeyPosition: {key.index(name) + 1}"]
        elif name in _REQUIRED:
            parts.append("required: true")
        if fields[name].sensitivity == "pii":
            parts.append("classification: pii")
        if fields[name].type in NUMBER_TYPES:
            parts += _number_signs(sample.number_signs.get(physical))
            if physical in sample.doubtful_numbers:
                lines.append(_DOUBTFUL.format(name=name))
        lines.append(f"      - {{{', '.join(parts)}}}")
    if not lines:
        lines.append(f"      - {{name: {PLACEHOLDER}, physicalName: {PLACEHOLDER}, logicalType: string}}")
    return lines


def _number_signs(signs: NumberSigns | None) -> list[str]:
    if signs is None:
        return []
    told = {"decimalChar": signs.decimal, "groupChar": signs.group}
    listed = ", ".join(
        f"{{property: {name}, value: {json.dumps(sign)}}}" for name, sign in told.items() if sign
    )
    return [f"customProperties: [{listed}]"]


_KEY_LIKE = re.compile(r"(?i)(?:^|_|\b)(?:id|no|nr|number|key|code)$|编号$|编码$|流水号$|单号$")


def _unmapped(columns: Sequence[str], mapped: dict[str, str]) -> list[str]:
    """Comments for other columns; none if no name was recognised: the first line may be a person."""
    if not set(mapped.values()) & set(columns):
        return []
    left = [column for column in columns if column not in mapped.values() and _is_name(column)]
    told = [f"      # not mapped: {json.dumps(column, ensure_ascii=False)}" for column in left]
    key = next((column for column in left if _KEY_LIKE.search(column)), None)
    if key and "source_record_id" not in mapped:
        line = f"- {{name: source_record_id, physicalName: {json.dumps(key, ensure_ascii=False)}, logicalType: string, primaryKey: true}}"
        told += ["      # does it name a record? Then write, and remove key: derived", f"      # {line}"]
    return told


def _is_name(column: str) -> bool:
    return column.isprintable() and "@" not in column and sum(map(str.isdigit, column)) < 4
