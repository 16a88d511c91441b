"""Contracts drafted from files of real systems: kind, columns, key and country."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from real_headers import EXPORTS, Export, drafted
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.contracts.fields import fields_of
from pipelines.contracts.headers import visible_name
from pipelines.contracts.known_exports import known_exports
from pipelines.contracts.load import load_contract
from pipelines.contracts.template import new_contract, new_draft, written
from pipelines.errors import ContractError
from pipelines.ingest.sniffing import sniff

NAMES = [
    "姓名",
    "Name",
    "id",
    "Email",
    "订单号",
    "金额",
    "手机",
    "Total",
    "date",
    "#",
    '"',
    "a: b",
    "x\ny",
    "{",
    "- a",
    "''",
]
CELLS = [
    "",
    "王伟",
    "13925554001",
    "a@example.org",
    "#1001",
    "2026-06-01",
    "12.50",
    "1.000",
    "合计",
    "yes",
    "'",
    "¥7",
]


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name)
def test_a_file_of_a_real_system_is_drafted_right(export: Export, tmp_path: Path) -> None:
    draft = drafted(tmp_path, export.text)
    assert (draft.export.id if draft.export else None) == export.export
    assert draft.kind == export.kind
    got = {field: guess.column for field, guess in draft.mapped.items()}
    wanted = {field: visible_name(column) for field, column in export.wanted.items()}
    assert {field: got.get(field) for field in wanted} == wanted
    assert [(field, column) for field, column in export.unwanted if got.get(field) == column] == []
    if export.key is not None:
        assert draft.key.key == export.key
    if export.country:
        assert export.country in {
            draft.country and draft.country.country,
            draft.export and draft.export.country,
        }


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name)
def test_a_drafted_contract_passes_the_checks_and_holds_no_value(export: Export, tmp_path: Path) -> None:
    (tmp_path / "contracts").mkdir()
    path = tmp_path / "contracts" / "leads.yml"
    text = written("leads", drafted(tmp_path, export.text))
    path.write_text(text, encoding="utf-8")
    contract = load_contract(path, tmp_path)
    assert contract.kind == export.kind
    for value in ("Voss", "example.org", "139255540", "滕雨婷", "555010", "2026-06-0"):
        assert value not in text


def test_each_known_export_is_told_from_its_own_header_and_fills_only_fields_of_its_kind() -> None:
    assert len({export.id for export in known_exports()}) >= 30
    named = {export.export for export in EXPORTS if export.export}
    assert len(named) >= 25
    for export in known_exports():
        assert {field for field in export.fields.values() if field} <= set(fields_of(export.kind)), export.id


def test_a_list_with_ordinary_columns_is_no_known_export(tmp_path: Path) -> None:
    draft = drafted(
        tmp_path, "First Name,Last Name,Email,Phone,City,Country\nIda,Voss,ida@example.org,,Bonn,DE\n"
    )
    assert draft.export is None
    assert draft.kind == "registration"


def test_a_kind_that_is_said_holds_and_the_draft_tells_what_the_file_says(tmp_path: Path) -> None:
    sample = tmp_path / "sample.csv"
    sample.write_text(EXPORTS[0].text, encoding="utf-8")
    draft = new_draft("leads", "registration", sniff(sample))
    assert draft.kind == "registration"
    assert "by the file it is a transaction" in written("leads", draft)


def test_without_a_sample_the_usual_columns_are_written() -> None:
    assert "# sure" not in new_contract("leads", "transaction")
    assert "transaction_id" in new_contract("leads", "transaction")


def test_the_command_tells_the_kind_and_writes_a_contract_that_passes_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    sample = tmp_path / "sample.csv"
    sample.write_text(EXPORTS[0].text, encoding="utf-8")
    home = str(tmp_path / "home")
    CliRunner().invoke(app, ["init", home])
    told = CliRunner().invoke(app, ["contract", "new", "shop", "--sample", str(sample), "--home", home])
    assert told.exit_code == 0, told.output
    assert "kind: transaction (its header is that of Shopify orders)" in told.output
    assert "key: transaction_id, product_id" in told.output
    assert "to be filled down: order_status, currency" in told.output
    assert "Voss" not in told.output
    checked = CliRunner().invoke(app, ["check", "--home", home])
    assert checked.exit_code == 0, checked.output


@pytest.mark.parametrize("above", [0, 1, 19, 25, 60, 180])
@pytest.mark.parametrize("header", ["会员号,姓名,手机", "alpha,beta,gamma"])
def test_the_header_is_found_far_below_notes(above: int, header: str, tmp_path: Path) -> None:
    notes = "".join(f"说明 {n}\n" for n in range(above))
    sample = tmp_path / "sample.csv"
    rows = "".join(f"M{n},王伟,1392555400{n}\n" for n in range(9))
    sample.write_text(f"{notes}{header}\n{rows}", encoding="utf-8")
    found = sniff(sample)
    assert found.header_row == (above + 1 if above else None)
    assert found.columns == tuple(header.split(","))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(NAMES) | st.text(max_size=8), min_size=1, max_size=7),
    st.lists(st.lists(st.sampled_from(CELLS) | st.text(max_size=6), max_size=7), max_size=6),
)
def test_whatever_a_sample_holds_its_draft_can_be_read_or_the_sample_is_told_unfit(
    tmp_path: Path, header: list[str], rows: list[list[str]]
) -> None:
    sample, folder = tmp_path / "sample.csv", tmp_path / "contracts"
    with sample.open("w", encoding="utf-8", newline="", errors="replace") as file:
        csv.writer(file).writerows([header, *rows])
    folder.mkdir(exist_ok=True)
    try:
        text = new_contract("leads", None, sniff(sample))
    except ContractError:
        return
    (folder / "leads.yml").write_text(text, encoding="utf-8")
    if "FILL_IN" not in text:
        load_contract(folder / "leads.yml", tmp_path)
