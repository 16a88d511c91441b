"""`ucv report --run` prints where a run's page lies."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.command.report import page_of
from pipelines.errors import UcvError
from pipelines.quality.run_record import RunFacts, write_facts
from pipelines.settings import Settings
from pipelines.storage.home import create_home


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    settings = create_home(tmp_path / "home")
    for day in (1, 2, 3):
        write_facts(settings.home, RunFacts(f"run{day}", "nightly", f"2026-11-0{day}T18:30:00+00:00", "x"))
        if day < 3:
            (settings.home / "docs" / f"run{day}" / "index.html").write_text("page", encoding="utf-8")
    return settings


@pytest.mark.parametrize(("asked", "run"), [("last", "run2"), ("run1", "run1")])
def test_the_path_of_the_newest_page_or_of_a_named_run_is_printed(
    settings: Settings, asked: str, run: str
) -> None:
    told = CliRunner().invoke(app, ["report", "--run", asked, "--home", str(settings.home)])
    assert told.exit_code == 0
    assert told.stdout.strip() == str(settings.home / "docs" / run / "index.html")


@pytest.mark.parametrize(
    ("run", "told"),
    [("run9", "the newest are run3, run2, run1"), ("run3", "still running"), ("../run1", "No run")],
)
def test_a_run_without_a_page_is_told(settings: Settings, run: str, told: str) -> None:
    with pytest.raises(UcvError, match=told):
        page_of(settings, run)


def test_a_home_without_runs_says_so(tmp_path: Path) -> None:
    with pytest.raises(UcvError, match="ucv run"):
        page_of(Settings(home=tmp_path), None)


def test_without_a_version_there_is_no_page_of_one(settings: Settings) -> None:
    told = CliRunner().invoke(app, ["report", "--home", str(settings.home)])
    assert told.exit_code == 1
    assert isinstance(told.exception, UcvError)
    assert "ucv run" in str(told.exception)
