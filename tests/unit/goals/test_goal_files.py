"""Goals as teams write them: what is read, and that each mistake is told at its line before anything is started."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from pipelines.command.run import run_nightly
from pipelines.demo.goals import install_goals
from pipelines.goals.document import FOLDER, GoalError, check_goals, load_goals, segments
from pipelines.goals.metrics import METRICS
from pipelines.goals.table import GOAL_COLUMNS, create_goal_table
from pipelines.publishing.backup import FOLDERS
from pipelines.publishing.fingerprint import read_inputs
from pipelines.settings import DBT_PROJECT_DIR, Settings
from pipelines.storage.home import create_home

GOAL = {
    "key": "repurchase",
    "name": "Repeat buyers",
    "metric": "repeat_customers",
    "starts_on": "2026-07-01",
    "due_on": "2026-12-31",
    "baseline": "previous_year",
    "target": "+20%",
}


def write(home: Path, *, file: str = "crm.yml", **changed: str | None) -> Path:
    """A file of one goal, on lines 3 to 9 in the order of GOAL; None leaves a line out, others come behind."""
    lines = {name: value for name, value in {**GOAL, **changed}.items() if value is not None}
    first, *others = (f"{name}: {value}" for name, value in lines.items())
    path = home / "goals" / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        "\n".join(["team: CRM", "goals:", f"  - {first}", *(f"    {line}" for line in others)]), "utf-8"
    )
    return path


def test_a_goal_is_read_as_it_is_written(tmp_path: Path) -> None:
    write(tmp_path, channel="email", segment="loyal", unit="customers", baseline="120", target="150")
    (goal,) = load_goals(tmp_path).goals
    assert (goal.key, goal.team, goal.channel, goal.segment) == ("repurchase", "CRM", "email", "loyal")
    assert (goal.starts_on, goal.due_on) == (date(2026, 7, 1), date(2026, 12, 31))
    assert (goal.baseline_rule, goal.baseline, goal.target, goal.change) == ("fixed", 120, 150, None)
    write(tmp_path, target="-7.5 %")
    (goal,) = load_goals(tmp_path).goals
    assert (goal.baseline_rule, goal.baseline, goal.target, goal.change) == (
        "previous_year",
        None,
        None,
        -0.075,
    )


@pytest.mark.parametrize(
    ("changed", "line", "told"),
    [
        ({"metric": "repeat_customer"}, 5, "Write repeat_customers"),
        ({"key": "Wiederkauf!"}, 3, "small letters"),
        ({"starts_on": "01.07.2026"}, 6, "year-month-day"),
        ({"due_on": "2026-06-30"}, 7, "a day from 2026-07-01 on"),
        ({"baseline": "last_year"}, 8, "previous_period, previous_year or a number"),
        ({"target": "20 percent"}, 9, "a change of the baseline such as +20%"),
        ({"target": None}, 3, "Write the line `target: …`"),
        ({"unit": "orders"}, 10, "customers"),
        ({"channel": "e-mail"}, 10, "Write email"),
        ({"segment": "loyals"}, 10, "Write loyal"),
        ({"owner": "me"}, 10, "one of the keys"),
        ({"metric": "repurchase_rate", "target": "30"}, 9, "Write 0.3 for 30 %"),
        ({"name": "''"}, 4, "some text"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(
    changed: dict[str, str | None], line: int, told: str, tmp_path: Path
) -> None:
    path = write(tmp_path, **changed)
    with pytest.raises(GoalError) as refused:
        check_goals(tmp_path)
    assert str(path) in str(refused.value)
    assert f"(line {line})" in str(refused.value)
    assert told in str(refused.value)
    assert refused.value.exit_code == 2
    assert load_goals(tmp_path).goals == ()


@pytest.mark.parametrize(
    "text", ["", "goals: 5", "goals:\n  - 5", "team: 7\ngoals: []", "goals: [", "teams: CRM\ngoals: []"]
)
def test_a_file_of_another_shape_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "goals").mkdir()
    (tmp_path / "goals" / "crm.yml").write_text(text, encoding="utf-8")
    with pytest.raises(GoalError, match=r"crm\.yml"):
        check_goals(tmp_path)


def test_a_night_with_a_broken_goal_does_not_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    settings = create_home(tmp_path / "home")
    write(settings.home, target="more")
    with pytest.raises(GoalError, match="nothing was started"):
        run_nightly(settings, Console(quiet=True))
    assert [*(settings.home / "dagster").iterdir()] == [settings.home / "dagster" / "dagster.yaml"]


def test_two_goals_of_one_key_are_told_and_a_good_one_beside_a_broken_one_is_followed(tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path, file="sales.yml")
    write(tmp_path, file="third.yml", key="other", metric="love")
    found = load_goals(tmp_path)
    assert [goal.key for goal in found.goals] == ["repurchase"]
    assert [problem.file.name for problem in found.problems] == ["sales.yml", "third.yml"]


def test_a_home_without_goals_is_no_mistake(tmp_path: Path) -> None:
    check_goals(tmp_path)
    conn = duckdb.connect()
    create_goal_table(conn, tmp_path)
    assert conn.execute("select count(*) from memory.raw.goals").fetchone() == (0,)


def test_dbt_finds_the_goals_with_what_their_metric_is_about(tmp_path: Path) -> None:
    write(tmp_path, name='"OBriens"')
    conn = duckdb.connect()
    create_goal_table(conn, tmp_path)
    create_goal_table(conn, tmp_path)
    (row,) = conn.execute("select * from memory.raw.goals").fetchall()
    told = dict(zip(GOAL_COLUMNS, row, strict=True))
    assert (told["unit"], told["subject"], told["is_rate"], told["target_change"]) == (
        "customers", "order", False, 0.2,
    )  # fmt: skip


def test_every_metric_is_counted_by_the_mart() -> None:
    text = (DBT_PROJECT_DIR / "models" / "marts" / "goal_progress.sql").read_text(encoding="utf-8")
    assert [metric for metric in METRICS if f"when '{metric}' then" not in text] == []
    assert {"loyal", "occasional"} <= segments()


def test_goals_go_into_the_backup() -> None:
    assert FOLDER in FOLDERS


def test_a_changed_goal_is_news_for_a_night(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    before = read_inputs(settings).by_group()
    write(tmp_path)
    after = read_inputs(settings).by_group()
    assert {group for group in {*before, *after} if before.get(group) != after.get(group)} == {"goal"}


def test_the_goals_of_the_demo_can_be_followed_and_those_of_a_user_stay(tmp_path: Path) -> None:
    own = write(tmp_path, file="sales.yml")
    told = own.read_text(encoding="utf-8")
    install_goals(tmp_path, date(2026, 11, 1))
    check_goals(tmp_path)
    assert own.read_text(encoding="utf-8") == told
    assert {goal.team for goal in load_goals(tmp_path).goals} == {"CRM"}
    assert len(load_goals(tmp_path).goals) == 4
