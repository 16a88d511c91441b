"""Deliveries that somebody answers for: which file is meant, for how long it holds, and what is learned from then on."""

from __future__ import annotations

from pathlib import Path

import pytest
from delivery_home import Home
from judged_deliveries import FAIL, MORE, accept, deliver, rows, source, take

from pipelines.errors import SettingsError
from pipelines.ingest.acceptance import acceptances_path, read_acceptances


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Home(tmp_path / "home")


def test_a_refused_delivery_is_accepted_once_by_name_and_reason(home: Home) -> None:
    contract = source(home, FAIL)
    deliver(home, "web", 0, rows(0, 20))
    take(home, contract)
    code, told = accept(home, "web", "000.csv", "--name", "Wu", "--reason", "a holiday")
    assert (code, "the next run takes it" in told) == (0, True)
    report, results = take(home, contract)
    assert report.status == "accepted"
    assert results["volume"].passed
    assert not results["volume"].figures[0].passed
    assert "accepted by Wu: a holiday" in results["volume"].told
    standing = take(home, contract, 1)[1]["volume"]
    assert standing.passed
    assert "accepted by Wu: a holiday" in standing.told
    (kept,) = read_acceptances(home.root).values()
    assert (kept.file_name, kept.name, kept.reason) == ("000.csv", "Wu", "a holiday")
    code, told = accept(home, "web", "000.csv", "--name", "Li", "--reason", "again")
    assert (code != 0, "accepted by Wu" in told) == (True, True)
    deliver(home, "web", 2, rows(500, 20))  # another file of the same kind is not accepted with it
    assert take(home, contract, 2)[0].status == "refused"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nobody", "000.csv", "--name", "Wu", "--reason", "x"), "has the id 'nobody'"),
        (("web", "absent.csv", "--name", "Wu", "--reason", "x"), "In landing: 000.csv"),
        (("web", "000.csv", "--name", " ", "--reason", "x"), "--name is blank"),
        (("web", "000.csv", "--name", "Wu", "--reason", ""), "--reason is blank"),
    ],
)
def test_a_wrong_acceptance_says_what_was_expected_and_writes_nothing(
    home: Home, words: tuple[str, ...], told: str
) -> None:
    source(home)
    deliver(home, "web", 0, rows(0, 20))
    code, output = accept(home, *words)
    assert code != 0
    assert told in output
    assert read_acceptances(home.root) == {}


def test_too_many_rejected_rows_may_be_accepted_a_missing_column_may_not(home: Home) -> None:
    contract = source(home)
    deliver(home, "web", 0, rows(0, 30) + "".join(f"q{n},a,,never,,,,,\n" for n in range(30)))
    assert take(home, contract)[0].error_code == "too_many_quarantined"
    accept(home, "web", "000.csv", "--name", "Wu", "--reason", "half is better than nothing")
    report, _ = take(home, contract)
    assert (report.status, report.rows_in, report.accepted, report.quarantined) == ("accepted", 60, 30, 30)
    deliver(home, "web", 1, "姓名,time\na,2026-01-01\n")
    accept(home, "web", "001.csv", "--name", "Wu", "--reason", "try")
    assert take(home, contract, 1)[0].error_code == "missing_column"


def test_an_accepted_change_is_what_is_learned_from_then_on(home: Home) -> None:
    contract = source(home)
    for night in range(7):
        deliver(home, "web", night, rows(night * 1000, 100))
        take(home, contract, night)
    deliver(home, "web", 7, rows(7000, 300))
    assert not take(home, contract, 7)[1]["volume"].passed
    code, told = accept(home, "web", "007.csv", "--name", "Wu", "--reason", "a new shop")
    assert (code, "learned from it on" in told) == (0, True)
    deliver(home, "web", 8, rows(8000, 300))
    volume = take(home, contract, 8)[1]["volume"]
    assert volume.passed
    assert volume.figures == ()  # one delivery is too few to learn from


def test_the_file_in_landing_is_meant_not_an_older_one_of_its_name(home: Home) -> None:
    contract = source(home, FAIL)
    deliver(home, "web", 0, rows(0, 50))
    assert take(home, contract)[0].status == "accepted"
    deliver(home, "web", 0, rows(100, 10))  # written over by the next night's
    report, _ = take(home, contract, 1)
    assert report.status == "refused"
    assert f"ucv accept-delivery web {report.delivery_id}" in str(report.error_message)
    code, told = accept(home, "web", "000.csv", "--name", "Wu", "--reason", "a holiday")
    assert (code, "the next run takes it" in told) == (0, True)
    assert take(home, contract, 2)[0].status == "accepted"


def test_a_snapshot_that_returns_to_older_bytes_can_be_accepted(home: Home) -> None:
    contract = home.source(
        "web",
        more=MORE.rstrip()
        + """
customProperties: [{property: deliveryMode, value: snapshot}, {property: shrinkLimit, value: 0.1}]""",
    )
    small, large = rows(0, 20), rows(0, 40)
    for night, text in enumerate((small, large)):
        deliver(home, "web", night, text)
        assert take(home, contract, night)[0].status == "accepted"
    deliver(home, "web", 2, small)
    assert take(home, contract, 2)[0].error_code == "shrink"
    assert accept(home, "web", "002.csv", "--name", "Wu", "--reason", "meant")[0] == 0
    assert take(home, contract, 3)[0].status == "accepted"


def test_an_acceptance_is_of_one_source(home: Home) -> None:
    first, second = source(home, FAIL, "first"), source(home, FAIL, "second")
    for contract in (first, second):
        deliver(home, contract.id, 0, rows(0, 10))
        assert take(home, contract)[0].status == "refused"
    accept(home, "first", "000.csv", "--name", "Wu", "--reason", "a holiday")
    assert take(home, first, 1)[0].status == "accepted"
    assert take(home, second, 1)[0].status == "refused"
    code, _ = accept(home, "second", "000.csv", "--name", "Li", "--reason", "as well")
    assert code == 0
    assert take(home, second, 2)[0].status == "accepted"


def test_half_an_acceptance_that_a_kill_left_stops_no_night_and_accepts_nothing(home: Home) -> None:
    contract = source(home, FAIL)
    deliver(home, "web", 0, rows(0, 20))
    report, _ = take(home, contract)
    accept(home, "web", "000.csv", "--name", "Wu", "--reason", "a holiday")
    path = acceptances_path(home.root)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert take(home, contract, 1)[0].status == "refused"
    assert accept(home, "web", "000.csv", "--name", "Wu", "--reason", "a holiday")[0] == 0
    assert take(home, contract, 2)[0].delivery_id == report.delivery_id
    path.write_text('{"name": "Wu"}\n', "utf-8")
    with pytest.raises(SettingsError, match="no acceptance"):
        read_acceptances(home.root)
