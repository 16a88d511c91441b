"""`ucv model`: the matching specification checked, as a page, and the match model as settings of Splink."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb
from rich.console import Console

from pipelines.command.working_file import working_file
from pipelines.errors import SettingsError, UcvError
from pipelines.identity.training import PRIOR_FIELD, PSEUDO_FIELDS
from pipelines.matching.examples import check_examples
from pipelines.matching.page import match_model_page, write_page
from pipelines.matching.specification import SPECIFICATION, match_specification
from pipelines.matching.splink_blocking import splink_blocking
from pipelines.matching.splink_export import (
    UNIQUE_ID,
    Chances,
    profile_columns,
    shipped_chances,
    splink_settings,
)
from pipelines.publishing.version import current_manifest
from pipelines.settings import Settings
from pipelines.storage.keys import load_keys

PRIOR_OF = "person"
_BATCH = 50_000  # profiles in memory at a time
_MODEL = "SELECT field, level, label, m, u FROM warehouse.identity.identity_match_model ORDER BY field, level"


def check_model(path: Path | None, console: Console) -> None:
    """Tell how much stands in a specification and whether its examples show each level. Raises SettingsError with every fault."""
    found = match_specification(path or SPECIFICATION)
    faults = check_examples(specification=found)
    if faults:
        raise SettingsError("The examples of the matching specification are wrong:\n" + "\n".join(faults))
    levels = sum(len(comparison.levels) for comparison in found.comparisons)
    console.print(
        f"The matching specification can be used: {len(found.comparisons)} fields with {levels} levels, {len(found.facts)} facts, "
        f"{len(found.guards)} guards, {len(found.blocking)} blocking rules, {len(found.settings)} settings.",
        highlight=False,
        soft_wrap=True,
    )


def show_page(settings: Settings | None, output: Path | None) -> None:
    """The page of the model to a file, else to standard output; with `settings` beside the model that is in force there."""
    trained = None if settings is None else trained_model(settings)[0]
    _write(match_model_page(match_specification(), trained), output)


def rewrite_page(console: Console) -> None:
    """Rewrite the page that is committed with the models."""
    console.print(f"Written: {write_page()}", highlight=False, markup=False, soft_wrap=True)


def export_splink(settings: Settings | None, output: Path | None, console: Console) -> None:
    """Settings of Splink as JSON to a file, else to standard output; what they leave out is told on `console`.

    `settings` None: the shipped model. Raises UcvError when nothing is published, or the published model has other levels.
    """
    if settings is not None and current_manifest(settings.home) is None:
        raise UcvError(
            "Nothing is published yet; run `ucv run` first, or export the shipped model with --shipped."
        )
    specification = match_specification()
    chances, prior = (shipped_chances(specification), None) if settings is None else trained_model(settings)
    made = splink_settings(specification, chances, prior)
    _write(json.dumps(made, indent=2, ensure_ascii=False) + "\n", output)
    told = [
        f"The chance that two random profiles match is that of a {PRIOR_OF}; give Splink profiles of one entity_type."
        if prior is not None
        else "The shipped model doesn't know how many profiles there are: set probability_two_random_records_match, or let "
        "Splink estimate it."
    ]
    _, left_out = splink_blocking(specification)
    if left_out:
        told.append(f"Blocking rules that Splink has no words for are left out: {', '.join(left_out)}.")
    told.append(
        "Names that ucv turns, rarity of values, guards and caps are left out too: see `ucv model page`."
    )
    console.print(" ".join(told), highlight=False, markup=False, soft_wrap=True)


def export_profiles(settings: Settings, path: Path, console: Console) -> None:
    """Write the personal data that Splink compares, unencrypted, readable by its owner only; an existing file is refused.

    One row per profile, `profile_no` first.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415 - a third of a second to import

    if path.exists():
        raise UcvError(f"{path} exists already and personal data never replace a file; name another one.")
    columns = ", ".join(profile_columns(match_specification()))
    with working_file(settings, load_keys(settings)) as conn:
        found = conn.execute(
            f"SELECT {columns} FROM warehouse.identity.identity_profiles ORDER BY {UNIQUE_ID}"
        )
        batches = found.to_arrow_reader(_BATCH)
        path.touch(mode=0o600)
        with pq.ParquetWriter(path, batches.schema) as writer:
            for batch in batches:
                writer.write_batch(batch)
    console.print(
        f"{path} holds personal data in the clear; remove it when the comparison is done.",
        highlight=False, markup=False, soft_wrap=True,
    )  # fmt: skip


def trained_model(settings: Settings) -> tuple[Chances, float]:
    """m and u by field and level of the published version, and the chance that two random profiles of a person match.

    Raises UcvError when nothing is published, its working file is gone or holds no such model.
    """
    with working_file(settings, load_keys(settings)) as conn:
        try:
            rows = conn.execute(_MODEL).fetchall()
        except duckdb.CatalogException as error:
            raise UcvError(
                "The working file of the published version holds no match model; run `ucv run --full-refresh` and ask again."
            ) from error
    chances = {
        (field, int(level)): (float(m), float(u))
        for field, level, _, m, u in rows
        if field not in PSEUDO_FIELDS
    }
    priors = {label: float(m) for field, _, label, m, _ in rows if field == PRIOR_FIELD}
    return chances, priors[PRIOR_OF]


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UcvError(
            f"{output} cannot be written ({error.strerror}); name a file in a folder that exists."
        ) from error
