"""Files of a session are held against what they say, and the ledger of who gave what is seen to be whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.cooperation.ledger import add_to_ledger, balance, read_ledger
from pipelines.cooperation.session import BEGIN, LEAST, CooperationError, Head, read_session, write_session

POINTS = [bytes([turn, 1]) * 16 for turn in range(LEAST)]
HEAD = Head(BEGIN, "partner-1", "email", LEAST)


def token(text: str) -> str:
    return f"{abs(hash(('key', text)))}"


def test_a_file_is_read_as_it_was_written_and_never_over_another(tmp_path: Path) -> None:
    write_session(tmp_path / "a", HEAD, POINTS)
    assert read_session(tmp_path / "a", BEGIN) == (HEAD, POINTS)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
    with pytest.raises(CooperationError, match="there already"):
        write_session(tmp_path / "a", HEAD, POINTS)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text.replace('"begin"', '"answer"'), "another step"),
        (lambda text: text.replace("partner-1", "../up"), "another step"),
        (lambda text: text.replace(f'"count": {LEAST}', '"count": 7'), "does not hold"),
        (lambda text: text[:-40], "no file of a session|does not hold"),
        (lambda text: text.replace(text.splitlines()[1], "zz"), "no file of a session"),
        (lambda text: text.replace(text.splitlines()[1], "00"), "does not hold"),
        (lambda text: "", "no file of a session"),
    ],
)
def test_a_file_that_was_changed_is_refused(tmp_path: Path, change: object, told: str) -> None:
    write_session(tmp_path / "a", HEAD, POINTS)
    (tmp_path / "a").write_text(change((tmp_path / "a").read_text("ascii")), "ascii")  # type: ignore[operator]
    with pytest.raises(CooperationError, match=told):
        read_session(tmp_path / "a", BEGIN)


def test_few_people_are_not_asked_about(tmp_path: Path) -> None:
    write_session(tmp_path / "a", Head(BEGIN, "p", "email", LEAST - 1), POINTS[:-1])
    with pytest.raises(CooperationError, match="too few"):
        read_session(tmp_path / "a", BEGIN)


def test_the_ledger_counts_a_session_once_and_shows_what_was_changed(tmp_path: Path) -> None:
    add_to_ledger(tmp_path, {"partner": "p", "session": "s1", "step": "begin", "given": 5, "taken": 0}, token)
    add_to_ledger(tmp_path, {"partner": "p", "session": "s1", "step": "end", "given": 5, "taken": 7}, token)
    add_to_ledger(
        tmp_path, {"partner": "p", "session": "s2", "step": "answer", "given": 1, "taken": 2}, token
    )
    assert balance(read_ledger(tmp_path, token)) == {"p": (2, 6, 9)}
    path = tmp_path / "state" / "cooperation" / "ledger.jsonl"
    text = path.read_text("utf-8")
    for changed in (text.replace('"given": 5', '"given": 4', 1), "".join(text.splitlines(keepends=True)[1:])):
        path.write_text(changed, "utf-8")
        with pytest.raises(CooperationError, match="not what was written"):
            read_ledger(tmp_path, token)
