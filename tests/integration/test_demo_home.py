"""Where `ucv demo` runs: in a home of its own, and nowhere that somebody's files lie."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import app, nights
from pipelines.demo import home as demo_home
from pipelines.errors import SettingsError
from pipelines.settings import PROJECT_ROOT
from pipelines.storage.home import create_home

WORDS = ["demo", "--people", "20"]


@pytest.fixture(autouse=True)
def _no_night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("UCV_HOME", raising=False)
    monkeypatch.setattr(nights, "_run", lambda *_, **__: None)
    monkeypatch.setattr(nights, "_print_scores", lambda *_: None)


def demo(home: Path, *more: str) -> None:
    ended = CliRunner().invoke(app, [*WORDS, *more, "--home", str(home)])
    assert ended.exit_code == 0, f"{ended.output}{ended.exception}"


def refused(home: Path, words: list[str] | None = None) -> str:
    """The message; nothing in the home may have changed."""
    before = content(home)
    ended = CliRunner().invoke(app, words or [*WORDS, "--home", str(home)])
    assert isinstance(ended.exception, SettingsError), ended.output
    assert ended.exception.exit_code == 2
    assert "ucv demo --home NEWFOLDER" in str(ended.exception)
    assert content(home) == before
    return str(ended.exception)


def content(home: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file()}


def landed(home: Path) -> set[str]:
    return {path.name for path in (home / "landing").rglob("*") if path.is_file()}


def clone(folder: Path) -> Path:
    """What stands in data/ of a fresh clone."""
    for name in ("contracts", "segments"):
        shutil.copytree(PROJECT_ROOT / "data" / name, folder / name)
    return folder


def put(home: Path, path: str, text: str = "x\n") -> None:
    (home / path).parent.mkdir(parents=True, exist_ok=True)
    (home / path).write_text(text, encoding="utf-8")


def unmarked(tmp_path: Path) -> Path:
    return create_home(tmp_path / "home").home


def fresh_clone(tmp_path: Path) -> Path:
    return clone(tmp_path / "home")


def of_a_demo(tmp_path: Path) -> Path:
    demo(tmp_path / "home")
    return tmp_path / "home"


@pytest.mark.parametrize("made", [unmarked, fresh_clone, of_a_demo])
@pytest.mark.parametrize(
    "path",
    [
        "landing/crm/customers.csv",
        "landing/web_registrations/mine.csv",
        "contracts/crm.yml",
        "raw/registration/crm/00.parquet",
        "raw/registration/web_registrations/00.parquet",
    ],
)
def test_a_home_with_files_of_somebody_is_refused_and_left_as_it_is(
    made: Callable[[Path], Path], path: str, tmp_path: Path
) -> None:
    home = made(tmp_path)
    put(home, path)
    assert "/".join(path.split("/")[:2]) in refused(home)


@pytest.mark.parametrize(
    "path", ["state/verdicts/one.json", "warehouse/versions/v1/manifest.json", "notes.txt"]
)
def test_a_home_that_no_demo_made_is_refused_for_its_state_versions_and_other_files(
    path: str, tmp_path: Path
) -> None:
    home = unmarked(tmp_path)
    put(home, path)
    refused(home)


def test_the_home_of_the_environment_is_refused_likewise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = unmarked(tmp_path)
    put(home, "landing/crm/customers.csv")
    monkeypatch.setenv("UCV_HOME", str(home))
    refused(home, WORDS)


def test_landing_that_is_a_link_to_elsewhere_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "elsewhere/crm/customers.csv")
    home = tmp_path / "home"
    home.mkdir()
    (home / "landing").symlink_to(tmp_path / "elsewhere")
    refused(home)
    assert (tmp_path / "elsewhere" / "crm" / "customers.csv").exists()


def test_a_changed_file_of_a_demo_is_somebodys(tmp_path: Path) -> None:
    home = of_a_demo(tmp_path)
    (file,) = (home / "landing" / "web_registrations").iterdir()
    file.write_bytes(file.read_bytes() + b"mine\n")
    refused(home)


def test_a_mark_that_cannot_be_read_marks_nothing(tmp_path: Path) -> None:
    home = of_a_demo(tmp_path)
    (home / demo_home.MARK).write_text("{", encoding="utf-8")
    refused(home)


@pytest.mark.parametrize("made", [lambda tmp_path: tmp_path / "home", unmarked, fresh_clone])
def test_a_demo_runs_in_an_unused_home_and_again_in_its_own(
    made: Callable[[Path], Path], tmp_path: Path
) -> None:
    home = made(tmp_path)
    demo(home)
    first = landed(home)
    assert len(first) >= 10
    put(home, "raw/registration/web_registrations/" + delivery(home) + ".parquet")  # as a night leaves it
    put(home, "warehouse/versions/v1/manifest.json")
    put(home, "dagster/history/runs.db")
    demo(home)
    assert landed(home) == first
    demo(home, "--seed", "8")
    assert not landed(home) >= first  # what the first demo delivered is gone
    assert (home / "demo" / "truth.parquet").is_file()
    assert not (home / "demo" / "making").exists()


def delivery(home: Path) -> str:
    listed = json.loads((home / demo_home.MARK).read_text(encoding="utf-8"))["delivered"]
    return next(sha for sha, path in listed.items() if "web_registrations" in path)[:32]


def test_the_projects_own_data_folder_is_judged_by_the_names_of_its_contracts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = clone(tmp_path / "data")
    monkeypatch.setattr(demo_home, "CONTRACTS_HOME", home)
    put(home, "contracts/crm.yml")
    assert "contracts/crm.yml" in refused(home)
    (home / "contracts" / "crm.yml").unlink()
    put(home, "segments/mine.yml")  # a demo touches no segment
    demo(home)
    demo(home)
