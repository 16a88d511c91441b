"""Golden values against what is true of the person: which person a customer is, and what counts as right."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pipelines.demo.draft import Draft
from pipelines.demo.golden_scores import FieldScore, format_golden, score_golden
from pipelines.demo.person_truth import facts_of
from pipelines.demo.plan import make_block, make_world
from pipelines.demo.trait_words import codes_of
from pipelines.demo.traits import traits_of
from pipelines.functions.coded import (
    standardise_education,
    standardise_marital_status,
    standardise_occupation,
)

WORLD = make_world(7, date(2026, 3, 1))


def xref_of(owners: dict[str, str]) -> pd.DataFrame:
    rows = [("web", record, customer) for record, customer in owners.items()]
    return pd.DataFrame(rows, columns=["source_system", "source_record_id", "customer_id"])


def test_a_customer_is_the_person_of_most_of_its_records_and_a_wrong_value_is_not_right() -> None:
    truth = pd.DataFrame(
        [("web", "1", "P1", "person"), ("web", "2", "P1", "person"), ("web", "3", "P2", "person"),
         ("web", "4", "P3", "person"), ("web", "5", "O1", "organisation")],
        columns=["source_system", "source_record_id", "person_id", "entity_type"],
    )  # fmt: skip
    facts = pd.DataFrame(
        [("P1", "education", "master"), ("P2", "education", "primary"), ("P3", "education", "bachelor"),
         ("P1", "gender", "male")],
        columns=["person_id", "field", "value"],
    )  # fmt: skip
    values = pd.DataFrame(
        [("c1", "education", "master"), ("c2", "education", "primary")],
        columns=["customer_id", "field", "value"],
    )
    xref = xref_of({"1": "c1", "2": "c1", "3": "c1", "4": "c2", "5": "c3"})
    scores = score_golden(values, xref, truth, facts)
    assert scores == [FieldScore("education", 2, 2, 1), FieldScore("gender", 1, 0, 0)]
    assert scores[0].correctness == 0.5
    assert "education                        2        2   0.5000" in format_golden(scores)


def test_words_of_the_demo_are_read_as_the_codes_that_are_true() -> None:
    read = {"education": standardise_education, "marital_status": standardise_marital_status,
            "occupation": standardise_occupation}  # fmt: skip
    block = make_block(0, 300, WORLD)
    told = right = 0
    for person in block.people:
        facts = facts_of(person, WORLD)
        for draft in block.records[person.id]:
            for field, function in read.items():
                if text := draft.values.get(field):
                    told += 1
                    right += function(str(text)) == facts[field]
    assert told > 200
    assert right / told > 0.85
    assert {facts_of(person, WORLD)["education"] for person in block.people} <= set(codes_of("education"))


def test_a_trait_is_the_same_whenever_it_is_asked_for_and_marriage_changes_with_time() -> None:
    people = make_block(0, 300, WORLD).people
    assert [traits_of(person, WORLD) for person in people] == [traits_of(person, WORLD) for person in people]
    changed = [person for person in people if len(traits_of(person, WORLD).marriage) > 1]
    assert changed
    for person in changed:
        traits = traits_of(person, WORLD)
        assert traits.marital_status_at(WORLD.beginning) == traits.marriage[0][1]
        assert traits.marital_status_at(WORLD.now) == traits.marriage[-1][1]


def test_sources_that_do_not_ask_tell_no_trait() -> None:
    block = make_block(0, 300, WORLD)
    records: list[Draft] = [draft for drafts in block.records.values() for draft in drafts]
    telling = {draft.source for draft in records if draft.values.get("education")}
    assert telling == {"member_club", "web_registrations", "list_purchased"}
