"""A new match model beside the one in force: what it would change, before it replaces it.

The nightly dbt models themselves are run again from the stewards' verdicts on, in a copy of the working file, without
the stored model: what is shown is what the next night would do.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd
from rich.console import Console

from pipelines.command.show_model import show_change
from pipelines.command.working_file import working_path
from pipelines.errors import UcvError
from pipelines.identity.state import store_model
from pipelines.identity.training import REFUSED
from pipelines.publishing.locks import home_lock
from pipelines.publishing.publish import check_free_space
from pipelines.publishing.version import current_manifest
from pipelines.settings import DBT_PROJECT_DIR, PROJECT_ROOT, Settings
from pipelines.storage.connection import attach_database, connect
from pipelines.storage.keys import load_keys
from pipelines.warehouse import RETRAIN_VARIABLE, WAREHOUSE_VARIABLE, prepare_warehouse

# What lies between the two, ends included; random pairs are only drawn where no model is stored.
REBUILT = ("identity_verdicts+,+resolved", "identity_random_pairs+,+resolved")


@dataclass(frozen=True)
class ModelChange:
    """What a new model would change.

    `levels`: field, level, label and m, u, weight of both models as `<name>_old` and `<name>_new` (null: not there).
    `counts`: what is counted in words -> number of candidate pairs, customers or records.
    `model`: the new model as `store_model` takes it.
    """

    levels: pd.DataFrame
    counts: dict[str, int]
    model: pd.DataFrame


def train(settings: Settings, console: Console, *, activate: bool) -> Path | None:
    """Train on the published version's records, show what would change; `activate` stores the model for the next night.

    Returns its file, None when nothing was stored. Raises UcvError when nothing is published, the working file is gone,
    the seeds have changed since or a model failed.
    """
    change = compare(settings)
    show_change(change.levels, change.counts, console)
    refused = change.model["model_id"].eq(REFUSED).any()
    if refused:
        console.print(
            "Training on these records gave a model whose links contradict themselves more than those of the shipped one does "
            "(another given name, another birth date, opposite sex or another id); what is shown are the shipped probabilities."
        )
    if refused and activate:
        raise UcvError(
            "A model that training refused is not stored. Give verdicts with `ucv review` or look at the sources whose records "
            "are households or lists of one firm, then train again."
        )
    if not activate:
        console.print("Nothing is changed; `ucv train --activate` stores this model for the next run.")
        return None
    with home_lock(settings):
        path = store_model(change.model, settings.home, f"{settings.today():%Y%m%d}", by_hand=True)
    told = (
        "It is the stored model already."
        if path is None
        else f"Stored as {path}; the next `ucv run` uses it."
    )
    console.print(told, highlight=False)
    return path


def compare(settings: Settings) -> ModelChange:
    """The change that a model trained today would be; the same home gives the same model."""
    published = working_path(settings)
    check_free_space(settings, published)
    with _folder(settings) as folder:
        copy = folder / "warehouse.duckdb"
        shutil.copyfile(published, copy)
        _rebuild(settings, copy)
        return _read_change(settings, published, copy)


@contextmanager
def _folder(settings: Settings) -> Iterator[Path]:
    folder = settings.home / "warehouse" / "train"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _rebuild(settings: Settings, copy: Path) -> None:
    manifest = current_manifest(settings.home)
    assert manifest is not None, "there is a working file, hence a version"
    environment = {
        **os.environ, "UCV_HOME": str(settings.home), "UCV_AS_OF_DATE": manifest.as_of_date, "PYTHONPATH": str(PROJECT_ROOT),
        WAREHOUSE_VARIABLE: str(copy), RETRAIN_VARIABLE: "1",
    }  # fmt: skip
    target = str(copy.parent / "dbt")
    command = [str(Path(sys.executable).with_name("dbt")), "--quiet", "build", "--select", *REBUILT]
    command += ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
    command += ["--target-path", target, "--log-path", target]
    ended = subprocess.run(  # noqa: S603 - fixed command
        command, cwd=DBT_PROJECT_DIR, env=environment, capture_output=True, check=False
    )
    if ended.returncode:
        # dbt's own words may quote data; they are gone with the copy.
        raise UcvError(
            f"dbt ended with {ended.returncode} when it rebuilt the identity models; nothing is changed. If models or seeds have "
            "changed since the last run, run `ucv run` first."
        )


def _read_change(settings: Settings, published: Path, copy: Path) -> ModelChange:
    keys = load_keys(settings)
    conn = connect(settings)
    try:
        prepare_warehouse(conn, settings, keys, copy)
        attach_database(conn, published, keys, alias="published", read_only=True)
        levels = conn.execute(_LEVELS).df()
        model = conn.execute(
            "SELECT * FROM warehouse.identity.identity_match_model ORDER BY field, level"
        ).df()
        counts = {**_named(conn, _PAIRS), **_named(conn, _CUSTOMERS)}
    finally:
        conn.close()
    return ModelChange(levels, counts, model)


def _named(conn: duckdb.DuckDBPyConnection, sql: str) -> dict[str, int]:
    found = conn.execute(sql)
    names = [column[0] for column in found.description or ()]
    return dict(zip(names, map(int, found.fetchone() or ()), strict=True))


_LEVELS = """
SELECT field, level, coalesce(new.label, old.label) AS label, old.m AS m_old, new.m AS m_new, old.u AS u_old,
    new.u AS u_new, old.weight AS weight_old, new.weight AS weight_new
FROM published.identity.identity_match_model AS old
FULL JOIN warehouse.identity.identity_match_model AS new USING (field, level) ORDER BY field, level"""

_PAIRS = """
WITH settings AS (SELECT value AS floor FROM warehouse.identity.identity_match_settings WHERE setting = 'link_floor')
SELECT count(*) AS "candidate pairs",
    count(*) FILTER (old.match_weight < floor AND new.match_weight >= floor) AS "pairs that become links",
    count(*) FILTER (old.match_weight >= floor AND new.match_weight < floor) AS "pairs that are links no more"
FROM published.identity.identity_match_weights AS old
JOIN warehouse.identity.identity_match_weights AS new USING (profile_a, profile_b), settings"""

_CUSTOMERS = """
WITH judged AS (
    SELECT count(*) AS fresh FROM (FROM warehouse.identity.identity_verdicts EXCEPT FROM published.identity.identity_verdicts))
SELECT count(DISTINCT previous_customer_id) AS "customers today", count(DISTINCT customer_id) AS "customers then",
    count(DISTINCT previous_customer_id) FILTER (change = 'merged') AS "customers that merge into others",
    count(DISTINCT previous_customer_id) FILTER (change IN ('split', 'moved')) AS "customers that lose records",
    count(*) FILTER (change IN ('merged', 'split', 'moved')) AS "records that change their customer",
    any_value(fresh) AS "verdicts given since the last run, followed here"
FROM warehouse.identity.resolved, judged"""
