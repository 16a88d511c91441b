"""A home that is mistyped, given in either form, or shown on a narrow screen."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.command.segment import print_table
from pipelines.command.sources import write_contract
from pipelines.contracts.template import new_contract
from pipelines.errors import ContractError, SettingsError
from pipelines.settings import load_settings


@pytest.fixture(autouse=True)
def _own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.mark.parametrize(
    "words", [["status"], ["ui"], ["contract", "new", "people"], ["model", "export", "--splink"]]
)
def test_a_mistyped_home_is_told_and_not_made(words: list[str], tmp_path: Path) -> None:
    typo = tmp_path / "typo"
    ended = CliRunner().invoke(app, [*words, "--home", str(typo)])
    assert isinstance(ended.exception, SettingsError), ended.output
    assert f"ucv init {typo}" in str(ended.exception)
    assert not typo.exists()


@pytest.mark.parametrize("form", [[], ["--home"]])
def test_init_takes_the_home_in_either_form(form: list[str], tmp_path: Path) -> None:
    ended = CliRunner().invoke(app, ["init", *form, str(tmp_path / "home")])
    assert ended.exit_code == 0, ended.output
    assert (tmp_path / "home" / "ucv.toml").is_file()


def test_init_refuses_two_different_homes(tmp_path: Path) -> None:
    ended = CliRunner().invoke(app, ["init", str(tmp_path / "a"), "--home", str(tmp_path / "b")])
    assert isinstance(ended.exception, SettingsError)
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    ("name", "told"), [("gone.csv", "not there"), (".", "a directory"), ("a.pdf", ".jsonl")]
)
def test_a_sample_that_cannot_serve_is_told_by_its_cause(name: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    with pytest.raises(ContractError, match=told):
        write_contract(
            load_settings(tmp_path), "people", "registration", tmp_path / name, Console(quiet=True)
        )
    assert not (tmp_path / "contracts").exists()


def test_check_tells_a_key_file_that_is_gone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    CliRunner().invoke(app, ["init", str(home)])
    CliRunner().invoke(app, ["contract", "new", "people", "--home", str(home)])
    assert CliRunner().invoke(app, ["check", "--home", str(home)]).exit_code == 0
    load_settings(home).key_path.unlink()
    ended = CliRunner().invoke(app, ["check", "--home", str(home)])
    assert isinstance(ended.exception, SettingsError)
    assert "No key file" in str(ended.exception)


def test_contracts_are_checked_without_a_home(tmp_path: Path) -> None:
    (tmp_path / "contracts").mkdir()
    text = new_contract("people", "registration")
    (tmp_path / "contracts" / "people.yml").write_text(text, encoding="utf-8")
    assert CliRunner().invoke(app, ["check", "--home", str(tmp_path)]).exit_code == 0


def test_a_narrow_screen_cuts_no_number_and_no_name_of_a_segment() -> None:
    table = Table("segment")
    table.columns[0].width = 20
    for column in range(8):
        table.add_column(f"the column {column}", justify="right", no_wrap=True)
    table.add_row("a_segment: with title", *(["1,234,567.89"] * 8))
    shown = io.StringIO()
    print_table(table, Console(file=shown, width=40))
    assert shown.getvalue().count("1,234,567.89") == 8
    assert "a_segment:" in shown.getvalue()
    assert "…" not in shown.getvalue()
