"""`ucv contract new` and `ucv rejects`: what the data engineer and the vendor get to see."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest
from delivery_home import SECRET, Home
from rich.console import Console
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.command.sources import write_contract
from pipelines.contracts.load import load_contract
from pipelines.errors import ContractError, UcvError
from pipelines.ingest.claims import write_claims


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Home(tmp_path / "home")


def test_the_claim_file_tells_row_column_and_reason_in_two_languages_and_masks(home: Home) -> None:
    contract = home.source("people")
    rows = f"1,{SECRET},2026-01-01,13800138000\n2,{SECRET},=SUM(1),1\n,{SECRET},2026-01-01,1\n4,{SECRET}\n"
    (home.landing("people") / "a.csv").write_text("no,姓名,time,手机\n" + rows, encoding="utf-8")
    assert home.take(contract)[0].quarantined == 3
    ended = CliRunner().invoke(app, ["rejects", "people", "--home", str(home.root)])
    assert ended.exit_code == 0, ended.output
    assert "3 claims" in ended.output
    text = (home.root / "exports" / "claims" / "people.csv").read_text("utf-8-sig")
    assert SECRET not in text
    lines = list(csv.DictReader(text.splitlines()))
    assert [(line["row_number"], line["column"], line["reason_code"]) for line in lines] == [
        ("2", "time", "bad_timestamp"), ("3", "no", "missing_key"), ("4", "", "wrong_column_count"),
    ]  # fmt: skip
    assert lines[0]["value"] == "'=SUM(1)"  # never a formula
    assert all(line["reason"] and line["原因"] != line["reason"] for line in lines)


def test_personal_columns_are_masked(home: Home) -> None:
    contract = home.source("people")
    path = contract.path
    path.write_text(
        path.read_text("utf-8").replace(
            "手机, logicalType: string", "手机, logicalType: string, required: true"
        ),
        "utf-8",
    )
    contract = load_contract(path, home.root)
    long = "9" * 10_001
    (home.landing("people") / "a.csv").write_text(f"no,手机,time\n1,{long},2026-01-01\n", encoding="utf-8")
    assert home.take(contract)[0].reasons == {"value_too_long:phone": 1}
    written, count = write_claims(contract, home.settings, home.keys)
    assert count == 1
    assert next(csv.DictReader(written.read_text("utf-8-sig").splitlines()))["value"] == "9***"


def test_nothing_rejected_is_said(home: Home) -> None:
    with pytest.raises(UcvError, match="nothing to claim"):
        write_claims(home.source("people"), home.settings, home.keys)


def _xlsx(path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["编号", "姓名", "手机", "邮箱"])
    book.save(path)


def _text(path: Path) -> None:
    line = (
        "编号;姓名;手机;邮箱\n"
        if path.suffix == ".csv"
        else '{"编号":"1","姓名":"a","手机":"1","邮箱":"b"}\n'
    )
    path.write_bytes(line.encode("gb18030" if path.suffix == ".csv" else "utf-8"))


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv", "a.jsonl"])
def test_a_contract_is_inferred_from_a_sample_and_can_be_used_as_it_is(
    home: Home, tmp_path: Path, name: str
) -> None:
    sample = tmp_path / name
    (_xlsx if name == "a.xlsx" else _text)(sample)
    write_contract(home.settings, "fresh", "registration", sample, Console(quiet=True))
    contract = load_contract(home.root / "contracts" / "fresh.yml", home.root)
    assert [column.field for column in contract.columns] == [
        "source_record_id",
        "full_name",
        "phone",
        "email",
    ]
    assert contract.key == ("source_record_id",)
    assert contract.server.format == sample.suffix[1:]
    with pytest.raises(ContractError, match="exists"):
        write_contract(home.settings, "fresh", "registration", sample, Console(quiet=True))
