"""The benchmark reads its data sets right, counts the memory of a whole tree, and says plainly what is missing."""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.datasets import DATASETS, cdnow_csv
from benchmarks.watch import watch
from pipelines.contracts.load import load_contract


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.id)
def test_each_source_of_a_data_set_has_a_contract_that_can_be_used(dataset, tmp_path: Path) -> None:
    for file in dataset.contracts():
        contract = load_contract(file, tmp_path)
        assert contract.id == file.stem
        assert contract.server.path.startswith(f"landing/{file.stem}/")


def test_a_missing_data_set_is_named_with_where_it_comes_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path), "fake_1000"]) == 1
    told = capsys.readouterr().err
    assert f"fake_1000.csv is not in {tmp_path}" in told
    assert "--data DIR" in told


def test_purchases_in_columns_of_blanks_become_csv(tmp_path: Path) -> None:
    wheel = tmp_path / "some.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        text = " customer_id  date number_of_cds  dollar_value\r\n 00001 19970101  1   11.77\r\n\r\n"
        archive.writestr("lifetimes/datasets/CDNOW_master.txt", text)
    assert cdnow_csv(wheel) == "customer_id,date,number_of_cds,dollar_value\n00001,19970101,1,11.77\n"


def test_memory_of_a_grandchild_counts(tmp_path: Path) -> None:
    hold = "held = b'x' * 300_000_000; import time; time.sleep(1.5)"
    script = (
        f"import subprocess, sys; print('hi', flush=True); subprocess.run([sys.executable, '-c', {hold!r}])"
    )
    ended = watch([sys.executable, "-c", script], dict(os.environ), tmp_path / "log")
    assert (ended.code, ended.output) == (0, "hi\n")
    assert ended.peak_bytes > 300_000_000
