"""How often golden values are what is true of the person: judged, right and missing by field."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from pipelines.demo.person_truth import PSYCHOGRAPHIC

_KEYS = ["source_system", "source_record_id"]


@dataclass(frozen=True)
class FieldScore:
    """One field over the customers whose person is known: `told` of them have a golden value, `right` of those a true one."""

    field: str
    customers: int
    told: int
    right: int

    @property
    def correctness(self) -> float:
        """Share of the told values that are true, 0-1; 1 where none is told."""
        return self.right / self.told if self.told else 1.0


def score_golden(
    values: pd.DataFrame, xref: pd.DataFrame, truth: pd.DataFrame, facts: pd.DataFrame
) -> list[FieldScore]:
    """Compare golden values with the facts about the person whom most records of the customer belong to.

    `values` has customer_id, field, value (one row per golden value), `xref` source_system, source_record_id and
    customer_id, `truth` the columns of pipelines.demo.truth, `facts` those of pipelines.demo.person_truth. Of a customer
    made of several people in equal parts the first person by id counts. Fields come in the order of `facts`.
    """
    whose = people_of(xref, truth)
    facts = facts[facts["field"] != PSYCHOGRAPHIC]
    expected = whose.merge(facts, on="person_id")
    found = expected.merge(values, on=["customer_id", "field"], how="left", suffixes=("", "_golden"))
    scores = []
    for field in facts["field"].drop_duplicates():
        rows = found[found["field"] == field]
        told = rows[rows["value_golden"].notna()]
        scores.append(
            FieldScore(str(field), len(rows), len(told), int((told["value"] == told["value_golden"]).sum()))
        )
    return scores


def people_of(xref: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """One row per customer that is a person: customer_id, and person_id of the person of most of its records."""
    people = truth[truth["entity_type"] == "person"][[*_KEYS, "person_id"]]
    counted = xref.merge(people, on=_KEYS).groupby(["customer_id", "person_id"], as_index=False).size()
    ordered = counted.sort_values(["customer_id", "size", "person_id"], ascending=[True, False, True])
    return ordered.drop_duplicates("customer_id")[["customer_id", "person_id"]]


def format_golden(scores: list[FieldScore]) -> str:
    """A plain text table: customers, those with a value, and the share of right ones."""
    lines = [f"{'golden values':24}{'customers':>10}{'told':>9}{'right':>9}"]
    lines += [
        f"{score.field:24}{score.customers:>10,}{score.told:>9,}{score.correctness:>9.4f}" for score in scores
    ]
    return "\n".join(lines)
