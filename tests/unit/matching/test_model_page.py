"""The page of the match model is the specification's, and `ucv model` tells what is wrong with one."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.errors import SettingsError
from pipelines.matching.examples import EXAMPLES
from pipelines.matching.page import PAGE, REWRITE, committed_page, match_model_page
from pipelines.matching.specification import SPECIFICATION, match_specification
from pipelines.storage.home import create_home

MADE = match_specification()


def test_the_committed_page_is_what_the_specification_gives() -> None:
    written = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    assert written == committed_page(MADE), (
        f"{PAGE.name} is not what {SPECIFICATION.name} gives; run `{REWRITE}`"
    )


def test_every_part_of_the_specification_stands_on_the_page() -> None:
    page = match_model_page(MADE)
    for comparison in MADE.comparisons:
        section = page.split(f"### {comparison.field}\n")[1].split("\n#")[0]
        assert all(f"| {level.name} | {level.text}" in section for level in comparison.levels)
    rows = [*MADE.facts, *(guard.name for guard in MADE.guards), *(rule.rule for rule in MADE.blocking), *MADE.settings]  # fmt: skip
    assert [name for name in rows if f"\n| {name} | " not in page] == []


def test_every_row_has_as_many_cells_as_its_table() -> None:
    for table in re.findall(r"(?:^\|.*\n)+", match_model_page(MADE), re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1


def test_dbt_sees_no_jinja_but_the_block() -> None:
    page = committed_page(MADE)
    assert re.findall(r"\{[%{#].*?[%}#]\}", page) == ["{% docs match_model %}", "{% enddocs %}"]


def test_a_trained_model_stands_beside_the_shipped() -> None:
    page = match_model_page(MADE, {("gender", 1): (0.5, 0.25)})
    assert "| same | Same sex | `equal(sex)` | 0.98 | 0.5 | +0.97 | 0.5 | 0.25 | +1.00 |" in page
    assert "| different | Opposite sex | else | 0.02 | 0.5 | -4.64 | - | - | - |" in page


def test_check_counts_what_stands_in_the_specification() -> None:
    ended = CliRunner().invoke(app, ["model", "check"])
    assert ended.exit_code == 0
    assert f"{len(MADE.comparisons)} fields" in ended.output
    assert f"{len(MADE.blocking)} blocking rules" in ended.output


def test_check_tells_every_fault_with_file_and_line(tmp_path: Path) -> None:
    draft = tmp_path / "draft.yml"
    text = SPECIFICATION.read_text(encoding="utf-8")
    draft.write_text(text.replace("equal(sex)", "same_as(sex)").replace("cap: contact_cap", "cap: no_cap"), encoding="utf-8")  # fmt: skip
    ended = CliRunner().invoke(app, ["model", "check", str(draft)])
    assert isinstance(ended.exception, SettingsError)
    assert ended.exception.exit_code == 2
    faults = str(ended.exception).splitlines()[1:]
    assert [bool(re.match(rf"{re.escape(str(draft))}:\d+: ", fault)) for fault in faults] == [True, True]
    assert "same_as" in faults[0]
    assert "no_cap" in faults[1]


def test_check_tells_of_a_relief_of_no_guard_or_share(tmp_path: Path) -> None:
    draft = tmp_path / "draft.yml"
    text = SPECIFICATION.read_text(encoding="utf-8")
    draft.write_text(text.replace("of: [household, twins]", "of: [home, twins]").replace("share: fathers_share", "share: sons"), encoding="utf-8")  # fmt: skip
    ended = CliRunner().invoke(app, ["model", "check", str(draft)])
    faults = str(ended.exception).splitlines()[1:]
    assert [bool(re.match(rf"{re.escape(str(draft))}:\d+: ", fault)) for fault in faults] == [True, True]
    assert "relieves home" in faults[0]
    assert "share sons" in faults[1]


def test_check_tells_of_a_level_that_no_example_shows(tmp_path: Path) -> None:
    draft = tmp_path / "draft.yml"
    text = SPECIFICATION.read_text(encoding="utf-8")
    renamed = text.replace("- name: nickname", "- name: pet_name").replace(
        "initial, nickname,", "initial, pet_name,"
    )
    draft.write_text(renamed, encoding="utf-8")
    ended = CliRunner().invoke(app, ["model", "check", str(draft)])
    assert isinstance(ended.exception, SettingsError)
    assert ended.exception.exit_code == 2
    assert "pet_name" in str(ended.exception)
    assert EXAMPLES.name in str(ended.exception)


@pytest.mark.parametrize(
    ("words", "told"),
    [(("export",), "No format was named"), (("page", "--write", "--trained"), "leave out --trained")],
)
def test_bad_usage_ends_with_2(words: tuple[str, ...], told: str) -> None:
    ended = CliRunner().invoke(app, ["model", *words], env={"COLUMNS": "200"})
    assert ended.exit_code == 2
    assert told in ended.output


def test_without_a_published_version_the_shipped_model_is_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    home = str(create_home(tmp_path / "home").home)
    ended = CliRunner().invoke(app, ["model", "export", "--splink", "--home", home])
    assert "Nothing is published yet" in str(ended.exception)
    assert "--shipped" in str(ended.exception)
    shipped = CliRunner().invoke(app, ["model", "export", "--splink", "--shipped"])
    assert len(json.loads(shipped.stdout)["comparisons"]) == len(MADE.comparisons)
    assert "set probability_two_random_records_match" in shipped.stderr
