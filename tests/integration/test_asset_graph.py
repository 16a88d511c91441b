"""The asset graph as it is meant to be: every asset with its group, every check with its severity and whether it blocks.

After a wanted change write the snapshot anew: `UCV_UPDATE_SNAPSHOT=1 pytest tests/integration/test_asset_graph.py`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from pipelines.assets.check_words import check_words
from pipelines.assets.dbt_manifest import ensure_manifest
from pipelines.assets.raw import raw_key
from pipelines.demo.generate import install_contracts
from pipelines.quality.rules import RULES
from pipelines.storage.home import create_home

SNAPSHOT = Path(__file__).with_name("asset_graph.txt")


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.Definitions]:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("graph")
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        patch.setenv("UCV_HOME", str(folder / "home"))
        settings = create_home(folder / "home")
        install_contracts(settings.home)
        from pipelines.assets.graph import build_definitions  # noqa: PLC0415 - slow

        yield build_definitions(settings)


def nodes(graph: dg.Definitions) -> dict[dg.AssetKey, dg.AssetSpec]:
    return {spec.key: spec for spec in graph.resolve_all_asset_specs()}


def checks(graph: dg.Definitions) -> list[dg.AssetCheckKey]:
    return sorted(graph.resolve_asset_graph().asset_check_keys)


def weight(graph: dg.Definitions, key: dg.AssetCheckKey) -> str:
    """The severity of a check, and whether a failure stops what comes after."""
    spec = graph.resolve_asset_graph().get_check_spec(key)
    return f"{spec.metadata['severity']}{' blocking' if spec.blocking else ''}"


def test_what_stops_a_build_is_blocking_and_what_concerns_one_source_is_not(graph: dg.Definitions) -> None:
    gates = {rule.name: rule.severity for rule in RULES}
    for key in checks(graph):
        spec = graph.resolve_asset_graph().get_check_spec(key)
        assert spec.blocking == (gates.get(key.name) == "fail"), key
        assert spec.metadata["severity"] in ("info", "warn", "fail"), key


def test_assets_groups_and_checks_are_those_of_the_snapshot(graph: dg.Definitions) -> None:
    lines = [f"asset {spec.group_name} {'/'.join(key.path)}" for key, spec in nodes(graph).items()]
    lines += [
        f"check {'/'.join(key.asset_key.path)} {key.name} {weight(graph, key)}" for key in checks(graph)
    ]
    found = sorted(lines)
    if os.environ.get("UCV_UPDATE_SNAPSHOT"):
        SNAPSHOT.write_text("\n".join(found) + "\n", encoding="utf-8")
    expected = SNAPSHOT.read_text(encoding="utf-8").splitlines()
    assert {"gone": sorted(set(expected) - set(found)), "new": sorted(set(found) - set(expected))} == {
        "gone": [],
        "new": [],
    }, "wanted? write the snapshot anew as this file's first lines say"
    assert len(found) == len(set(found))


def test_every_asset_and_check_says_what_it_is(graph: dg.Definitions) -> None:
    assert [key for key, spec in nodes(graph).items() if not spec.description] == []
    asset_graph = graph.resolve_asset_graph()
    specs = [asset_graph.get_check_spec(key) for key in checks(graph)]
    assert [spec.name for spec in specs if not spec.description] == []


def test_somebody_answers_for_every_table(graph: dg.Definitions) -> None:
    tables = {
        key: spec for key, spec in nodes(graph).items() if key.path[0] in ("identity", "golden", "marts")
    }
    assert len(tables) > 40
    assert [key for key, spec in tables.items() if not spec.owners] == []


def test_no_layer_waits_for_a_later_one(graph: dg.Definitions) -> None:
    known = nodes(graph)
    for key, spec in known.items():
        for dep in spec.deps:
            group = known[dep.asset_key].group_name
            assert group is not None
            assert spec.group_name is not None
            assert group <= spec.group_name, (
                f"{key} in {spec.group_name} waits for {dep.asset_key} in {group}"
            )


def test_each_contract_stands_before_the_staging_model_of_its_kind(graph: dg.Definitions) -> None:
    known = nodes(graph)
    staged = {dep.asset_key for dep in known[dg.AssetKey(["staging", "stg_transactions"])].deps}
    assert {raw_key("store_pos"), raw_key("ecommerce_orders")} <= staged
    assert raw_key("web_registrations") not in staged
    everything = {
        dep.asset_key for key, spec in known.items() if key.path[0] == "staging" for dep in spec.deps
    }
    assert {key for key in known if key.path[0] == "raw"} <= everything


def test_every_dbt_test_is_a_check_of_the_last_table_that_it_reads(graph: dg.Definitions) -> None:
    manifest = json.loads(ensure_manifest().read_text(encoding="utf-8"))
    tests = {node["name"] for node in manifest["nodes"].values() if node["resource_type"] == "test"}
    names = [key.name for key in checks(graph)]
    assert {name: names.count(name) for name in tests if names.count(name) != 1} == {}
    on = {key.name: "/".join(key.asset_key.path) for key in checks(graph)}
    assert on["assert_records_reconcile"] == "identity/unidentified_records"
    assert on["customers_rules"] == "golden/customers"


def test_a_dbt_test_is_told_in_words() -> None:
    given = {
        "not_null": ["a"], "unique": ["a", ["b", "c"]], "accepted_values": {"b": ["x", "y"]},
        "relationships": [{"column": "c", "to": "ref('other')", "field": "d"}],
    }  # fmt: skip
    rules = {"name": "t_rules", "test_metadata": {"name": "rules", "kwargs": {"arguments": given}}}
    assert check_words(rules) == (
        "Every row has a `a`. No two rows have the same `a`. No two rows have the same `b`, `c`. "
        "`b` is one of `x`, `y`. Every `c` is found as `d` in ref('other')."
    )
    assert check_words({**rules, "description": "Its own words"}) == "Its own words"
    other = {"name": "o", "test_metadata": {"name": "in_range", "kwargs": {"column_name": "n"}}}
    assert check_words(other) == "dbt test `in_range` on `n`."
