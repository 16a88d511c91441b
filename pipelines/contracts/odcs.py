"""Checks a contract against the JSON schema of the Open Data Contract Standard, complaints put in our words.

The schema ships in the package open_data_contract_standard (offline). Its pydantic model is not used: it
swallows misspelt keys.
"""

from __future__ import annotations

import copy
import json
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft201909Validator
from jsonschema.exceptions import ValidationError

from pipelines.contracts.fields import canonical_fields
from pipelines.contracts.problems import Findings, Place, described, nearest, shown

LOGICAL_TYPES = {
    "string": ("string",),
    "date": ("date",),
    "timestamp": ("timestamp", "date"),
    "decimal": ("number", "integer"),
    "number": ("number", "integer"),
    "integer": ("integer",),
    "boolean": ("boolean",),
}
"""Canonical type -> the standard's logicalTypes that may be declared for it, the default first."""

_TYPE_WORDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}

_SOUND: set[str] = set()
"""Contracts that this process has found sound; a nightly run reads each several times, at 50 ms a check."""


def check_standard(values: dict[str, object], findings: Findings) -> None:
    """Add a finding for every breach of the standard's schema in `values`, a parsed contract."""
    filled = _with_logical_types(values)
    text = repr(filled)
    if text in _SOUND:
        return
    is_sound = True
    for error in _validator().iter_errors(filled):
        is_sound = False
        _translate(error, findings)
    if is_sound:
        _SOUND.add(text)


@cache
def _validator() -> Any:
    text = files("open_data_contract_standard").joinpath("schema.json").read_text(encoding="utf-8")
    return Draft201909Validator(json.loads(text))


def _with_logical_types(values: dict[str, object]) -> dict[str, object]:
    """A copy in which each property states its logicalType: we default it, schema 3.2.0 asks for it."""
    defaults = {field.name: LOGICAL_TYPES[field.type][0] for field in canonical_fields()}
    filled = copy.deepcopy(values)
    tables = filled.get("schema")
    for table in tables if isinstance(tables, list) else []:
        properties = table.get("properties") if isinstance(table, dict) else None
        for column in properties if isinstance(properties, list) else []:
            if isinstance(column, dict):
                column.setdefault("logicalType", defaults.get(str(column.get("name")), "string"))
    return filled


def _translate(error: ValidationError, findings: Findings) -> None:
    place: Place = tuple(error.absolute_path)
    limit = error.validator_value
    match error.validator:
        case "required":
            for name in limit:
                if name not in error.instance:
                    findings.add((*place, name), f"no key {name}", f"the key {name}", f"Add {name}: …")
        case "additionalProperties" | "unevaluatedProperties":
            _unknown_keys(error, place, findings)
        case "type":
            wanted = _TYPE_WORDS.get(limit, str(limit))
            remedy = "Put the value in quotes" if limit == "string" else f"Write {wanted} here"
            findings.add(place, described(error.instance), wanted, remedy)
        case "enum" | "const" if isinstance(error.instance, str):
            choices = limit if isinstance(limit, list) else [limit]
            findings.unknown(place, error.instance, "one of", map(str, choices))
        case _:
            rule = json.dumps(limit, ensure_ascii=False)
            told = rule if len(rule) <= 80 else "one of the forms that the standard allows"
            remedy = "See this key in the Open Data Contract Standard 3.2"
            findings.add(place, described(error.instance), f"{error.validator}: {told}", remedy)


def _unknown_keys(error: ValidationError, place: Place, findings: Findings) -> None:
    """Name each unknown key; there may be none, since a fault in one key leaves all unevaluated."""
    known = _known_keys(error.schema, error.instance)
    for key in error.instance:
        if key not in known:
            near = nearest(key, known)
            remedy = (
                f"Write {near}, or remove the key"
                if near
                else "Remove the key, or put it in customProperties"
            )
            findings.add((*place, key), f"unknown key {shown(key)}", "a key of the standard", remedy)


def _known_keys(schema: Any, instance: object) -> set[str]:
    """Keys that a schema allows for this instance, through references and the conditions that hold for it."""
    if not isinstance(schema, dict):
        return set()
    known = set(schema.get("properties", {}))
    if "$ref" in schema:
        known |= _known_keys(_resolve(schema["$ref"]), instance)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(keyword, []):
            known |= _known_keys(part, instance)
    if "if" in schema:
        holds = _validator().evolve(schema=schema["if"]).is_valid(instance)
        known |= _known_keys(schema.get("then" if holds else "else", {}), instance)
    return known


def _resolve(reference: str) -> Any:
    node = _validator().schema
    for step in reference.removeprefix("#/").split("/"):
        node = node[step]
    return node
