"""The shipped contracts pass the standard's own schema and our rules, and cover what a demo must cover."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft201909Validator

from pipelines.contracts.load import load_contracts
from pipelines.contracts.vocabularies import ACQUISITION_MODES, KINDS
from pipelines.demo.desk import SOURCES
from pipelines.demo.layouts import CONTRACTS_HOME, layout_of

_SCHEMA = json.loads(files("open_data_contract_standard").joinpath("schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("source", SOURCES)
def test_contract_passes_the_standards_schema_as_plain_yaml(source: str) -> None:
    path = Path(CONTRACTS_HOME / "contracts" / f"{source}.yml")
    values = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert [error.message for error in Draft201909Validator(_SCHEMA).iter_errors(values)] == []


def test_contracts_have_no_problem_and_cover_kinds_modes_and_formats() -> None:
    found = load_contracts(CONTRACTS_HOME)
    assert found.problems == ()
    ours = [contract for contract in found.contracts if contract.id in SOURCES]
    assert len(ours) == len(SOURCES) >= 10
    assert {contract.kind for contract in ours} == set(KINDS)
    assert {contract.terms.acquisition_mode for contract in ours} == set(ACQUISITION_MODES)
    assert {contract.server.format for contract in ours} == {"csv", "jsonl", "xlsx", "parquet"}
    assert {contract.server.encoding for contract in ours} == {"utf-8", "gb18030"}


@pytest.mark.parametrize("source", SOURCES)
def test_latency_is_measured_on_a_time_of_the_source(source: str) -> None:
    contract = layout_of(source).contract
    assert contract.sla.latency_hours
    assert contract.sla.latency_field in {
        column.field for column in contract.columns if column.type == "timestamp"
    }
    assert contract.sla.retention_days
