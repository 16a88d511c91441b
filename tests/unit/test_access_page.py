"""The page of an answer to a person: every value escaped, nothing loaded from anywhere, both languages."""

from __future__ import annotations

from typing import Any

from pipelines.privacy.access_page import render_page, words

EVIL = "<script>alert('x')</script><img src=https://evil.example/x>\"&"


def document(**more: Any) -> dict[str, Any]:
    row = {"customer_id": EVIL, "display_name": EVIL, "is_golden": True, EVIL: EVIL}
    told = {
        "source": EVIL,
        "source_name": EVIL,
        "delivered_at": EVIL,
        "row": {EVIL: EVIL, "phone": [EVIL, 1]},
    }
    return {
        "customer_id": EVIL, "made_at": EVIL, "made_by": EVIL, "reason": EVIL, "as_of_date": None, "version": None,
        "tables": {"golden.customers": [row], EVIL: [row, {**row, "display_name": None}]},
        "deliveries": [told], "rejected": [told], "exports": [{"export_id": EVIL}], **more,
    }  # fmt: skip


def test_no_value_becomes_markup() -> None:
    page = render_page(document())
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert page.count("https://") == page.count("&lt;img src=https://")


def test_it_loads_nothing_and_speaks_both_languages() -> None:
    page = render_page(document())
    assert "default-src 'none'" in page
    assert not any(mark in page for mark in ("<link", 'src="', "@import", "url("))
    assert "What we keep about you 我们保存的关于您的信息" in page
    assert words("birth_date") == "Date of birth 出生日期"
    assert words("some_column") == "some column"


def test_without_anything_it_says_so() -> None:
    page = render_page(document(tables={}, deliveries=[], rejected=[], exports=[]))
    assert page.count("Nothing is kept.") == 4
