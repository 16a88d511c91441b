"""Which names of columns are the same column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.contracts.headers import column_key, same_names, visible_name

SAME = [
    ("\u200b手机\u200d", "手机"),  # zero width
    ("\ufeff手机", "手机"),
    ("手\u00ad机\u2060", "手机"),  # soft hyphen, word joiner
    ("\u202a手机\u202c", "手机"),  # direction marks, as copied from a chat
    ("手机\ufe0f", "手机"),  # variation selector
    ("手\x00机\x7f", "手机"),
    ("姓　名", "姓名"),  # padded to the width of its neighbours
    ("手机\n号码", "手机号码"),  # wrapped in its cell
    ("客户 ID", "客户ID"),
    ("电话（手机）", "电话(手机)"),
    ("Ｅｍａｉｌ", "email"),
    ("\u00a0Phone\u00a0number ", "Phone number"),
    ("Phone\r\nnumber", "Phone number"),
    ("Phone\u2028number", "phone  number"),
    ("EMAIL", "Email"),
    ("Cafe\u0301", "CAF\u00c9"),  # composed and decomposed
    ("Straße", "STRASSE"),
]
DIFFERENT = [
    ("手机", "手机2"),
    ("Phone number", "Phonenumber"),
    ("phone_number", "phone number"),
    ("电话(手机)", "电话"),
    ("name", "náme"),
    ("郵箱", "邮箱"),  # a vendor may mean two columns
]


@pytest.mark.parametrize(("delivered", "meant"), SAME)
def test_what_looks_the_same_is_one_column(delivered: str, meant: str) -> None:
    assert column_key(delivered) == column_key(meant)
    assert same_names([delivered, "x", meant]) == [visible_name(delivered)]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_looks_different_is_not(one: str, other: str) -> None:
    assert column_key(one) != column_key(other)
    assert same_names([one, other]) == []


@pytest.mark.parametrize("name", ["", " ", "\u200b", "\u3000", "\ufeff\n", "\u2800", "\u3164"])
def test_what_shows_nothing_is_no_name(name: str) -> None:
    assert column_key(name) == visible_name(name) == ""


@given(st.text(max_size=12))
def test_the_forms_are_their_own_form_and_print_nothing_unseen(name: str) -> None:
    assert visible_name(visible_name(name)) == visible_name(name)
    assert column_key(column_key(name)) == column_key(name) == column_key(visible_name(name))
    assert not set(visible_name(name)) & set("\u200b\ufeff\n\r\t\x00")
