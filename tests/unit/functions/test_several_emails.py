"""A field with several e-mail addresses gives each of them, whatever parts them and stands around them."""

from __future__ import annotations

import pytest

from pipelines.functions.email import standardise_email
from pipelines.functions.email_text import MOST, split_emails

TWO = ["a@x.com", "b@y.com"]


@pytest.mark.parametrize(
    "raw",
    [
        "a@x.com;b@y.com", "a@x.com；b@y.com", "a@x.com , b@y.com", "a@x.com，b@y.com", "a@x.com、b@y.com", "a@x.com/b@y.com",
        "a@x.com|b@y.com", "a@x.com\\b@y.com", "a@x.com b@y.com", "a@x.com\nb@y.com", "a@x.com\tb@y.com\t", "a@x.com or b@y.com",
        "a@x.com and b@y.com", "a@x.com & b@y.com", "a@x.com und b@y.com", "a@x.com或b@y.com", "a@x.com和b@y.com", "a@x.com 及 b@y.com",
        "a@x.com<br>b@y.com", "a@x.com-b@y.com", "a@x.com.;b@y.com.", "a＠x.com；b＠y.com", "a@x.com, B@Y.com, A@x.com".lower(),
        "Anna <a@x.com>; Bob <b@y.com>", '"Smith, Anna" <a@x.com>, "Lee, Bob" <b@y.com>', "'Lee, Anna' <a@x.com>,b@y.com",
        "<a@x.com>,<b@y.com>", "a@x.com (work), b@y.com (home)", "work: a@x.com home: b@y.com", "私人：a@x.com 公司：b@y.com",
        "张三a@x.com李四b@y.com", "张三(a@x.com)、李四(b@y.com)", "mailto:a@x.com?cc=b@y.com", "[a@x.com](mailto:a@x.com), b@y.com",
        "a [at] x.com, b(at)y.com", "a@x.com b[at]y.com", "a @ x.com; b @ y.com", "E-mail 1: a@x.com E-mail 2: b@y.com", ";a@x.com;;b@y.com;",
    ],
)  # fmt: skip
def test_each_address_of_a_field_is_one(raw: str) -> None:
    assert split_emails(raw) == TWO


@pytest.mark.parametrize(
    ("raw", "pieces"),
    [
        (None, None), ("", None), (" \u3000", None), ("无", ["无"]), ("a@x.com", ["a@x.com"]), (" A@x.com ;", ["A@x.com ;"]),
        ("anna/bob@x.com", ["anna/bob@x.com"]), ("O'Neil <o'neil@x.com>", ["O'Neil <o'neil@x.com>"]), ("a#@x.com", ["a#@x.com"]),
        ("a@x.com; A@X.COM", ["a@x.com"]), ("a@x.com; b@y", ["a@x.com", "b@y"]), ("a@b@c.com", ["a@b@c.com"]), ("@", ["@"]), ("@@", ["@@"]),
        ("张三@公司.中国;李四@公司.中国", ["张三@公司.中国", "李四@公司.中国"]), ("a@x.com;", ["a@x.com;"]), ("a[at]x.com", ["a[at]x.com"]),
    ],
)  # fmt: skip
def test_one_address_or_none_stays_as_it_is(raw: str | None, pieces: list[str] | None) -> None:
    assert split_emails(raw) == pieces
    for piece in pieces or []:
        assert standardise_email(piece) is not None


def test_a_list_in_the_wrong_column_is_cut() -> None:
    assert len(split_emails("; ".join(f"p{n}@x.com" for n in range(300))) or []) == MOST
