"""Compares two contracts of one source: what changed, and what of it would break what was built with the old one.

Only what a Contract is known here to say is compared. How files are written and where they lie is no promise to who reads
the view: the checks of each delivery judge it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator

from pipelines.contracts.change import BREAKING, COMPATIBLE, COSMETIC, Change
from pipelines.contracts.column_changes import column_changes, key_changes
from pipelines.contracts.model import Contract
from pipelines.contracts.term_changes import handling_changes, term_changes

_ORDER = {BREAKING: 0, COMPATIBLE: 1, COSMETIC: 2}


def compare(
    before: Contract, after: Contract, delivered: Collection[str] | None = None
) -> tuple[Change, ...]:
    """Every change from one contract of a source to the next, breaking ones first.

    `delivered` are the `column_key`s that every delivery stored so far had; None where none is stored or it is not known.
    """
    found = (
        *_head(before, after),
        *key_changes(before, after),
        *column_changes(before, after, delivered),
        *term_changes(before, after),
        *handling_changes(before, after),
        *_server(before, after),
    )
    return tuple(sorted(found, key=lambda change: _ORDER[change.severity]))


def removed(before: Contract) -> Change:
    """The change that takes the contract of a source with stored records away."""
    return Change(
        "contract", "contract_removed", BREAKING, before.id, None,
        "its records would stay in the view without terms, rank and country, a leased list like an own one",
        "Put the file back with `status: retired`: then nothing more of it is read",
    )  # fmt: skip


def format_changes(changes: Iterable[Change]) -> str:
    """A line per change."""
    return "\n".join(f"- {change.sentence}" for change in changes)


def _head(before: Contract, after: Contract) -> Iterator[Change]:
    if before.kind != after.kind:
        yield Change(
            "schema", "kind_changed", BREAKING, before.kind, after.kind,
            "new records would be of another kind than those stored before, which stay beside them",
            "Give the other kind a contract and an id of its own",
        )  # fmt: skip
    if before.active != after.active:
        was, now = ("active" if one.active else "not active" for one in (before, after))
        why = (
            "its deliveries are read from now on"
            if after.active
            else "its deliveries are read no more; records stay"
        )
        yield Change("status", "status_changed", COMPATIBLE, was, now, why)
    if before.name != after.name:
        yield Change("name", "name_changed", COSMETIC, before.name, after.name, "how people call the source")
    if before.version != after.version:
        yield Change(
            "version", "version_changed", COSMETIC, before.version, after.version, "the contract's own number"
        )


def _server(before: Contract, after: Contract) -> Iterator[Change]:
    """Where deliveries lie and how they are written."""
    for part in dataclasses.fields(before.server):
        was, now = getattr(before.server, part.name), getattr(after.server, part.name)
        if part.name == "database" and was and now:
            for inner in dataclasses.fields(was):
                yield from _written(
                    f"database/{inner.name}", getattr(was, inner.name), getattr(now, inner.name)
                )
        elif part.name == "database":
            yield from _written("database", was and was.name, now and now.name)
        else:
            yield from _written(part.name, was, now)


def _written(name: str, before: object, after: object) -> Iterator[Change]:
    if before != after:
        was, now = (None if value is None else str(value) for value in (before, after))
        why = "where files lie or how they are written; each delivery is checked"
        yield Change(f"server/{name}", "server_changed", COMPATIBLE, was, now, why)
