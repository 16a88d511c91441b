"""The match model outside of dbt: conditions, `ucv model` and real Splink against what dbt rendered and weighed."""

from __future__ import annotations

import json
import math
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from delivery_home import Home
from invented_profiles import delivery, invent
from splink import DuckDBAPI, Linker, SettingsCreator
from test_dbt_unit_tests import run_dbt
from test_identity_hard_input import MORE, read
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.command import model
from pipelines.command import working_file as working
from pipelines.matching.conditions import UNTURNED, level_sql
from pipelines.matching.specification import match_specification
from pipelines.matching.splink_blocking import splink_blocking
from pipelines.matching.splink_export import profile_columns

BUILT = (
    "build",
    "--exclude-resource-types",
    "unit_test",
    "test",
    "--select",
    "+identity_match_weights",
    "identity_hot_keys",
)
SPECIFICATION = match_specification()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Any:
    root = tmp_path_factory.mktemp("match_model")
    with pytest.MonkeyPatch.context() as monkey:
        monkey.setenv("XDG_CONFIG_HOME", str(root / "config"))
        home = Home(root / "home")
        home.take(home.source("people", {"a.csv": delivery()}, more=MORE))
        run_dbt(home.root, root / "target", *BUILT)
        # What the last step of a night does as far as an export looks at it.
        build = home.root / "warehouse" / "builds" / "one"
        build.mkdir(parents=True)
        (home.root / "warehouse" / "unit" / "warehouse.duckdb").rename(build / "warehouse.duckdb")
        (home.root / "warehouse" / "unit" / "warehouse.duckdb").symlink_to(build / "warehouse.duckdb")
        manifest = SimpleNamespace(build_id="one", as_of_date="2026-11-01")
        for room in (working, model):
            monkey.setattr(room, "current_manifest", lambda _: manifest)
        yield home


def ucv(*words_of_it: str) -> Any:
    ended = CliRunner().invoke(app, ["model", *words_of_it], env={"COLUMNS": "200"})
    assert ended.exit_code == 0, ended.output
    return ended


def weights(home: Home) -> dict[tuple[str, Any], float]:
    rows = read(home, "SELECT field, level, weight FROM identity_match_model")
    return {(field, level): float(bits) for field, level, bits in rows}


def plain(sql: str) -> str:
    return re.sub(r"\s+", " ", sql).replace("( ", "(").replace(" )", ")").strip()


def test_python_renders_every_level_as_dbt_does(home: Home) -> None:
    files = list((home.root.parent / "target" / "compiled").rglob("identity_comparisons.sql"))
    rendered = plain(files[0].read_text(encoding="utf-8"))
    for comparison in SPECIFICATION.comparisons:
        assert f"{plain(level_sql(comparison, SPECIFICATION))} as {comparison.field}_level" in rendered


@dataclass(frozen=True)
class Scored:
    """What Splink made of our settings: per pair of profile_no the weights (bits) of the comparisons in order."""

    conn: duckdb.DuckDBPyConnection
    rows: list[tuple[int, int, list[float]]]


