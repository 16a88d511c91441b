"""Text in the wrong column: names and codes of thousands of characters are told apart at once, not read."""

from __future__ import annotations

import time

import pytest

from pipelines.functions.coded import standardise_gender, standardise_marital_status, standardise_occupation
from pipelines.functions.name import standardise_name
from pipelines.functions.organisation import standardise_organisation
from pipelines.functions.text import LONGEST

LONG = [
    "王小明" * 3_333,
    "\U0001f600" * 10_000,
    " ".join(f"w{number}x" for number in range(1_600)),
    "(" * 10_000,
]


@pytest.mark.parametrize("text", LONG, ids=["hanzi", "signs", "words", "brackets"])
def test_they_are_junk_within_a_second(text: str) -> None:
    standardise_name("李明", None, None, None, None)  # tables are read once
    begun = time.process_time()
    for name in (
        standardise_name(text, None, None, None, None),
        standardise_name(None, text, text, None, None),
    ):
        assert name is not None
        assert (name["status"], name["reason"], name["tokens"]) == ("junk", "too_long", None)
    organisation = standardise_organisation(text)
    assert organisation is not None
    assert (organisation["status"], organisation["reason"]) == ("junk", "too_long")
    assert [
        read(text) for read in (standardise_occupation, standardise_gender, standardise_marital_status)
    ] == [None] * 3
    assert time.process_time() - begun < 1  # fmt: skip


def test_the_longest_names_are_read() -> None:
    name = standardise_name("Anna " + " ".join(["Wolfeschlegelsteinhausenberg"] * 10), None, None, None, None)
    assert name is not None
    assert name["status"] != "junk"
    firm = "Acme " * (LONGEST // 5 - 1) + "Ltd"
    organisation = standardise_organisation(firm)
    assert organisation is not None
    assert (organisation["status"], organisation["legal_form"]) == ("valid", "ltd")
