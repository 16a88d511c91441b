"""What holds for every value: nothing raises, blank is null, a normal form is its own normal form, answers keep their shape."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.functions.email import standardise_email
from pipelines.functions.identifier import standardise_identifier, standardise_passport
from pipelines.functions.name import standardise_name
from pipelines.functions.organisation import standardise_organisation
from pipelines.functions.phone import standardise_phone
from pipelines.functions.phone_text import split_phones
from pipelines.functions.registry import FUNCTIONS, SqlFunction
from tests.unit.functions.tricky_tables import TABLES, read_table

STATUSES = {
    "valid",
    "repaired",
    "suspicious",
    "junk",
    "invalid",
    "partial",
    "ambiguous",
    "missing",
    "unchecked",
}
COUNTRIES = st.sampled_from([None, "", "CN", "US", "GB", "DE", "TW", "HK", "FI", "IN", "ZZ"])
# Pieces of every table, glued together: near the shapes that functions look for, where plain text hardly comes.
_PIECES = sorted({cell for name in TABLES for row in read_table(name) for cell in row.values() if cell})
VALUES = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(_PIECES), min_size=1, max_size=3).map(" ".join),
    st.builds(lambda piece, cut: piece[cut:], st.sampled_from(_PIECES), st.integers(0, 6)),
)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_no_value_raises_and_answers_keep_their_shape(function: SqlFunction, data: st.DataObject) -> None:
    arguments = [
        data.draw(COUNTRIES)
        if name in ("country", "region", "default_country")
        else data.draw(st.none() | VALUES)
        for name in function.parameters
        if name != "pattern"
    ]
    if "pattern" in function.parameters:
        arguments.insert(function.parameters.index("pattern"), None)
    found = function.function(*arguments)
    if found is not None and not isinstance(function.returns, str):
        assert set(found) == set(function.returns)
        assert found.get("status", "valid") in STATUSES


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
@pytest.mark.parametrize("blank", [None, "", "  ", "\u3000", "\u200b"])
def test_blank_is_null(function: SqlFunction, blank: str | None) -> None:
    if function.name == "standardise_address":
        assert function.function(*[blank] * 10)["status"] == "missing"
    elif function.name in {"nickname_roots", "name_phonetic", "is_junk_date", "surname_variants"}:
        assert function.function(None) is None  # these read standardised values
    else:
        assert function.function(blank, *[None] * (len(function.parameters) - 1)) is None


def _again(find: Any, field: str, raw: str | None, *rest: str | None) -> tuple[Any, Any]:
    first = find(raw, *rest)
    value = first and first[field]
    return value, (find(value, *rest)[field] if value else value)


@settings(deadline=None)
@given(VALUES, COUNTRIES)
def test_a_normal_form_is_its_own_normal_form(raw: str, country: str | None) -> None:
    for find, field, *rest in (
        (standardise_phone, "e164", country),
        (standardise_email, "normal"),
        (standardise_email, "match_key"),
        (standardise_passport, "normal", country),
        (standardise_organisation, "name"),
    ):
        value, again = _again(find, field, raw, *rest)
        assert again == value, (find.__name__, field)


@settings(deadline=None)
@given(VALUES)
@example("0000000;000-0000000 13000000000")
def test_a_split_field_is_not_split_further(raw: str) -> None:
    for number in split_phones(raw) or []:
        assert split_phones(number) == [number]


@pytest.mark.parametrize(
    ("raw", "numbers"),
    [
        ("13912340021/025-83456789", ["13912340021", "025-83456789"]),
        ("13912340022、13912340023", ["13912340022", "13912340023"]),
        ("13912340026 13912340027", ["13912340026", "13912340027"]),
        ("139 1234 0027", ["139 1234 0027"]),
        ("025-83456789,603", ["025-83456789,603"]),
        ("+1 212 736 5000 or +1 212 736 5001", ["+1 212 736 5000", "+1 212 736 5001"]),
    ],
)
def test_every_number_of_a_field_counts(raw: str, numbers: list[str]) -> None:
    assert split_phones(raw) == numbers


def test_callers_may_change_an_answer_without_spoiling_the_next() -> None:
    for find, raw in ((standardise_phone, "13912345670"), (standardise_identifier, "11010519491231002X")):
        first = find(raw, "CN")
        assert first is not None
        first["status"] = "changed"
        assert find(raw, "CN") != first
    name = standardise_name("王建国", None, None, None, None)
    assert name is not None
    name["tokens"].clear()
    again = standardise_name("王建国", None, None, None, None)
    assert again is not None
    assert again["tokens"] == ["jianguo", "wang"]
