"""The layers in the order of the flow: asset groups, parts of the dbt graph and where each gate stands."""

from __future__ import annotations

from dataclasses import dataclass

RAW_GROUP = "g1_raw"
PUBLISH_GROUP = "g7_publish"


@dataclass(frozen=True)
class DbtSet:
    """A part of the one dbt graph that runs between two gates; `name` is its selector in dbt_project/selectors.yml."""

    name: str
    folders: tuple[str, ...]  # of the models that the selector names; `seeds` are dbt's seeds
    gate: str  # the gate that looks at it before anything downstream starts
    gated_asset: tuple[str, str]  # layer and model that everything downstream depends on
    is_standardising: bool = False  # whether its standardised values are kept for the next night


DBT_SETS = (
    DbtSet(
        "staging_models",
        ("seeds", "staging", "standardise"),
        "staging",
        ("standardise", "std_records"),
        is_standardising=True,
    ),
    DbtSet("identity_models", ("identity",), "identity", ("identity", "resolved")),
    DbtSet("golden_models", ("golden", "marts"), "golden", ("golden", "customers")),
)

GROUP_OF_FOLDER = {
    "seeds": "g2_staging",
    "staging": "g2_staging",
    "standardise": "g3_standardise",
    "identity": "g4_identity",
    "golden": "g5_golden",
    "marts": "g6_marts",
}
"""dbt folder -> asset group; numbered, since Dagster lists groups by name and the flow has an order."""
