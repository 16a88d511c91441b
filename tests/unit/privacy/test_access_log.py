"""The access log is added to and never changed unseen: lines changed, gone, put in, forged, its tail cut off."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path

import pytest

from pipelines.command.access import PurposeError, accessed, log_findings, note_shown
from pipelines.privacy.access_log import (
    AccessLogError,
    head_path,
    log_path,
    outer_head_path,
    read_log,
)
from pipelines.privacy.roles import role_key
from pipelines.settings import Settings, load_settings
from pipelines.storage.checksums import with_checksum
from pipelines.storage.home import create_home
from pipelines.storage.keys import load_keys


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home in which somebody looked three times, once with a role's key: six lines."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    settings = create_home(tmp_path / "home")
    keys = load_keys(settings)
    for turn, key in enumerate((keys, role_key(keys, "marketing"), keys)):
        with accessed(settings, key, "query", purpose=f"task {turn}", about="select '13800138000'") as access:
            access.rows = turn
    assert findings(settings) == []
    return settings


def findings(home: Settings) -> list[str]:
    return log_findings(home, load_keys(home))


def lines(home: Settings) -> list[str]:
    return log_path(home.home).read_text().splitlines(keepends=True)


def put(home: Settings, text: list[str]) -> None:
    log_path(home.home).write_text("".join(text))


def test_a_page_that_is_made_and_not_shown_yet_writes_both_its_lines_at_once(home: Settings) -> None:
    note_shown(home, load_keys(home), "desk pair", 2, purpose="task", about="C1", told={"role": "steward"})
    first, end = read_log(home.home)[-2:]
    assert (first["action"], first["role"], first["number"]) == ("desk pair", "steward", 7)
    assert (end["of"], end["rows"], end["ended"], end["number"]) == (7, 2, "shown", 8)
    assert findings(home) == []
    put(home, lines(home)[:-1])
    assert findings(home) != [], "without its end the log is cut"
    with pytest.raises(PurposeError):
        note_shown(home, load_keys(home), "desk pair", 2, purpose="13800138000")


def test_it_tells_who_when_why_and_how_many_rows_and_no_value(home: Settings) -> None:
    first, end = read_log(home.home)[:2]
    assert (first["action"], first["purpose"], first["version"]) == ("query", "task 0", None)
    assert first["who"]
    assert first["at"] <= end["at"]
    assert (end["of"], end["rows"], end["ended"]) == (1, 0, "shown")
    assert "13800138000" not in log_path(home.home).read_text()
    assert first["about"] == read_log(home.home)[4]["about"], "the same statement is known again"


@pytest.mark.parametrize("place", range(6))
def test_a_changed_line_is_noticed(home: Settings, place: int) -> None:
    text = lines(home)
    told = json.loads(text[place])
    put(home, [*text[:place], json.dumps({**told, "rows": 10**6}, sort_keys=True) + "\n", *text[place + 1 :]])
    assert findings(home) == [f"line {place + 1}: was changed"]


def test_a_line_changed_together_with_all_checksums_is_noticed(home: Settings) -> None:
    forged, before = [], None
    for text in lines(home):
        told = {**json.loads(text), "previous": before}
        told |= {"who": "nobody"} if told["number"] == 3 else {}
        line = with_checksum(told)
        before = line["checksum"]
        forged.append(json.dumps(line, sort_keys=True) + "\n")
    put(home, forged)
    assert findings(home) == ["line 3: was changed"]


@pytest.mark.parametrize("place", range(5))
def test_a_line_that_is_gone_is_noticed(home: Settings, place: int) -> None:
    text = lines(home)
    put(home, [*text[:place], *text[place + 1 :]])
    assert findings(home) == [f"line {place + 1}: a line before it is gone, or it was put in between"]


def test_two_lines_in_another_order_and_one_twice_are_noticed(home: Settings) -> None:
    text = lines(home)
    put(home, [text[0], text[2], text[1], *text[3:]])
    assert findings(home)
    put(home, [*text[:3], text[2], *text[3:]])
    assert findings(home)


@pytest.mark.parametrize("left", [0, 2, 5])
def test_a_cut_tail_is_noticed_also_when_the_head_went_with_it(home: Settings, left: int) -> None:
    text = lines(home)
    put(home, text[:left])
    told = f"line {left + 1}: {6 - left} lines are cut off its end"
    assert [one[: len(told)] for one in findings(home)] == [told, told], (
        "the home and the copy beside the key file know"
    )
    head_path(home.home).unlink()
    assert any(one.startswith(told) for one in findings(home))


def test_an_older_head_does_not_hide_a_cut_tail(home: Settings) -> None:
    old_lines, old_head = lines(home), head_path(home.home).read_bytes()
    with accessed(home, load_keys(home), "explain"):
        pass
    put(home, old_lines)
    head_path(home.home).write_bytes(old_head)
    assert findings(home) == ["line 7: 2 lines are cut off its end: the copy beside the key file knows of 8"]


def test_the_whole_log_gone_is_noticed(home: Settings) -> None:
    log_path(home.home).unlink()
    assert any("6 lines are cut off" in one for one in findings(home))


def test_a_changed_head_is_noticed(home: Settings) -> None:
    told = json.loads(head_path(home.home).read_text())
    head_path(home.home).write_text(json.dumps(with_checksum({**told, "count": 2})))
    assert "head.json was changed" in findings(home)


def test_a_line_without_the_key_is_noticed(home: Settings) -> None:
    last = json.loads(lines(home)[-1])
    forged = with_checksum({**last, "number": 7, "previous": last["checksum"], "sealed_by": "role/steward"})
    put(home, [*lines(home), json.dumps(forged) + "\n"])
    assert findings(home) == ["line 7: was changed"]


def test_half_a_line_that_a_kill_left_harms_nobody(home: Settings) -> None:
    put(home, [*lines(home), '{"action": "que'])
    assert findings(home) == []
    with accessed(home, load_keys(home), "query"):
        pass
    assert findings(home) == []
    assert [line["number"] for line in read_log(home.home)] == [*range(1, 9)]


def look(path: str, times: int) -> None:
    settings = load_settings(Path(path))
    keys = load_keys(settings)
    for _ in range(times):
        with accessed(settings, keys, "query") as access:
            access.rows = 1


def test_writers_at_once_lose_no_line(home: Settings) -> None:
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=look, args=(str(home.home), 6)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 4
    assert len(read_log(home.home)) == 6 + 4 * 6 * 2
    assert findings(home) == []


def test_nothing_is_shown_when_it_cannot_be_written_down(home: Settings) -> None:
    log_path(home.home).unlink()
    log_path(home.home).mkdir()
    with pytest.raises(AccessLogError, match="nothing is shown"), accessed(home, load_keys(home), "query"):
        raise AssertionError("shown")


@pytest.mark.parametrize("purpose", ["ask anna@example.org", "call 138 0013 8000", "x" * 201])
def test_a_purpose_names_no_person(home: Settings, purpose: str) -> None:
    with pytest.raises(PurposeError) as raised, accessed(home, load_keys(home), "query", purpose=purpose):
        raise AssertionError("shown")
    assert purpose not in str(raised.value)
    assert len(read_log(home.home)) == 6


def test_a_home_may_ask_for_a_purpose(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    strict = home.model_copy(update={"require_purpose": True})
    with pytest.raises(PurposeError, match="--purpose"), accessed(strict, load_keys(home), "query"):
        raise AssertionError("shown")
    monkeypatch.setenv("UCV_PURPOSE", "complaint 17")
    with accessed(strict, load_keys(home), "query"):
        pass
    assert read_log(home.home)[-2]["purpose"] == "complaint 17"


def test_what_failed_is_told_as_failed(home: Settings) -> None:
    with pytest.raises(ValueError, match="wrong"), accessed(home, load_keys(home), "query"):
        raise ValueError("wrong")
    assert read_log(home.home)[-1]["ended"] == "failed"


def test_homes_of_one_key_have_a_head_each(home: Settings) -> None:
    assert [*json.loads(outer_head_path(home).read_text())] == [str(home.home)]
