"""The match model as settings of Splink (5, DuckDB): what `ucv model export --splink` writes.

Splink reads the table identity_profiles, whose id is profile_no. It gives each comparison the weight log2(m / u) of its level.
What it has no words for is left out and told in the description of the comparison:

- it compares the parts of a name as they stand; we turn them where they fit better the other way round,
- its term frequency adjustment counts all who carry a value; ours leaves out those expected to be the same entity, so none is set,
- guards, the correction of the name and the cap of a blocking key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pipelines.errors import UcvError
from pipelines.matching.conditions import SPLINK, TURNED, condition_sql, null_condition
from pipelines.matching.specification import Comparison, MatchSpecification
from pipelines.matching.splink_blocking import blocking_columns, splink_blocking

UNIQUE_ID = "profile_no"
NO_VALUE = "not comparable"
RETAINED = ("entity_type",)

Chances = Mapping[tuple[str, int], tuple[float, float]]
"""Field and number of a level -> m and u, probabilities (0-1)."""


def shipped_chances(specification: MatchSpecification) -> dict[tuple[str, int], tuple[float, float]]:
    """m and u of every level as the specification ships them."""
    return {
        (comparison.field, level.number): (level.m, level.u)
        for comparison in specification.comparisons
        for level in comparison.levels
    }


def splink_settings(
    specification: MatchSpecification, chances: Chances, prior: float | None
) -> dict[str, Any]:
    """Settings that Splink's `Linker` takes as they are, also after a way through JSON.

    `prior`: chance (0-1) that two random profiles are the same entity; None leaves Splink's own default. Raises UcvError when
    `chances` are of other levels than the specification's.
    """
    _check_levels(specification, chances)
    rules, _ = splink_blocking(specification)
    settings: dict[str, Any] = {
        "link_type": "dedupe_only",
        "unique_id_column_name": UNIQUE_ID,
        "sql_dialect": "duckdb",
        "comparisons": [_comparison(one, specification, chances) for one in specification.comparisons],
        "blocking_rules_to_generate_predictions": rules,
        "retain_matching_columns": False,  # predictions hold no personal value unless somebody asks for it
        "retain_intermediate_calculation_columns": True,
        "additional_columns_to_retain": list(RETAINED),
    }
    return settings if prior is None else settings | {"probability_two_random_records_match": prior}


def profile_columns(specification: MatchSpecification) -> list[str]:
    """Columns of identity_profiles that the settings read, the id first."""
    used = set(RETAINED) | blocking_columns(specification)
    for comparison in specification.comparisons:
        used |= _compared_columns(comparison, specification)
    return [UNIQUE_ID, *sorted(used - {UNIQUE_ID})]


def _check_levels(specification: MatchSpecification, chances: Chances) -> None:
    wanted = set(shipped_chances(specification))
    if wanted != set(chances):
        others = sorted({field for field, _ in wanted ^ set(chances)})
        raise UcvError(
            f"The trained model has other levels than the matching specification for {', '.join(others)}; expected the same. "
            "The specification has changed since the last run: run `ucv run` first, or export with --shipped."
        )


def _comparison(
    comparison: Comparison, specification: MatchSpecification, chances: Chances
) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {
            "sql_condition": null_condition(comparison, specification, SPLINK),
            "label_for_charts": NO_VALUE,
            "is_null_level": True,
        }
    ]
    for level in reversed(comparison.levels):
        m, u = chances[comparison.field, level.number]
        # The weakest level is all that is left: what has no level at all is caught by the null level.
        condition = (
            condition_sql(level.when, comparison, specification, SPLINK)
            if level.number and level.when
            else "ELSE"
        )
        levels.append(
            {
                "sql_condition": condition,
                "label_for_charts": level.name,
                "m_probability": m,
                "u_probability": u,
            }
        )
    return {
        "output_column_name": comparison.field,
        "comparison_levels": levels,
        "comparison_description": _description(comparison, specification),
    }


def _description(comparison: Comparison, specification: MatchSpecification) -> str:
    told = [comparison.field.replace("_", " ").capitalize()]
    if _compared_columns(comparison, specification) & TURNED:
        told.append(
            "family and given name are compared as they stand, never turned as ucv turns them where they fit better the other way"
        )
    frequent = [level.name for level in comparison.levels if level.term_frequency or level.strangers]
    if frequent:
        told.append(
            f"ucv weighs {', '.join(frequent)} by how rare the value is, without the carriers that it expects to be the same "
            "entity; Splink's term frequency adjustment counts them too and is left out"
        )
    return "; ".join(told)


def _compared_columns(comparison: Comparison, specification: MatchSpecification) -> set[str]:
    sql = null_condition(comparison, specification, SPLINK)
    sql += "".join(
        condition_sql(level.when, comparison, specification, SPLINK)
        for level in comparison.levels
        if level.when
    )
    return set(re.findall(r'"(\w+)_[lr]"', sql))
