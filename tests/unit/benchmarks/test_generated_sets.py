"""The generated sets are the same for a seed, know the truth of each row, and are what their contracts declare."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from benchmarks.datasets import CONTRACTS
from benchmarks.identity.generated import families as families_module
from benchmarks.identity.generated import households as households_module
from benchmarks.identity.generated.__main__ import main
from benchmarks.identity.generated.chinese_kin import checked_id
from benchmarks.identity.generated.delivered import Delivered
from benchmarks.identity.generated.sets import SETS
from pipelines.contracts.load import load_contract


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(households_module, "PERSONS", 800)
    monkeypatch.setattr(families_module, "RECORDS", 800)


def _same(one: Delivered, other: Delivered) -> bool:
    frames = [one.sources[name].equals(other.sources[name]) for name in one.sources]
    return all(frames) and one.truth.equals(other.truth)


@pytest.mark.parametrize("name", sorted(SETS))
def test_a_seed_gives_one_set_and_another_seed_another(name: str) -> None:
    first = SETS[name](5)
    assert _same(first, SETS[name](5))
    assert not _same(first, SETS[name](6))


@pytest.mark.parametrize("name", sorted(SETS))
def test_the_truth_names_every_row_once_and_some_entities_twice(name: str) -> None:
    made = SETS[name](1)
    rows = [(source, number) for source, frame in made.sources.items() for number in frame["record_id"]]
    assert rows == list(zip(made.truth["source_system"], made.truth["source_record_id"], strict=True))
    assert len(set(rows)) == len(rows)
    assert 0.3 < made.truth["person_id"].nunique() / len(rows) < 0.7


@pytest.mark.parametrize("name", sorted(SETS))
def test_the_contract_of_every_source_loads_and_its_columns_are_delivered(name: str, tmp_path: Path) -> None:
    for source, frame in SETS[name](1).sources.items():
        contract = load_contract(CONTRACTS / f"{source}.yml", tmp_path)
        assert contract.id == source
        assert {column.physical_name for column in contract.columns} <= set(frame.columns)


def test_the_command_writes_each_source_and_the_truth(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["mixed", "--out", str(tmp_path), "--seed", "3"]) == 0
    written = {path.stem: pd.read_csv(path, dtype=str) for path in tmp_path.iterdir()}
    truth = written.pop("truth")
    assert sum(map(len, written.values())) == len(truth)
    assert f"{truth['person_id'].nunique()} entities" in capsys.readouterr().out


def test_a_resident_id_ends_with_its_check_sign() -> None:
    assert checked_id("11010519491231002") == "11010519491231002X"
