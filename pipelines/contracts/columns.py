"""The record kind, its columns and its key: the `schema` of a contract."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.contracts.bounds import read_bounds
from pipelines.contracts.customs import Customs, Node, mappings
from pipelines.contracts.fields import Field, canonical_fields, fields_of
from pipelines.contracts.headers import column_key
from pipelines.contracts.model import FILL_ABOVE, Column
from pipelines.contracts.number_signs import SIGN_PROPERTIES, read_number_signs
from pipelines.contracts.odcs import LOGICAL_TYPES
from pipelines.contracts.problems import Findings, Place, shown
from pipelines.contracts.value_lists import enumeration, value_map
from pipelines.contracts.vocabularies import KINDS

_FORMAT_LETTERS = re.compile(r"[yuMdHhmsSaXxZzT]*")


@dataclass(frozen=True)
class Table:
    """The schema of a contract: one record kind, its columns in order, its key (empty: derived or broken)."""

    kind: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]


def read_table(values: Node, findings: Findings) -> Table | None:
    """The one table of a contract, or None where no kind can be told; all faults go to the findings."""
    tables = values.get("schema")
    if "schema" in values and not isinstance(tables, list):
        return None  # told by the standard's schema
    count = len(tables) if isinstance(tables, list) else 0
    if count != 1:
        remedy = f"Keep one entry whose name is a record kind: {', '.join(KINDS)}"
        findings.add(("schema",), f"{count} schema objects", "exactly one schema object", remedy)
    for index, node in mappings(tables):
        return _read_one(node, ("schema", index), findings)
    return None


def _read_one(node: Node, place: Place, findings: Findings) -> Table | None:
    Customs(node, place, (), findings)
    kind = node.get("name")
    if not isinstance(kind, str):
        return None
    if kind not in KINDS:
        findings.unknown((*place, "name"), kind, "a record kind", KINDS)
        return None
    entries = [(index, entry) for index, entry in mappings(node.get("properties"))]
    if not entries:
        remedy = "Add one line per column that is mapped to a canonical field"
        findings.add((*place, "properties"), "no properties", "at least one property", remedy)
    columns: list[Column] = []
    for index, entry in entries:
        column = _read_column(entry, (*place, "properties", index), kind, columns, findings)
        if column is not None:
            columns.append(column)
            _check_fill_down(column, [entry for _, entry in entries], (*place, "properties", index), findings)
    return Table(kind, tuple(columns), _key(entries))


def _check_fill_down(column: Column, entries: list[Node], place: Place, findings: Findings) -> None:
    """It names another field of the contract, or says that the cell above holds whatever its row."""
    others = [str(entry.get("name")) for entry in entries if entry.get("name") != column.field]
    if column.fill_down is not None and column.fill_down not in {FILL_ABOVE, *others}:
        expected = (
            "another field of this contract, within which the cell above holds (or above: within any row)"
        )
        findings.unknown((*place, "fillDown"), column.fill_down, expected, [*others, FILL_ABOVE])


def _read_column(
    node: Node, place: Place, kind: str, earlier: list[Column], findings: Findings
) -> Column | None:
    field = _canonical(node.get("name"), (*place, "name"), kind, findings)
    if field is None:
        return None
    if any(column.field == field.name for column in earlier):
        remedy = f"Remove one, or use a repeated field such as {field.name}_2 where there is one"
        findings.add((*place, "name"), f"{field.name} a second time", "each canonical field once", remedy)
    physical = _physical_name(node, place, field.name, earlier, findings)
    _check_type(node.get("logicalType"), (*place, "logicalType"), field, findings)
    customs = Customs(node, place, ("valueMap", "fillDown", *SIGN_PROPERTIES), findings)
    classification = node.get("classification")
    return Column(
        field=field.name,
        physical_name=physical,
        type=field.type,
        required=node.get("required") is True,
        format=_format(node, place, field, findings),
        classification=classification if isinstance(classification, str) else None,
        enumeration=enumeration(node, place, findings),
        value_map=value_map(customs, kind, field.name, findings),
        number_signs=read_number_signs(customs, field, findings),
        bounds=read_bounds(node, place, field, findings),
        fill_down=customs.text("fillDown"),
    )


def _canonical(name: object, place: Place, kind: str, findings: Findings) -> Field | None:
    if not isinstance(name, str):
        return None
    fields = fields_of(kind)
    if name in fields:
        return fields[name]
    elsewhere = next((field for field in canonical_fields() if field.name == name), None)
    if elsewhere is None:
        findings.unknown(place, name, f"a canonical field of {kind}", fields)
    else:
        remedy = "Change the kind, or leave the column out: unmapped columns stay in extra"
        kinds = ", ".join(sorted(elsewhere.kinds))
        findings.add(place, shown(name), f"a canonical field of {kind}; {name} is one of {kinds}", remedy)
    return None


def _physical_name(node: Node, place: Place, default: str, earlier: list[Column], findings: Findings) -> str:
    given = node.get("physicalName")
    physical = given if isinstance(given, str) else default
    at = (*place, "physicalName")
    if not column_key(physical):
        findings.add(
            at, "a blank physicalName", "the name of the column as delivered", "Write the column's name"
        )
    other = next(
        (column for column in earlier if column_key(column.physical_name) == column_key(physical)), None
    )
    if other is not None:
        remedy = "Map each delivered column once"
        findings.add(
            at, f"{shown(physical)}, which already fills {other.field}", "each physicalName once", remedy
        )
    return physical


def _check_type(given: object, place: Place, field: Field, findings: Findings) -> None:
    allowed = LOGICAL_TYPES[field.type]
    if isinstance(given, str) and given not in allowed:
        expected = f"{' or '.join(allowed)}, because {field.name} is a canonical {field.type}"
        findings.add(place, f"logicalType {shown(given)}", expected, f"Write logicalType: {allowed[0]}")


def _format(node: Node, place: Place, field: Field, findings: Findings) -> str | None:
    """The declared form of dates in JDK letters (the standard's choice); other formats pass as they are."""
    options = node.get("logicalTypeOptions")
    pattern = options.get("format") if isinstance(options, dict) else None
    if not isinstance(pattern, str):
        return None
    if field.type in {"date", "timestamp"}:
        letters = "".join(re.findall(r"[A-Za-z%]", re.sub(r"'[^']*'", "", pattern)))
        if "y" not in letters.replace("u", "y") or not _FORMAT_LETTERS.fullmatch(letters):
            expected = "a date pattern of the letters yyyy MM dd HH mm ss (yyyy is the year, dd the day)"
            remedy = "Write for example yyyy-MM-dd or yyyy-MM-dd HH:mm:ss"
            findings.add((*place, "logicalTypeOptions", "format"), shown(pattern), expected, remedy)
    return pattern


def _key(entries: list[tuple[int, Node]]) -> tuple[str, ...]:
    """Fields with primaryKey true, by primaryKeyPosition, then in the order of the file."""
    chosen = []
    for index, entry in entries:
        name, position = entry.get("name"), entry.get("primaryKeyPosition")
        if entry.get("primaryKey") is True and isinstance(name, str):
            chosen.append(
                (position if isinstance(position, int) and position >= 0 else len(entries), index, name)
            )
    return tuple(name for _, _, name in sorted(chosen))
