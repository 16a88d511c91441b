"""A row to be delivered together with its truth."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.demo.desk import Desk
from pipelines.demo.draft import Draft
from pipelines.demo.layouts import layout_of
from pipelines.demo.organisations import OrganisationRow
from pipelines.demo.person import ORGANISATION
from pipelines.demo.rendering import Row, render


@dataclass(slots=True)
class Entry:
    """One row to be delivered, and whose it is; `person_id` is empty for a receipt that names nobody."""

    source: str
    key: str
    row: Row
    person_id: str
    entity_type: str
    group: str
    evidence: str = "person"
    trouble: set[str] = field(default_factory=set)
    repeats: int = 0


def entry_of(draft: Draft, desk: Desk) -> Entry:
    """The row of a record of a person."""
    row = render(draft, layout_of(draft.source), desk.dice)
    evidence = "reference" if draft.is_reference else "person"
    person = draft.person
    return Entry(
        draft.source,
        draft.key,
        row,
        person.id,
        "person",
        person.group,
        evidence,
        draft.trouble,
        draft.repeats,
    )


def nobodys_entry(draft: Draft, desk: Desk) -> Entry:
    """The row of a receipt that names nobody."""
    row = render(draft, layout_of(draft.source), desk.dice)
    return Entry(draft.source, draft.key, row, "", "anonymous", "", "none")


def organisations_entry(found: OrganisationRow) -> Entry:
    """The row about an organisation itself."""
    return Entry(
        source="organisations",
        key=found.key,
        row=found.row,
        person_id=found.organisation_id,
        entity_type="organisation",
        group=ORGANISATION,
        trouble=found.trouble,
    )
