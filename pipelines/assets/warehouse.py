"""The dbt models as assets: one dbt graph, run in three parts with a gate after each."""

import json
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtCliResource, dbt_assets

from pipelines.assets.changes import CHANGES_KEY
from pipelines.assets.check_words import check_words
from pipelines.assets.dbt_manifest import DBT_EXECUTABLE
from pipelines.assets.layers import DBT_SETS, GROUP_OF_FOLDER, DbtSet
from pipelines.assets.nightly import Nightly
from pipelines.assets.raw import raw_key
from pipelines.assets.table_facts import layer_evidence, table_facts
from pipelines.contracts.load import ContractSet
from pipelines.settings import DBT_PROJECT_DIR
from pipelines.storage.standardised import keep_standardised


def dbt_resource() -> DbtCliResource:
    return DbtCliResource(
        project_dir=str(DBT_PROJECT_DIR), profiles_dir=str(DBT_PROJECT_DIR), dbt_executable=DBT_EXECUTABLE
    )


def warehouse_assets(manifest: Path, contracts: ContractSet) -> list[dg.AssetsDefinition]:
    """One asset per dbt model and seed, with every dbt test as a check."""
    translator = LayerTranslator(contracts)
    return [_dbt_set(part, manifest, translator) for part in DBT_SETS]


class LayerTranslator(DagsterDbtTranslator):
    """Keys are <layer>/<model>; the assets of the contracts are the upstreams of whatever reads their kind."""

    def __init__(self, contracts: ContractSet) -> None:
        super().__init__(
            settings=DagsterDbtTranslatorSettings(
                enable_asset_checks=True,
                enable_duplicate_source_asset_keys=True,
                enable_source_tests_as_checks=False,
            )
        )
        self._contracts = contracts

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            # Every raw and state source stands for "something changed"; the per-source edges are added below.
            return CHANGES_KEY
        return dg.AssetKey([_folder(dbt_resource_props), dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        return GROUP_OF_FOLDER.get(_folder(dbt_resource_props))

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: Any) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        props = self.get_resource_props(manifest, unique_id)
        if props["resource_type"] == "source":
            return spec
        kinds = {
            manifest["sources"][parent]["name"]
            for parent in props.get("depends_on", {}).get("nodes", [])
            if parent.startswith("source.") and manifest["sources"][parent]["source_name"] == "raw"
        }
        sources = [contract.id for contract in self._contracts.contracts if contract.kind in kinds]
        if props["resource_type"] == "seed":
            # A seed stands with those who read it; no wait on `changes`, since it runs in one step with staging.
            return spec.replace_attributes(group_name=_first_reader(manifest, unique_id))
        extra = [dg.AssetDep(key) for key in map(raw_key, sources)]
        known = {dep.asset_key for dep in spec.deps}
        return spec.replace_attributes(
            deps=[*spec.deps, *(dep for dep in extra if dep.asset_key not in known)]
        )

    def get_asset_check_spec(
        self, asset_spec: dg.AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: Any
    ) -> dg.AssetCheckSpec | None:
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        return spec and spec._replace(description=check_words(manifest["nodes"][unique_id]))


def _first_reader(manifest: Mapping[str, Any], seed: str) -> str:
    """The group of the earliest layer that reads the seed."""
    readers = [manifest["nodes"].get(child) for child in manifest["child_map"].get(seed, [])]
    groups = [GROUP_OF_FOLDER[_folder(node)] for node in readers if node and node["resource_type"] == "model"]
    return min(groups, default=GROUP_OF_FOLDER["seeds"])


def _folder(props: Mapping[str, Any]) -> str:
    return "seeds" if props["resource_type"] == "seed" else str(props["fqn"][1])


def dbt_build_command() -> list[str]:
    """What dbt is asked to do in each part of the nightly job.

    `buildable`: a test runs with the last part that builds one of its models, so each runs exactly once. Unit tests
    judge the code, not the night's data: `make test` runs them.
    """
    return ["build", "--indirect-selection", "buildable", "--exclude-resource-type", "unit_test"]


def _dbt_set(part: DbtSet, manifest: Path, translator: LayerTranslator) -> dg.AssetsDefinition:
    @dbt_assets(manifest=manifest, select=part.select, name=part.name, dagster_dbt_translator=translator)
    def models(context: dg.AssetExecutionContext, dbt: DbtCliResource, nightly: Nightly) -> Iterator[Any]:
        nightly.fingerprint()
        target = nightly.build_dir / "dbt" / part.name
        target.mkdir(parents=True, exist_ok=True)
        with nightly.dbt_environment():
            command = dbt.cli(
                dbt_build_command(),
                context=context,
                target_path=target,
                raise_on_error=False,
            )
            # Events wait until dbt has ended: row counts need the file, which has one writing process.
            with (target / "console.log").open("w", encoding="utf-8") as log, redirect_stdout(log):
                events = list(command.stream())
        with nightly.warehouse() as conn:
            if part.is_standardising and command.is_successful():
                keep_standardised(conn, nightly.settings.home)
            for event in events:
                if isinstance(event, dg.Output):
                    key = context.asset_key_for_output(event.output_name)
                    facts = {**table_facts(conn, key), **layer_evidence(conn, key)}
                    event = event.with_metadata({**event.metadata, **facts})  # noqa: PLW2901
                yield event
        if not command.is_successful():
            raise dg.Failure(_told(target), allow_retries=False)

    return models


def _told(target: Path) -> str:
    """Which models and tests failed, by name; dbt's own messages stay in the build, they may quote data."""
    try:
        results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    except (OSError, ValueError, KeyError):
        return f"dbt did not finish; its log is {target / 'dbt.log'}. Readers keep the last good version."
    failed = [result["unique_id"] for result in results if result["status"] in ("error", "fail")]
    return (
        f"dbt: {len(failed)} of {len(results)} nodes failed: {', '.join(failed[:20])}. Its log is {target / 'dbt.log'}. "
        "Readers keep the last good version."
    )
