"""Every command that shows or takes out personal data stands in the access log, and no value of anybody does."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from small_night import query
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.privacy.access_log import log_path, read_log
from pipelines.settings import Settings, load_settings


@pytest.fixture
def home(exports_copy: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    key = tmp_path / "key.json"
    shutil.copy(exports_copy.key_path, key)
    monkeypatch.setenv("UCV_KEY_FILE", str(key))
    return load_settings(exports_copy.home)


def ucv(home: Settings, *words: str) -> tuple[int, str]:
    told = CliRunner().invoke(
        app, [*words, "--home", str(home.home)], env={"COLUMNS": "200"}, input="s\ns\nq\n"
    )
    return told.exit_code, told.output


def test_each_command_is_written_down_with_its_rows(home: Settings) -> None:
    (customer,) = query(
        home, "SELECT customer_id FROM customer_xref WHERE source_system = 'web' ORDER BY ALL LIMIT 1"
    )[0]
    for words in (
        ("query", "SELECT * FROM customers LIMIT 4", "--purpose", "task 1"),
        ("query", "--role", "steward", "SELECT * FROM customers LIMIT 2"),
        ("query", "--role", "service", "--customer", customer, "SELECT count(*) FROM customers"),
        ("explain", customer, "--purpose", "task 2"),
        ("review", "--purpose", "task 3"),
        ("export", "everybody", "--channel", "email", "--purpose", "marketing", "--export-id", "one"),
        ("subject-access", customer, "--name", "officer", "--reason", "request 4"),
    ):
        code, told = ucv(home, *words)
        assert code == 0, (words, told)
    lines = read_log(home.home)
    begun = [line for line in lines if line["action"] != "end"]
    ends = [line for line in lines if line["action"] == "end"]
    assert [line["action"] for line in begun] == ["query"] * 3 + [
        "explain",
        "review",
        "export",
        "subject-access",
    ]
    assert [line["purpose"] for line in begun] == [
        "task 1",
        None,
        None,
        "task 2",
        "task 3",
        "marketing",
        "request 4",
    ]
    assert [line.get("role") for line in begun] == [None, "steward", "service", None, None, None, None]
    assert [line["of"] for line in ends] == [line["number"] for line in begun]
    assert [line["rows"] for line in ends[:3]] == [4, 2, 1]
    assert all(line["rows"] >= 1 for line in ends)
    text = log_path(home.home).read_text(encoding="utf-8")
    values = {
        str(one)
        for row in query(home, "SELECT customer_id, display_name, phone, email FROM customers")
        for one in row if one
    }  # fmt: skip
    assert [one for one in values if one in text] == []
    code, told = ucv(home, "audit")
    assert (code, "14 lines, none changed or gone" in told) == (0, True)


def test_audit_and_verify_tell_a_log_that_was_cut(home: Settings) -> None:
    for _ in range(2):
        assert ucv(home, "query", "SELECT 1")[0] == 0
    kept = log_path(home.home).read_text().splitlines(keepends=True)
    log_path(home.home).write_text("".join(kept[:-1]))
    code, told = ucv(home, "audit")
    assert (code, "1 lines are cut off its end" in told) == (1, True)
    code, told = ucv(home, "verify")
    assert (code, "access log: line 4: 1 lines are cut off" in told) == (1, True)


def test_a_refused_statement_shows_nothing_and_is_told_as_failed(home: Settings) -> None:
    assert ucv(home, "query", "--role", "marketing", "SELECT * FROM read_csv('/etc/passwd')")[0] != 0
    assert read_log(home.home)[-1]["ended"] == "failed"
