"""What changed in the columns of a contract: fields, their key, and what a delivered value becomes."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pipelines.contracts.change import BREAKING, COMPATIBLE, Change
from pipelines.contracts.headers import column_key
from pipelines.contracts.model import Column, Contract
from pipelines.contracts.value_changes import value_changes

WIDER_TYPES = {
    "integer": {"decimal", "number", "string"},
    "decimal": {"number", "string"},
    "number": {"string"},
    "date": {"timestamp", "string"},
    "timestamp": {"string"},
    "boolean": {"string"},
}
"""Type -> the types that hold each of its values."""

_CLASSES = {None: 0, "public": 0, "none": 0, "internal": 1, "confidential": 2, "personal": 2, "pii": 3, "restricted": 3, "sensitive": 4}  # fmt: skip
"""How strictly a class is handled, 0 not at all. Contracts may use other words: which is stricter cannot be told then."""


def key_changes(before: Contract, after: Contract) -> Iterator[Change]:
    if before.key != after.key:
        yield Change(
            "key", "key_changed", BREAKING, _key(before), _key(after),
            "every record gets another key, so that all of them come again beside the old ones and customer ids change",
            "Give what has the new key a contract and an id of its own",
        )  # fmt: skip


def column_changes(before: Contract, after: Contract, delivered: Collection[str] | None) -> Iterator[Change]:
    """`delivered` are the `column_key`s that every stored delivery had; None: no delivery is stored."""
    old = {column.field: column for column in before.columns}
    new = {column.field: column for column in after.columns}
    gone = {column_key(old[name].physical_name): name for name in old.keys() - new.keys()}
    renamed = {}
    for name in sorted(new.keys() - old.keys()):
        was = gone.get(column_key(new[name].physical_name))
        if was is None:
            yield _added(new[name], before, after)
            yield from _required(None, new[name], delivered)
        else:
            renamed[was] = name
    for name in sorted(old.keys() - new.keys()):
        yield _removed(name, renamed.get(name))
    for name in [column.field for column in before.columns if column.field in new]:
        yield from _one(old[name], new[name], is_key=name in before.key)
        yield from _required(old[name], new[name], delivered)


def _added(column: Column, before: Contract, after: Contract) -> Change:
    place = f"columns/{column.field}"
    if not before.key and not after.key:
        why = "a row without key is named by all its values, so that each row that comes again becomes a new record"
        return Change(
            place, "field_added", BREAKING, None, column.physical_name, why, "Leave the column in extra"
        )
    return Change(
        place, "field_added", COMPATIBLE, None, column.physical_name, "the field is filled from now on"
    )


def _removed(name: str, renamed: str | None) -> Change:
    if renamed:
        why = f"the column fills {renamed} instead, and new records have no {name}"
        return Change(
            f"columns/{name}", "field_renamed", BREAKING, name, renamed, why, f"Map it to {name} again"
        )
    why = f"new records have no {name}, and a new row of a known record takes it away"
    return Change(
        f"columns/{name}",
        "field_removed",
        BREAKING,
        name,
        None,
        why,
        "Keep the mapping: a column may be absent",
    )


def _required(old: Column | None, new: Column, delivered: Collection[str] | None) -> Iterator[Change]:
    place = f"columns/{new.field}/required"
    if new.required and not (old and old.required):
        if delivered is not None and column_key(new.physical_name) not in delivered:
            why = f"deliveries came without {new.physical_name}; such a file is refused from now on"
            yield Change(
                place, "required_added", BREAKING, "false", "true", why, "Ask the source for the column first"
            )
        else:
            why = "rows without a value are rejected from now on"
            yield Change(place, "required_added", COMPATIBLE, "false", "true", why)
    elif old and old.required and not new.required:
        why = "rows may come without it; published columns may be empty and the gates watch how many are"
        yield Change(place, "required_removed", COMPATIBLE, "true", "false", why)


def _one(old: Column, new: Column, *, is_key: bool) -> Iterator[Change]:
    place = f"columns/{old.field}"
    if column_key(old.physical_name) != column_key(new.physical_name):
        why = (
            "the key is read from another column: records get other keys"
            if is_key
            else "it is read from another column"
        )
        yield Change(f"{place}/physicalName", "column_moved", BREAKING if is_key else COMPATIBLE, old.physical_name,
                     new.physical_name, why)  # fmt: skip
    if old.type != new.type:
        fits = new.type in WIDER_TYPES.get(old.type, ())
        why = (
            "every value of the old type is one of the new"
            if fits
            else "not every value of the old type is one of the new"
        )
        yield Change(
            f"{place}/logicalType", "type_changed", COMPATIBLE if fits else BREAKING, old.type, new.type, why
        )
    yield from _classification(old, new, place)
    yield from value_changes(old, new, is_key=is_key)


def _classification(old: Column, new: Column, place: str) -> Iterator[Change]:
    if old.classification == new.classification:
        return
    ranks = [_CLASSES.get(_plain(one.classification)) for one in (old, new)]
    before, after = ranks
    if before is None or after is None:
        severity, why = (
            BREAKING,
            "which of the two is stricter cannot be told, so that it may be less protected",
        )
    elif after < before:
        severity, why = BREAKING, "who may see the values would be more than those they were given for"
    else:
        severity, why = COMPATIBLE, "the values are as well protected as before, or better"
    remedy = "Let the privacy officer decide" if severity == BREAKING else ""
    yield Change(f"{place}/classification", "classification_changed", severity, old.classification, new.classification,
                 why, remedy)  # fmt: skip


def _key(contract: Contract) -> str:
    return ", ".join(contract.key) or "derived"


def _plain(classification: str | None) -> str | None:
    return classification.strip().lower() if classification else None
