"""What Dagster shows of the dbt project: a spec per model and seed, a check per test, made from the manifest alone.

dagster-dbt makes the same from the same manifest, but its import loads all of dbt into every process that shows the graph,
and each of its runs asks for dbt's version in a child that goes to the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg

from pipelines.assets.changes import CHANGES_KEY
from pipelines.assets.check_words import check_words
from pipelines.assets.layers import DBT_SETS, GROUP_OF_FOLDER, DbtSet
from pipelines.assets.raw import raw_key
from pipelines.contracts.load import ContractSet
from pipelines.quality.published import SCHEMAS as PUBLISHED_SCHEMAS

Node = Mapping[str, Any]


class DbtSpecs:
    """Specs of one manifest. Keys are <layer>/<model>; the assets of contracts are upstreams of what reads their kind."""

    def __init__(self, manifest: Mapping[str, Any], contracts: ContractSet) -> None:
        self._manifest, self._contracts = manifest, contracts
        nodes = manifest["nodes"]
        self._tables = {name: n for name, n in nodes.items() if n["resource_type"] in ("model", "seed")}
        # A test of a source alone has no table to stand on.
        self._tests = {
            name: node
            for name, node in nodes.items()
            if node["resource_type"] == "test" and self._tables.keys() & set(node["depends_on"]["nodes"])
        }

    def assets_of(self, part: DbtSet) -> list[dg.AssetSpec]:
        """A spec per table of the part."""
        return [self._asset(name) for name in self._tables if self._part(name) == part]

    def checks_of(self, part: DbtSet) -> list[dg.AssetCheckSpec]:
        """A spec per test that can run when the part is built: the last of its tables lies in it."""
        return [
            dg.AssetCheckSpec(check_name(test), asset=self.key(self._tested(name)), description=check_words(test),
                              metadata={"severity": _severity(test), "owner": "data engineer"})
            for name, test in self._tests.items()
            if self._part(self._tested(name)) == part
        ]  # fmt: skip

    def key(self, unique_id: str) -> dg.AssetKey:
        """The asset of a model or seed; every source stands for "something changed"."""
        if unique_id in self._manifest["sources"]:
            return CHANGES_KEY
        node = self._tables[unique_id]
        return dg.AssetKey([_folder(node), node["name"]])

    def check_key(self, test_id: str) -> dg.AssetCheckKey:
        """The check of a test, on the last table that it reads."""
        return dg.AssetCheckKey(self.key(self._tested(test_id)), check_name(self._tests[test_id]))

    def published(self) -> list[dg.AssetKey]:
        """The tables that readers see; models of the working schemas stay in the build."""
        return sorted(
            self.key(name) for name, node in self._tables.items() if node["schema"] in PUBLISHED_SCHEMAS
        )

    def is_test(self, unique_id: str) -> bool:
        return unique_id in self._tests

    def _asset(self, unique_id: str) -> dg.AssetSpec:
        node = self._tables[unique_id]
        return dg.AssetSpec(
            key=self.key(unique_id),
            deps=sorted(self._upstreams(node)),
            description=_description(node),
            metadata={"dagster/table_name": node["relation_name"].replace('"', ""), **_columns(node)},
            group_name=self._group(unique_id),
            owners=node["config"].get("meta", {}).get("dagster", {}).get("owners"),
            tags=dict.fromkeys(node["tags"], ""),
            kinds={"dbt", "python" if node.get("language") == "python" else "duckdb"},
        )

    def _upstreams(self, node: Node) -> set[dg.AssetKey]:
        parents = node["depends_on"].get("nodes", [])
        kinds = {
            self._manifest["sources"][parent]["name"]
            for parent in parents
            if parent in self._manifest["sources"]
            and self._manifest["sources"][parent]["source_name"] == "raw"
        }
        sources = {raw_key(contract.id) for contract in self._contracts.contracts if contract.kind in kinds}
        return {self.key(parent) for parent in parents} | sources

    def _group(self, unique_id: str) -> str:
        node = self._tables[unique_id]
        if node["resource_type"] == "model":
            return GROUP_OF_FOLDER[_folder(node)]
        # A seed stands with the earliest layer that reads it.
        readers = [child for child in self._manifest["child_map"].get(unique_id, []) if child in self._tables]
        return min(map(self._group, readers), default=GROUP_OF_FOLDER["seeds"])

    def _part(self, unique_id: str) -> DbtSet:
        folder = _folder(self._tables[unique_id])
        return next(part for part in DBT_SETS if folder in part.folders)

    def _tested(self, test_id: str) -> str:
        """The model that a test is declared on; of a query's tables the one that is built last."""
        test = self._tests[test_id]
        parents = [parent for parent in test["depends_on"]["nodes"] if parent in self._tables]
        latest = max(parents, key=lambda parent: (DBT_SETS.index(self._part(parent)), parent))
        attached = test.get("attached_node")
        # A relation to a table of a later part can be judged there only.
        return attached if attached and self._part(attached) == self._part(latest) else latest


def check_name(test: Node) -> str:
    """The test's name, which dbt keeps short for long lists of arguments."""
    return str(test["name"])


def _severity(test: Node) -> str:
    """fail stops the build, before the gate of its part; warn is shown only."""
    return "warn" if str(test["config"].get("severity", "error")).lower() == "warn" else "fail"


def _folder(node: Node) -> str:
    return "seeds" if node["resource_type"] == "seed" else str(node["fqn"][1])


def _description(node: Node) -> str:
    if node["resource_type"] == "seed":
        return str(node["description"])
    language = "python" if node.get("language") == "python" else "sql"
    return f"{node['description']}\n\n#### Source of the model:\n```{language}\n{node['raw_code']}\n```"


def _columns(node: Node) -> dict[str, Any]:
    columns = [
        dg.TableColumn(
            name=column["name"],
            type=column.get("data_type") or "?",
            description=column.get("description") or None,
        )
        for column in node["columns"].values()
    ]
    return {"dagster/column_schema": dg.TableSchema(columns=columns)} if columns else {}
