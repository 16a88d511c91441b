"""A blocking rule has one key, in which each of its columns stands in turn; anything else is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import SettingsError
from pipelines.matching.specification import SPECIFICATION, BlockingRule, match_specification

RULE = (
    '{rule: family_place, loose: true, serves: "given name changed or lost, birth date unknown", '
    'of: [postcode, birth_place], key: "family_phonetic || {place}"}'
)


def test_each_column_makes_a_key() -> None:
    rule = BlockingRule("family_place", "-", "family || {place}", False, ("postcode", "birth_place"))
    assert rule.keys == ("family || postcode", "family || birth_place")
    assert BlockingRule("family", "-", "family", False).keys == ("family",)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (RULE.replace("of: [postcode, birth_place], ", ""), "needs columns (of)"),
        (RULE.replace(" || {place}", ""), "needs columns (of)"),
        (RULE.replace("key:", "keys: phones, key:"), "has both of key and keys"),
        (RULE.replace("loose: true", "loose: 7"), "has loose: 7"),
        (RULE.replace(', key: "family_phonetic || {place}"', ""), "has neither of key and keys"),
    ],
)
def test_a_wrong_rule_is_told_with_its_line(wrong: str, told: str, tmp_path: Path) -> None:
    text = SPECIFICATION.read_text("utf-8")
    assert text.count(RULE) == 1
    file = tmp_path / "specification.yml"
    file.write_text(text.replace(RULE, wrong), "utf-8")
    line = text[: text.index(RULE)].count("\n") + 1
    with pytest.raises(SettingsError) as error:
        match_specification(file)
    assert f"{file}:{line}" in str(error.value)
    assert f"blocking rule family_place {told}" in str(error.value)


def test_no_rule_is_for_one_column_that_only_one_list_delivers() -> None:
    rare = {"birth_place", "occupation"}
    for rule in match_specification().blocking:
        assert not any(column in rule.key for column in rare), rule
        assert not rule.of or set(rule.of) - rare or "postcode" in rule.key, rule
