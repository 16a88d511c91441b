"""A blocking key that very many share: it finishes, makes no pair, and is listed; rare keys beside it work as ever."""

from __future__ import annotations

from pathlib import Path

import pytest
from delivery_home import Home
from test_dbt_unit_tests import run_dbt
from test_identity_hard_input import read

BUILD = ("build", "--exclude-resource-types", "unit_test", "test", "--select")
SHARED_BY = 100_000  # without the cap: five thousand million pairs


def test_a_key_shared_by_a_hundred_thousand_makes_no_pair_and_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    home = Home(tmp_path / "home")
    run_dbt(home.root, tmp_path / "target", *BUILD, "+identity_blocking_keys")
    for rule, key, first, last in (
        ("phone", 1, 1, SHARED_BY),
        ("email", 2, 1, 100),  # as many as the cap allows
        ("family_birth", 3, 1, 101),  # one more
        ("phone", 4, 7, 8),
    ):
        read(
            home,
            "INSERT INTO identity_blocking_keys (profile_no, entity_type, rule, key_hash) "
            f"SELECT n, 'person', '{rule}', {key} FROM range({first}, {last + 1}) AS t(n)",
        )
    models = ("identity_hot_keys", "identity_candidate_pairs")
    run_dbt(home.root, tmp_path / "target", *BUILD, *models)
    hot = read(home, "SELECT rule, profile_count, key_value FROM identity_hot_keys ORDER BY rule")
    assert hot == [("family_birth", 101, None), ("phone", SHARED_BY, None)]  # of no profile that there is
    assert read(home, "SELECT count(*), max(profile_b) FROM identity_candidate_pairs") == [
        (100 * 99 // 2, 100)
    ]
    both = read(home, "SELECT rules FROM identity_candidate_pairs WHERE profile_a = 7 AND profile_b = 8")
    assert both == [(["email", "phone"],)]


def test_a_loose_key_makes_fewer_pairs_where_there_are_very_many_profiles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    home = Home(tmp_path / "home")
    run_dbt(home.root, tmp_path / "target", *BUILD, "+identity_blocking_keys")
    loose, tight = "name_token", "full_name"
    for rule, key, first, last in (
        (loose, 1, 1, 20), (loose, 2, 101, 150), (loose, 3, 201, 251), (loose, 4, 301, 400), (tight, 5, 401, 500),
    ):  # fmt: skip
        read(
            home,
            "INSERT INTO identity_blocking_keys (profile_no, entity_type, rule, key_hash) "
            f"SELECT n, 'person', '{rule}', {key} FROM range({first}, {last + 1}) AS t(n)",
        )
    run_dbt(home.root, tmp_path / "target", *BUILD, "identity_candidate_pairs")
    (compiled,) = (tmp_path / "target").rglob("compiled/**/identity_candidate_pairs.sql")
    pairs = f"SELECT (profile_a - 1) // 100, count(*) FROM ({compiled.read_text('utf-8')}) GROUP BY ALL ORDER BY ALL"
    found = {}
    for profiles in (0, 50_000, 100_000, 1_000_000):
        read(home, "DELETE FROM identity_profiles")
        read(
            home,
            f"INSERT INTO identity_profiles (profile_no, entity_type) SELECT n, 'person' FROM range({profiles}) AS t(n)",
        )
        found[profiles] = read(home, pairs)
    few, fifty, one_more, hundred = (n * (n - 1) // 2 for n in (20, 50, 51, 100))
    everything = [(0, few), (1, fifty), (2, one_more), (3, hundred), (4, hundred)]
    assert found[0] == found[50_000] == everything
    assert found[100_000] == [(0, few), (1, fifty), (4, hundred)]
    assert found[1_000_000] == [(0, few), (4, hundred)]
