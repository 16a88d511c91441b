"""A segment built by clicking is the file that somebody would write by hand, through the same checks."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pipelines.desk.marketing.builder import Draft, Written, draft_of, save, segment_of, yaml_of
from pipelines.segments.compile import compile_segment
from pipelines.segments.document import SegmentError, read_segment
from pipelines.settings import Settings

COLUMNS = {
    "customer_360": {
        "city": "VARCHAR", "age_years": "INTEGER", "total_value": "DECIMAL(38,2)", "is_member": "BOOLEAN", "last_order_at": "TIMESTAMP",
        "suppressed_channels": "VARCHAR[]",
    },
    "customer_rfm": {"segment": "VARCHAR"},
}  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def draft(*rules: Written, name: str = "mine", title: str = "Mine", joined_by: str = "all") -> Draft:
    return Draft(name, title, joined_by, rules)


def test_a_form_becomes_the_file_that_one_would_write(settings: Settings) -> None:
    form = {
        "name": ["mine"], "title": ["Members of 上海"], "joined_by": ["any"],
        "column": ["customer_360.city", "", "customer_rfm.segment", "customer_360.suppressed_channels", "customer_360.age_years"],
        "negated": ["", "", "not", "", ""], "test": ["is", "is", "is", "has", "at_least"],
        "value": ["上海市，北京市", "", "lost", "email", "18"],
    }  # fmt: skip
    segment = save(draft_of(form), COLUMNS, settings, "li\nwang: {")
    path = settings.home / "segments" / "mine.yml"
    assert yaml.safe_load(path.read_text("utf-8")) == {
        "title": "Members of 上海",
        "where": {
            "any": [
                {"field": "city", "is": ["上海市", "北京市"]},
                {"not": {"table": "customer_rfm", "field": "segment", "is": "lost"}},
                {"field": "suppressed_channels", "has": "email"},
                {"field": "age_years", "at_least": 18},
            ]
        },
    }
    assert read_segment(path) == segment
    assert compile_segment(segment, COLUMNS)[1] == ["上海市", "北京市", "lost", "email", 18]


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (Written("customer_360.nowhere", "is", "1", False), "does not have"),
        (Written("customers.phone", "is", "1", False), "does not have"),
        (Written("customer_360.city", "like", "a%", False), "no test"),
        (Written("customer_360.city", "is", "", False), "has no value"),
        (Written("customer_360.age_years", "at_least", "many", False), "expected a number"),
        (Written("customer_360.is_member", "is", "perhaps", False), "expected true or false"),
        (Written("customer_360.last_order_at", "at_least", "yesterday", False), "expected a day such as"),
    ],
)
def test_a_rule_that_does_not_fit_is_told_without_its_value(
    settings: Settings, rule: Written, told: str
) -> None:
    with pytest.raises(SegmentError, match=told) as error:
        segment_of(draft(rule), COLUMNS, settings)
    assert rule.value not in str(error.value) or len(rule.value) < 2
    with pytest.raises(SegmentError, match="no rule"):
        yaml_of(draft(), COLUMNS)


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "a/b", "Mine", "a" * 41, "x.yml", "1st", "loyal_by_email"]
)
def test_a_name_that_is_no_file_s_or_is_taken_writes_nothing(settings: Settings, name: str) -> None:
    with pytest.raises(SegmentError, match=r"expected small letters|There is a segment"):
        save(draft(Written("customer_360.city", "is", "上海市", False), name=name), COLUMNS, settings, "li")
    assert not (settings.home / "segments").exists()


@pytest.mark.parametrize("value", ["true", "yes", "是", "1"])
def test_truth_is_written_in_either_language(settings: Settings, value: str) -> None:
    rule = Written("customer_360.is_member", "is", value, False)
    assert yaml.safe_load(yaml_of(draft(rule), COLUMNS))["where"] == {
        "all": [{"field": "is_member", "is": True}]
    }
    known = Written("customer_360.city", "known", value, False)
    assert yaml.safe_load(yaml_of(draft(known), COLUMNS))["where"] == {
        "all": [{"field": "city", "known": True}]
    }
