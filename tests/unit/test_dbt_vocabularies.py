"""The vocabularies that staging accepts are those of the contracts, value by value, in dbt's words."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from pipelines.contracts.vocabularies import (
    ACQUISITION_MODES,
    CHANNELS,
    DELIVERY_MODES,
    FIELD_VOCABULARIES,
    KINDS,
)
from pipelines.settings import DBT_PROJECT_DIR

STAGING = DBT_PROJECT_DIR / "models" / "staging" / "_staging__models.yml"
OF_KIND = {kind: f"stg_{kind}s" for kind in KINDS}
EXPECTED = {
    ("stg_sources", "kind"): KINDS,
    ("stg_sources", "channel"): CHANNELS,
    ("stg_sources", "acquisition_mode"): ACQUISITION_MODES,
    ("stg_sources", "delivery_mode"): DELIVERY_MODES,
    ("stg_deliveries", "kind"): KINDS,
    ("stg_records", "kind"): KINDS,
    **{(model, "kind"): (kind,) for kind, model in OF_KIND.items()},
    **{(OF_KIND[kind], field): values for (kind, field), values in FIELD_VOCABULARIES.items()},
}


@pytest.fixture(scope="module")
def rules() -> dict[str, list[dict[str, Any]]]:
    """The arguments of each staging model's tests `rules`."""
    models = yaml.safe_load(STAGING.read_text(encoding="utf-8"))["models"]
    return {model["name"]: [test["rules"]["arguments"] for test in model["data_tests"]] for model in models}


def test_every_vocabulary_is_accepted_as_it_stands_in_the_contracts(
    rules: dict[str, list[dict[str, Any]]],
) -> None:
    found = {
        (model, column): sorted(values)
        for model, tests in rules.items()
        for test in tests
        for column, values in test.get("accepted_values", {}).items()
    }
    assert found == {place: sorted(values) for place, values in EXPECTED.items()}


def test_every_row_names_a_delivery_and_its_source(rules: dict[str, list[dict[str, Any]]]) -> None:
    for model in (*OF_KIND.values(), "stg_quarantine_reasons"):
        related = {r["column"]: (r["to"], r["field"]) for r in rules[model][0]["relationships"]}
        assert related == {
            "source_system": ("ref('stg_deliveries')", "source_system"),
            "delivery_id": ("ref('stg_deliveries')", "delivery_id"),
        }, model
