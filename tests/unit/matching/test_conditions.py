"""Conditions in Python: the grammar on small specifications. That dbt renders the same is shown in test_splink_export.py."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.matching.conditions import (
    SPLINK,
    UNTURNED,
    condition_sql,
    level_sql,
)
from pipelines.matching.specification import Comparison, Level, MatchSpecification

COMPARATORS = {
    "equal": "{x} = {y}",
    "likeness": "jaro_winkler_similarity({x}, {y})",
    "there": "{x} is not null and {y} is not null",
}


def comparison(*whens: str | None, compared: str = "there(city)") -> Comparison:
    levels = tuple(Level(f"l{n}", n, when, 0.5, 0.5, "") for n, when in enumerate(whens))
    return Comparison("city", compared, levels, {"similar": 0.9})


def specification(one: Comparison) -> MatchSpecification:
    return MatchSpecification(COMPARATORS, (one,), {}, (), (), {})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("equal(city)", "((a_city = b_city))"),
        ("likeness(city) >= $similar", "((jaro_winkler_similarity(a_city, b_city)) >= 0.9)"),
        ("equal(family_name)", "((a_family_name = b_family_name))"),
        ("not (equal(city)) or a.city <> b.city", "(not ((a_city = b_city)) or a_city <> b_city)"),
        ("unequal(city)", "(unequal(city))"),
    ],
)
def test_condition_for_dbt(text: str, wanted: str) -> None:
    one = comparison(None)
    assert condition_sql(text, one, specification(one)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("equal(given_name)", '(("given_name_l" = "given_name_r"))'),
        ("coalesce(a.city <> b.city, false)", '(coalesce("city_l" <> "city_r", false))'),
        ("a.city = 'b.city'", "(\"city_l\" = 'b.city')"),
    ],
)
def test_condition_for_splink(text: str, wanted: str) -> None:
    one = comparison(None)
    assert condition_sql(text, one, specification(one), SPLINK) == wanted


def level(one: Comparison, a: str | None, b: str | None) -> int | None:
    sql = f"SELECT {level_sql(one, specification(one), UNTURNED)} FROM (SELECT ?::varchar AS city) a, (SELECT ?::varchar AS city) b"
    row = duckdb.connect().execute(sql, [a, b]).fetchone()
    assert row is not None
    return row[0]  # type: ignore[no-any-return]


def test_the_strongest_level_that_holds_is_the_level() -> None:
    one = comparison(None, "likeness(city) >= $similar", "equal(city)")
    found = [level(one, "Leeds", other) for other in ("York", "Leedss", "Leeds", None)]
    assert found == [0, 1, 2, None]


def test_no_level_holds_where_the_weakest_has_a_condition_of_its_own() -> None:
    one = comparison("a.city > b.city", "equal(city)")
    assert [level(one, "b", other) for other in ("a", "b", "c", None)] == [0, 1, None, None]
