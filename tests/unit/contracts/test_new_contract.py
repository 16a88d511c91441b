"""What `ucv contract new` writes from a delivered file's columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.contracts.load import load_contract
from pipelines.contracts.model import NumberSigns
from pipelines.contracts.sample import Sample
from pipelines.contracts.template import new_contract
from pipelines.ingest.sniffing import sniff


def written(*columns: str) -> str:
    return new_contract("leads", "registration", Sample(columns))


def test_a_column_that_looks_like_a_key_is_offered_and_not_taken() -> None:
    text = written("lead_id", "姓名", "手机号", "memo")
    assert (
        '      # - {name: source_record_id, physicalName: "lead_id", logicalType: string, primaryKey: true}'
        in text
    )
    assert "value: derived" in text


def test_no_key_is_offered_where_none_looks_like_one_or_one_is_there() -> None:
    assert "does it name a record" not in written("姓名", "手机号", "memo")
    assert "does it name a record" not in written("record_id", "lead_id", "姓名")


@pytest.mark.parametrize(
    ("amounts", "signs", "is_told"),
    [
        (["4.711,98", "1.000", "20,00"], NumberSigns(","), False),
        (["1'250,50", "20,00"], NumberSigns(",", "'"), False),
        (["1 250,50 €", "20,00 €"], NumberSigns(",", " "), False),
        (["1,250.50", "1,000", "20.00"], NumberSigns("."), False),
        (["1250.50", "1.000", "-20.25"], None, False),
        (["1250.50", "4.711,98", "1.000"], None, True),
        (["1.000", "20"], None, True),
        (["1,000", "20"], None, True),
        (["1000", "20"], None, False),
    ],
)
def test_the_signs_of_numbers_are_found_in_the_sample_or_their_doubt_is_told(
    tmp_path: Path, amounts: list[str], signs: NumberSigns | None, is_told: bool
) -> None:
    (tmp_path / "contracts").mkdir()
    sample = tmp_path / "orders.csv"
    sample.write_text(
        "order_id;amount;date\n" + "".join(f"7;{amount};2026-01-02\n" for amount in amounts), "utf-8"
    )
    path = tmp_path / "contracts" / "orders.yml"
    path.write_text(new_contract("orders", "transaction", sniff(sample)), "utf-8")
    assert ("nothing tells whether they are thousands" in path.read_text("utf-8")) == is_told
    column = load_contract(path, tmp_path).column("amount")
    assert column is not None
    assert column.number_signs == signs
