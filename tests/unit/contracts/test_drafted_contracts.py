"""Contracts drafted from files of real systems: kind, columns, key and country, and how sure of each."""

from __future__ import annotations

from pathlib import Path

import pytest
from real_headers import EXPORTS, Export
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.contracts.column_guess import DOUBTFUL, LIKELY, SURE
from pipelines.contracts.column_values import masked
from pipelines.contracts.draft import Draft, draft_from
from pipelines.contracts.fields import fields_of
from pipelines.contracts.headers import visible_name
from pipelines.contracts.known_exports import known_exports
from pipelines.contracts.load import load_contract
from pipelines.contracts.template import new_contract, new_draft, written
from pipelines.ingest.sniffing import sniff


def drafted(folder: Path, text: str, kind: str | None = None) -> Draft:
    sample = folder / "sample.csv"
    sample.write_text(text, encoding="utf-8")
    return draft_from(sniff(sample), kind)


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


def test_order_numbers_under_name_are_no_names_without_a_known_system(tmp_path: Path) -> None:
    rows = "".join(f"#10{n},a{n}@example.org,2026-06-0{n},1{n}.50,EUR\n" for n in range(1, 6))
    draft = drafted(tmp_path, "Name,E-Mail,Order date,Amount,Currency\n" + rows)
    assert "full_name" not in draft.mapped
    assert draft.mapped["transaction_id"].column == "Name"
    assert draft.mapped["transaction_id"].sureness == DOUBTFUL
    assert draft.key.key == ("transaction_id",)


@pytest.mark.parametrize(
    ("column", "values", "field"),
    [
        ("姓名", ["A-1", "A-2", "A-3"], "full_name"),
        ("name", ["13925554001", "13925554002", "13925554003"], "full_name"),
        ("Email", ["yes", "no", "yes"], "email"),
        ("phone", ["home", "work", "home"], "phone"),
        ("生日", ["双子座", "狮子座", "白羊座"], "birth_date"),
        ("city", ["2026-01-01", "2026-01-02", "2026-01-03"], "city"),
        ("Created", ["Kim", "Sam", "Kim"], "registered_at"),
        ("address", ["a@example.org", "b@example.org", "c@example.org"], "address"),
    ],
)
def test_values_that_deny_a_name_win(column: str, values: list[str], field: str, tmp_path: Path) -> None:
    lines = "".join(f"{n},{value},x\n" for n, value in enumerate(values, 1))
    draft = drafted(tmp_path, f"id,{column},memo\n{lines}")
    assert field not in draft.mapped
    assert (
        "its values are none" in draft.guesses.spoken_against.get(column, "") or column in draft.guesses.taken
    )
    assert f'physicalName: "{column}", logicalType: string, primaryKey' not in written("leads", draft)


def test_the_draft_says_how_sure_it_is_and_shows_three_masked_values(tmp_path: Path) -> None:
    text = "no,姓名,手机,memo,x\n1,王伟,13925554001,a,p@example.cn\n2,李娜,13925554002,b,q@example.cn\n3,赵敏,+86 139 2555 4003,c,r@example.cn\n"
    draft = drafted(tmp_path, text)
    assert draft.mapped["full_name"].sureness == SURE
    assert (draft.mapped["email"].column, draft.mapped["email"].sureness) == ("x", LIKELY)
    told = written("leads", draft)
    assert "# sure: its name and its values; values such as 某某 | 某某 | 某某" in told
    assert (
        "# sure: its name and its values; values such as 99999999999 | +99 999 9999 9999 | 99999999999"
        in told
    )
    assert "# likely: its values alone; values such as x@xxxxxxx.xx | x@xxxxxxx.xx | x@xxxxxxx.xx" in told
    assert '# not mapped: "memo"' in told
    assert "所有" not in told


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("O'Brien-7", "X'Xxxxx-9"),
        ("陈 A", "某 X"),
        ("é", "x"),
        ("a" * 40, "x" * 23 + "…"),
        ("محمد", "某某某某"),
    ],
)
def test_a_mask_keeps_the_form_and_nothing_else(value: str, form: str) -> None:
    assert masked(value) == form


def test_a_key_must_be_filled_and_different(tmp_path: Path) -> None:
    blank = drafted(tmp_path, "id,姓名,手机\n1,王伟,13925554001\n,李娜,13925554002\n3,赵敏,13925554003\n")
    assert blank.key.key == ()
    assert "no key: blank on 1 of 3 rows" in written("leads", blank)
    doubled = drafted(tmp_path, "id,姓名,手机\n1,王伟,13925554001\n1,李娜,13925554002\n3,赵敏,13925554003\n")
    assert doubled.key.key == ()
    assert "primaryKey: true," not in written("leads", doubled)
    whole = drafted(tmp_path, "id,姓名,手机\n1,王伟,13925554001\n2,李娜,13925554002\n3,赵敏,13925554003\n")
    assert whole.key.key == ("source_record_id",)


