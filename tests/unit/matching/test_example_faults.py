"""What is wrong in a file of example pairs is told with its line and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import SettingsError
from pipelines.matching.examples import EXAMPLES, check_examples, match_examples

# change of the shipped file -> what is told
FAULTS = [
    ("          gender:\n", "          sex:\n", ["sex is no compared field", "gender has 0 pairs"]),
    ("            nickname:\n", "            pet_name:\n", ["pet_name is no level of given", "nickname of given has no example"]),
    ("{city: Nanjing}", "{town: Nanjing}", ["town is no canonical column"]),
    ('["13912345670", "15887654321", "new number"]', '[13912345670, "15887654321"]', ["13912345670 is read as a number"]),
    ('[李娜, 王娜, "two people of one given name"]', "[李娜]", ["1 elements, expected both sides"]),
    ("          twins:\n", "          triplets:\n", ["triplets is no guard or fact", "twins has no example with guarded: true"]),
    ("          premises: {organisation_name: Harbour Logistics Ltd}\n", "          office: {firm: Harbour Logistics Ltd}\n",
     ["office is no compared field", "firm is no canonical column"]),
    ("columns: {family: full_name, ", "columns: {", ["no column for plain text of family"]),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "told"), FAULTS)
def test_a_fault_is_told_with_its_line(before: str, after: str, told: list[str], tmp_path: Path) -> None:
    text = EXAMPLES.read_text("utf-8")
    assert text.count(before) == 1
    path = tmp_path / "examples.yml"
    path.write_text(text.replace(before, after), "utf-8")
    faults = check_examples(path)
    for part in told:
        assert [fault for fault in faults if part in fault and fault.startswith(f"{path}:")], faults


def test_a_file_without_examples_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "examples.yml"
    path.write_text("version: 2\nmodels: []\n", "utf-8")
    with pytest.raises(SettingsError, match=r"examples\.yml: expected models\[0\]"):
        match_examples(path)


def test_dates_and_columns_are_read_as_they_are_delivered() -> None:
    found = {one.name: one for one in match_examples().levels}
    assert found["birth_date-far-1"].a == {"birth_date": "1955-04-12"}
    assert found["address-similar_city-1"].a == {"city": "Pittsburgh", "country": "US"}
