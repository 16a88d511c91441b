"""Which key, which columns to fill down and which country a draft proposes."""

from __future__ import annotations

from pathlib import Path

import pytest
from real_headers import drafted

from pipelines.contracts.load import load_contract
from pipelines.contracts.template import written


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


def test_a_total_below_the_sample_says_nothing_of_its_columns(tmp_path: Path) -> None:
    rows = "".join(f"M{n},王伟,2026-06-0{n}\n" for n in range(1, 6))
    draft = drafted(tmp_path, f"会员号,姓名,登记日期\n{rows}合计,5人,\n")
    assert draft.sample.shapes["登记日期"].filled == 1
    assert 'name: registered_at, physicalName: "登记日期", logicalType: timestamp, required: true' in written(
        "leads", draft
    )
