"""Random pairs for training: within one entity type, the same on every build, and drawn without pairing whole populations."""

from __future__ import annotations

from pathlib import Path

import pytest
from delivery_home import Home
from test_dbt_unit_tests import run_dbt
from test_identity_hard_input import read

from pipelines.matching.specification import match_specification

BUILD = ("build", "--exclude-resource-types", "unit_test", "test", "--select")
PERSONS, FIRMS = 3000, 60


def drawn_of(profiles: int) -> float:
    """Draws among so many profiles of one type: as many as there are pairs, within what the specification sets."""
    settings = match_specification().settings
    most, of_each = settings["random_pairs"][0], settings["random_pairs_per_profile"][0]
    return min(most, of_each * profiles, profiles * (profiles - 1) / 2)


def test_pairs_are_of_one_type_and_no_join_is_on_the_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    home = Home(tmp_path / "home")
    run_dbt(home.root, tmp_path / "target", *BUILD, "+identity_random_pairs")
    read(
        home,
        "INSERT INTO identity_profiles (profile_no, entity_type) SELECT n, CASE WHEN n % 51 = 0 THEN 'organisation' "
        f"ELSE 'person' END FROM range({PERSONS + FIRMS}) AS t(n)",
    )
    run_dbt(home.root, tmp_path / "target", *BUILD, "identity_random_pairs")
    drawn = read(
        home,
        "SELECT a.entity_type, b.entity_type, count(*), count(DISTINCT profile_a), bool_and(profile_a < profile_b) "
        "FROM identity_random_pairs JOIN identity_profiles AS a ON a.profile_no = profile_a "
        "JOIN identity_profiles AS b ON b.profile_no = profile_b GROUP BY ALL ORDER BY ALL",
    )
    kinds = {(a, b): (int(pairs), int(firsts), ordered) for a, b, pairs, firsts, ordered in drawn}
    assert set(kinds) == {("organisation", "organisation"), ("person", "person")}
    pairs, firsts, ordered = kinds["organisation", "organisation"]
    # as many draws as there are pairs, with repetition: five in eight different ones
    assert 0.55 < pairs / drawn_of(FIRMS) < 0.7
    assert firsts >= FIRMS - 3
    assert ordered
    pairs, firsts, ordered = kinds["person", "person"]
    # few of the draws meet a pair again, or a profile itself
    assert 0.95 * drawn_of(PERSONS) < pairs <= drawn_of(PERSONS)
    assert firsts > 0.98 * PERSONS
    assert ordered
    (compiled,) = (tmp_path / "target").rglob("compiled/**/identity_random_pairs.sql")
    plan = read(home, f"EXPLAIN (FORMAT json) {compiled.read_text('utf-8')}")[0][1]
    assert '"Conditions"' in plan
    assert "entity_type = entity_type" not in plan
