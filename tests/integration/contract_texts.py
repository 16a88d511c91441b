"""Contracts and files of sources that the code has never seen, made for tests."""

from __future__ import annotations

from collections.abc import Iterable

import yaml

from pipelines.contracts.fields import fields_of
from pipelines.contracts.odcs import LOGICAL_TYPES
from pipelines.contracts.vocabularies import (
    FIELD_VOCABULARIES,
    LEGAL_RESERVE_CHANNELS,
    OPEN_DATA_CHANNEL,
    OUTSIDE_CHANNELS,
)

_SAMPLES = {
    "date": "1980-05-06",
    "timestamp": "2026-10-01 08:00:00",
    "decimal": "12.5",
    "number": "3",
    "integer": "1",
    "boolean": "true",
}
_TEXTS = {"phone": "13912345678", "email": "li.ming@mail.example.cn", "full_name": "李明", "country": "CN"}


def column_name(field: str) -> str:
    """The delivered column that the contracts map to a canonical field."""
    return f"列_{field}"


def contract_text(identity: str, kind: str, channel: str, fields: Iterable[str]) -> str:
    """YAML of a csv source that delivers some canonical fields of its kind, by names in a language of its own."""
    custom = {"channel": channel, "defaultCountry": "CN"}
    if channel in OUTSIDE_CHANNELS:
        custom |= {"acquisitionMode": "purchase", "vendor": "Some vendor"}
    if channel in LEGAL_RESERVE_CHANNELS:
        custom["legalBasis"] = "consent of 2026-01"
    if channel == OPEN_DATA_CHANNEL:
        custom["licence"] = "CC-BY-4.0"
    properties = [
        {
            "name": field.name,
            "physicalName": column_name(field.name),
            "logicalType": LOGICAL_TYPES[field.type][0],
        }
        | ({"required": True, "primaryKey": True} if field.name == "source_record_id" else {})
        for field in (fields_of(kind)[name] for name in fields)
    ]
    return yaml.safe_dump(
        {
            "apiVersion": "v3.1.0",
            "kind": "DataContract",
            "id": identity,
            "name": identity,
            "version": "1.0.0",
            "status": "active",
            "servers": [
                {"server": "landing", "type": "local", "path": f"landing/{identity}/*.csv", "format": "csv"}
            ],
            "schema": [{"name": kind, "logicalType": "object", "properties": properties}],
            "customProperties": [{"property": name, "value": value} for name, value in custom.items()],
        },
        allow_unicode=True,
    )


def delivery_text(kind: str, fields: Iterable[str], record_ids: list[str]) -> str:
    """A csv file with one row for each record id and a value in every column."""
    fields = list(fields)
    lines = [",".join(column_name(name) for name in fields)]
    for identity in record_ids:
        lines.append(",".join(_value(kind, name, identity) for name in fields))
    return "\n".join(lines) + "\n"


def _value(kind: str, name: str, identity: str) -> str:
    if name == "source_record_id":
        return identity
    vocabulary = FIELD_VOCABULARIES.get((kind, name))
    if vocabulary:
        return sorted(vocabulary)[0]
    return _SAMPLES.get(fields_of(kind)[name].type) or _TEXTS.get(name, f"{name} x")
