"""The contract of an exported file (Open Data Contract Standard): which columns it has, from where, of which type and class.

`export_contracts/NAME.yml` of the home, or a shipped one. What a receiver relies on stands there, and nowhere else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.contracts.document import read_document
from pipelines.contracts.odcs import check_standard
from pipelines.contracts.render import format_problems
from pipelines.errors import UcvError

OWN = ("recipient", "customer_id", "name", "value", "allowed_hours")
"""What an export itself knows of a person."""
SENSITIVE = "sensitive"
TYPES = {"string": "VARCHAR", "integer": "BIGINT", "number": "DECIMAL(38, 4)", "date": "DATE", "timestamp": "TIMESTAMP", "boolean": "BOOLEAN"}  # fmt: skip
NEVER = frozenset({"national_id", "birth_date", "address_line", "postcode", "member_no", "display_name"})
"""Columns that no contract may ask for: people would learn how much is known of them."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,62}")
_FROM = re.compile(r"([a-z0-9_]+)\.([a-z0-9_]+)")


class FileContractError(UcvError):
    """The contract of a file is unknown or wrong: a mistake of its author (exit 2)."""

    exit_code = 2


@dataclass(frozen=True)
class Column:
    """One column. `origin` is one of OWN, or (mart, column)."""

    name: str
    type: str
    is_required: bool
    classification: str | None
    origin: str | tuple[str, str]


@dataclass(frozen=True)
class FileContract:
    """`key` is the SHA-256 of the file: with another text it is another contract."""

    name: str
    version: str
    title: str
    columns: tuple[Column, ...]
    key: str


def find_file_contract(name: str, *folders: Path) -> FileContract:
    """The contract in the last folder that has it. Raises FileContractError that tells where and what was expected."""
    found = [folder / f"{name}.yml" for folder in folders if _NAME.fullmatch(name)]
    path = next((one for one in reversed(found) if one.is_file()), None)
    if path is None:
        known = sorted({one.stem for folder in folders for one in folder.glob("*.yml")})
        raise FileContractError(
            f"No contract of a file {name!r}; there are {', '.join(known) or 'none'}. Write one into {folders[-1]}."
        )
    values, findings = read_document(path)
    check_standard(values, findings)
    if findings.problems:
        raise FileContractError(f"The contract cannot be used.\n{format_problems(findings.problems)}")
    columns = tuple(_column(path, each) for each in _properties(values))
    if not columns or columns[0].origin != "recipient":
        raise FileContractError(
            f"{path}: the first column must be from recipient, by which somebody erased is found in the file."
        )
    return FileContract(
        name,
        str(values.get("version")),
        str(values.get("name") or name),
        columns,
        hashlib.sha256(path.read_bytes()).hexdigest(),
    )


def _properties(values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    tables = values.get("schema") or [{}]
    return list(tables[0].get("properties") or [])


def _column(path: Path, told: Mapping[str, Any]) -> Column:
    name = str(told.get("name"))
    customs = {one["property"]: one.get("value") for one in told.get("customProperties") or []}
    origin, kind = str(customs.get("from")), str(told.get("logicalType"))
    match = _FROM.fullmatch(origin)
    if origin not in OWN and match is None:
        raise FileContractError(
            f"{path}: column {name} is from {origin!r}; expected one of {', '.join(OWN)}, or mart.column."
        )
    if match and match[2] in NEVER:
        raise FileContractError(f"{path}: column {name} is from {origin}, which leaves in no file.")
    if kind not in TYPES:
        raise FileContractError(
            f"{path}: column {name} has the type {kind!r}; expected one of {', '.join(TYPES)}."
        )
    classification = told.get("classification")
    if not classification:
        raise FileContractError(
            f"{path}: column {name} has no classification, such as internal, personal, pii or sensitive."
        )
    return Column(
        name, kind, bool(told.get("required")), str(classification), (match[1], match[2]) if match else origin
    )