@pytest.fixture(scope="module")
def scored(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Scored:
    folder = tmp_path_factory.mktemp("splink")
    settings, profiles = folder / "splink.json", folder / "profiles.parquet"
    told = ucv(
        "export", "--splink", "--output", str(settings), "--profiles", str(profiles), "--home", str(home.root)
    )
    assert "personal data" in told.stderr
    assert stat.S_IMODE(profiles.stat().st_mode) == 0o600
    conn = duckdb.connect()
    conn.execute(f"CREATE TABLE profiles AS FROM read_parquet('{profiles}')")
    api = DuckDBAPI(connection=conn)
    linker = Linker(api.register("profiles"), SettingsCreator.from_path_or_dict(settings), log_level=None)
    predicted = linker.inference.predict()
    columns = ", ".join(f"mw_{field}" for field in SPECIFICATION.fields)
    found = conn.execute(f"SELECT profile_no_l, profile_no_r, {columns} FROM {predicted.physical_name}")
    return Scored(conn, [(a, b, bits) for a, b, *bits in found.fetchall()])


def test_profiles_hold_what_is_compared_and_no_more(scored: Scored) -> None:
    columns = [name for name, *_ in scored.conn.execute("DESCRIBE profiles").fetchall()]
    assert columns == profile_columns(SPECIFICATION)
    assert "gender" not in columns


def test_splink_gives_the_bayes_factors_of_our_levels(home: Home, scored: Scored) -> None:
    splink = {(a, b): bits for a, b, bits in scored.rows}
    levels = ", ".join(f"{field}_level" for field in SPECIFICATION.fields)
    ours = read(
        home, f"SELECT profile_a, profile_b, {levels} FROM identity_match_weights WHERE NOT is_swapped"
    )
    weight = weights(home)
    checked: set[tuple[str, Any]] = set()
    compared = [(splink[int(a), int(b)], found) for a, b, *found in ours if (int(a), int(b)) in splink]
    for bits, found in compared:
        for field, level, splinks in zip(SPECIFICATION.fields, found, bits, strict=True):
            wanted = 1.0 if level is None else 2 ** weight[field, level]
            assert math.isclose(2**splinks, wanted, rel_tol=1e-6), (field, level)
            checked.add((field, level))
    assert len(compared) > 100
    assert len(checked) > 30, "levels, or none, that were met"


def test_splink_finds_the_pairs_that_blocking_finds(home: Home, scored: Scored) -> None:
    assert read(home, "SELECT count(*) FROM identity_hot_keys") == [(0,)], "Splink knows no cap"
    _, left_out = splink_blocking(SPECIFICATION)
    found = [(a, b) for a, b, _ in scored.rows]
    ours = {
        (int(a), int(b)) for a, b, rules in read(home, "SELECT * FROM identity_candidate_pairs")
        if set(rules) - set(left_out)
    }  # fmt: skip
    assert set(found) == ours
    assert len(found) == len(ours), "each pair once"


def test_every_comparison_of_invented_profiles_weighs_as_its_level(home: Home) -> None:
    """All columns filled, so that every comparison is met at several levels; held against what dbt renders for names unturned."""
    types = {name: kind for name, kind, *_ in read(home, "DESCRIBE identity_profiles")}
    settings = json.loads(ucv("export", "--splink", "--home", str(home.root)).stdout)
    settings["blocking_rules_to_generate_predictions"] = ["l.entity_type = r.entity_type"]
    conn = duckdb.connect()
    invent(conn, {name: types[name] for name in profile_columns(SPECIFICATION)}, 300)
    api = DuckDBAPI(connection=conn)
    linker = Linker(api.register("profiles"), SettingsCreator.from_path_or_dict(settings), log_level=None)
    predicted = linker.inference.predict().physical_name
    weight = weights(home)
    unmet = []
    for comparison in SPECIFICATION.comparisons:
        field = comparison.field
        found = conn.execute(
            f"SELECT {level_sql(comparison, SPECIFICATION, UNTURNED)} AS level, mw_{field}, count(*) FROM {predicted} "
            "JOIN profiles AS a ON a.profile_no = profile_no_l JOIN profiles AS b ON b.profile_no = profile_no_r GROUP BY ALL"
        ).fetchall()
        assert sum(count for *_, count in found) == 2 * 150 * 149 / 2, "pairs of one type"
        for level, bits, _ in found:
            wanted = 1.0 if level is None else 2 ** weight[field, level]
            assert math.isclose(2**bits, wanted, rel_tol=1e-6), (field, level)
        met = {level for level, *_ in found if level is not None}
        unmet += [(field, level.name) for level in comparison.levels if level.number not in met]
    assert len(unmet) < len(weight) / 5, unmet


def test_prior_is_that_of_two_random_persons(home: Home) -> None:
    made = json.loads(ucv("export", "--splink", "--home", str(home.root)).stdout)
    (expected,) = read(
        home, "SELECT m FROM identity_match_model WHERE field = 'any_pair' AND label = 'person'"
    )
    assert made["probability_two_random_records_match"] == expected[0]


def test_page_shows_the_trained_model_beside_the_shipped(home: Home) -> None:
    page = ucv("page", "--trained", "--home", str(home.root)).stdout
    assert "| trained m | trained u | trained bits |" in page
    row = next(line for line in page.splitlines() if line.startswith("| same | The same family name"))
    assert len(row.split(" | ")) == 9


def test_an_existing_file_is_never_replaced_by_personal_data(home: Home, tmp_path: Path) -> None:
    taken = tmp_path / "taken.parquet"
    taken.write_text("mine", encoding="utf-8")
    ended = CliRunner().invoke(
        app, ["model", "export", "--splink", "--profiles", str(taken), "--home", str(home.root)]
    )
    assert "exists already" in str(ended.exception)
    assert taken.read_text(encoding="utf-8") == "mine"
