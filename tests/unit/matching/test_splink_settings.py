"""The match model as settings of Splink: what stands in them, and what is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pipelines.errors import UcvError
from pipelines.matching.specification import BlockingRule, MatchSpecification, match_specification
from pipelines.matching.splink_blocking import splink_blocking
from pipelines.matching.splink_export import profile_columns, shipped_chances, splink_settings

SPECIFICATION = match_specification()
SETTINGS = splink_settings(SPECIFICATION, shipped_chances(SPECIFICATION), 0.001)


@pytest.mark.parametrize("number", range(len(SPECIFICATION.comparisons)), ids=SPECIFICATION.fields)
def test_comparison_goes_from_null_over_the_strongest_to_else(number: int) -> None:
    comparison, made = SPECIFICATION.comparisons[number], SETTINGS["comparisons"][number]
    levels: list[dict[str, Any]] = made["comparison_levels"]
    assert made["output_column_name"] == comparison.field
    assert levels[0]["is_null_level"]
    assert [level["label_for_charts"] for level in levels[1:]] == [
        level.name for level in reversed(comparison.levels)
    ]
    assert [(level["m_probability"], level["u_probability"]) for level in levels[1:]] == [
        (level.m, level.u) for level in reversed(comparison.levels)
    ]
    assert levels[-1]["sql_condition"] == "ELSE"
    assert not any("tf_adjustment_column" in level for level in levels)
    assert ("is left out" in made["comparison_description"]) == any(
        level.term_frequency or level.strangers for level in comparison.levels
    )


def test_settings_name_the_table_and_hold_no_value_back_or_out() -> None:
    assert SETTINGS["unique_id_column_name"] == "profile_no"
    assert SETTINGS["link_type"] == "dedupe_only"
    assert SETTINGS["probability_two_random_records_match"] == 0.001
    assert SETTINGS["retain_matching_columns"] is False
    assert SETTINGS["additional_columns_to_retain"] == ["entity_type"]
    shipped = splink_settings(SPECIFICATION, shipped_chances(SPECIFICATION), None)
    assert "probability_two_random_records_match" not in shipped


def test_names_are_said_to_be_compared_as_they_stand() -> None:
    told = {one["output_column_name"]: one["comparison_description"] for one in SETTINGS["comparisons"]}
    assert "never turned" in told["given"]
    assert "never turned" not in told["birth_date"]


def test_nothing_of_our_aliases_is_left() -> None:
    for comparison in SETTINGS["comparisons"]:
        for level in comparison["comparison_levels"]:
            assert not re.search(r"\b[ab]\.\w|\{[xy]\}|\$\w", level["sql_condition"])


def test_a_model_of_other_levels_is_refused() -> None:
    chances = shipped_chances(SPECIFICATION)
    chances["shoe_size", 0] = (0.5, 0.5)
    with pytest.raises(UcvError, match=r"other levels .* for shoe_size.*run `ucv run` first"):
        splink_settings(SPECIFICATION, chances, None)


def test_columns_are_those_of_conditions_and_rules() -> None:
    columns = profile_columns(SPECIFICATION)
    assert columns[0] == "profile_no"
    assert {"family_latin", "emails", "province"} <= set(columns)
    assert len(columns) == len(set(columns))


def blocked(key: str, *, is_list: bool) -> tuple[list[dict[str, Any]], list[str]]:
    made = MatchSpecification({}, (), {}, (), (BlockingRule("one", "-", key, is_list),), {})
    return splink_blocking(made)


SAME_TYPE = 'l."entity_type" = r."entity_type" and '


@pytest.mark.parametrize(
    ("key", "is_list", "wanted", "exploded"),
    [
        ("city", False, "(l.\"city\") = (r.\"city\") and (l.\"city\")::varchar <> ''", None),
        (
            "left(city, 2) || 'a city' || x::varchar", False,
            "(left(l.\"city\", 2) || 'a city' || l.\"x\"::varchar) = (left(r.\"city\", 2) || 'a city' || r.\"x\"::varchar) "
            "and (left(l.\"city\", 2) || 'a city' || l.\"x\"::varchar)::varchar <> ''", None,
        ),
        ("phones", True, "(l.\"phones\") = (r.\"phones\") and (l.\"phones\")::varchar <> ''", ["phones"]),
        (
            "list_transform(list_filter(names, lambda n: length(n) > 3), lambda n: n || city)", True,
            "(l.\"names\" || l.\"city\") = (r.\"names\" || r.\"city\") and (l.\"names\" || l.\"city\")::varchar <> '' "
            'and (length(l."names") > 3) and (length(r."names") > 3)', ["names"],
        ),
    ],
)  # fmt: skip
def test_blocking_rule(key: str, is_list: bool, wanted: str, exploded: list[str] | None) -> None:
    (made,), left_out = blocked(key, is_list=is_list)
    assert made["blocking_rule"] == SAME_TYPE + wanted
    assert made.get("arrays_to_explode") == exploded
    assert left_out == []


def test_a_rule_of_several_columns_becomes_a_rule_for_each() -> None:
    made = BlockingRule("one", "-", "family || {place}", False, ("city", "postcode"))
    rules, left_out = splink_blocking(MatchSpecification({}, (), {}, (), (made,), {}))
    assert [
        ('l."city"' in rule["blocking_rule"], 'l."postcode"' in rule["blocking_rule"]) for rule in rules
    ] == [
        (True, False),
        (False, True),
    ]
    assert left_out == []


@pytest.mark.parametrize("key", ["token_pairs", "flatten([phones, emails])", "list_sort(phones)"])
def test_a_list_that_is_no_column_is_left_out(key: str) -> None:
    assert blocked(key, is_list=True) == ([], ["one"])


def test_the_shipped_rules_are_told_or_left_out() -> None:
    rules, left_out = splink_blocking(SPECIFICATION)
    keys = sum(len(rule.keys) for rule in SPECIFICATION.blocking if rule.rule not in left_out)
    assert len(rules) == keys > len(SPECIFICATION.blocking) - len(left_out)
    assert "name_token_pair" in left_out
