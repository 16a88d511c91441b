"""What `ucv contract new` writes from a delivered file's columns."""

from __future__ import annotations

from pipelines.contracts.sample import Sample
from pipelines.contracts.template import new_contract


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
