"""Every published column has a class; a contract may only make it stricter; a new one is refused with the line it stands in."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from pipelines.contracts.fields import canonical_fields
from pipelines.privacy.class_check import unclassified_columns
from pipelines.privacy.column_classes import (
    STRICTNESS,
    Raised,
    UnclassifiedError,
    class_of,
    is_classified,
    raised_by,
)

MODELS = """\
models:
- name: customers
  description: One row per customer.
  columns:
  - name: customer_id
  - name: shoe_size
    description: New.
- name: helpers
  description: One row per helper. Not published.
  columns:
  - name: anything
"""


def contracts(**words: str) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(
            id="web",
            columns=[SimpleNamespace(field=field, classification=word) for field, word in words.items()],
        )
    ]


def test_every_declared_column_is_classified() -> None:
    assert list(unclassified_columns()) == []


def test_a_new_column_is_refused_with_file_line_and_remedy(tmp_path: Path) -> None:
    (tmp_path / "golden").mkdir()
    (tmp_path / "golden" / "_golden__models.yml").write_text(MODELS)
    (told,) = unclassified_columns(tmp_path)
    assert "_golden__models.yml, line 6: column shoe_size of customers has no class" in told
    assert "customers.shoe_size,quasi,user to pipelines/privacy/column_classes.csv" in told
    with pytest.raises(UnclassifiedError, match="shoe_size of the published table customers has no class"):
        class_of("customers", "shoe_size")


def test_what_reaches_or_names_somebody_is_never_told_less_strictly_than_its_field() -> None:
    for field in canonical_fields():
        if field.sensitivity in ("pii", "sensitive") and is_classified("customers", field.name):
            least = {"pii": "direct", "sensitive": "sensitive"}[field.sensitivity]
            assert STRICTNESS[class_of("customers", field.name)] >= STRICTNESS[least], field.name


@pytest.mark.parametrize(
    ("word", "is_now"),
    [("public", "quasi"), ("internal", "quasi"), ("personal", "quasi"), ("PII ", "direct"), ("restricted", "sensitive"),
     ("sensitive", "sensitive"), ("cosmic top secret", "sensitive"), ("", "quasi")],
)  # fmt: skip
def test_a_contract_makes_a_class_stricter_and_never_looser(word: str, is_now: str) -> None:
    assert class_of("customers", "occupation", raised_by(contracts(occupation=word))) == is_now  # type: ignore[arg-type]


def test_the_strictest_of_several_contracts_counts() -> None:
    several = [*contracts(amount="restricted"), *contracts(amount="internal")]
    assert raised_by(several)["amount"] == Raised("sensitive", "web", "restricted")  # type: ignore[arg-type]
    assert class_of("fct_transactions", "amount", raised_by(several)) == "sensitive"  # type: ignore[arg-type]


def test_what_a_contract_wants_of_a_field_holds_for_its_readable_form() -> None:
    wanted = raised_by(contracts(education="restricted"))  # type: ignore[arg-type]
    assert class_of("customers", "education_shown", wanted) == "sensitive"
    assert class_of("customers", "education_shown") == "quasi"