def test_order_fields_on_a_first_line_only_are_proposed_to_be_filled_down(tmp_path: Path) -> None:
    header = "订单号,下单时间,币种,收货人,商品编码,单价,数量,运费\n"
    rows = (
        "T1,2026-06-01 10:00,CNY,王伟,A,10.00,1,5.00\nT1,,,,B,20.00,2,\nT2,2026-06-02 10:00,CNY,李娜,A,10.00,1,0.00\n"
        "T3,2026-06-03 10:00,CNY,赵敏,C,30.00,1,8.00\nT3,,,,A,10.00,1,\nT3,,,,B,20.00,1,\n"
    )
    draft = drafted(tmp_path, header + rows)
    # Money stays where it stands: it would be added up once per line.
    assert draft.key.fill_down == dict.fromkeys(["transacted_at", "currency", "full_name"], "transaction_id")
    assert draft.key.key == ("transaction_id", "product_id")
    (tmp_path / "contracts").mkdir()
    path = tmp_path / "contracts" / "leads.yml"
    path.write_text(written("leads", draft), encoding="utf-8")
    column = load_contract(path, tmp_path).column("transacted_at")
    assert column is not None
    assert (column.fill_down, column.required) == ("transaction_id", True)


def test_a_number_in_merged_cells_is_proposed_to_be_filled_from_above(tmp_path: Path) -> None:
    header = "订单号,下单时间,商品编码,单价,数量\n"
    rows = "T1,2026-06-01 10:00,A,10.00,1\n,,B,20.00,2\nT2,2026-06-02 10:00,A,10.00,1\n"
    draft = drafted(tmp_path, header + rows)
    assert draft.key.fill_down["transaction_id"] == "above"
    assert draft.key.key == ("transaction_id", "product_id")


@pytest.mark.parametrize(
    ("phones", "told"),
    [
        (["13925554001", "13925554002", "+86 13925554003"], "CN"),
        (["+49 228 555010", "0049 221 555011", "+49 30 555001"], "DE"),
        (["+1 415 555 0132", "+1 212 555 0133", "+1 206 555 0134"], "US"),
        (["0123", "0456", "0789"], None),
    ],
)
def test_the_country_is_proposed_from_the_values(phones: list[str], told: str | None, tmp_path: Path) -> None:
    draft = drafted(tmp_path, "id,phone\n" + "".join(f"{n},{phone}\n" for n, phone in enumerate(phones)))
    assert (draft.country.country if draft.country else None) == told
    text = written("leads", draft)
    assert (f"  - {{property: defaultCountry, value: {told}}}" in text) == (told is not None)


def test_a_country_that_only_some_values_are_of_is_left_to_be_uncommented(tmp_path: Path) -> None:
    phones = ["+49 228 555010", "+49 221 555011", "+43 1 555001"]
    draft = drafted(tmp_path, "id,phone\n" + "".join(f"{n},{phone}\n" for n, phone in enumerate(phones)))
    assert "  # - {property: defaultCountry, value: DE}" in written("leads", draft)


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


def test_values_deny_even_the_column_of_a_known_export(tmp_path: Path) -> None:
    text = next(export.text for export in EXPORTS if export.name == "Stripe payments")
    draft = drafted(
        tmp_path, text.replace("ida.voss@example.org", "unknown").replace("tom.hart@example.org", "none")
    )
    assert draft.export is not None
    assert "email" not in draft.mapped
    assert "its values are none" in draft.guesses.spoken_against["Customer Email"]
    one = drafted(tmp_path, "".join(text.replace("ida.voss@example.org", "unknown").splitlines(True)[:2]))
    assert "email" in one.mapped  # of one row nothing is denied


def test_a_total_below_the_sample_says_nothing_of_its_columns(tmp_path: Path) -> None:
    rows = "".join(f"M{n},王伟,2026-06-0{n}\n" for n in range(1, 6))
    draft = drafted(tmp_path, f"会员号,姓名,登记日期\n{rows}合计,5人,\n")
    assert draft.sample.shapes["登记日期"].filled == 1
    assert 'name: registered_at, physicalName: "登记日期", logicalType: timestamp, required: true' in written(
        "leads", draft
    )
