"""The layers in the order of the flow: asset groups, parts of the dbt graph and where each gate stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

RAW_GROUP = "g1_raw"
BY_DAY_GROUP = "g1_raw_by_day"
BY_DAY = "raw_by_day"
"""First part of the keys of what a backfill takes again."""
PUBLISH_GROUP = "g7_publish"
PUBLISHED = ("publish", "published_version")
"""The path of the key of the asset that switches the version."""


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

_FREE_AREAS = {
    f"pipelines/{name}"
    for name in (
        "quality",
        "publishing",
        "exports",
        "segments",
        "assets",
        "command",
        "demo",
        "cli.py",
        "schedules.py",
        "definitions.py",
    )
} | {"dbt_project/tests"}
"""Code that judges, orders and shows what is built, but shapes no table."""
_FIRST_PART = {"pipelines/identity": "identity_models", "pipelines/predictions": "golden_models"}


def shapes_done(area: str, done: Collection[str]) -> bool:
    """Whether code of this area (see `code_areas`) shapes a part of a build that is done: whatever is not known does."""
    if area in _FREE_AREAS:
        return False
    folder = area.removeprefix("dbt_project/models/")
    of_models = next((part.name for part in DBT_SETS if folder in part.folders), DBT_SETS[0].name)
    return _FIRST_PART.get(area, of_models) in done
